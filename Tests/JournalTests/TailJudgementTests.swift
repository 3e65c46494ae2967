import Glibc
import Testing

@testable import Journal

@Suite struct TailJudgementTests {
    /// Three batches; the second has a group of two.
    static let batches = [
        [record(1)], [record(2), record(3, bytes: 9, continues: true), record(4, bytes: 0)],
        [record(5, bytes: 50)],
    ]
    static let records = Array(batches.joined())

    /// Where each record begins in the first segment, behind the writer's mark, and where the last one ends.
    static let bounds = {
        var bounds = [JournalLimits.headerBlockBytes + RecordHeader.extent(payload: 18)]
        for record in records {
            bounds.append(bounds[bounds.count - 1] + RecordHeader.extent(payload: record.payload.count))
        }
        return bounds
    }()

    /// A copy of the journal above, changed.
    static func changed(_ change: (inout [UInt8]) -> Void) throws -> SimulatedStorage {
        let storage = try journal(batches)
        var bytes = try #require(storage.bytes(of: firstSegment))
        change(&bytes)
        storage.replace(firstSegment, by: bytes)
        return storage
    }

    enum Reading {
        case damaged(Damage)
        case records([[UInt8]], JournalEnd?)
    }

    static func read(_ storage: SimulatedStorage) throws -> Reading {
        do {
            var reader = try JournalReader(storage: storage)
            var payloads: [[UInt8]] = []
            while let record = try reader.next() {
                payloads.append(record.payload)
            }
            return .records(payloads, reader.end)
        } catch {
            guard case JournalFault.damaged(let damage) = error else { throw error }
            return .damaged(damage)
        }
    }

    @Test func `cut at any byte, the whole records stay, groups stay whole, and the rest is reported`() throws
    {
        for cut in JournalLimits.headerBlockBytes...Self.bounds[5] {
            let storage = try Self.changed {
                $0.replaceSubrange(cut..., with: repeatElement(0, count: $0.count - cut))
            }
            guard case .records(let payloads, let end?) = try Self.read(storage) else {
                Issue.record("cut at byte \(cut)")
                continue
            }
            // A record is whole when its payload is; behind that come its end bytes. (A header ends in three zeroes.)
            var whole = (0..<5).filter { index in
                let payload = Self.records[index].payload.count
                return Self.bounds[index] + (payload == 0 ? 37 : 40 + payload) <= cut
            }.count
            if whole == 3 { whole = 2 }
            #expect(payloads == Self.records.prefix(whole).map(\.payload), "cut at byte \(cut)")
            let kept = end.segment?.offset ?? 0
            let bytes = try #require(storage.bytes(of: firstSegment))
            let last = bytes.lastIndex { byte in byte != 0 } ?? 0
            #expect(end.torn?.bytes ?? 0 == max(0, last + 1 - kept), "cut at byte \(cut)")

            guard cut % 7 == 0 else { continue }
            let writer = try openWriter(storage)
            try writer.append([record(9)], term: writer.term, at: 0)
            try writer.sync(at: 0)
            storage.restart(losingPower: true)
            let later = try recover(storage)
            #expect(later.payloads == payloads + [record(9).payload], "cut at byte \(cut)")
            #expect(later.end?.torn == nil)
        }
    }

    @Test func `a file that became shorter is damaged: its length was synced before its name`() throws {
        let whole = try journal(Self.batches)
        let bytes = try #require(whole.bytes(of: firstSegment))
        for length in stride(from: 0, to: bytes.count, by: 61) {
            whole.replace(firstSegment, by: Array(bytes.prefix(length)))
            #expect(damage { _ = try JournalReader(storage: whole) }?.file == firstSegment)
        }
    }

    @Test
    func `each flipped bit is found, or harms nothing, or is reported as the torn end of the last batch`()
        throws
    {
        let whole = try journal(Self.batches)
        let length = Self.bounds[5] + 16
        let bits = 0..<8 * length
        var counts = (damaged: 0, harmless: 0, torn: 0)
        for bit in bits {
            let storage = SimulatedStorage(copying: whole)
            storage.flip(bit: bit, of: firstSegment)
            switch try Self.read(storage) {
            case .damaged:
                counts.damaged += 1
            case .records(let payloads, _) where payloads == Self.records.map(\.payload):
                counts.harmless += 1
            case .records(let payloads, let end):
                #expect(payloads == Self.records.dropLast().map(\.payload), "bit \(bit)")
                #expect(end?.torn != nil, "bit \(bit)")
                counts.torn += 1
            }
        }
        // The last batch passes for torn only where a zero stands at a sector's end by itself: nowhere here.
        #expect(counts.torn == 0)
        #expect(counts.damaged > 8 * (Self.bounds[5] - Self.bounds[0]) * 9 / 10)
        #expect(counts.damaged + counts.harmless == bits.count)
    }

    @Test
    func `whichever sectors of what was not synced are lost, reading ends quietly and loses nothing synced`()
        throws
    {
        let records = (0..<12).map { record($0, bytes: [20, 300, 700][$0 % 3], continues: $0 % 4 == 1) }
        let storage = SimulatedStorage(seed: 3)
        let writer = try openWriter(storage)
        try writer.append(Array(records.prefix(3)), term: 1, at: 0)
        try writer.sync(at: 0)
        let synced =
            RecordHeader.extent(payload: 18)
            + records.prefix(3).reduce(JournalLimits.headerBlockBytes) {
                $0 + RecordHeader.extent(payload: $1.payload.count)
            }
        // Two batches that are not synced.
        try writer.append(Array(records[3..<4]), term: 1, at: 0)
        try writer.append(Array(records[4...7]), term: 1, at: 0)
        let bytes = try #require(storage.bytes(of: firstSegment))
        let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
        let sectors = Array(synced / 512...(end - 1) / 512)
        for lost in 0..<1 << sectors.count {
            var torn = bytes
            for (index, sector) in sectors.enumerated() where lost >> index & 1 == 1 {
                let range = max(synced, sector * 512)..<(sector + 1) * 512
                torn.replaceSubrange(range, with: repeatElement(0, count: range.count))
            }
            storage.restart(losingPower: false)
            storage.replace(firstSegment, by: torn)
            let found = try recover(storage)
            #expect(found.records.count >= 3, "lost sectors \(lost)")
            #expect(found.payloads == records.prefix(found.records.count).map(\.payload))
            #expect(found.records.last?.continues == false)
            #expect((found.records.count == 8) == (lost == 0))
        }
    }

    /// Found by the simulation: a header whose first bytes are the last of a sector, and the next sector is lost.
    @Test(arguments: stride(from: 0, to: 512, by: 8).map(\.self))
    func `a header that lies across two sectors may lose either, or a part of it, and what follows stays`(
        _ shift: Int
    ) throws {
        let records = (0..<5).map { record($0, bytes: [40 + shift, 600, 24, 700, 900][$0]) }
        let storage = SimulatedStorage(seed: 4)
        let writer = try openWriter(storage)
        let synced = JournalLimits.headerBlockBytes + RecordHeader.extent(payload: 18)
        try writer.append(records, term: 1, at: 0)
        let bytes = try #require(storage.bytes(of: firstSegment))
        let end = try #require(bytes.lastIndex { $0 != 0 }) + 1
        for sector in synced / 512...(end - 1) / 512 {
            for kept in [0, 3, 8, 21, 40, 200] {
                var torn = bytes
                let range = max(synced, sector * 512 + kept)..<max(synced, (sector + 1) * 512)
                torn.replaceSubrange(range, with: repeatElement(0, count: range.count))
                storage.restart(losingPower: false)
                storage.replace(firstSegment, by: torn)
                let found = try recover(storage)
                #expect(found.payloads == records.prefix(found.records.count).map(\.payload))
            }
        }
    }

    @Test func `a lost sector that a later batch knew to be synced is damage, and nothing is changed`() throws
    {
        let storage = try Self.changed { bytes in
            let range = Self.bounds[0]..<Self.bounds[1]
            bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
        }
        let before = storage.bytes(of: firstSegment)
        let found = damage { _ = try recover(storage) }
        #expect(found?.offset == Self.bounds[0] && found?.sequence == 2)
        #expect(storage.bytes(of: firstSegment) == before && storage.names == [firstSegment])
    }

    @Test func `records that changed places, or come from another journal, are damage`() throws {
        let same = [[record(1)], [record(2)], [record(3)]]
        let bytes = try #require(journal(same).bytes(of: firstSegment))
        let size = RecordHeader.extent(payload: 24)
        let first = Self.bounds[0]
        var swapped = bytes
        swapped.replaceSubrange(first..<first + size, with: bytes[first + size..<first + 2 * size])
        let storage = try journal(same)
        storage.replace(firstSegment, by: swapped)
        #expect(damage { _ = try recover(storage) }?.why == "record 3 stands where 2 belongs")

        var other = try #require(
            try journal([[record(7)], [record(8)], [record(9)]]).bytes(of: firstSegment)
        )
        other.replaceSubrange(first..<first + size, with: bytes[first..<first + size])
        storage.restart(losingPower: false)
        storage.replace(firstSegment, by: other)
        let found = damage { _ = try recover(storage) }
        #expect(found?.sequence == 3 && found?.why == "the record does not follow the one before it")
    }

    @Test func `a checkpoint proves that its record was synced`() throws {
        let storage = try journal([[record(1)], [record(2)]])
        var bytes = try #require(storage.bytes(of: firstSegment))
        let last = Self.bounds[0] + RecordHeader.extent(payload: 24)
        bytes.replaceSubrange(last..., with: repeatElement(0, count: bytes.count - last))
        storage.replace(firstSegment, by: bytes)
        #expect(try recover(storage).payloads == [record(1).payload])
        storage.restart(losingPower: false)
        try Checkpoints.write(checkpoint(3), journalSyncedThrough: 3, to: storage)
        let found = damage { _ = try recover(storage) }
        #expect(found?.why == "there is no record, and a checkpoint covers up to record 3")
        #expect(found?.offset == last)
    }
}
