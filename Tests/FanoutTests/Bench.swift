import Fanout
import WebSocket

/// A hub with sockets under test: each takes what the test lets it take and keeps what it took.
///
/// A class, so that a test can expect something of a call that changes it.
final class Bench {
    var hub: Hub
    var sending = Sending()
    var taken: [UInt32: [UInt8]] = [:]
    /// Calls that would have been made.
    var writes = 0

    init(_ limits: OutboxLimits = OutboxLimits(), loop: UInt16 = 3) {
        hub = Hub(loop: loop, limits: limits)
    }

    /// Opens connections and puts them into a group.
    func open(_ count: Int, in group: UInt32) -> [ConnectionID] {
        (0..<count).map { _ in
            let connection = hub.open()
            carryOut(.enter(connection, GroupID(group)))
            return connection
        }
    }

    var pendingBytes: Int { hub.pendingBytes }
    var openBytes: Int { hub.openBytes }
    var deliveries: Int { hub.deliveries }
    var hasUnsent: Bool { hub.hasUnsent }

    var now: Int64 {
        get { hub.now }
        set { hub.now = newValue }
    }

    func open() -> ConnectionID {
        hub.open()
    }

    func slot(of connection: ConnectionID) -> UInt32? {
        hub.slot(of: connection)
    }

    func connection(in slot: UInt32) -> ConnectionID {
        hub.connection(in: slot)
    }

    func isBlocked(_ connection: ConnectionID) -> Bool {
        hub.isBlocked(connection.slot)
    }

    func progressAt(_ connection: ConnectionID) -> Int64 {
        hub.progressAt(connection.slot)
    }

    func textAt(_ connection: ConnectionID) -> Int64 {
        hub.textAt(connection.slot)
    }

    @discardableResult
    func carryOut(_ delivery: Delivery) -> Closing? {
        hub.carryOut(delivery)
    }

    func next() -> Bool {
        hub.next(&sending)
    }

    func resume(_ connection: ConnectionID) -> Bool {
        hub.resume(connection.slot, &sending)
    }

    func nextSlow() -> UInt32? {
        hub.nextSlow()
    }

    /// Writes everything of this turn, each socket taking all it is given.
    func sendAll() {
        hub.seal()
        while next() {
            _ = write(sending.byteCount)
        }
    }

    /// The write at hand, of which the socket takes so many bytes.
    func write(_ count: Int) -> SendOutcome {
        writes += 1
        var bytes: [UInt8] = []
        for piece in sending.pieces {
            bytes += piece.bytes[piece.start..<piece.end]
        }
        taken[sending.slot, default: []] += bytes.prefix(count)
        return hub.sent(count, of: sending)
    }

    func writeAll() -> SendOutcome {
        write(sending.byteCount)
    }

    func text(_ connection: ConnectionID) -> String {
        String(decoding: taken[connection.slot] ?? [], as: UTF8.self)
    }
}

/// Frames that need not be frames: a hub does not look inside, apart from cutting.
func frame(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

func push(_ group: UInt32, _ text: String) -> Delivery {
    .push(GroupID(group), frame: frame(text))
}

func reply(_ connection: ConnectionID, _ text: String, exempt: Bool = false) -> Delivery {
    .reply(connection, frame: frame(text), exempt: exempt)
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
