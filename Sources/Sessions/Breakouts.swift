/// The round of breakout rooms that is open now.
///
///     (none) ── opened ──▶ open ── closing ──▶ closing ── closed ──▶ (none)
///                           │  ◀── extended ──  │
///                           └────── undone ─────┴──────────────────▶ (none)
package struct Breakouts: Equatable, Sendable {
    package var round: Int
    package var phase: BreakoutPhase = .open
    package var mode: BreakoutMode
    /// Where the round's rooms begin in `SessionState.rooms`.
    package var firstRoom: Int
    package var openedAt: Milliseconds
    /// When everybody is back in `main`; nil: when a host says so.
    package var closesAt: Milliseconds?
    package var closing: Milliseconds
    package var warned = false
    package var late: LatePolicy
    package var hostsRead: Bool
    package var seed: UInt64

    package init(
        round: Int,
        phase: BreakoutPhase = .open,
        mode: BreakoutMode,
        firstRoom: Int,
        openedAt: Milliseconds,
        closesAt: Milliseconds?,
        closing: Milliseconds,
        warned: Bool = false,
        late: LatePolicy,
        hostsRead: Bool,
        seed: UInt64
    ) {
        self.round = round
        self.phase = phase
        self.mode = mode
        self.firstRoom = firstRoom
        self.openedAt = openedAt
        self.closesAt = closesAt
        self.closing = closing
        self.warned = warned
        self.late = late
        self.hostsRead = hostsRead
        self.seed = seed
    }
}

package enum BreakoutPhase: UInt8, CaseIterable, Sendable {
    case open = 1
    case closing = 2
}

/// A breakout room of any round.
///
/// It stays after the round, since those who were in it may read what was said.
package struct Room: Equatable, Sendable {
    package let round: Int
    package let number: Int
    package var setup: RoomSetup
    package var hostsRead: Bool
    package var isRemoved = false
    /// The round was taken back: nobody has met in it.
    package var isUndone = false
    /// Whose words its task and place are.
    package var by: SeatID?
    /// Whose words its name is.
    package var namedBy: SeatID?
    /// Who was in it at any moment of its round, in the order of coming.
    package var visitors: [SeatID] = []
    /// The last host or co-host who came in, and when.
    package var lastVisit: Visit?

    package var id: RoomID { .breakout(round: round, number: number) }

    /// What a room takes without its visitors: name, task and place at their longest, and its fields.
    static let mostBytes = 3 << 10

    package init(round: Int, number: Int, setup: RoomSetup, hostsRead: Bool, by: SeatID?) {
        self.round = round
        self.number = number
        self.setup = setup
        self.hostsRead = hostsRead
        self.by = by
        namedBy = by
    }
}

/// A host's or co-host's coming into a room.
package struct Visit: Equatable, Sendable {
    package var by: SeatID
    package var at: Milliseconds

    package init(by: SeatID, at: Milliseconds) {
        self.by = by
        self.at = at
    }
}
