import Sessions

/// How fast notices go out, over all sessions together.
///
/// Each session tells its own once a second; but a network that fails does so in all of them at once, and without a pace
/// every session would tell everybody in the same hundredth of a second, once a second, in front of what others say.
///
/// A session takes a turn and comes back for it, so that each is looked at twice at most however many wait, and the order
/// is that of asking.
struct NoticePace {
    /// When all that has a turn will have gone out at the pace, in microseconds (the theoretical arrival time of the cell
    /// rate algorithm).
    private var clock: Int64 = 0

    /// What may go out at once after a quiet time, as the time that it takes at the pace.
    private static let burst: Milliseconds = 20

    /// When a session with so many connections may tell its notices; `now`, or later.
    mutating func turn(for connections: Int, at now: Milliseconds, perSecond: Int) -> Milliseconds {
        let turn = connections == 0 ? now : max(now, (clock + 999) / 1_000 - Self.burst)
        clock = max(clock, now * 1_000) + Int64(connections) * 1_000_000 / Int64(max(1, perSecond))
        return turn
    }
}
