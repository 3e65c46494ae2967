import Sessions
import Testing

/// A session under test, with a clock that the test sets: people join, ask and leave by name, and every event that
/// this causes is applied, numbered and kept.
final class Gathering {
    let session: Session
    var limits = SessionsLimits()
    private(set) var now: Milliseconds
    /// Everything that has happened, `created` first.
    private(set) var entries: [SessionEntry] = []
    private var entropy: UInt64 = 1

    init(at start: Milliseconds = 1_000_000, isRehearsal: Bool = false) {
        now = start
        let created = Created(
            id: Gathering.id("evening"),
            epoch: Epoch(bits: 7),
            community: .empty,
            title: Text("Evening"),
            place: .empty,
            isRehearsal: isRehearsal
        )
        session = Session(created, number: 1, at: now)
        entries.append(SessionEntry(session: 1, seq: 1, at: now, event: .created(created), text: nil))
    }

    /// The same evening once more, to go another way from here.
    init(from other: Gathering) {
        session = Session(state: other.state)
        limits = other.limits
        now = other.now
        entries = other.entries
        entropy = other.entropy
    }

    var state: SessionState { _read { yield session.state } }

    static func id(_ text: String) -> SessionID {
        SessionID(Array(text.utf8)) ?? { preconditionFailure("not a session id") }()
    }

    static func person(_ name: String) -> PersonID {
        PersonID(Array(name.utf8)) ?? { preconditionFailure("not a person id") }()
    }

    // MARK: - What people do

    /// Somebody comes in, or comes back.
    @discardableResult
    func join(
        _ name: String,
        _ role: Role = .participant,
        school: String = ""
    ) throws(Refusal) -> [SessionEvent] {
        let admission = Admission(
            person: Self.person(name),
            name: Text(name),
            school: Text(school),
            role: role,
            isRehearsal: state.isRehearsal
        )
        let attached = state.seatByPerson[admission.person].map { state[$0].isAttached } ?? false
        return take(try session.admit(admission, alreadyAttached: attached, at: now, limits: limits))
    }

    /// Somebody's last connection goes.
    @discardableResult
    func drop(_ name: String, _ cause: AwayCause = .closed) throws -> [SessionEvent] {
        take(session.detach(try seat(name), cause: cause))
    }

    /// Somebody asks for something; what it caused, and what fell due at once, is applied.
    @discardableResult
    func ask(_ name: String, _ command: SessionCommand, ifSeq: Int? = nil) throws -> [SessionEvent] {
        try answer(name, command, ifSeq: ifSeq).events
    }

    /// The same, with the answer.
    @discardableResult
    func answer(
        _ name: String,
        _ command: SessionCommand,
        ifSeq: Int? = nil
    ) throws -> (answer: Answer, events: [SessionEvent]) {
        entropy += 1
        let decision = try session.decide(
            command,
            by: try seat(name),
            at: now,
            entropy: entropy,
            limits: limits,
            ifSeq: ifSeq
        )
        return (decision.answer, take(decision.occurrences))
    }

    @discardableResult
    func say(
        _ name: String,
        _ text: String,
        in room: RoomID = .main,
        key: String? = nil
    ) throws -> (answer: Answer, events: [SessionEvent]) {
        try answer(name, .sendChat(SendChat(to: .room(room), text: Text(text), key: key.map { Text($0) })))
    }

    /// Time goes by; what falls due on the way does so at its own moment.
    @discardableResult
    func wait(seconds: Int) -> [SessionEvent] { wait(milliseconds: Milliseconds(seconds) * 1_000) }

    @discardableResult
    func wait(milliseconds: Milliseconds) -> [SessionEvent] {
        let end = now + milliseconds
        var events: [SessionEvent] = []
        while let next = session.nextDeadline(limits: limits), next <= end {
            now = max(now, next)
            events += settle()
            if events.last?.isLast == true { break }
        }
        now = end
        return events
    }

    /// The server was down for so long, and comes back.
    @discardableResult
    func crash(downFor seconds: Int) -> [SessionEvent] {
        let downFrom = now
        now += Milliseconds(seconds) * 1_000
        return take([.recovered(downFrom: downFrom, newEpoch: nil)])
    }

    // MARK: - What is seen

    func seat(_ name: String) throws -> SeatID {
        try #require(state.seatByPerson[Self.person(name)])
    }

    func room(of name: String) throws -> RoomID {
        state[try seat(name)].room
    }

    func role(of name: String) throws -> Role {
        state[try seat(name)].role
    }

    var hostName: String? {
        state.host.map { state[$0].person.text }
    }

    /// The people in a room, by name, in the order of joining.
    func people(in room: RoomID) -> [String] {
        state.seats.filter { $0.room == room }.map(\.person.text)
    }

    // MARK: - Applying

    @discardableResult
    func take(_ events: [SessionEvent]) -> [SessionEvent] {
        take(events.map { Occurrence($0) })
    }

    private func take(_ occurrences: [Occurrence]) -> [SessionEvent] {
        for occurrence in occurrences { apply(occurrence) }
        return occurrences.map(\.event) + settle()
    }

    private func settle() -> [SessionEvent] {
        var events: [SessionEvent] = []
        while true {
            let due = session.due(at: now, limits: limits)
            if due.isEmpty { return events }
            events += due
            for event in due { apply(Occurrence(event)) }
            if due.last?.isLast == true { return events }
        }
    }

    private func apply(_ occurrence: Occurrence) {
        let entry = SessionEntry(
            session: 1,
            seq: state.seq + 1,
            at: now,
            event: occurrence.event,
            text: occurrence.text
        )
        #expect(state.names(entry.event), "decided what names something that is not there")
        session.apply(entry)
        entries.append(entry)
        #expect(state.violations() == [], "after \(entry.event)")
    }

    /// The state that the kept entries give when they are folded anew.
    func replayed() -> SessionState? {
        var table = SessionTable()
        for entry in entries { table.apply(entry) }
        return table.sessions[1]?.state
    }
}

extension SessionEvent {
    /// Nothing of the session comes behind it.
    fileprivate var isLast: Bool { self == .archived || self == .sessionErased }
}
