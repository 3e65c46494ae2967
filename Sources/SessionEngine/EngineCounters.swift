import Sessions

/// What the engine has counted since it began, and how much it holds now; read by the metrics after each batch.
package struct EngineCounters: Sendable {
    /// Commands taken, in the order of `CommandKind.allCases`.
    package private(set) var commands = Array(repeating: 0, count: CommandKind.allCases.count)
    /// Refusals, in the order of `RefusalCode.allCases`.
    package private(set) var refusals = Array(repeating: 0, count: RefusalCode.allCases.count)
    /// Joins that gave a connection its seat, and those of them that went on where they had been.
    package var joins = 0
    package var resumes = 0
    /// Connections closed because their seat got one too many.
    package var madeRoom = 0
    /// Connections closed because they were told `slowDown` too often.
    package var tooHasty = 0
    package var events = 0
    package var sessions = 0
    /// Those among them that are rehearsals.
    package var rehearsals = 0
    package var seats = 0
    /// Seats with a connection.
    package var seatsHere = 0
    /// Totals over all sessions that this server ever held (`Counters`).
    package var membersSeen = 0
    package var communities = 0
    package var sessionsHeld = 0
    package var sessionsAttended = 0

    /// Nothing counted yet.
    package init() {}

    mutating func take(_ kind: CommandKind) {
        commands[kind.place] += 1
    }

    mutating func refuse(_ code: RefusalCode) {
        if let index = RefusalCode.allCases.firstIndex(of: code) { refusals[index] += 1 }
    }
}
