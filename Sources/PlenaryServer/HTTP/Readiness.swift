internal import Synchronization

/// Whether the server takes new connections, for all threads to ask.
package final class Readiness: Sendable {
    /// How the server stands.
    package enum State: Int, Sendable {
        case starting
        case ready
        /// A queue between two stages stands still.
        case stalled
        case draining
    }

    private let state = Atomic<Int>(State.starting.rawValue)

    /// A server that starts.
    package init() {}

    /// How the server stands now.
    package var current: State {
        State(rawValue: state.load(ordering: .relaxed)) ?? .draining
    }

    /// Recovery is done.
    package func becomeReady() {
        move(from: .starting, to: .ready)
    }

    /// A queue stands still, or moves again.
    package func setStalled(_ isStalled: Bool) {
        if isStalled { move(from: .ready, to: .stalled) } else { move(from: .stalled, to: .ready) }
    }

    /// The server goes away; there is no way back.
    package func drain() {
        state.store(State.draining.rawValue, ordering: .relaxed)
    }

    private func move(from old: State, to new: State) {
        _ = state.compareExchange(expected: old.rawValue, desired: new.rawValue, ordering: .relaxed)
    }
}

/// Finds out whether a queue stands still: something waits, and nothing has been taken for a while.
///
/// Looked at every now and then by one thread; a queue that was empty at a look has moved.
package struct StallWatch: Sendable {
    package static let patienceMilliseconds: Int64 = 10_000

    private var lastTaken: Int?
    private var stillSince: Int64?

    /// Nothing seen yet.
    package init() {}

    /// Whether the queue stands still: `waiting` bytes are in it, and `taken` rises whenever something is taken.
    package mutating func isStill(waiting: Int, taken: Int, at now: Int64) -> Bool {
        defer { lastTaken = taken }
        guard waiting > 0, lastTaken == taken else {
            stillSince = nil
            return false
        }
        let since = stillSince ?? now
        stillSince = since
        return now - since >= Self.patienceMilliseconds
    }
}
