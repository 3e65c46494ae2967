import SessionEngine
import Sessions

/// How fast a connection may ask: a bucket of `burst`, filled at `perSecond`; and how often it may be told no.
struct CommandRate {
    /// The limits, the same for every connection.
    struct Limits: Sendable {
        /// As clients are told them in the reply to a join.
        var perSecond: Int
        var burst: Int
        var haste: Haste.Limits
    }

    /// What is done with one more command.
    enum Verdict: Equatable {
        case fine
        case slowDown(retryAfter: Milliseconds)
        /// It has been told often enough.
        case tooMany
    }

    /// When the allowance will be whole again.
    private var clock: Milliseconds = 0
    private var haste = Haste()

    mutating func take(at now: Milliseconds, _ limits: Limits) -> Verdict {
        let interval = 1_000 / Milliseconds(limits.perSecond)
        let wait = max(clock, now) + interval - now - interval * Milliseconds(limits.burst)
        if wait <= 0 {
            clock = max(clock, now) + interval
            return .fine
        }
        return haste.isTooMuch(at: now, limits.haste) ? .tooMany : .slowDown(retryAfter: wait)
    }
}
