import Journal
import Sessions
import Testing

/// Entries as records: every event there and back, and every byte that could be wrong.
@Suite struct EntryEncodingTests {
    let evening: ScriptedEvening

    init() throws {
        evening = try ScriptedEvening()
    }

    private func records(of entry: Entry) -> [NewRecord] {
        var records: [NewRecord] = []
        EntryEncoding.append(entry, to: &records)
        return records
    }

    private func entry(of records: [NewRecord]) throws(SpellingFault) -> Entry? {
        var decoder = EntryDecoder()
        for (index, record) in records.enumerated() {
            if let entry = try decoder.entry(of: JournalRecord(record, sequence: UInt64(index + 1))) {
                return entry
            }
        }
        return nil
    }

    /// Whether a record alone is not refused, be it an event or words for the next one.
    private func isTaken(_ record: NewRecord) -> Bool {
        do {
            _ = try entry(of: [record])
            return true
        } catch {
            return false
        }
    }

    @Test func `the evening has every kind of record`() {
        let kinds = Set(evening.entries.flatMap { records(of: $0).map(\.kind) })
        let known: [[UInt8]] = [
            Array(1...5), Array(10...18), Array(20...29), Array(30...37), Array(40...53), Array(60...65),
            Array(70...75), Array(80...82), [90, 91],
        ]
        #expect(kinds == Set(known.joined()))
    }

    @Test func `every entry comes back as it was, and is spelled the same again`() throws {
        for original in evening.entries {
            let written = records(of: original)
            let read = try #require(try entry(of: written))
            #expect(read == original)
            #expect(records(of: read) == written)
        }
    }

    @Test func `words stand in a record of their own, which the event's record follows`() throws {
        let spoken = evening.entries.filter {
            if case .session(let entry) = $0 { entry.text != nil } else { false }
        }
        #expect(spoken.count == 43)
        var kinds: Set<UInt8> = []
        for entry in spoken {
            let written = records(of: entry)
            #expect(written.map(\.continues) == [true, false])
            #expect(written.first?.kind == 2 && written.count == 2)
            kinds.formUnion(written.dropFirst().map(\.kind))
        }
        // Messages, edits, labels, announcements, calls for help, reasons of marks.
        #expect(kinds == [28, 51, 60, 61, 62, 70, 82])
    }

    @Test func `of entries that are kept together each record but the last says that more belongs to it`() {
        let together = EntryEncoding.records(keptTogether: evening.entries)
        var alone = evening.entries.flatMap { records(of: $0) }
        #expect(together.dropLast().allSatisfy { $0.continues })
        #expect(together.last?.continues == false)
        for index in alone.indices { alone[index].continues = together[index].continues }
        #expect(together == alone)
        #expect(EntryEncoding.records(keptTogether: []) == [])
    }

    @Test func `events of one decision are kept together or not at all`() throws {
        guard case .session(var first) = evening.entries[1] else { return }
        first.continues = true
        let written = records(of: .session(first))
        #expect(written.map(\.continues) == [true])
        #expect(try entry(of: written) == .session(first))
    }

    @Test func `an event whose words are gone is there without them`() throws {
        let spoken = try #require(evening.entries.first { records(of: $0).count == 2 })
        guard case .session(var silent) = spoken else { return }
        silent.text = nil
        #expect(try entry(of: [records(of: spoken)[1]]) == .session(silent))
    }

    @Test func `words of another session or number are nobody's`() throws {
        let spoken = try #require(evening.entries.first { records(of: $0).count == 2 })
        guard case .session(var silent) = spoken else { return }
        silent.text = nil
        var elsewhere = records(of: spoken)
        elsewhere[0].session += 1
        #expect(try entry(of: elsewhere) == .session(silent))
        var otherNumber = records(of: spoken)
        otherNumber[0].payload[0] += 1
        #expect(try entry(of: otherNumber) == .session(silent))
    }

    @Test func `a session of before there were rehearsals is none`() throws {
        let begun = evening.entries.filter { records(of: $0).map(\.kind) == [10] }
        #expect(begun.count == 7)
        var rehearsals = 0
        for original in begun {
            guard case .session(let entry) = original, case .created(var created) = entry.event else {
                continue
            }
            rehearsals += created.isRehearsal ? 1 : 0
            var record = records(of: original)[0]
            #expect(record.version == 2)
            record.version = 1
            record.payload.removeLast()
            guard case .session(let read)? = try self.entry(of: [record]) else {
                Issue.record("not read")
                continue
            }
            created.isRehearsal = false
            #expect(read.event == .created(created))
        }
        #expect(rehearsals == 1)
    }

    @Test func `a payload that is cut short anywhere is refused`() {
        for original in evening.entries {
            for record in records(of: original) {
                for length in record.payload.indices {
                    var cut = record
                    cut.payload.removeLast(record.payload.count - length)
                    guard isTaken(cut) else { continue }
                    Issue.record("kind \(record.kind), cut to \(length) bytes")
                }
            }
        }
    }

    @Test func `a payload with something behind its end is refused`() {
        for original in evening.entries {
            for var record in records(of: original) {
                record.payload.append(0)
                #expect(throws: SpellingFault.self, "kind \(record.kind)") { _ = try entry(of: [record]) }
            }
        }
    }

    /// Checksums find a flipped bit first; this is about bytes that somebody wrote on purpose.
    @Test func `a flipped bit is refused, or gives an event that can be judged`() throws {
        let state = try #require(evening.table.sessions[1]?.state)
        var judged = 0
        for original in evening.entries {
            for record in records(of: original) {
                for bit in 0..<record.payload.count * 8 {
                    var flipped = record
                    flipped.payload[bit / 8] ^= 1 << UInt8(bit % 8)
                    guard case .session(let read)? = try? entry(of: [flipped]) else { continue }
                    judged += state.names(read.event) ? 1 : 0
                }
            }
        }
        #expect(judged > 0)
    }

    @Test func `any bytes at all are refused, or give an event that can be judged`() throws {
        var open = try #require(evening.table.sessions[1]?.state)
        open.breakouts = Breakouts(
            round: 1,
            mode: .manual,
            firstRoom: 1,
            openedAt: 0,
            closesAt: nil,
            closing: 0,
            late: .main,
            hostsRead: false,
            seed: 0
        )
        var random = SplitMix(seed: 71)
        let bytes: [UInt8] = [0, 1, 1, 2, 3, 0x7F, 0x80, 0xFF]
        var judged = 0
        for _ in 0..<20_000 {
            let record = NewRecord(
                kind: UInt8(random.below(64)),
                version: 1,
                session: 1,
                payload: (0..<random.below(24)).map { _ in bytes[random.below(bytes.count)] }
            )
            guard case .session(let read)? = try? entry(of: [record]) else { continue }
            judged += open.names(read.event) ? 1 : 0
        }
        #expect(judged > 0)
    }

    @Test func `numbers that could not be added to are refused`() {
        let largest: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        let negative: [UInt8] = Array(repeating: 0xFF, count: 9) + [1]
        let beyond: [UInt8] = Array(repeating: 0xFF, count: 9) + [2]
        for number in [largest, negative, beyond] {
            let clock = NewRecord(kind: 1, version: 1, session: 0, payload: number)
            #expect(throws: SpellingFault.badValue("number")) { _ = try entry(of: [clock]) }
            let archived = NewRecord(kind: 15, version: 1, session: 1, payload: number + [1])
            #expect(throws: SpellingFault.badValue("number")) { _ = try entry(of: [archived]) }
        }
    }

    @Test func `what a newer server wrote is refused by name`() {
        let kind = NewRecord(kind: 99, version: 1, session: 1, payload: [])
        #expect(throws: SpellingFault.unknownKind(99)) { _ = try entry(of: [kind]) }
        let version = NewRecord(kind: 60, version: 2, session: 1, payload: [])
        #expect(throws: SpellingFault.unknownVersion(kind: 60, version: 2)) { _ = try entry(of: [version]) }
    }

    @Test func `placements into a round without rooms name what is not there`() throws {
        let state = try #require(evening.table.sessions[1]?.state)
        let opened = BreakoutsOpened(
            round: 3,
            mode: .manual,
            rooms: [],
            placements: [Placement(seat: SeatID(0), room: .breakout(round: 3, number: 1))],
            closesAt: nil,
            closing: 0,
            late: .main,
            hostsRead: false,
            seed: 0,
            by: SeatID(0)
        )
        #expect(!state.names(.breakoutsOpened(opened)))
    }

    @Test func `a room number beyond all sums names what is not there`() throws {
        var state = try #require(evening.table.sessions[1]?.state)
        state.breakouts = Breakouts(
            round: 2,
            mode: .manual,
            firstRoom: 2,
            openedAt: 0,
            closesAt: nil,
            closing: 0,
            late: .main,
            hostsRead: false,
            seed: 0
        )
        for number in [Int.max, Int.min, 0, 3] {
            #expect(!state.exists(.breakout(round: 2, number: number)))
        }
        #expect(state.exists(.breakout(round: 2, number: 2)))
    }
}
