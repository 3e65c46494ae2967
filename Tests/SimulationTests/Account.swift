import Sessions

/// What has happened in one session, told again from the raw events by rules of its own.
///
/// It shares no code with `Session.apply` and `Audience`: it knows where everybody is, who leads, what was said
/// where, who waits for help, and for each event who was to hear it. An event that cannot follow those before is an
/// error, and so is a state of things that must not be. What clients are told, what they may read and what the
/// state holds are compared with this.
struct Account {
    /// One seat.
    struct Person {
        let person: PersonID
        let school: Text
        let ticketRole: Role
        var role: Role
        var room: RoomID
        var roomBefore: RoomID?
        var presence = Presence.here
        var hereSince: Milliseconds?
        /// Since when there is no connection, as a lease counts it.
        var goneAt: Milliseconds?
        var here: [Interval] = []
        var label = Text.empty
        var muted = false
        var passes = false
        var removed = false
        var hand: Int?
        var claims: [(time: Interval, accepted: Bool)] = []
        var marks: [(time: Interval, present: Bool)] = []

        var hosts: Bool { role == .host || role == .cohost }
        var isHere: Bool { hereSince != nil }
    }

    /// A breakout room of any round.
    struct Place {
        let id: RoomID
        var name: Text
        let task: Text
        let place: Text
        let hostsRead: Bool
        var isOpen = true
        var visitors: Set<Int> = []
    }

    /// The round that is open.
    struct Opening {
        let at: Milliseconds
        let mode: BreakoutMode
        let late: LatePolicy
        let closing: Milliseconds
        var isClosing = false
    }

    /// A request for help that waits.
    struct Wish: Equatable {
        let id: Int
        let by: Int
        let room: RoomID
        let unnamed: Bool
        let text: Text?
        var claimedBy: Int?
    }

    /// An event that somebody was to hear.
    struct Heard {
        var seq: Int
        /// Nil: everybody.
        var by: Set<Int>?

        func isFor(_ seat: Int) -> Bool { by?.contains(seat) ?? true }
    }

    let id: SessionID
    let isRehearsal: Bool
    var people: [Person] = []
    var phase = Phase.lobby
    var host: Int?
    var succession: [Int] = []
    var offer: (from: Int, to: Int)?
    var floor: (seat: Int, until: Milliseconds)?
    var title: Text
    var placeText: Text
    /// When it was live, and when the server was down.
    var liveFrom: Milliseconds?
    var liveTo: Milliseconds?
    var outages: [Interval] = []
    var locked = false
    var round = 0
    /// Nil when no rooms are open.
    var opening: Opening?
    var rooms: [RoomID: Place] = [:]
    /// All rooms in the order of their opening.
    var roomsInOrder: [RoomID] = []
    var wishes: [Wish] = []
    var chatLocked = false
    var slowSeconds = 0
    var talk = Talk()
    private(set) var events: [Heard] = []
    private(set) var seq = 1
    private(set) var isArchived = false
    private(set) var at: Milliseconds

    init(_ created: Created, at: Milliseconds) {
        id = created.id
        isRehearsal = created.isRehearsal
        title = created.title
        placeText = created.place
        self.at = at
    }

    func seat(of person: PersonID) -> Int? {
        people.firstIndex { $0.person == person }
    }

    /// May lead: a host or co-host, or somebody in the succession.
    func mayLead(_ seat: Int) -> Bool { people[seat].hosts || succession.contains(seat) }

    /// The audience table's right column: whether a seat may read a room's messages afterwards.
    ///
    /// `hosting` is what the seat's client knows of its role, when the account may be ahead of it.
    func mayRead(_ room: RoomID, _ seat: Int, hosting: Bool? = nil) -> Bool {
        let hosts = hosting ?? people[seat].hosts
        return switch room {
        case .main: true
        case .hosts: hosts
        case .breakout: rooms[room].map { $0.visitors.contains(seat) || ($0.hostsRead && hosts) } ?? false
        }
    }

    func isOpen(_ room: RoomID) -> Bool { room == .main || rooms[room]?.isOpen ?? false }

    // MARK: - Events

    /// Takes the next event; it throws when the event cannot follow those before.
    mutating func take(_ entry: SessionEntry) throws(Broken) {
        guard entry.seq == seq + 1 else { throw Broken("event \(entry.seq) follows \(seq)") }
        guard entry.at >= at else { throw Broken("event \(entry.seq) is earlier than the one before") }
        guard !isArchived else { throw Broken("event \(entry.seq) in a session that is archived") }
        seq = entry.seq
        at = entry.at
        do throws(Broken) {
            try change(entry)
            try checkEverybody()
        } catch {
            throw Broken("\(error.what), with event \(entry.seq), \(entry.event)")
        }
        switch hearers(of: entry.event) {
        case .nobody: break
        case .everybody: events.append(Heard(seq: seq, by: nil))
        case .these(let seats): events.append(Heard(seq: seq, by: seats))
        }
    }

    private mutating func change(_ entry: SessionEntry) throws(Broken) {
        switch entry.event {
        case .created: throw Broken("a session made twice")
        case .archived, .sessionErased:
            guard phase == .ended, isRehearsal == (entry.event == .sessionErased) else {
                throw Broken("archived instead of erased, the other way round, or before its end")
            }
            isArchived = true
        case .recovered(let downFrom, _):
            outages.append(Interval(from: downFrom, to: at))
            recover(downFrom: downFrom)
        case .started, .ending, .kept, .ended, .locked, .changed: try changeLife(entry.event)
        case .joined, .attached, .detached, .away, .returned, .gone, .left, .removed, .labelled, .muted,
            .passed, .handRaised, .handLowered:
            try changePerson(entry)
        case .handoffOffered, .handoffDeclined, .handoffWithdrawn, .hostChanged, .roleChanged,
            .successionChanged, .floorTaken, .floorYielded:
            try changeHosting(entry.event)
        case .breakoutsOpened, .roomAdded, .roomRenamed, .roomRemoved, .moved, .breakoutsExtended,
            .breakoutsAnnounced, .breakoutsWarning, .breakoutsClosing, .breakoutsClosed, .breakoutsUndone,
            .confirmed, .signalled:
            try changeRooms(entry.event)
        case .helpAsked, .helpClaimed, .helpResolved, .helpWithdrawn: try changeWishes(entry)
        case .chatSent, .chatEdited, .chatDeleted, .chatReacted, .chatSettings: try changeTalk(entry)
        case .attendanceClaimed, .attendanceAccepted, .attendanceMarked: try changeAttendance(entry.event)
        case .personErased: throw Broken("forgotten, though nobody asked for it")
        }
    }

    private mutating func changeLife(_ event: SessionEvent) throws(Broken) {
        switch event {
        case .started(let by):
            guard phase == .lobby, mayLead(by.index) else { throw Broken("begun when it may not") }
            phase = .live
            liveFrom = at
        case .ended(_, let endedAt):
            guard phase != .ended, opening == nil else { throw Broken("ended when it may not") }
            phase = .ended
            liveTo = endedAt
        case .locked(_, let locked): self.locked = locked
        case .changed(let title, let place, _):
            self.title = title
            placeText = place
        default: break
        }
    }

    // MARK: - People

    private mutating func changePerson(_ entry: SessionEntry) throws(Broken) {
        switch entry.event {
        case .joined(let joined): try join(joined)
        case .attached(let seat):
            guard !people[seat.index].isHere, !people[seat.index].removed else {
                throw Broken("came twice, or was removed")
            }
            people[seat.index].hereSince = at
            people[seat.index].goneAt = nil
        case .detached(let seat, _): go(seat.index, at: at)
        case .away(let seat, _): people[seat.index].presence = .away
        case .returned(let seat): people[seat.index].presence = .here
        case .gone(let seat): people[seat.index].presence = .gone
        case .left(let seat):
            go(seat.index, at: at)
            people[seat.index].presence = .left
        case .removed(let seat, let by):
            guard by != seat, people[by.index].hosts, people[seat.index].role != .host else {
                throw Broken("was removed by somebody who may not")
            }
            go(seat.index, at: at)
            people[seat.index].presence = .left
            people[seat.index].removed = true
            if people[seat.index].room != .main { try move(seat.index, to: .main) }
        case .labelled(let seat, _): people[seat.index].label = entry.text ?? .empty
        case .muted(let seat, let muted, _): people[seat.index].muted = muted
        case .passed(let seat, let pass): people[seat.index].passes = pass
        case .handRaised(let seat):
            guard people[seat.index].hand == nil else { throw Broken("a hand raised twice") }
            people[seat.index].hand = seq
        case .handLowered(let seat, _): people[seat.index].hand = nil
        default: break
        }
    }

    private mutating func join(_ joined: Joined) throws(Broken) {
        guard seat(of: joined.person) == nil else { throw Broken("somebody joined twice") }
        let mayLead = joined.ticketRole == .host || joined.ticketRole == .cohost
        guard !locked || mayLead else { throw Broken("somebody new in a locked session") }
        people.append(
            Person(
                person: joined.person,
                school: joined.school,
                ticketRole: joined.ticketRole,
                role: joined.ticketRole == .host ? .cohost : joined.ticketRole,
                room: joined.room,
                hereSince: at
            )
        )
        if joined.room != .main { try checkLate(people.count - 1, in: joined.room) }
        rooms[joined.room]?.visitors.insert(people.count - 1)
    }

    private mutating func go(_ seat: Int, at: Milliseconds) {
        guard let since = people[seat].hereSince else { return }
        people[seat].here.append(Interval(from: since, to: max(since, at)))
        people[seat].hereSince = nil
        people[seat].goneAt = self.at
    }

    /// The server was down: everybody was gone from then on, and leases count from now.
    private mutating func recover(downFrom: Milliseconds) {
        for seat in people.indices {
            go(seat, at: downFrom)
            people[seat].goneAt = at
        }
    }

    mutating func move(_ seat: Int, to room: RoomID) throws(Broken) {
        guard people[seat].room != room else { throw Broken("seat \(seat) was moved to where it is") }
        people[seat].roomBefore = people[seat].room
        people[seat].room = room
        rooms[room]?.visitors.insert(seat)
    }

    // MARK: - What must hold after each event

    private func checkEverybody() throws(Broken) {
        for (seat, person) in people.enumerated() {
            guard isOpen(person.room) else { throw Broken("seat \(seat) is in \(person.room.text)") }
            guard (person.role == .host) == (seat == host) else { throw Broken("seat \(seat) leads, or not") }
        }
        if let offer {
            guard offer.from == host, people[offer.to].role != .observer else {
                throw Broken("an offer that is not the host's")
            }
        }
        guard zip(wishes, wishes.dropFirst()).allSatisfy({ $0.id < $1.id }) else {
            throw Broken("requests for help are out of order")
        }
    }

    /// Nobody is left without a host for longer than the lease, as of `now`, when somebody could lead.
    func checkLed(at now: Milliseconds, lease: Milliseconds) throws(Broken) {
        guard phase != .ended else { return }
        let others = people.indices.filter { people[$0].isHere && mayLead($0) && $0 != host }
        guard !others.isEmpty else { return }
        guard let host else { throw Broken("nobody leads, and seats \(others) could") }
        guard let goneAt = people[host].goneAt, !people[host].isHere else { return }
        guard now < goneAt + lease else {
            throw Broken("the host went \(now - goneAt) ms ago, and seats \(others) could lead")
        }
    }
}
