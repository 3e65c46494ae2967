import Sessions

/// A session full of people, made without playing how it came to be.
enum Crowd {
    /// So many participants: `p1`, `p2` and so on, the ids filled up to `idBytes`.
    static func state(
        _ people: Int,
        idBytes: Int = 2,
        name: Text = .empty,
        school: Text = .empty,
        label: Text = .empty,
        room: RoomID = .main
    ) throws -> SessionState {
        let created = Created(
            id: try SessionID("crowd".utf8).found("a session's id"),
            epoch: Epoch(bits: 1),
            community: .empty,
            title: .empty,
            place: .empty
        )
        var state = SessionState(created, number: 1, at: 0)
        for number in 1...people {
            let digits = String(number)
            let id = "p" + String(repeating: "0", count: max(0, idBytes - 1 - digits.utf8.count)) + digits
            let joined = Joined(
                person: try PersonID(id.utf8).found("a person's id"),
                name: name,
                school: school,
                ticketRole: .participant,
                room: room
            )
            var seat = Seat(joined, at: 0)
            seat.label = label
            state.seatByPerson[seat.person] = SeatID(state.seats.count)
            state.seats.append(seat)
        }
        return state
    }
}
