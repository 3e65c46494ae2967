import Journal
import Sessions
import Testing

/// What is kept for so many days and no longer.
@Suite struct RetentionTests {
    private let storage: SimulatedStorage
    private let ended: Milliseconds

    init() throws {
        storage = try ErasingFolder.make()
        let server = try SmallServer(storage)
        ended = server.now
        try server.checkpoint()
        try server.startSegment()
        try server.say("later", in: 1)
        try server.checkpoint()
        try server.say("still later", in: 1)
        try server.writeCheckpoint()
        storage.restart(losingPower: false)
    }

    /// As every day: bounded by the older checkpoint, so that both stay.
    private func pass(_ request: ErasingRequest) throws -> ErasingReport {
        let older = try #require(try Checkpoints.list(storage).last)
        return try Erasing(storage, limits: SmallServer.limits).pass(request, through: older)
    }

    @Test func `of sessions that ended before, what people wrote goes, and names, schools and minutes stay`()
        throws
    {
        let hashes = try storage.archiveHashes()
        let checkpoints = try Checkpoints.list(storage)
        let report = try pass(ErasingRequest(wordsBefore: ended + 1))
        #expect(report.isComplete && report.archivesRewritten.count == 4 && report.segmentsRewritten > 0)
        #expect(try Checkpoints.list(storage) == checkpoints && storage.archiveHashes() == hashes)
        for name in storage.archives {
            let bytes = try #require(storage.bytes(of: name))
            #expect(!bytes.contains(Array(ErasingFolder.kept.utf8)))
            for part in [
                "edited", "key", "label", "help", "room", "task", "table", "reason", "title", "place",
            ] {
                #expect(!bytes.contains(Array("\(ErasingFolder.canary) \(part)".utf8)), "\(name): \(part)")
            }
        }
        let first = try #require(storage.bytes(of: "archive/first.log"))
        #expect(first.contains(Array("\(ErasingFolder.canary) name".utf8)))
        #expect(first.contains(Array("\(ErasingFolder.canary) school".utf8)))
        #expect(first.contains(Array("Room 1".utf8)))
        #expect(storage.files(with: "among themselves") == [])
        let found = try Verified(storage)
        #expect(found.isSound && found.replay.agreed.count == 1)
    }

    @Test func `what has lost its words is not read again the next day`() throws {
        _ = try pass(ErasingRequest(wordsBefore: ended + 1))
        let bytes = storage.names.map { storage.bytes(of: $0) }
        let before = storage.step
        let report = try pass(ErasingRequest(wordsBefore: ended + 1))
        #expect(report == ErasingReport() && storage.names.map { storage.bytes(of: $0) } == bytes)
        // Of four archives the headers; of some segments all, twice.
        #expect(storage.step - before < 90)
    }

    @Test func `whoever is forgotten later has no words left in such an archive, and it stays one`() throws {
        _ = try pass(ErasingRequest(wordsBefore: ended + 1))
        let hashes = try storage.archiveHashes()
        try ErasingFolder.erase(try ErasingFolder.person, in: storage)
        #expect(storage.traces(of: ErasingFolder.canary) == [])
        #expect(try storage.archiveHashes() == hashes)
        #expect(try pass(ErasingRequest(wordsBefore: ended + 1)).archivesRewritten == [])
    }

    @Test func `sessions that ended before go as a whole, and a start does not bring them back`() throws {
        let report = try pass(ErasingRequest(attendanceBefore: ended + 1))
        #expect(report.isComplete && report.archivesRemoved.count == 4)
        #expect(storage.archives == [])
        #expect(storage.files(with: "among themselves") == [])
        #expect(try Verified(storage).isSound)
        let server = try SmallServer(storage)
        #expect(server.table.usedIDs.count == 4)
        try server.say("more", in: 1)
        #expect(try server.checkpoint().archived == [])
        try server.close(1)
        #expect(try server.checkpoint().archived.map(\.text) == ["lasting"])
        #expect(try Verified(storage).isSound)
    }

    @Test func `sessions that ended later stay as they are`() throws {
        let first = try Archives.header(of: try id("first"), in: storage)
        let second = try Archives.header(of: try id("second"), in: storage)
        let bound = try #require(second.endedAt)
        #expect(try #require(first.endedAt) < bound)
        let report = try pass(ErasingRequest(wordsBefore: bound, attendanceBefore: bound - 1_000_000))
        #expect(report.archivesRewritten.map(\.text) == ["first"] && report.archivesRemoved == [])
        let gone = try pass(ErasingRequest(wordsBefore: bound, attendanceBefore: bound))
        #expect(gone.archivesRemoved.map(\.text) == ["first"] && storage.archives.count == 3)
        #expect(try Verified(storage).isSound)
    }
}
