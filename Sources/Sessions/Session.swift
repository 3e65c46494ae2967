/// A live session: judges commands, lets deadlines fall due, and is changed by events alone.
///
///     command, seat, now ──▶ decide ──▶ [Occurrence] ──▶ apply ──▶ new state
///                   now ──▶ due    ──▶ [Occurrence] ──▶ apply
///
/// `decide` and `due` change nothing; `apply` cannot fail. A replay is a fold of `apply` over the journal's entries,
/// so nothing here may look at a clock, draw at random or depend on the order of a dictionary.
///
/// Life: `lobby ── started ──▶ live ── ended ──▶ ended ── archived ──▶ (forgotten)`; a lobby may end as well,
/// and a rehearsal is erased at any time, and instead of being archived.
package final class Session {
    package internal(set) var state: SessionState

    /// A session as a checkpoint holds it.
    package init(state: SessionState) {
        self.state = state
    }

    /// Lets `look` see the state where it stands; it must not ask the session again.
    ///
    /// Whoever hands `state` to a function hands out a copy, which counts a reference to each of its many arrays up and
    /// down again: more work than most functions then do.
    package func look<Answer>(_ look: (borrowing SessionState) -> Answer) -> Answer {
        Self.lend(&state, look)
    }

    private static func lend<Answer>(
        _ state: inout SessionState,
        _ look: (borrowing SessionState) -> Answer
    ) -> Answer { look(state) }

    /// A new session, from its first event.
    package convenience init(_ created: Created, number: SessionNumber, at: Milliseconds) {
        self.init(state: SessionState(created, number: number, at: at))
        state.seq = 1
    }

    /// Judges a command of `seat` on the state as it is.
    ///
    /// `ifSeq` is the last event that the asker knew, for commands that edit; `entropy` is fresh random bits, for what
    /// needs a seed and was given none. A refusal is thrown; then nothing has happened.
    package func decide(
        _ command: SessionCommand,
        by seat: SeatID,
        at now: Milliseconds,
        entropy: UInt64,
        limits: SessionsLimits,
        ifSeq: Int? = nil
    ) throws(Refusal) -> Decision {
        if case .sendChat(let message) = command, let sent = repeated(message, by: seat) { return sent }
        try check(command.kind, by: seat)
        try checkFresh(command.kind, since: ifSeq)
        return try judge(command, Asking(seat: seat, now: now, entropy: entropy, limits: limits))
    }

    /// Turns an edit down that rests on what another has changed since.
    private func checkFresh(_ kind: CommandKind, since ifSeq: Int?) throws(Refusal) {
        guard let ifSeq, let edits = kind.edits else { return }
        guard (0...state.seq).contains(ifSeq) else { throw Refusal(.badValue, field: "ifSeq") }
        let changed = state.edits.after(ifSeq, of: edits)
        guard changed.isEmpty else { throw Refusal(staleBecauseOf: changed) }
    }

    private func judge(_ command: SessionCommand, _ asking: Asking) throws(Refusal) -> Decision {
        let (seat, now, limits) = (asking.seat, asking.now, asking.limits)
        switch command {
        case .start: return Decision(.started(by: seat))
        case .end(let seconds): return try end(seconds: seconds, by: seat, at: now, limits: limits)
        case .keep: return try keep(by: seat)
        case .leave: return leave(seat, at: now, limits: limits)
        case .lock(let locked):
            return Decision(state.locked == locked ? [] : [.locked(by: seat, locked: locked)])
        case .set(let title, let place): return try set(title: title, place: place, by: seat)
        case .timeSync: return Decision([], answer: .now)
        case .offerHandoff(let person): return try offerHandoff(to: person, by: seat)
        case .acceptHandoff: return try acceptHandoff(by: seat)
        case .declineHandoff: return try declineHandoff(by: seat)
        case .withdrawHandoff: return try withdrawHandoff(by: seat)
        case .giveHost(let person): return try giveHost(to: person, by: seat)
        case .reclaimHost: return try reclaimHost(seat)
        case .addCohost(let person): return try addCohost(person, by: seat)
        case .removeCohost(let person): return try removeCohost(person, by: seat)
        case .setSuccession(let people): return try setSuccession(people, by: seat)
        case .takeFloor(let seconds):
            return try takeFloor(seconds: seconds, by: seat, at: now, limits: limits)
        case .yieldFloor: return try yieldFloor(by: seat)
        case .previewBreakouts(let plan): return try previewBreakouts(plan, asking)
        case .openBreakouts(let plan): return try openBreakouts(plan, asking)
        case .move(let person, let room): return try move(person, to: room, by: seat)
        case .addRoom(let room): return try addRoom(room, by: seat, limits: limits)
        case .renameRoom(let room, let name):
            return try renameRoom(room, name: name, by: seat, limits: limits)
        case .removeRoom(let room): return try removeRoom(room, by: seat)
        case .extendBreakouts(let seconds):
            return try extendBreakouts(seconds, by: seat, at: now, limits: limits)
        case .announce(let text): return try announce(text, by: seat)
        case .closeBreakouts(let seconds):
            return try closeBreakouts(seconds, by: seat, at: now, limits: limits)
        case .undoBreakouts: return try undoBreakouts(by: seat, at: now, limits: limits)
        case .enterRoom(let room): return try enterRoom(room, by: seat)
        case .confirmRoom(let room, let seen): return try confirmRoom(room, seen: seen, by: seat)
        case .signalRoom(let signal): return try signalRoom(signal, by: seat)
        case .pass(let pass): return self.pass(pass, by: seat)
        case .askHelp(let text, let unnamed):
            return try askHelp(text, unnamed: unnamed, by: seat, limits: limits)
        case .claimHelp(let id): return try claimHelp(id, by: seat)
        case .resolveHelp(let id): return try resolveHelp(id, by: seat)
        case .withdrawHelp(let id): return try withdrawHelp(id, by: seat)
        case .raiseHand: return raiseHand(by: seat)
        case .lowerHand(let person): return try lowerHand(of: person, by: seat)
        case .label(let person, let text): return try label(person, text, by: seat, limits: limits)
        case .mute(let person, let muted): return try mute(person, muted, by: seat)
        case .remove(let person): return try remove(person, by: seat)
        case .sendChat(let message): return try sendChat(message, by: seat, at: now, limits: limits)
        case .editChat(let id, let text): return try editChat(id, text, by: seat, limits: limits)
        case .deleteChat(let id): return try deleteChat(id, by: seat)
        case .reactChat(let id, let emoji, let on):
            return try reactChat(id, emoji: emoji, on: on, asking)
        case .chatHistory(let target, let before, let limit):
            return try chatHistory(target, before: before, limit: limit, by: seat, limits: limits)
        case .chatSettings(let locked, let slowSeconds):
            return try chatSettings(locked: locked, slowSeconds: slowSeconds, by: seat, limits: limits)
        case .typing(let target): return try typing(target, asking)
        case .reportAttendance(let person): return try reportAttendance(of: person, at: now)
        case .ownAttendance: return ownAttendance(of: seat, at: now)
        case .claimAttendance(let time): return try claimAttendance(time, asking)
        case .acceptAttendance(let person): return try acceptAttendance(of: person, by: seat)
        case .markAttendance(let person, let time, let present, let reason):
            let mark = AttendanceMark(time: time, present: present, by: seat, reason: reason)
            return try markAttendance(of: person, mark, asking)
        }
    }
}

/// Who asks, and when.
struct Asking {
    var seat: SeatID
    var now: Milliseconds
    /// Fresh random bits.
    var entropy: UInt64
    var limits: SessionsLimits
}

/// What a command comes to: the events it causes, and what the asker is answered.
package struct Decision: Equatable, Sendable {
    /// The event when there is just one, as mostly, for which there is no array then.
    package let single: Occurrence?
    private let several: [Occurrence]
    /// How many events there are.
    package let count: Int
    /// Whether one of the events carries words.
    package let hasWords: Bool
    package let answer: Answer

    init(_ events: [SessionEvent], answer: Answer = .done) {
        single = events.count == 1 ? Occurrence(events[0]) : nil
        several = events.count == 1 ? [] : events.map { Occurrence($0) }
        count = events.count
        hasWords = false
        self.answer = answer
    }

    init(_ event: SessionEvent) {
        self.init(occurrence: Occurrence(event), answer: .done)
    }

    init(occurrence: consuming Occurrence, answer: Answer) {
        hasWords = occurrence.text != nil
        count = 1
        single = consume occurrence
        several = []
        self.answer = answer
    }

    /// Whether the session takes more memory for it that it does not give back: words, signs and rooms do.
    package var adds: Bool {
        switch single?.event {
        case .chatReacted(_, _, let added, _): added
        case .breakoutsOpened, .roomAdded: true
        default: hasWords
        }
    }

    /// All events, in order.
    package var occurrences: [Occurrence] { single.map { [$0] } ?? several }
}

/// The answer to a command that was not refused.
package enum Answer: Equatable, Sendable {
    case done
    /// The server's time is wanted.
    case now
    /// The message that was sent; `repeated` when its key had named it before.
    case message(MessageID, repeated: Bool)
    /// The request for help that was asked.
    case help(HelpID)
    /// Messages of one place, oldest first; `more` when older ones can be asked for.
    case history([Message], more: Bool)
    /// What opening with this plan would come to.
    case preview(Preview)
    /// Somebody writes there; told to those who would hear it, and forgotten.
    case typing(ChatPlace)
    /// How long everybody has been here.
    case attendance(AttendanceReport)
    /// How long one person has been here, and with whom.
    case attendanceOf(AttendanceReport, rooms: [RoomTime])
}
