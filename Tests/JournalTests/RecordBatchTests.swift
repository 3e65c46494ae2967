import Journal
import Sessions
import Testing

@Suite struct RecordBatchTests {
    private let records = [
        record(1), record(2, bytes: 0, continues: true), record(3, bytes: 700, continues: true), record(4),
        record(5, continues: true),
    ]

    @Test func `a batch is written as the records that it was made of`() throws {
        let found = try recover(try journal([records]))
        #expect(found.payloads == records.map(\.payload))
        #expect(found.records.map(\.session) == records.map(\.session))
        // The last of a batch never continues.
        #expect(found.records.map(\.continues) == [false, true, true, false, false])
    }

    @Test func `a batch that was emptied holds only what came afterwards`() throws {
        var batch = RecordBatch(records)
        #expect(batch.count == 5)
        #expect(batch.payloadBytes == records.reduce(0) { $0 + $1.payload.count })
        batch.removeAll()
        #expect(batch.isEmpty)
        #expect(batch.payloadBytes == 0)
        EntryEncoding.append(.clock(at: 5), to: &batch)
        let storage = SimulatedStorage(seed: 1)
        let writer = try openWriter(storage)
        try writer.append(batch, term: writer.term, at: 1_000)
        storage.restart(losingPower: false)
        var decoder = EntryDecoder()
        let found = try recover(storage).records
        #expect(try found.map { try decoder.entry(of: $0) } == [.clock(at: 5)])
    }

    @Test func `a batch that is longer than a segment goes on in the next, group by group`() throws {
        let batch = (1...40).map { record($0, bytes: 300, continues: $0 % 3 != 0) }
        let found = try recover(try journal([batch]))
        #expect(found.payloads == batch.map(\.payload))
        #expect(found.records.map(\.continues) == (1...40).map { $0 % 3 != 0 && $0 != 40 })
    }
}
