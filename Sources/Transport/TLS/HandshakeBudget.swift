/// How much of a loop's time TLS handshakes may take: half of it, so that those who are in are served while the whole
/// school comes.
///
/// A bucket of microseconds that fills at half the speed of time and holds a little, so that the first of a crowd do not
/// wait. What a step took is known only afterwards, so it may fall below zero; then nobody shakes hands until it is above
/// again.
struct HandshakeBudget {
    private static let mostMicroseconds: Int64 = 50_000

    private var microseconds = mostMicroseconds
    private var filledAt: Int64

    /// Full; `now` is the loop's time, in milliseconds.
    init(now: Int64) {
        filledAt = now
    }

    /// Whether a step of a handshake may be taken now.
    mutating func allows(at now: Int64) -> Bool {
        microseconds = min(Self.mostMicroseconds, microseconds + max(0, now - filledAt) * 1_000 / 2)
        filledAt = now
        return microseconds > 0
    }

    /// Notes what a step has taken.
    mutating func spend(microseconds spent: Int64) {
        microseconds -= max(0, spent)
    }

    /// When the next step may be taken, by the loop's time.
    var nextMoment: Int64 {
        microseconds > 0 ? filledAt : filledAt + (-microseconds * 2) / 1_000 + 1
    }
}
