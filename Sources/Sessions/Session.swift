/// A live session: judges commands, lets deadlines fall due, and is changed by events alone.
///
///     command, seat, now ──▶ decide ──▶ [Occurrence] ──▶ apply ──▶ new state
///                   now ──▶ due    ──▶ [Occurrence] ──▶ apply
///
/// `decide` and `due` change nothing; `apply` cannot fail. A replay is a fold of `apply` over the journal's entries,
/// so nothing here may look at a clock, draw at random or depend on the order of a dictionary.
///
/// Life: `lobby ── started ──▶ live ── ended ──▶ ended ── archived ──▶ (forgotten)`; a lobby may end as well.
package final class Session {
    package internal(set) var state: SessionState

    /// A session as a checkpoint holds it.
    package init(state: SessionState) {
        self.state = state
    }

    /// A new session, from its first event.
    package convenience init(_ created: Created, number: SessionNumber, at: Milliseconds) {
        self.init(state: SessionState(created, number: number, at: at))
        state.seq = 1
    }

    /// Judges a command of `seat` on the state as it is.
    ///
    /// `entropy` is fresh random bits, for what needs a seed and was given none. A refusal is thrown; then nothing
    /// has happened.
    package func decide(
        _ command: SessionCommand,
        by seat: SeatID,
        at now: Milliseconds,
        entropy: UInt64,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        if case .sendChat(let message) = command, let sent = repeated(message, by: seat) { return sent }
        try Permissions.check(command.kind, by: seat, in: state)
        switch command {
        case .start: return Decision(.started(by: seat))
        case .end(let seconds): return try end(seconds: seconds, by: seat, at: now, limits: limits)
        case .keep: return try keep(by: seat)
        case .leave: return leave(seat)
        case .lock(let locked):
            return Decision(state.locked == locked ? [] : [.locked(by: seat, locked: locked)])
        case .timeSync: return Decision([], answer: .now)
        case .giveHost(let person): return try giveHost(to: person, by: seat)
        case .reclaimHost: return try reclaimHost(seat)
        case .addCohost(let person): return try addCohost(person, by: seat)
        case .removeCohost(let person): return try removeCohost(person, by: seat)
        case .setSuccession(let people): return try setSuccession(people, by: seat)
        case .openBreakouts(let plan):
            return try openBreakouts(plan, by: seat, at: now, entropy: entropy, limits: limits)
        case .move(let person, let room): return try move(person, to: room, by: seat)
        case .extendBreakouts(let seconds):
            return try extendBreakouts(seconds, by: seat, at: now, limits: limits)
        case .closeBreakouts(let seconds):
            return try closeBreakouts(seconds, by: seat, at: now, limits: limits)
        case .undoBreakouts: return try undoBreakouts(by: seat, at: now, limits: limits)
        case .enterRoom(let room): return try enterRoom(room, by: seat)
        case .confirmRoom(let room, let seen): return try confirmRoom(room, seen: seen, by: seat)
        case .sendChat(let message): return try sendChat(message, by: seat, at: now, limits: limits)
        case .chatHistory(let room, let before, let limit):
            return try chatHistory(room, before: before, limit: limit, by: seat, limits: limits)
        }
    }
}

/// What a command comes to: the events it causes, and what the asker is answered.
package struct Decision: Equatable, Sendable {
    package var occurrences: [Occurrence]
    package var answer: Answer

    init(_ events: [SessionEvent], answer: Answer = .done) {
        occurrences = events.map { Occurrence($0) }
        self.answer = answer
    }

    init(_ event: SessionEvent) {
        self.init([event])
    }

    init(occurrence: Occurrence, answer: Answer) {
        occurrences = [occurrence]
        self.answer = answer
    }
}

/// The answer to a command that was not refused.
package enum Answer: Equatable, Sendable {
    case done
    /// The server's time is wanted.
    case now
    /// The message that was sent; `repeated` when its key had named it before.
    case message(MessageID, repeated: Bool)
    /// Messages of one room, oldest first.
    case history([Message])
}
