import Dispatch

/// Calls something when so many others have said that they are ready.
///
/// No dispatch group: that one takes it for a mistake, and ends the process, if it is let go of before all have said
/// so, as happens when a loop ends before it has read its mail.
final class Countdown: Sendable {
    private let queue: DispatchQueue
    private let state: State

    /// Touched on the queue alone.
    private final class State: @unchecked Sendable {
        var left: Int
        let then: @Sendable () -> Void

        init(left: Int, then: @escaping @Sendable () -> Void) {
            self.left = left
            self.then = then
        }
    }

    /// `then` is called on the queue.
    init(_ count: Int, on queue: DispatchQueue, then: @escaping @Sendable () -> Void) {
        self.queue = queue
        state = State(left: count, then: then)
    }

    /// One more is ready.
    func ready() {
        queue.async { [state] in
            state.left -= 1
            if state.left == 0 { state.then() }
        }
    }
}
