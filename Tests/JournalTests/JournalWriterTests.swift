import Glibc
import Journal
import Testing

@Suite struct JournalWriterTests {
    @Test func `what was written is read back, in order and numbered`() throws {
        let batches = [
            [record(1), record(2, bytes: 0)], [record(3, bytes: 1_000)], [], [record(4, bytes: 7)],
        ]
        let found = try recover(journal(batches))
        #expect(found.payloads == batches.joined().map(\.payload))
        // Number 1 is the mark of the writer's beginning.
        #expect(found.records.map(\.sequence) == [2, 3, 4, 5])
        #expect(found.records.map(\.session) == [1, 2, 0, 1])
        #expect(found.records.allSatisfy { $0.kind == 1 && $0.version == 1 })
        #expect(found.end?.torn == nil && found.end?.closedInOrder == false)
    }

    @Test func `every payload length around the alignment and the sector survives`() throws {
        let records = (0..<600).map { record($0, bytes: $0) }
        let limits = JournalLimits(segmentBytes: 1 << 16)
        let found = try recover(journal([records], limits: limits), limits: limits)
        #expect(found.payloads == records.map(\.payload))
    }

    @Test func `a second writer goes on behind the first and has the next term`() throws {
        let storage = try journal([[record(1)]])
        let writer = try openWriter(storage)
        #expect(writer.term == 2)
        #expect(try writer.append([record(2)], term: 2, at: 5) == 4)
        try writer.sync(at: 5)
        #expect(writer.syncedThrough == 4)
        storage.restart(losingPower: true)
        #expect(try recover(storage).payloads == [record(1).payload, record(2).payload])
        #expect(storage.names == [firstSegment])
    }

    @Test func `a full segment is followed by the next, and all are read as one journal`() throws {
        let records = (0..<100).map { record($0, bytes: 200) }
        let storage = try journal(records.map { [$0] })
        #expect(storage.names.count > 5)
        #expect(storage.names.allSatisfy { storage.bytes(of: $0)?.count == 8192 })
        #expect(try recover(storage).payloads == records.map(\.payload))
    }

    @Test func `a batch longer than a segment is spread over several`() throws {
        let records = (0..<100).map { record($0, bytes: 200) }
        #expect(try recover(journal([records])).payloads == records.map(\.payload))
    }

    @Test func `a group that is larger than a segment is refused before anything is written`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        let before = storage.bytes(of: firstSegment)
        let group = (0..<5).map { record($0, bytes: 1_000, continues: $0 < 4) }
        #expect(throws: JournalFault.tooLarge(what: "a group of records", bytes: 5_240, limit: 4_096)) {
            try writer.append(group, term: 1, at: 0)
        }
        #expect(storage.bytes(of: firstSegment) == before)
    }

    @Test func `a record of 1 MiB fits, one byte more is refused`() throws {
        let limits = JournalLimits(segmentBytes: 2 << 20)
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage, limits: limits)
        let largest = NewRecord(
            kind: 1,
            version: 1,
            session: 1,
            payload: Array(repeating: 0x61, count: JournalLimits.payloadBytes)
        )
        try writer.append([largest], term: 1, at: 0)
        try writer.sync(at: 0)
        var larger = largest
        larger.payload.append(0x61)
        #expect(throws: JournalFault.self) { try writer.append([larger], term: 1, at: 0) }
        storage.restart(losingPower: false)
        #expect(try recover(storage, limits: limits).payloads == [largest.payload])
    }

    @Test func `a new segment can be begun at any time, and the last one can then go`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        try writer.append([record(1)], term: writer.term, at: 0)
        try writer.startSegment(at: 0)
        let last = writer.lastSequence
        #expect(last == 3 && writer.syncedThrough == 3)
        #expect(storage.names.contains("segments/00000000000000000003.log"))
        try Checkpoints.write(checkpoint(last), journalSyncedThrough: last, to: storage)
        #expect(try Segments.remove(through: last, in: storage) == 1)
        try writer.append([record(2)], term: writer.term, at: 0)
        try writer.sync(at: 0)
        storage.restart(losingPower: true)
        let found = try recover(storage)
        #expect(found.payloads == [record(2).payload] && found.end?.closedInOrder == false)
    }

    @Test func `a writer of another term is fenced off`() throws {
        let writer = try openWriter(SimulatedStorage(seed: 1))
        #expect(throws: JournalFault.fenced(term: 7, current: 1)) {
            try writer.append([record(1)], term: 7, at: 0)
        }
    }

    @Test func `in batch mode each batch is one write and one sync`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        let before = storage.step
        try writer.append([record(1), record(2), record(3)], term: 1, at: 0)
        #expect(storage.step == before + 1)
        try writer.sync(at: 0)
        #expect(storage.step == before + 2)
        try writer.sync(at: 0)
        #expect(storage.step == before + 2, "nothing is unsynced")
    }

    @Test func `with an interval the sync waits for it, and says when it is due`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage, mode: .interval(milliseconds: 50))
        #expect(writer.syncDue == nil)
        let last = try writer.append([record(1)], term: 1, at: 100)
        try writer.sync(at: 100)
        try writer.append([record(2)], term: 1, at: 120)
        #expect(writer.syncDue == 150 && writer.syncedThrough < last)
        try writer.sync(at: 149)
        #expect(writer.syncedThrough < last)
        try writer.sync(at: 150)
        #expect(writer.syncedThrough == last + 1 && writer.syncDue == nil)
    }

    @Test func `without syncing, a sync by hand still makes durable`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage, mode: .off)
        let last = try writer.append([record(1)], term: 1, at: 0)
        try writer.sync(at: 1_000_000)
        #expect(writer.syncedThrough < last && writer.syncDue == nil)
        try writer.syncNow()
        #expect(writer.syncedThrough == last)
    }

    @Test func `an orderly end is told, and not after the next writer has begun`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage, mode: .off)
        try writer.append([record(1)], term: 1, at: 0)
        try writer.close(at: 10)
        #expect(throws: JournalFault.self) { try writer.append([record(2)], term: 1, at: 11) }
        storage.restart(losingPower: true)
        let found = try recover(storage)
        #expect(found.payloads == [record(1).payload])
        #expect(found.end?.closedInOrder == true && found.end?.mayHaveForgotten == false)
        _ = try found.recovery.makeWriter(mode: .off, at: 20)
        storage.restart(losingPower: false)
        let later = try recover(storage)
        #expect(later.end?.closedInOrder == false && later.end?.mayHaveForgotten == true)
    }

    @Test(arguments: [0, 1, 2])
    func `that something may be forgotten is known until a writer says that it was dealt with`(
        crashes: Int
    ) throws {
        let storage = SimulatedStorage(seed: 1)
        try openWriter(storage, mode: .off).append([record(1)], term: 1, at: 0)
        storage.restart(losingPower: false)
        for _ in 0..<crashes {
            let writer = try openWriter(storage, mode: .batch)
            // Too much for this segment: what the next one says counts, too.
            try writer.append((0..<5).map { record($0, bytes: 1_000) }, term: writer.term, at: 1)
            try writer.syncNow()
            storage.restart(losingPower: true)
            #expect(try recover(storage).end?.mayHaveForgotten == true)
        }
        let writer = try openWriter(storage, mode: .batch)
        try writer.append([record(2)], term: writer.term, at: 2)
        try writer.confirmRecovery(at: 2)
        #expect(writer.syncedThrough == writer.lastSequence)
        storage.restart(losingPower: true)
        let found = try recover(storage)
        #expect(found.payloads.last == record(2).payload)
        #expect(found.end?.closedInOrder == false && found.end?.mayHaveForgotten == false)
    }

    @Test func `half a segment on, a spare is due once, and the next roll-over uses it`() throws {
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        #expect(!writer.spareIsDue())
        try writer.append([record(1, bytes: 2_000)], term: 1, at: 0)
        #expect(writer.spareIsDue() && !writer.spareIsDue())
        try Segments.prepareSpare(in: storage, limits: small)
        // One is enough: there is nothing to be done.
        let (names, step) = (storage.names, storage.step)
        try Segments.prepareSpare(in: storage, limits: small)
        #expect(names.contains("segments/spare") && storage.names == names && storage.step == step + 1)
        try writer.append([record(2, bytes: 2_500)], term: 1, at: 0)
        try writer.sync(at: 0)
        #expect(storage.names == [firstSegment, "segments/00000000000000000003.log"])
        storage.restart(losingPower: true)
        #expect(try recover(storage).records.count == 2)
    }

    @Test func `segments behind a number are removed, the last one never`() throws {
        let records = (0..<100).map { record($0, bytes: 200) }
        let storage = try journal(records.map { [$0] })
        let names = storage.names
        #expect(try Segments.remove(through: 1, in: storage) == 0)
        #expect(try Segments.remove(through: 40, in: storage) > 0)
        var reader = try JournalReader(storage: storage)
        let first = try #require(try reader.next())
        #expect(first.sequence <= 41 && first.sequence > 2)
        #expect(try Segments.remove(through: .max - 1, in: storage) > 0)
        #expect(storage.names == Array(names.suffix(1)))
    }
}
