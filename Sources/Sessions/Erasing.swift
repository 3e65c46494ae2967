/// Forgetting a person: what takes their place, and what of theirs leaves the state.
///
/// On disk the same is done to the records before (`Journal`), so that replaying those comes to the same state.
extension Session {
    /// The events by which `person` leaves and is forgotten; none when they have no seat here.
    ///
    /// `pseudonym` must be nobody's here; `newEpoch` is fresh.
    package func erase(_ person: PersonID, as pseudonym: PersonID, newEpoch: Epoch) -> [SessionEvent] {
        guard let seat = state.seatByPerson[person], state.seatByPerson[pseudonym] == nil else { return [] }
        let erased = SessionEvent.personErased(seat, as: pseudonym, newEpoch: newEpoch)
        guard !state[seat].isRemoved else { return [erased] }
        var events: [SessionEvent] = []
        if state.host == seat {
            events.append(.hostChanged(from: seat, to: state.successor(of: seat), reason: .left))
        }
        events += [.removed(seat, by: seat)] + state.farewell(of: seat, by: seat)
        if state.succession.contains(seat) {
            events.append(.successionChanged(state.succession.filter { $0 != seat }, by: seat))
        }
        return events + [erased]
    }
}

extension SessionState {
    /// Makes it so; words and names go, times and places stay.
    mutating func erase(_ seat: SeatID, as pseudonym: PersonID, newEpoch: Epoch) {
        seatByPerson[self[seat].person] = nil
        seatByPerson[pseudonym] = seat
        self[seat].person = pseudonym
        self[seat].name = .empty
        self[seat].school = .empty
        self[seat].keys = MessageKeys()
        for index in seats.indices {
            if seats[index].labelledBy == seat || index == seat.index { seats[index].label = .empty }
            for mark in seats[index].marks.indices
            where index == seat.index || seats[index].marks[mark].by == seat {
                seats[index].marks[mark].reason = nil
            }
        }
        if setBy == seat {
            title = .empty
            place = .empty
        }
        for index in rooms.indices {
            if rooms[index].namedBy == seat { rooms[index].setup.name = .empty }
            guard rooms[index].by == seat else { continue }
            rooms[index].setup.task = .empty
            rooms[index].setup.place = .empty
        }
        for index in help.indices where help[index].from == seat { help[index].text = nil }
        messages.forget(everythingFrom: seat)
        backlog = Backlog(entries: [], reachesBackTo: seq)
        epoch = newEpoch
    }
}
