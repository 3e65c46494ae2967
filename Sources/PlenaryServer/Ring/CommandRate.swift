import Sessions

/// How fast a connection may ask: a bucket of `burst`, filled at `perSecond`; and how often it may be told no.
struct CommandRate {
    /// The limits, the same for every connection.
    struct Limits: Sendable {
        /// As clients are told them in the reply to a join.
        var perSecond: Int
        var burst: Int
        /// So many refusals for haste within `refusalWindow` end the connection (4429).
        var refusals: Int
        var refusalWindow: Milliseconds
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
    private var refusals = 0
    private var refusalsSince: Milliseconds = 0

    mutating func take(at now: Milliseconds, _ limits: Limits) -> Verdict {
        let interval = 1_000 / Milliseconds(limits.perSecond)
        let wait = max(clock, now) + interval - now - interval * Milliseconds(limits.burst)
        if wait <= 0 {
            clock = max(clock, now) + interval
            return .fine
        }
        if now - refusalsSince > limits.refusalWindow {
            refusalsSince = now
            refusals = 0
        }
        refusals += 1
        return refusals > limits.refusals ? .tooMany : .slowDown(retryAfter: wait)
    }
}
