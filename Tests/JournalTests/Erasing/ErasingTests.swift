import Journal
import Sessions
import Testing

/// What is forgotten leaves the disk, and what is left still holds.
@Suite struct ErasingTests {
    private let storage: SimulatedStorage

    init() throws {
        storage = try ErasingFolder.make()
    }

    private func pass(_ request: ErasingRequest, at bound: UInt64? = nil) throws -> ErasingReport {
        let server = try SmallServer(storage)
        let sequence = try ErasingFolder.checkpoints(server)
        return try Erasing(storage, limits: SmallServer.limits).pass(request, through: bound ?? sequence)
    }

    @Test func `of a person no byte is left in any file, and all states are what they were`() throws {
        let server = try SmallServer(SimulatedStorage(copying: storage))
        try server.checkpoint()
        let hashes = try server.storage.archiveHashes()
        #expect(hashes.count == 4)
        let places = Set(storage.traces(of: ErasingFolder.canary).map { $0.prefix(6) })
        #expect(places == ["archiv", "checkp", "segmen"])

        let report = try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        #expect(report.isComplete && report.faults.isEmpty)
        #expect(report.archivesRewritten.map(\.text) == ["first", "second", "third"])
        #expect(report.segmentsRewritten > 3 && report.recordsForgotten > 100)
        #expect(storage.traces(of: ErasingFolder.canary) == [])
        #expect(!storage.files(with: ErasingFolder.kept).isEmpty)
        #expect(try storage.archiveHashes() == hashes)
        let found = try Verified(storage)
        #expect(found.isSound && found.replay.metErased && found.replay.agreed.count == 1)
        #expect(try Erasing.unfinished(in: storage) == nil)
    }

    @Test func `what others wrote stays, and who was there under a name of nobody's`() throws {
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        var words: [String] = []
        var joined: [Joined] = []
        var reader = try ArchiveReader(try id("first"), in: storage)
        while let entry = try reader.next() {
            if let text = entry.text { words.append(String(decoding: text.utf8, as: UTF8.self)) }
            if case .joined(let person) = entry.event { joined.append(person) }
        }
        let rest = words.filter { !$0.allSatisfy { $0 == " " } }
        #expect(rest.count == 7)
        #expect(rest.allSatisfy { $0.hasPrefix(ErasingFolder.kept) })
        #expect(try joined.map(\.person.text) == ["host", "guest", ErasingFolder.pseudonym.text])
        #expect(joined[2].name == Text("           ") && joined[2].school == Text("             "))
        #expect(storage.files(with: "Room 1").count > 2)
    }

    @Test func `a start from either checkpoint comes to the same, and the server goes on`() throws {
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        let hash = try storage.recoveredHash()
        let checkpoints = try Checkpoints.list(storage)
        #expect(checkpoints.count == 2)
        let older = SimulatedStorage(copying: storage)
        older.flip(bit: 500, of: try #require(storage.names.last { $0.hasPrefix("checkpoints/") }))
        #expect(try older.recoveredHash() == hash)
        for name in older.names where name.hasPrefix("checkpoints/") { older.lose(name) }
        #expect(damage { _ = try older.recoveredHash() }?.why.contains("erased") == true)

        storage.restart(losingPower: true)
        let server = try SmallServer(storage)
        try server.say("and on", in: 1)
        try server.close(1)
        let report = try server.checkpoint()
        #expect(report.archived.map(\.text) == ["lasting"])
        #expect(report.faults == [])
        #expect(storage.traces(of: ErasingFolder.canary) == [])
        try server.say("still", in: try server.open("next"))
        try server.checkpoint()
        #expect(try Verified(storage).isSound)
    }

    @Test func `erased twice, and then another person, in the same segments`() throws {
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        let once = SimulatedStorage(copying: storage)
        let again = try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        #expect(again.archivesRewritten == [] && again.isComplete)
        #expect(again.segmentsRewritten == 1 && again.recordsForgotten == 1)
        #expect(try storage.archiveHashes() == once.archiveHashes())
        let guest = try #require(PersonID("guest".utf8))
        let server = try SmallServer(storage)
        try server.happen(.personRenamed(guest, as: try #require(PersonID("erased-guest2".utf8))))
        let sequence = try ErasingFolder.checkpoints(server)
        let persons = try #require(try Erasing.unfinished(in: storage)).persons
        #expect(persons == [guest: try #require(PersonID("erased-guest2".utf8))])
        _ = try Erasing(storage, limits: SmallServer.limits).pass(ErasingRequest(), through: sequence)
        #expect(storage.archives.filter { storage.files(with: ErasingFolder.kept).contains($0) } == [])
        #expect(try findings(in: storage).allSatisfy { $0.fault == nil && $0.isReplayed })
    }

    @Test func `who comes back after having been forgotten is not forgotten again by what was left to do`()
        throws
    {
        let server = try SmallServer(storage)
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        let back = try server.open("back")
        try server.join(try ErasingFolder.person.text, .participant, back, name: "back again")
        try server.close(back)
        let sequence = try ErasingFolder.checkpoints(server)
        let report = try Erasing(storage, limits: SmallServer.limits).pass(
            ErasingRequest(),
            through: sequence
        )
        #expect(report.isComplete && report.archivesRewritten.count == 3)
        let traces = storage.traces(of: ErasingFolder.canary).filter { !$0.hasPrefix("checkpoints/") }
        #expect(traces == ["archive/back.log"])
    }

    @Test func `a session that is over goes as a whole, and does not come back`() throws {
        #expect(try pass(ErasingRequest(sessions: [try id("first"), try id("third")])).isComplete)
        #expect(try Archives.list(storage).map(\.text) == ["bystanders", "second"])
        #expect(try Verified(storage).isSound)
        storage.restart(losingPower: true)
        let server = try SmallServer(storage)
        #expect(server.table.usedIDs.count == 4 && server.table.lastNumber == 5)
        try server.say("more", in: 1)
        let report = try server.checkpoint()
        #expect(report.archived == [] && report.faults == [])
        try server.close(1)
        #expect(try server.checkpoint().archived == [try id("lasting")])
        try server.say("next", in: try server.open("next"))
        try server.checkpoint()
        #expect(try Verified(storage).isSound)
    }

    @Test func `a session that was erased in memory leaves the segments, and gets no archive`() throws {
        let server = try SmallServer(storage)
        try server.checkpoint()
        let before = server.lastSequence
        try server.happen(.sessionErased, in: 1)
        let sequence = try ErasingFolder.checkpoints(server)
        #expect(try Erasing.unfinished(in: storage) == ErasingRequest())
        #expect(try Erasing.unfinished(in: storage, through: before) == nil)
        let report = try Erasing(storage, limits: SmallServer.limits).pass(
            ErasingRequest(),
            through: sequence
        )
        #expect(report.isComplete)
        // The list of erasures names it, so that it can be erased in a copy as well.
        #expect(
            storage.files(with: "lasting").allSatisfy {
                $0.hasPrefix("checkpoints/") || $0 == ErasureList.file
            }
        )
        #expect(try Erasing.unfinished(in: storage) == nil)
        try server.say("next", in: try server.open("next"))
        #expect(try server.checkpoint().faults == [])
        #expect(try Archives.list(storage).count == 4 && Verified(storage).isSound)
        storage.restart(losingPower: true)
        let again = try SmallServer(storage)
        try again.say("on", in: 6)
        #expect(try again.checkpoint().faults == [])
        #expect(try Verified(storage).isSound)
    }

    @Test func `a session that is in the checkpoint is not erased from under it, and said`() throws {
        let report = try pass(ErasingRequest(sessions: [try id("lasting")]))
        #expect(!report.isComplete && report.sessionsInMemory.map(\.text) == ["lasting"])
        #expect(try Verified(storage).isSound)
        let server = try SmallServer(storage)
        try server.close(1)
        #expect(try server.checkpoint().archived == [try id("lasting")])
    }

    @Test func `without a new segment the work is not done, and with one it is`() throws {
        let server = try SmallServer(storage)
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        try server.checkpoint()
        let sequence = try #require(try Checkpoints.list(storage).first)
        let erasing = Erasing(storage, limits: SmallServer.limits)
        let request = ErasingRequest(sessions: [try id("second")])
        let first = try erasing.pass(request, through: sequence)
        #expect(first.wantsNewSegment && !first.isComplete && first.archivesRemoved == [])
        try server.startSegment()
        let second = try erasing.pass(request, through: sequence)
        #expect(second.isComplete && second.archivesRemoved.map(\.text) == ["second"])
        #expect(storage.traces(of: ErasingFolder.canary) == [])
    }

    @Test func `an archive that cannot be read is said, and the work stays undone until it is gone`() throws {
        let server = try SmallServer(storage)
        try server.checkpoint()
        storage.flip(bit: 8 * 170, of: "archive/second.log")
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        let sequence = try ErasingFolder.checkpoints(server)
        let erasing = Erasing(storage, limits: SmallServer.limits)
        let report = try erasing.pass(ErasingRequest(), through: sequence)
        #expect(!report.isComplete && report.faults.count == 1)
        #expect("\(report.faults)".contains("archive/second.log"))
        #expect(try Erasing.unfinished(in: storage) != nil)
        let rest = try erasing.pass(ErasingRequest(sessions: [try id("second")]), through: sequence)
        #expect(rest.isComplete && storage.traces(of: ErasingFolder.canary) == [])
    }

    @Test func `who asks to stop is not kept waiting, and the rest is done the next time`() throws {
        let server = try SmallServer(storage)
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        let sequence = try ErasingFolder.checkpoints(server)
        let erasing = Erasing(storage, limits: SmallServer.limits)
        for patience in [0, 1, 100, 400, 700, 780, 790] {
            var asked = 0
            let report = try erasing.pass(ErasingRequest(), through: sequence) {
                asked += 1
                return asked > patience
            }
            #expect(report.isStopped || report.isComplete)
        }
        #expect(try erasing.pass(ErasingRequest(), through: sequence).isComplete)
        #expect(storage.traces(of: ErasingFolder.canary) == [])
    }

    @Test func `beside a pass an archive is read to its end by whoever had it open`() throws {
        let server = try SmallServer(storage)
        try server.checkpoint()
        var archive = try ArchiveReader(try id("first"), in: storage)
        var journal = try JournalReader(storage: storage)
        for _ in 0..<20 {
            _ = try archive.next()
            _ = try journal.next()
        }
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        let sequence = try ErasingFolder.checkpoints(server)
        _ = try Erasing(storage, limits: SmallServer.limits).pass(ErasingRequest(), through: sequence)
        while try archive.next() != nil {}
        while try journal.next() != nil {}
        #expect(journal.end?.torn == nil)
    }

    @Test func `what crashes have left lying about goes as well`() throws {
        let words = Array("\(ErasingFolder.canary) half a file".utf8)
        let torn = try #require(storage.segments.first)
        for name in ["checkpoints/00000000000000000009.ckpt.part", "archive/first.log.part", "\(torn).part"] {
            storage.replace(name, by: words)
        }
        var bytes = try #require(storage.bytes(of: torn))
        bytes.replaceSubrange((bytes.count - words.count)..<bytes.count, with: words)
        storage.replace(torn, by: bytes)
        #expect(storage.files(with: "half a file").count == 4)
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        #expect(storage.files(with: "half a file") == [])
    }

    @Test func `half-way through the segments, histories and verification know what to make of the rest`()
        throws
    {
        let server = try SmallServer(storage)
        try server.checkpoint()
        try server.happen(.sessionErased, in: 1)
        try ErasingFolder.forgetInMemory(try ErasingFolder.person, server)
        let sequence = try ErasingFolder.checkpoints(server)
        let whole = SimulatedStorage(copying: storage)
        let segments = storage.segments.count
        let erasing = Erasing(storage, limits: SmallServer.limits)
        _ = try erasing.pass(ErasingRequest(), through: sequence)
        for count in 0..<segments {
            let mixed = SimulatedStorage(copying: storage)
            for name in whole.segments[count...] {
                mixed.replace(name, by: try #require(whole.bytes(of: name)))
            }
            let list = try SessionHistories.list(in: mixed)
            #expect(list.bad.isEmpty && list.sessions.map(\.number) == [2, 3, 4, 5], "\(count) segments")
            #expect(try Verified(mixed).isSound, "\(count) segments")
            mixed.restart(losingPower: true)
            let again = try SmallServer(mixed)
            try again.say("next", in: try again.open("next"))
            #expect(try again.checkpoint().faults == [], "\(count) segments")
            let rest = try ErasingFolder.checkpoints(again)
            #expect(
                try Erasing(mixed, limits: SmallServer.limits).pass(ErasingRequest(), through: rest)
                    .isComplete
            )
            #expect(mixed.traces(of: ErasingFolder.canary) == [], "\(count) segments")
        }
    }
}
