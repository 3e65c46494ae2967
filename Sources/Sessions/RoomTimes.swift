/// How long somebody was in a breakout room, and with whom.
package struct RoomTime: Equatable, Sendable {
    package var room: RoomID
    package var time: Milliseconds
    /// Those who were there at the same time, longest first.
    package var with: [Company]
    /// How many more there were than are named.
    package var others: Int

    package init(room: RoomID, time: Milliseconds, with: [Company], others: Int = 0) {
        self.room = room
        self.time = time
        self.with = with
        self.others = others
    }

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
        let down = [Interval](union: outages)
        var counted = [seat: countedTime(of: seat, live: live, down: down)]
        var left = Self.namedCompany
        var times: [RoomTime] = []
        for room in roomsStayedIn(by: seat) {
            let own = self[seat].stays.times(in: room.id).intersection(counted[seat, default: []])
            guard !own.isEmpty else { continue }
            var with: [RoomTime.Company] = []
            // Who was ever in the room, and nobody else: a session has many people and a room has few.
            for other in room.visitors where other != seat && self[other].role != .observer {
                let here = counted[other] ?? countedTime(of: other, live: live, down: down)
                counted[other] = here
                let together = self[other].stays.times(in: room.id).intersection(here).intersection(own).total
                if together > 0 { with.append(.init(seat: other, time: together)) }
            }
            with.sort { ($1.time, $0.seat) < ($0.time, $1.seat) }
            let named = Array(with.prefix(left))
            left -= named.count
            let others = with.count - named.count
            times.append(RoomTime(room: room.id, time: own.total, with: named, others: others))
        }
        return times
    }

    /// Each room once, in the order of their numbers; those that were taken back are left out.
    private func roomsStayedIn(by seat: SeatID) -> [Room] {
        let ids = Set(self[seat].stays.map(\.room))
        return ids.sorted { $0.order < $1.order }.compactMap { id in
            roomIndex(id).map { rooms[$0] }.flatMap { $0.isUndone ? nil : $0 }
        }
    }
}

extension RoomID {
    /// Round and number.
    fileprivate var order: (Int, Int) {
        if case .breakout(let round, let number) = self { (round, number) } else { (0, 0) }
    }
}

extension [Stay] {
    /// When they were in the room; a stay that lasts has no end.
    fileprivate func times(in room: RoomID) -> [Interval] {
        [Interval](union: filter { $0.room == room }.map { Interval(from: $0.from, to: $0.to ?? .max) })
    }

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
