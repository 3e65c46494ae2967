import Sessions

/// A session under people who do at random, from a seed, all that moves anybody: hosts open, close, undo, move, add and
/// remove; people come, walk, sit out, drop, come back, leave; roles change; time goes by and the server dies.
///
/// After each event, where everybody is must be what the events alone say (`Whereabouts`).
final class Crowd {
    /// Everything that has happened, `created` first.
    private(set) var entries: [SessionEntry] = []
    /// What was wrong, in words; the run stops at the first.
    private(set) var fault: String?

    private let session: Session
    private var limits = SessionsLimits()
    private var now: Milliseconds = 1_000_000
    private var dice: SplitMix
    private var told = Whereabouts()
    private let seats: Int

    init(seed: UInt64) {
        dice = SplitMix(seed: seed)
        seats = 4 + dice.below(7)
        let created = Created(
            id: Gathering.id("crowd"),
            epoch: Epoch(bits: seed),
            community: .empty,
            title: .empty,
            place: .empty
        )
        session = Session(created, number: 1, at: now)
        entries.append(SessionEntry(session: 1, seq: 1, at: now, event: .created(created), text: nil))
        join(0)
        take([.started(by: SeatID(0))])
        for person in 1..<4 { join(person) }
    }

    var state: SessionState { _read { yield session.state } }

    /// Goes on until so many events have happened, the session is over or something is wrong.
    func run(events wanted: Int) {
        while entries.count < wanted, state.phase == .live, fault == nil { step() }
    }

    private func step() {
        switch dice.below(100) {
        case ..<10: drop()
        case ..<24: join(dice.below(seats))
        case ..<34: wait(pick([0, 400, 2_000, 6_000, 20_000, 95_000]))
        case ..<35: take([.recovered(downFrom: now - pick([0, 5_000]), newEpoch: nil)])
        default: ask()
        }
        fallDue()
    }

    // MARK: - People

    private func join(_ number: Int) {
        let role: Role = number == 0 ? .host : number == 1 ? .cohost : number == 4 ? .observer : .participant
        let admission = Admission(
            person: Gathering.person("p\(number)"),
            name: .empty,
            school: Text("s\(number % 3)"),
            role: role
        )
        let isAttached = state.seatByPerson[admission.person].map { state[$0].isAttached } ?? false
        let admitted = try? session.admit(admission, alreadyAttached: isAttached, at: now, limits: limits)
        take(admitted ?? [])
    }

    private func drop() {
        let seat = anybody
        take(session.detach(seat, cause: pick([.closed, .silent, .slow])))
    }

    private func wait(_ milliseconds: Milliseconds) {
        let end = now + milliseconds
        while let next = session.nextDeadline(limits: limits), next <= end, state.phase == .live, fault == nil
        {
            now = max(now, next)
            fallDue()
        }
        now = end
    }

    private func fallDue() {
        while fault == nil, state.phase == .live {
            let due = session.due(at: now, limits: limits)
            if due.isEmpty { return }
            take(due)
        }
    }

    // MARK: - Commands

    /// Somebody who is here asks for something: mostly a host, mostly for something that can be.
    private func ask() {
        let seat = dice.below(4) == 0 ? anybody : state.host ?? anybody
        guard state[seat].isAttached, !state[seat].isRemoved else { return }
        let command = state.breakouts == nil ? commandBetweenRounds() : commandInRound()
        let decision = try? session.decide(command, by: seat, at: now, entropy: dice.next(), limits: limits)
        guard let decision else { return }
        if state.breakouts == nil { checkOpening(command, decision) }
        take(decision.occurrences.map(\.event), isOneCommand: command)
    }

    private func commandBetweenRounds() -> SessionCommand {
        switch dice.below(10) {
        case ..<5: .openBreakouts(plan())
        default: commandAtAnyTime()
        }
    }

    private func commandInRound() -> SessionCommand {
        switch dice.below(100) {
        case ..<24: .move(person, to: room)
        case ..<42: .enterRoom(room)
        case ..<50: .addRoom(RoomPlan())
        case ..<57: .removeRoom(room)
        case ..<60: .closeBreakouts(seconds: pick([0, 0, 5, 30, nil]))
        case ..<64: .undoBreakouts
        case ..<68: .extendBreakouts(seconds: pick([-1_000, -30, 5, 60, 600]))
        case ..<72: .signalRoom(pick([.done, .moreTime, nil]))
        case ..<76: .confirmRoom(room, seen: dice.below(2) == 0)
        case ..<77: .renameRoom(room, name: Text("x"))
        default: commandAtAnyTime()
        }
    }

    private func commandAtAnyTime() -> SessionCommand {
        switch dice.below(20) {
        case ..<8: .pass(dice.below(2) == 0)
        case ..<10: .addCohost(person)
        case ..<12: .removeCohost(person)
        case ..<13: .giveHost(to: person)
        case ..<14: .reclaimHost
        case ..<15: .offerHandoff(to: person)
        case ..<16: .acceptHandoff
        case ..<17: .setSuccession([person])
        case ..<18: .leave
        case ..<19: .previewBreakouts(plan())
        default: dice.below(3) == 0 ? .remove(person) : .pass(true)
        }
    }

    private func plan() -> OpenBreakouts {
        let facilitators = dice.below(3) == 0 ? [person] : []
        let late: LatePolicy? = pick([nil, nil, .main])
        let seconds: Int? = pick([nil, 20, 120, 600])
        switch dice.below(4) {
        case 0: return OpenBreakouts(size: 1 + dice.below(4), seconds: seconds, facilitators: facilitators)
        case 1:
            let rooms = [RoomPlan(people: [person]), RoomPlan(), RoomPlan(people: [person])]
            return OpenBreakouts(rooms: rooms, mode: pick([nil, .even]), seconds: seconds, late: late)
        default:
            let mode: BreakoutMode? = pick([nil, nil, .choose])
            return OpenBreakouts(
                count: 1 + dice.below(4),
                mode: mode,
                seconds: seconds,
                closing: pick([nil, 0, 15]),
                late: late,
                facilitators: facilitators
            )
        }
    }

    private var anybody: SeatID { SeatID(dice.below(state.seats.count)) }

    private var person: PersonID { state[anybody].person }

    private var room: RoomID {
        guard dice.below(5) > 0, !told.rooms.isEmpty else { return .main }
        return told.rooms[dice.below(told.rooms.count)]
    }

    private func pick<Choice>(_ choices: [Choice]) -> Choice { choices[dice.below(choices.count)] }

    // MARK: - What happens

    /// When a rule deals people out, rooms begin with sizes within one.
    private func checkOpening(_ command: SessionCommand, _ decision: Decision) {
        guard case .openBreakouts(let plan) = command, plan.rooms == nil, plan.mode != .choose,
            case .breakoutsOpened(let opened)? = decision.occurrences.first?.event
        else { return }
        var sizes = Array(repeating: 0, count: opened.rooms.count)
        for placement in opened.placements {
            if case .breakout(_, let number) = placement.room { sizes[number - 1] += 1 }
        }
        if (sizes.max() ?? 0) - (sizes.min() ?? 0) > 1 { fault = "rooms of \(sizes)" }
    }

    private func take(_ happened: [SessionEvent], isOneCommand command: SessionCommand? = nil) {
        switch command?.kind {
        case .openBreakouts, .closeBreakouts, .undoBreakouts, .removeRoom, .move, .enterRoom, .addRoom:
            if happened.count > 1 { fault = "\(happened.count) events of one command" }
        default: break
        }
        for event in happened where fault == nil {
            let entry = SessionEntry(session: 1, seq: state.seq + 1, at: now, event: event, text: nil)
            session.apply(entry)
            entries.append(entry)
            fault = (told.hear(event) ?? difference()).map { "\($0), after \(event)" }
        }
    }

    /// How the session's account and that of the events differ; nil when they agree.
    private func difference() -> String? {
        for (index, seat) in state.seats.enumerated() {
            if seat.room != told.places[index] { return "\(seat.person.text) is in \(seat.room.text)" }
            if seat.role != told.roles[index] { return "\(seat.person.text) is \(seat.role)" }
            if seat.room != .main && !told.rooms.contains(seat.room) {
                return "\(seat.person.text) is nowhere"
            }
        }
        return state.openRooms.map(\.id) == told.rooms ? nil : "other rooms are open"
    }
}
