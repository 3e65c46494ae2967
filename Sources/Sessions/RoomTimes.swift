/// How long somebody was in a breakout room, and with whom.
package struct RoomTime: Equatable, Sendable {
    package var room: RoomID
    package var time: Milliseconds
    /// Those who were there at the same time, longest first.
    package var with: [Company]
    /// How many more there were than are named.
    package var others = 0

    package struct Company: Equatable, Sendable {
        package var seat: SeatID
        package var time: Milliseconds

        package init(seat: SeatID, time: Milliseconds) {
            self.seat = seat
            self.time = time
        }
    }
}

extension SessionState {
    /// So many people are named for all of somebody's rooms together: what they are told must fit into a message.
    private static let namedCompany = 4_000

    /// The breakout rooms of `seat` in the order of their numbers, as far as it counted as here in them.
    ///
    /// Rounds that were taken back are left out.
    package func roomTimes(of seat: SeatID, at now: Milliseconds) -> [RoomTime] {
        guard let live = liveTime(at: now) else { return [] }
        let own = timesInRooms(of: seat, live: live)
        let company = seats.indices.map(SeatID.init).filter { $0 != seat && self[$0].role != .observer }
            .map { (seat: $0, rooms: timesInRooms(of: $0, live: live)) }
        var left = Self.namedCompany
        return own.map { room, times in
            var with: [RoomTime.Company] = []
            for other in company {
                guard let theirs = other.rooms.first(where: { $0.room == room })?.times else { continue }
                let together = times.intersection(theirs).total
                if together > 0 { with.append(.init(seat: other.seat, time: together)) }
            }
            with.sort { ($1.time, $0.seat) < ($0.time, $1.seat) }
            let named = with.prefix(left)
            left -= named.count
            return RoomTime(
                room: room,
                time: times.total,
                with: Array(named),
                others: with.count - named.count
            )
        }
    }

    /// When a seat was in which breakout room and counted as here, room by room.
    private func timesInRooms(of seat: SeatID, live: Interval) -> [(room: RoomID, times: [Interval])] {
        guard !self[seat].stays.isEmpty else { return [] }
        let counted = countedTime(of: seat, live: live)
        var rooms: [(room: RoomID, stays: [Interval])] = []
        for stay in self[seat].stays where !isUndone(stay.room) {
            let time = Interval(from: stay.from, to: stay.to ?? .max)
            if let index = rooms.firstIndex(where: { $0.room == stay.room }) {
                rooms[index].stays.append(time)
            } else {
                rooms.append((stay.room, [time]))
            }
        }
        return rooms.map { ($0.room, [Interval](union: $0.stays).intersection(counted)) }
            .filter { !$0.times.isEmpty }
            .sorted { $0.room.order < $1.room.order }
    }

    private func isUndone(_ room: RoomID) -> Bool {
        roomIndex(room).map { rooms[$0].isUndone } ?? true
    }
}

extension RoomID {
    /// Round and number.
    fileprivate var order: (Int, Int) {
        if case .breakout(let round, let number) = self { (round, number) } else { (0, 0) }
    }
}

extension [Stay] {
    mutating func enter(_ room: RoomID, at: Milliseconds) {
        append(Stay(room: room, from: at))
        guard count > StateBounds.staysPerSeat else { return }
        var shortest = 0
        for index in indices.dropLast() where self[index].length < self[shortest].length { shortest = index }
        remove(at: shortest)
    }

    mutating func leave(at: Milliseconds) {
        guard let last, last.to == nil else { return }
        self[count - 1].to = at
    }
}

extension Stay {
    fileprivate var length: Milliseconds { (to ?? .max) - from }
}
