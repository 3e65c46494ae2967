import Dispatch
import Synchronization

/// Lets the thread that started the ring sleep until something ends it, and remembers the gravest reason.
final class RingEnding: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let raw = Atomic<Int32>(-1)

    /// Ends the ring.
    ///
    /// A fault outweighs a signal, before or after it.
    func end(_ code: ExitCode) {
        if code == .success {
            _ = raw.compareExchange(expected: -1, desired: code.rawValue, ordering: .relaxed)
        } else {
            raw.store(code.rawValue, ordering: .relaxed)
        }
        semaphore.signal()
    }

    /// Waits for the first reason.
    func wait() -> ExitCode {
        semaphore.wait()
        return code ?? .failure
    }

    /// The gravest reason so far.
    var code: ExitCode? { ExitCode(rawValue: raw.load(ordering: .relaxed)) }
}
