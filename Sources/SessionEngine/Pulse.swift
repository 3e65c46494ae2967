import SessionProtocol
import Sessions

/// How each breakout room is doing, for hosts: who is there, writing, done, alone, and which host was there last.
extension Live {
    /// The rooms' pulse; `watchWhoIsAlone` comes first.
    func pulse(now: Milliseconds, _ limits: EngineLimits) -> [PulseRow] {
        guard let breakouts = state.breakouts else { return [] }
        var rows = state.rooms[breakouts.firstRoom...].map {
            PulseRow(
                room: $0.id,
                present: 0,
                writing: 0,
                done: 0,
                moreTime: 0,
                alone: nil,
                visit: $0.lastVisit
            )
        }
        for (index, seat) in state.seats.enumerated() {
            guard case .breakout(_, let number) = seat.room, seat.role != .observer, seat.isAttached else {
                continue
            }
            rows[number - 1].present += 1
            switch seat.signal {
            case .done: rows[number - 1].done += 1
            case .moreTime: rows[number - 1].moreTime += 1
            case nil: break
            }
            if writing.contains(where: { $0.seat == SeatID(index) && $0.place == .room(seat.room) }) {
                rows[number - 1].writing += 1
            }
        }
        for lonely in alone where now - lonely.since >= limits.aloneMilliseconds {
            guard case .breakout(_, let number) = lonely.room else { continue }
            rows[number - 1].alone = lonely.seat
        }
        return rows.filter { state.openRoom($0.room) != nil }
    }

    /// Keeps since when each person who is the only one in their room has been so.
    func watchWhoIsAlone(now: Milliseconds) {
        var lonely: [Lonely] = []
        for (room, seats) in state.peopleHereByRoom where seats.count == 1 {
            let known = alone.first { $0.room == room && $0.seat == seats[0] }
            lonely.append(known ?? Lonely(room: room, seat: seats[0], since: now))
        }
        alone = lonely
    }

    /// When the pulse will change without anybody doing anything; nil when it will not.
    func nextPulseChange(now: Milliseconds, _ limits: EngineLimits) -> Milliseconds? {
        guard state.breakouts != nil else { return nil }
        let becomeLonely = alone.map { $0.since + limits.aloneMilliseconds }.filter { $0 > now }
        let stopWriting = writing.map { $0.at + limits.writingMilliseconds }
        return (becomeLonely + stopWriting).min()
    }
}

/// The only person in a room.
struct Lonely: Equatable {
    var room: RoomID
    var seat: SeatID
    var since: Milliseconds
}

extension SessionState {
    /// The open breakout rooms in their order, each with those who are connected and take part.
    fileprivate var peopleHereByRoom: [(room: RoomID, seats: [SeatID])] {
        guard let breakouts else { return [] }
        var people = rooms[breakouts.firstRoom...].map { (room: $0.id, seats: [SeatID]()) }
        for (index, seat) in seats.enumerated() where seat.isAttached && seat.role != .observer {
            guard case .breakout(_, let number) = seat.room else { continue }
            people[number - 1].seats.append(SeatID(index))
        }
        return people
    }
}
