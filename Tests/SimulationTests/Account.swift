import Sessions

/// What has happened in one session, told again from the raw events by rules of its own.
///
/// It shares no code with `Session.apply` and `Audience`: it knows where everybody is, who leads, what was said
/// where, and for each event who was to hear it. What clients are told is compared with this.
struct Account {
    /// One seat, as the raw events tell it.
    struct Place {
        var person: PersonID
        var role: Role
        var room: RoomID = .main
        var roomBefore: RoomID?
        var hereSince: Milliseconds?
        var here: [Interval] = []
    }

    /// An event that somebody was to hear.
    struct Heard {
        var seq: Int
        /// Nil: everybody.
        var by: Set<Int>?

        func isFor(_ seat: Int) -> Bool { by?.contains(seat) ?? true }
    }

    /// What somebody said, and where.
    struct Said {
        var by: Int
        var room: RoomID
        var text: Text
    }

    let id: SessionID
    private(set) var places: [Place] = []
    private(set) var events: [Heard] = []
    private(set) var said: [MessageID: Said] = [:]
    private(set) var seq = 1
    private(set) var isEnded = false
    private(set) var isArchived = false
    private var at: Milliseconds
    private var round = 0
    private var isOpen = false
    private var roomsOpen = 0
    private var hostsRead: Set<RoomID> = []
    private var visitors: [RoomID: Set<Int>] = [:]
    private var keys: [String: MessageID] = [:]

    init(_ created: Created, at: Milliseconds) {
        id = created.id
        self.at = at
    }

    func seat(of person: PersonID) -> Int? {
        places.firstIndex { $0.person == person }
    }

    /// The message that a person's key named.
    func message(of seat: Int, key: Text) -> MessageID? {
        keys["\(seat) \(String(decoding: key.utf8, as: UTF8.self))"]
    }

    /// The audience table's right column: whether a seat may read a room's messages afterwards.
    ///
    /// `leading` is what the seat's client knows of its role: the account may be ahead of it.
    func mayRead(_ room: RoomID, _ seat: Int, leading: Bool) -> Bool {
        switch room {
        case .main: true
        case .hosts: leading
        case .breakout:
            visitors[room]?.contains(seat) ?? false || (leading && hostsRead.contains(room))
        }
    }

    private func leads(_ seat: Int) -> Bool { places[seat].role == .host || places[seat].role == .cohost }

    // MARK: - Events

    /// Takes the next event; it throws when the event cannot follow those before.
    mutating func take(_ entry: SessionEntry) throws(Broken) {
        guard entry.seq == seq + 1 else { throw Broken("event \(entry.seq) follows \(seq)") }
        guard entry.at >= at else { throw Broken("event \(entry.seq) is earlier than the one before") }
        seq = entry.seq
        at = entry.at
        switch entry.event {
        case .created: throw Broken("a session made twice")
        case .archived: isArchived = true
        case .recovered(let downFrom, _): stop(downFrom)
        case .attached(let seat): places[seat.index].hereSince = at
        case .detached(let seat, _): go(seat.index, at: at)
        case .confirmed: break
        case .chatSent(let sent): try take(sent, text: entry.text)
        default:
            takeHeard(entry.event)
            events.append(Heard(seq: seq, by: nil))
        }
    }

    private mutating func takeHeard(_ event: SessionEvent) {
        switch event {
        case .joined(let joined):
            let role = joined.ticketRole == .host ? Role.cohost : joined.ticketRole
            places.append(Place(person: joined.person, role: role, room: joined.room, hereSince: at))
            visitors[joined.room, default: []].insert(places.count - 1)
        case .left(let seat): go(seat.index, at: at)
        case .ended: isEnded = true
        case .hostChanged(let from, let to, _):
            if let from { places[from.index].role = .cohost }
            if let to { places[to.index].role = .host }
        case .roleChanged(let seat, let role, _): places[seat.index].role = role
        case .moved(let seat, _, let to, _, _): move(seat.index, to: to)
        case .breakoutsOpened(let opened):
            (round, isOpen, roomsOpen) = (opened.round, true, opened.rooms.count)
            for number in 1...opened.rooms.count where opened.hostsRead {
                hostsRead.insert(.breakout(round: round, number: number))
            }
            for placement in opened.placements { move(placement.seat.index, to: placement.room) }
        case .breakoutsClosed(let placements), .breakoutsUndone(let placements, _):
            isOpen = false
            for placement in placements { move(placement.seat.index, to: placement.room) }
        default: break
        }
    }

    private mutating func take(_ sent: ChatSent, text: Text?) throws(Broken) {
        guard let text else { throw Broken("message \(seq) has lost its words") }
        said[seq] = Said(by: sent.from.index, room: sent.room, text: text)
        events.append(Heard(seq: seq, by: hearers(of: sent)))
        guard let key = sent.key else { return }
        let name = "\(sent.from.index) \(String(decoding: key.utf8, as: UTF8.self))"
        guard keys.updateValue(seq, forKey: name) == nil else { throw Broken("key \(name) was sent twice") }
    }

    /// The audience table's left column.
    private func hearers(of sent: ChatSent) -> Set<Int>? {
        switch sent.room {
        case .main: return nil
        case .hosts: return Set(places.indices.filter(leads))
        case .breakout(let round, let number):
            if isOpen && round == self.round && number <= roomsOpen {
                return Set(places.indices.filter { places[$0].room == sent.room } + [sent.from.index])
            }
            return Set(places.indices.filter { places[$0].roomBefore == sent.room })
        }
    }

    private mutating func move(_ seat: Int, to room: RoomID) {
        places[seat].roomBefore = places[seat].room
        places[seat].room = room
        visitors[room, default: []].insert(seat)
    }

    private mutating func go(_ seat: Int, at: Milliseconds) {
        guard let since = places[seat].hereSince else { return }
        places[seat].here.append(Interval(from: since, to: max(since, at)))
        places[seat].hereSince = nil
    }

    private mutating func stop(_ downFrom: Milliseconds) {
        for seat in places.indices { go(seat, at: downFrom) }
    }
}

/// Something that must hold does not.
struct Broken: Error {
    var what: String

    init(_ what: String) {
        self.what = what
    }
}
