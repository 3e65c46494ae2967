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
