import Journal
import Sessions
import Testing

@Suite struct ReplayCheckTests {
    /// A session that begins, is joined and starts: records 1 to 3, and the state after each.
    private func records() throws -> (records: [JournalRecord], hashes: [UInt64]) {
        let id = try #require(SessionID(Array("evening".utf8)))
        let person = try #require(PersonID(Array("host".utf8)))
        let created = Created(id: id, epoch: Epoch(bits: 9), community: .empty, title: .empty, place: .empty)
        let joined = Joined(
            person: person,
            name: Text("Host"),
            school: .empty,
            ticketRole: .host,
            room: .main
        )
        let events: [SessionEvent] = [.created(created), .joined(joined), .started(by: SeatID(0))]
        var table = SessionTable()
        var records: [JournalRecord] = []
        var hashes: [UInt64] = []
        for (index, event) in events.enumerated() {
            let entry = SessionEntry(session: 1, seq: index + 1, at: 1_000, event: event, text: nil)
            table.apply(entry)
            var new: [NewRecord] = []
            EntryEncoding.append(.session(entry), to: &new)
            let record = try #require(new.first)
            records.append(JournalRecord(record, sequence: UInt64(index + 1)))
            let sections = ImageEncoding.sections(of: CheckpointImage(of: table, at: 1_000))
            hashes.append(ImageEncoding.stateHash(of: sections))
        }
        return (records, hashes)
    }

    private func checkpoint(_ sequence: UInt64, _ hash: UInt64) -> Checkpoint {
        Checkpoint(
            sequence: sequence,
            term: 1,
            time: 1_000,
            encoding: ImageEncoding.version,
            stateHash: hash,
            sections: []
        )
    }

    @Test func `checkpoints agree where the replay gives their state, and are named where it does not`()
        throws
    {
        let (records, hashes) = try records()
        var check = ReplayCheck([
            checkpoint(3, hashes[2]), checkpoint(1, hashes[0]), checkpoint(2, hashes[2]),
            checkpoint(9, hashes[2]),
        ])
        for record in records { try check.take(record) }
        check.finish(at: 3)
        #expect(check.agreed == [1, 3])
        #expect(check.disagreed == [2, 9])
    }

    @Test func `an entry that nobody could have decided is damage`() throws {
        let (records, _) = try records()
        var check = ReplayCheck([])
        #expect(throws: JournalFault.self) { try check.take(records[1]) }
    }
}
