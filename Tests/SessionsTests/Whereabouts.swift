import Sessions

/// Who is where and in which role, told from the events alone: what a client that hears everything holds.
///
/// A second account of what `apply` does, by the words of the protocol: placements say who goes where, `moved` says from
/// where, whoever is removed is back in `main`. `hear` says what cannot be.
struct Whereabouts {
    private(set) var rooms: [RoomID] = []
    private(set) var places: [RoomID] = []
    private(set) var roles: [Role] = []
    private var usedRooms: Set<RoomID> = []

    /// Takes an event in; says what is wrong with it, if anything.
    mutating func hear(_ event: SessionEvent) -> String? {
        switch event {
        case .joined(let joined):
            places.append(joined.room)
            roles.append(joined.seatRole)
            return exists(joined.room) ? nil : "joined into a room that is not there"
        case .removed(let seat, _):
            places[seat.index] = .main
        case .hostChanged(let from, let to, _):
            if let from { roles[from.index] = .cohost }
            if let to { roles[to.index] = .host }
        case .roleChanged(let seat, let role, _):
            roles[seat.index] = role
        case .breakoutsOpened(let opened):
            return open(opened)
        case .roomAdded(let room, _, _):
            return add(room)
        case .roomRemoved(let room, let placements, _):
            let known = rooms.contains(room)
            rooms.removeAll { $0 == room }
            return known ? empty(placements) { $0 == room } : "removed a room that is not there"
        case .moved(let seat, let from, let to, _, _):
            guard places[seat.index] == from, from != to, exists(to) else {
                return "moved from or to nowhere"
            }
            places[seat.index] = to
        case .breakoutsClosed(let placements, _), .breakoutsUndone(let placements, _):
            let wereOpen = !rooms.isEmpty
            rooms = []
            return wereOpen ? empty(placements) { $0 != .main } : "closed what was not open"
        default: break
        }
        return nil
    }

    private func exists(_ room: RoomID) -> Bool { room == .main || rooms.contains(room) }

    private mutating func add(_ room: RoomID) -> String? {
        rooms.append(room)
        return usedRooms.insert(room).inserted ? nil : "a room's id was used twice"
    }

    private mutating func open(_ opened: BreakoutsOpened) -> String? {
        guard rooms.isEmpty, places.allSatisfy({ $0 == .main }) else { return "opened over open rooms" }
        for number in opened.rooms.indices {
            if let wrong = add(.breakout(round: opened.round, number: number + 1)) { return wrong }
        }
        for placement in opened.placements {
            guard places[placement.seat.index] == .main, rooms.contains(placement.room) else {
                return "placed twice, or nowhere"
            }
            guard roles[placement.seat.index] != .observer else { return "placed an observer" }
            places[placement.seat.index] = placement.room
        }
        return nil
    }

    /// Exactly those who were in the rooms that `closed` go back to `main`, each once.
    private mutating func empty(_ placements: [Placement], closed: (RoomID) -> Bool) -> String? {
        for placement in placements {
            guard closed(places[placement.seat.index]), placement.room == .main else {
                return "sent back who was not there, or elsewhere than to main"
            }
            places[placement.seat.index] = .main
        }
        return places.contains(where: closed) ? "left somebody in a room that closed" : nil
    }
}
