import Fanout
import Testing
import WebSocket

/// What a hub promises, said in the plainest way: each connection's whole stream as one array.
private struct Model {
    var streams: [ConnectionID: [UInt8]] = [:]
    var groups: [ConnectionID: UInt32] = [:]
    var closed: Set<ConnectionID> = []

    mutating func carryOut(_ delivery: Delivery) {
        switch delivery {
        case .push(let group, let frame):
            for (connection, its) in groups where its == group.number {
                streams[connection, default: []] += frame
            }
        case .reply(let connection, let frame, _):
            if streams[connection] != nil, !closed.contains(connection) {
                streams[connection, default: []] += frame
            }
        case .enter(let connection, let group):
            if streams[connection] != nil, !closed.contains(connection) {
                groups[connection] = group.number
            }
        case .close(let connection, _, let reason):
            if streams[connection] != nil, closed.insert(connection).inserted {
                groups[connection] = nil
                streams[connection, default: []] += reason
            }
        }
    }
}

/// A hub and its model, driven by the same numbers.
private struct Run {
    var random: Seeded
    var model = Model()
    let bench: Bench
    var alive: [ConnectionID] = []
    var blocked: Set<UInt32> = []
    var count = 0

    init(seed: UInt64) {
        random = Seeded(seed)
        bench = Bench(
            OutboxLimits(
                countedBytes: .max / 2,
                hardBytes: .max / 2,
                sliceMembers: Int.random(in: 1...5, using: &random)
            )
        )
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<8: open()
        case 8..<11: release()
        case 11..<20: deliver { connection, group, _ in .enter(connection, GroupID(group)) }
        case 20..<40:
            deliver { connection, dice, bytes in .reply(connection, frame: bytes, exempt: dice == 0) }
        case 40..<65: deliver { _, group, bytes in .push(GroupID(group), frame: bytes) }
        case 65..<67: deliver { connection, _, bytes in .close(connection, .normal, reason: bytes) }
        case 67..<80: turn(writes: Int.random(in: 0...6, using: &random))
        case 80..<90: turn(writes: .max)
        default: resume()
        }
    }

    mutating func open() {
        guard alive.count < 24 else { return }
        let connection = bench.open()
        model.streams[connection] = []
        bench.taken[connection.slot] = []
        alive.append(connection)
    }

    mutating func release() {
        guard let index = alive.indices.randomElement(using: &random) else { return }
        let connection = alive.remove(at: index)
        // What it was sent must be a beginning of what it should have heard.
        check(connection, isWhole: false)
        bench.hub.release(connection.slot)
        blocked.remove(connection.slot)
        model.streams[connection] = nil
        model.groups[connection] = nil
        model.closed.remove(connection)
    }

    mutating func deliver(_ make: (ConnectionID, UInt32, [UInt8]) -> Delivery) {
        guard let connection = alive.randomElement(using: &random) else { return }
        count += 1
        var bytes = Array("<\(count)>".utf8)
        if Int.random(in: 0..<20, using: &random) == 0 {
            bytes += [UInt8](repeating: 0x2e, count: Int.random(in: 0..<6_000, using: &random))
        }
        let delivery = make(connection, UInt32.random(in: 0..<4, using: &random), bytes)
        model.carryOut(delivery)
        if let closing = bench.hub.carryOut(delivery) {
            bench.hub.append(closing.reason, to: closing.slot)
        }
    }

    /// A turn that may break off, as turns never do, or meet full sockets.
    mutating func turn(writes: Int) {
        bench.hub.seal()
        var left = writes
        while left > 0, bench.next() {
            left -= 1
            write()
        }
    }

    mutating func resume() {
        guard let slot = blocked.sorted().randomElement(using: &random) else { return }
        if bench.hub.resume(slot, &bench.sending) {
            write()
        }
    }

    mutating func write() {
        let all = bench.sending.byteCount
        let isWhole = Int.random(in: 0..<3, using: &random) > 0
        let count = isWhole ? all : Int.random(in: 0...all, using: &random)
        switch bench.write(count) {
        case .allSent: blocked.remove(bench.sending.slot)
        case .waits: blocked.insert(bench.sending.slot)
        }
    }

    mutating func finish() {
        while bench.hasUnsent || !blocked.isEmpty {
            for slot in blocked where bench.hub.resume(slot, &bench.sending) {
                _ = bench.writeAll()
            }
            blocked = []
            bench.sendAll()
        }
        for connection in alive {
            check(connection, isWhole: true)
        }
        #expect(bench.pendingBytes == 0)
        #expect(bench.openBytes == 0)
    }

    func check(_ connection: ConnectionID, isWhole: Bool) {
        let expected = model.streams[connection] ?? []
        let taken = bench.taken[connection.slot] ?? []
        if isWhole {
            #expect(taken == expected)
        } else {
            #expect(expected.starts(with: taken))
        }
    }
}

struct HubModelTests {
    @Test(arguments: 0..<24)
    func `whatever happens in whatever order, everybody hears what the model says`(seed: UInt64) {
        var run = Run(seed: seed)
        for _ in 0..<8 {
            run.open()
        }
        for _ in 0..<600 {
            run.step()
        }
        run.finish()
    }
}
