import Journal
import Sessions
import Testing

/// Rehearsals leave the disk all at once, and never get an archive.
@Suite struct RehearsalErasingTests {
    @Test func `many that are over leave no byte, in one pass, and all else is as it was`() throws {
        let storage = try ErasingFolder.make()
        let server = try SmallServer(storage)
        let canary = "PRETEND"
        for number in 1...30 {
            let session = try server.open("practice-\(number)", isRehearsal: true)
            try server.join("\(canary).\(number)", .participant, session, name: "\(canary) person")
            try server.say("\(canary) said this", in: session)
            try server.close(session)
        }
        let (archives, hash) = (storage.archives, try storage.recoveredHash())
        try server.checkpoint()
        #expect(storage.archives.filter { $0.contains("practice") } == [])
        #expect(!storage.files(with: canary).isEmpty)
        let kept = try storage.archiveHashes()

        let sequence = try ErasingFolder.checkpoints(server)
        #expect(try Erasing.unfinished(in: storage) == ErasingRequest())
        let erasing = Erasing(storage, limits: SmallServer.limits)
        let report = try erasing.pass(ErasingRequest(), through: sequence)
        #expect(report.isComplete && report.archivesRemoved == [] && report.segmentsRewritten > 0)
        #expect(storage.traces(of: canary) == [])
        #expect(try storage.recoveredHash() == hash)
        #expect(try storage.archiveHashes() == kept && Set(storage.archives).isSuperset(of: archives))
        #expect(!storage.files(with: ErasingFolder.kept).isEmpty)
        #expect(try Erasing.unfinished(in: storage) == nil)
        #expect(try Verified(storage).isSound)
        // Their ids stay used.
        let again = try SmallServer(SimulatedStorage(copying: storage))
        #expect(try again.table.usedIDs.contains(id("practice-7")))
    }

    @Test func `the segments of one that is over stay together until all of it is blank`() throws {
        let storage = SimulatedStorage(seed: 6)
        let server = try SmallServer(storage)
        let over = try server.open("over", isRehearsal: true)
        for number in 1...40 {
            try server.say("\(number) " + String(repeating: "much ", count: 90), in: over)
        }
        try server.close(over)
        #expect(storage.segments.count > 2)
        let segments = storage.segments
        try server.checkpoint()
        try server.say("and on", in: try server.open("next"))
        try server.checkpoint()
        #expect(storage.segments.starts(with: segments.dropLast()))
        // Another server finds whose all of it is, and what is to be done.
        try server.writer.close(at: server.now)
        storage.restart(losingPower: true)
        let next = try SmallServer(storage)
        try next.checkpoint()
        #expect(try SessionHistories.list(in: storage).sessions.map(\.id.text) == ["next"])
        let sequence = try ErasingFolder.checkpoints(next)
        let erasing = Erasing(storage, limits: SmallServer.limits)
        var stops = 3
        let report = try erasing.pass(ErasingRequest(), through: sequence) {
            stops -= 1
            return stops == 0
        }
        #expect(!report.isComplete)
        storage.restart(losingPower: true)
        let third = try SmallServer(storage)
        for _ in 0..<2 {
            try third.say("still", in: 2)
            try third.checkpoint()
        }
        let again = try ErasingFolder.checkpoints(third)
        #expect(try erasing.pass(ErasingRequest(), through: again).isComplete)
        #expect(storage.traces(of: "much much") == [])
        storage.restart(losingPower: true)
        let fourth = try SmallServer(storage)
        for _ in 0..<2 {
            try fourth.say("at last", in: 2)
            try fourth.checkpoint()
        }
        #expect(Set(storage.segments).isDisjoint(with: segments.dropLast(2)))
        #expect(try Verified(storage).isSound)
    }

    @Test func `as long as they are on the disk they are in no list, and a start knows that they have to go`()
        throws
    {
        let storage = SimulatedStorage(seed: 5)
        let server = try SmallServer(storage)
        let lasting = try server.open("lasting", isRehearsal: true)
        let over = try server.open("over", isRehearsal: true)
        try server.say("still here", in: lasting)
        try server.close(over)
        try server.writer.close(at: server.now)
        storage.restart(losingPower: true)
        let listed = try SessionHistories.list(in: storage).sessions
        #expect(listed.map(\.id.text) == ["lasting"] && listed.allSatisfy(\.isRehearsal))
        #expect(try Erasing.unfinished(in: storage) == ErasingRequest())
        let next = try SmallServer(storage)
        #expect(next.table.sessions[lasting]?.state.isRehearsal == true)
        try next.checkpoint()
        let image = try SmallServer(SimulatedStorage(copying: storage)).image
        #expect(image.states.map(\.isRehearsal) == [true])
    }
}
