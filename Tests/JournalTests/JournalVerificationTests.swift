import Testing

@testable import Journal

@Suite struct JournalVerificationTests {
    @Test func `a sound journal is counted`() throws {
        let storage = try journal((0..<100).map { [record($0, bytes: 200)] })
        try Checkpoints.write(checkpoint(60), journalSyncedThrough: 101, to: storage)
        var visited = 0
        let found = try JournalVerification(storage, limits: small) { _ in visited += 1 }
        #expect(found.isSound && found.records == 100 && visited == 100)
        #expect(found.payloadBytes == 20_000 && found.sessions == [0, 1, 2])
        #expect(found.segments == storage.names.count - 1)
        #expect(found.firstSequence == 1 && found.lastSequence == 101)
        #expect(found.checkpoints == [.init(sequence: 60, fault: nil)])
    }

    @Test func `the first bad record is named with file, byte and number`() throws {
        let storage = try journal((0..<100).map { [record($0, bytes: 200)] })
        storage.flip(bit: 8 * (4_096 + 64 + 3 * 248 + 60), of: firstSegment)
        let found = try JournalVerification(storage, limits: small)
        #expect(!found.isSound && found.records == 3 && found.lastSequence == 4)
        let expected = Damage(
            file: firstSegment,
            offset: 4_904,
            sequence: 5,
            why: "the payload's check is wrong"
        )
        #expect(found.damage == expected)
        #expect(
            expected.description
                == "\(firstSegment) is damaged at byte 4904 (record 5): the payload's check is wrong"
        )
    }

    @Test func `a torn tail is told and is no damage`() throws {
        let storage = try journal([[record(1)]])
        var bytes = try #require(storage.bytes(of: firstSegment))
        bytes[5_000] = 1
        storage.replace(firstSegment, by: bytes)
        let found = try JournalVerification(storage, limits: small)
        #expect(found.isSound)
        #expect(found.end?.torn == TornTail(file: firstSegment, offset: 4_232, bytes: 769))
    }

    @Test func `a bad checkpoint is told`() throws {
        let storage = try CheckpointTests.journalWithCheckpoints()
        storage.flip(bit: 700, of: CheckpointTests.path(8))
        let found = try JournalVerification(storage, limits: small)
        #expect(!found.isSound && found.damage == nil)
        #expect(found.checkpoints.map { $0.fault == nil } == [false, true])
    }

    @Test func `a beginning that no checkpoint reaches is damage`() throws {
        let storage = try journal((0..<100).map { [record($0, bytes: 200)] })
        #expect(try Segments.remove(through: 60, in: storage) > 0)
        #expect(try JournalVerification(storage, limits: small).damage != nil)
        try Checkpoints.write(checkpoint(60), journalSyncedThrough: 101, to: storage)
        #expect(try JournalVerification(storage, limits: small).isSound)
    }

    @Test func `it changes nothing and needs no lock`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        try writer.append([record(1)], term: 1, at: 0)
        storage.isReadOnly = true
        #expect(try JournalVerification(storage, limits: small).records == 1)
    }
}
