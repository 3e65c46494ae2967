import Sessions

/// Who leads, and where everybody is.
extension Account {
    mutating func changeHosting(_ event: SessionEvent) throws(Broken) {
        switch event {
        case .handoffOffered(let from, let to):
            guard offer == nil, from.index == host, from != to else { throw Broken("an offer out of turn") }
            offer = (from.index, to.index)
        case .handoffDeclined(let by):
            guard offer?.to == by.index else { throw Broken("an offer was declined that was not made") }
            offer = nil
        case .handoffWithdrawn(_, let to):
            guard offer?.to == to.index else { throw Broken("an offer was withdrawn that was not made") }
            offer = nil
        case .hostChanged(let from, let to, let reason): try lead(from?.index, to?.index, reason)
        case .roleChanged(let seat, let role, let by):
            guard by.index == host, seat.index != host, role != .host else {
                throw Broken("a role was changed by somebody who may not")
            }
            people[seat.index].role = role
        case .successionChanged(let order, _): succession = order.map(\.index)
        case .floorTaken(let seat, let until):
            guard people[seat.index].hosts else { throw Broken("the floor was taken by no host") }
            floor = (seat.index, until)
        case .floorYielded:
            guard floor != nil else { throw Broken("the floor was yielded that nobody had") }
            floor = nil
        default: break
        }
    }

    private mutating func lead(_ from: Int?, _ to: Int?, _ reason: HostChangeReason) throws(Broken) {
        guard from == host, from != to || from == nil else { throw Broken("the host was another") }
        if let to {
            guard people[to].isHere, people[to].role != .observer, !people[to].removed else {
                throw Broken("somebody leads who is not here")
            }
            let known = [.accepted, .given].contains(reason) || mayLead(to) || people[to].ticketRole == .host
            guard known else { throw Broken("somebody leads who may not") }
            guard reason != .accepted || offer?.to == to else {
                throw Broken("accepted what was not offered")
            }
        } else if let next = people.indices.first(where: { $0 != from && people[$0].isHere && mayLead($0) }) {
            throw Broken("nobody leads, and seat \(next) could")
        }
        if let from { people[from].role = .cohost }
        if let to { people[to].role = .host }
        host = to
        offer = nil
    }

    // MARK: - Rooms

    mutating func changeRooms(_ event: SessionEvent) throws(Broken) {
        switch event {
        case .breakoutsOpened(let opened): try open(opened)
        case .roomAdded(let room, let setup, _):
            guard let hostsRead = roomsInOrder.last.flatMap({ rooms[$0] })?.hostsRead else {
                throw Broken("a room was added to nothing")
            }
            try add(room, setup, hostsRead: hostsRead)
        case .roomRenamed(let room, let name, _):
            guard room != .main, isOpen(room) else { throw Broken("a room was renamed that is not open") }
            rooms[room]?.name = name
        case .roomRemoved(let room, let placements, _):
            try moveAll(placements)
            rooms[room]?.isOpen = false
        case .moved(let seat, let from, let to, let reason, _):
            guard people[seat.index].room == from else { throw Broken("moved from elsewhere") }
            if reason == .late { try checkLate(seat.index, in: to) }
            try move(seat.index, to: to)
        case .breakoutsExtended(let closesAt, _):
            if let opening, closesAt - at > opening.closing { self.opening?.isClosing = false }
        case .breakoutsClosing: opening?.isClosing = true
        case .breakoutsUndone(let placements, _):
            guard let opening, at - opening.at <= 15_000 else { throw Broken("undone too late") }
            try close(placements)
        case .breakoutsClosed(let placements, _): try close(placements)
        case .confirmed(let seat, let room, _):
            guard people[seat.index].room == room else { throw Broken("another room was confirmed") }
        default: break
        }
    }

    private mutating func open(_ opened: BreakoutsOpened) throws(Broken) {
        guard phase == .live, opening == nil, opened.round == round + 1 else {
            throw Broken("rooms were opened when they may not")
        }
        round = opened.round
        opening = Opening(at: at, mode: opened.mode, late: opened.late, closing: opened.closing)
        for (index, setup) in opened.rooms.enumerated() {
            try add(.breakout(round: round, number: index + 1), setup, hostsRead: opened.hostsRead)
        }
        try moveAll(opened.placements)
    }

    private mutating func add(_ room: RoomID, _ setup: RoomSetup, hostsRead: Bool) throws(Broken) {
        guard opening != nil, rooms[room] == nil else { throw Broken("\(room.text) was added and may not") }
        roomsInOrder.append(room)
        rooms[room] = Place(
            id: room,
            name: setup.name,
            task: setup.task,
            place: setup.place,
            hostsRead: hostsRead
        )
    }

    private mutating func close(_ placements: [Placement]) throws(Broken) {
        guard opening != nil else { throw Broken("rooms were closed that were not open") }
        try moveAll(placements)
        for room in roomsInOrder { rooms[room]?.isOpen = false }
        opening = nil
    }

    private mutating func moveAll(_ placements: [Placement]) throws(Broken) {
        guard Set(placements.map(\.seat)).count == placements.count else {
            throw Broken("somebody was placed twice")
        }
        for placement in placements { try move(placement.seat.index, to: placement.room) }
    }

    /// Whom a rule places: participants who are here or away and do not sit out.
    private func isPlaced(_ seat: Int) -> Bool {
        let person = people[seat]
        return person.role == .participant && !person.passes && !person.removed
            && (person.presence == .here || person.presence == .away)
    }

    /// Somebody who comes while rooms are open is put where the fewest people are.
    func checkLate(_ seat: Int, in room: RoomID) throws(Broken) {
        guard let opening, opening.late == .place, opening.mode != .choose, !opening.isClosing,
            people[seat].role == .participant
        else {
            throw Broken("seat \(seat) was placed late, and is not to be")
        }
        let open = roomsInOrder.filter { rooms[$0]?.isOpen ?? false }
        let sizes = open.map { room in
            people.indices.count {
                $0 != seat && people[$0].room == room && people[$0].role == .participant
                    && people[$0].presence == .here
            }
        }
        guard let index = open.firstIndex(of: room), sizes[index] == sizes.min() else {
            throw Broken("seat \(seat) was placed late in \(room.text), though \(sizes) are in the rooms")
        }
    }

    /// Of an opening whose plan named nobody: who is placed, and that sizes differ by at most one.
    ///
    /// Asked before the event is taken.
    func checkDealt(_ opened: BreakoutsOpened) throws(Broken) {
        let dealt = Set(opened.placements.map(\.seat.index))
        let expected = opened.mode == .even || opened.mode == .mix ? Set(people.indices.filter(isPlaced)) : []
        guard dealt == expected else { throw Broken("a rule placed \(dealt), and not \(expected)") }
        let sizes = opened.rooms.indices.map { index in
            opened.placements.count { $0.room == .breakout(round: opened.round, number: index + 1) }
        }
        guard let most = sizes.max(), let least = sizes.min(), most - least <= 1 else {
            throw Broken("round \(opened.round) opened with \(sizes)")
        }
    }

    // MARK: - Help

    mutating func changeWishes(_ entry: SessionEntry) throws(Broken) {
        switch entry.event {
        case .helpAsked(let asked):
            guard !wishes.contains(where: { $0.by == asked.from.index }) else { throw Broken("asked twice") }
            wishes.append(
                Wish(
                    id: seq,
                    by: asked.from.index,
                    room: asked.room,
                    unnamed: asked.unnamed,
                    text: entry.text,
                    claimedBy: nil
                )
            )
        case .helpClaimed(let id, let of, let by):
            guard let index = wishes.firstIndex(where: { $0.id == id }), wishes[index].by == of.index,
                people[by.index].hosts
            else { throw Broken("a request was claimed that is not there") }
            wishes[index].claimedBy = by.index
        case .helpResolved(let id, let of, _), .helpWithdrawn(let id, let of):
            guard let index = wishes.firstIndex(where: { $0.id == id }), wishes[index].by == of.index else {
                throw Broken("a request is over that is not there")
            }
            wishes.remove(at: index)
        default: break
        }
    }
}
