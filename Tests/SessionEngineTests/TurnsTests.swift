import Fanout
import SessionEngine
import Sessions
import Testing

struct TurnsTests {
    /// One connection for each letter of the word; those of one letter are in one session.
    private static func connection(_ number: UInt32) -> ConnectionID {
        ConnectionID(loop: 0, slot: number, generation: 1)
    }

    private static func session(_ number: UInt32) throws -> SessionID {
        try #require(SessionID("s\(number)".utf8))
    }

    private static func command(_ id: Int64, from slot: UInt32) -> Inbound {
        .command(connection(slot), id: id, .timeSync, ifSeq: nil)
    }

    /// The connection in slot 7 wants to join the session of slot 1.
    private static func joinOfSeven() throws -> Inbound {
        let admission = Admission(
            person: try #require(PersonID("p".utf8)),
            name: Text("P"),
            school: .empty,
            role: .participant
        )
        return .join(connection(7), id: 1, session: try session(1), admission, resume: nil)
    }

    /// Slot and id of each that is taken.
    private static func taken(_ count: Int, from turns: inout Turns) -> [[Int64]] {
        var batch: [Inbound] = []
        turns.take(atMost: count, into: &batch)
        return batch.map {
            switch $0 {
            case .command(let connection, let id, _, _): [Int64(connection.slot), id]
            case .join(let connection, let id, _, _, _): [Int64(connection.slot), id]
            case .closed(let connection, _): [Int64(connection.slot), -1]
            case .errand, .change: [-1, -1]
            }
        }
    }

    /// Each slot is in a session of its own.
    private static func lane(_ connection: ConnectionID) -> Lane? {
        (try? session(connection.slot)).map(Lane.init)
    }

    @Test func `a session that says much is ahead of another by one`() {
        var turns = Turns()
        for id in 1...100 { turns.append(Self.command(Int64(id), from: 1), lane: Self.lane) }
        turns.append(Self.command(1, from: 2), lane: Self.lane)
        turns.append(Self.command(2, from: 2), lane: Self.lane)
        #expect(Self.taken(5, from: &turns) == [[1, 1], [2, 1], [1, 2], [2, 2], [1, 3]])
        #expect(turns.count == 97)
        turns.append(Self.command(1, from: 3), lane: Self.lane)
        #expect(Self.taken(2, from: &turns) == [[1, 4], [3, 1]])
    }

    @Test func `each line keeps its order to the end`() {
        var turns = Turns()
        for id in 1...500 {
            for slot: UInt32 in 1...3 { turns.append(Self.command(Int64(id), from: slot), lane: Self.lane) }
        }
        var seen: [Int64: [Int64]] = [:]
        while !turns.isEmpty {
            for one in Self.taken(7, from: &turns) { seen[one[0], default: []].append(one[1]) }
        }
        #expect(seen == [1: Array(1...500), 2: Array(1...500), 3: Array(1...500)])
    }

    @Test func `what a connection says waits behind its join, and its end behind all`() throws {
        var turns = Turns()
        let join = try Self.joinOfSeven()
        for id in 1...3 { turns.append(Self.command(Int64(id), from: 1), lane: Self.lane) }
        // Nobody knows yet where it belongs.
        turns.append(join) { _ in nil }
        turns.append(Self.command(2, from: 7)) { _ in nil }
        turns.append(.closed(Self.connection(7), .closed)) { _ in nil }
        #expect(turns.count(in: Lane(try Self.session(1))) == 6)
        #expect(Self.taken(9, from: &turns) == [[1, 1], [1, 2], [1, 3], [7, 1], [7, 2], [7, -1]])
    }

    @Test func `what is put back comes first`() {
        var turns = Turns()
        for id in 1...4 { turns.append(Self.command(Int64(id), from: 1), lane: Self.lane) }
        var batch: [Inbound] = []
        turns.take(atMost: 3, into: &batch)
        turns.putBack(batch[1...], lane: Self.lane)
        #expect(turns.count == 3)
        #expect(Self.taken(9, from: &turns) == [[1, 2], [1, 3], [1, 4]])
        #expect(turns.isEmpty)
    }

    @Test func `what was never in a line can be put back as well, and joins take their connection with them`()
        throws
    {
        var turns = Turns()
        let join = try Self.joinOfSeven()
        let rest = [Self.command(1, from: 1), Self.command(1, from: 2), join, Self.command(2, from: 1)]
        turns.putBack(rest[...], lane: Self.lane)
        turns.append(Self.command(2, from: 7)) { _ in nil }
        #expect(Self.taken(9, from: &turns) == [[1, 1], [2, 1], [7, 1], [1, 2], [7, 2]])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `however it is taken and put back, each line keeps its order and nothing is lost`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var turns = Turns()
        var last: [UInt32: Int64] = [:]
        var heard: [Int64: Int64] = [:]
        var waiting = 0
        for _ in 0..<400 {
            for _ in 0..<random.next() % 60 {
                let slot = UInt32(random.next() % 5)
                last[slot, default: 0] += 1
                turns.append(Self.command(last[slot] ?? 0, from: slot), lane: Self.lane)
                waiting += 1
            }
            var batch: [Inbound] = []
            turns.take(atMost: Int(random.next() % 70), into: &batch)
            let done = batch.isEmpty ? 0 : Int(random.next() % UInt64(batch.count + 1))
            for case .command(let connection, let id, _, _) in batch[..<done] {
                let before = heard.updateValue(id, forKey: Int64(connection.slot)) ?? 0
                #expect(id == before + 1)
            }
            turns.putBack(batch[done...], lane: Self.lane)
            waiting -= done
            #expect(turns.count == waiting)
        }
        while !turns.isEmpty {
            for one in Self.taken(7, from: &turns) {
                #expect(one[1] == (heard.updateValue(one[1], forKey: one[0]) ?? 0) + 1)
                waiting -= 1
            }
        }
        #expect(waiting == 0)
        #expect(heard.allSatisfy { last[UInt32($0.key)] == $0.value })
    }
}
