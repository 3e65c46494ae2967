import Journal
import Sessions
import Testing

/// The replay of a journal whose first segments are gone.
@Suite struct ArchivedBeginningTests {
    private let storage = SimulatedStorage(seed: 8)

    /// Three sessions of which the first is only in the archive and the second in both; two checkpoints.
    init() throws {
        let server = try SmallServer(storage)
        let first = try server.open("first")
        for number in 1...60 { try server.say("first \(number)", in: first) }
        let second = try server.open("second")
        for number in 1...20 { try server.say("second \(number)", in: second) }
        try server.close(first)
        // Behind this place the segments stay.
        while storage.segments.count < 4 { try server.say("more", in: second) }
        let lasting = try server.open("lasting")
        try server.say("hello", in: lasting)
        try server.writeCheckpoint()
        try server.say("goes on", in: second)
        try server.close(second)
        for number in 1...3 {
            try server.say("lasting \(number)", in: lasting)
            if number > 1 { try server.checkpoint() }
        }
        try server.say("at the end", in: lasting)
    }

    /// What `plenary verify` does.
    private func verify() throws -> (JournalVerification, ReplayCheck) {
        let first = try JournalVerification(storage, limits: SmallServer.limits).firstSequence ?? 1
        let checkpoints = try Checkpoints.list(storage).map { try Checkpoints.read($0, from: storage) }
        let beginning = try ArchivedBeginning(storage, before: first)
        var replay = ReplayCheck(checkpoints, after: beginning)
        let found = try JournalVerification(storage, limits: SmallServer.limits) {
            record throws(JournalFault) in
            try replay.take(record)
        }
        replay.finish(at: found.lastSequence)
        return (found, replay)
    }

    @Test func `begins with the archives, and comes to the same states as the checkpoints`() throws {
        let (found, replay) = try verify()
        #expect(try #require(found.firstSequence) > 100)
        #expect(found.isSound && found.archives.count == 2 && found.archives.allSatisfy(\.isReplayed))
        #expect(replay.beginning == .archives)
        #expect(replay.agreed == found.checkpoints.map(\.sequence).reversed() && replay.agreed.count == 2)
        #expect(replay.disagreed == [])
    }

    @Test(arguments: [["first"], ["second"], ["first", "second"]])
    func `begins with the older checkpoint when archives are missing`(_ missing: [String]) throws {
        for name in missing { storage.lose("archive/\(name).log") }
        let (found, replay) = try verify()
        let checkpoints = found.checkpoints.map(\.sequence)
        #expect(found.isSound && replay.disagreed == [])
        #expect(replay.beginning == .checkpoint(checkpoints.last))
        #expect(replay.agreed == [checkpoints[0]])
    }

    @Test func `a damaged archive is named, and counts as missing`() throws {
        storage.flip(bit: 8 * 170, of: "archive/second.log")
        let (found, replay) = try verify()
        #expect(!found.isSound && found.archives.map { $0.fault == nil } == [true, false])
        #expect(replay.beginning == .checkpoint(found.checkpoints.last?.sequence) && replay.disagreed == [])
    }

    @Test func `an archive that tells another story is found, though its checks are right`() throws {
        // The same session with one word more, as somebody who can count might have written it.
        let elsewhere = try SmallServer(SimulatedStorage(seed: 8))
        let first = try elsewhere.open("first")
        for number in 1...61 { try elsewhere.say("first \(number)", in: first) }
        try elsewhere.close(first)
        try elsewhere.checkpoint()
        var forged = try #require(elsewhere.storage.bytes(of: "archive/first.log"))
        forged[136] ^= 1
        let check = Checksum.crc32c(forged.span.bytes.extracting(0..<156))
        forged.replaceSubrange(156..<160, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
        storage.replace("archive/first.log", by: forged)
        let (found, _) = try verify()
        #expect(found.archives.first?.fault?.description.contains("is not the one that it ended in") == true)
    }

    @Test func `a folder of a server without archives is verified as ever`() throws {
        let storage = try journal([[record(1)]])
        #expect(try JournalVerification(storage, limits: small).archives == [])
        #expect(try ArchivedBeginning(storage, before: 1).table?.lastNumber == 0)
    }
}
