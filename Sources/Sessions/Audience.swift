/// Who hears of an event, live.
///
/// The only place that says so.
package enum Audience: Equatable, Sendable {
    case nobody
    case everybody
    /// Those in the room now, and these seats besides, rising.
    case room(RoomID, also: [SeatID])
    /// The host and the co-hosts, wherever they are.
    case hosts
}

extension SessionState {
    /// Who hears `event`, judged on the state after it was applied.
    package func audience(of event: SessionEvent) -> Audience {
        switch event {
        case .created, .archived, .recovered, .attached, .detached, .confirmed: .nobody
        case .chatSent(let sent): audience(of: sent)
        case .started, .ending, .kept, .ended, .locked, .joined, .away, .returned, .gone, .left, .hostChanged,
            .roleChanged, .successionChanged, .breakoutsOpened, .moved, .breakoutsExtended, .breakoutsWarning,
            .breakoutsClosing, .breakoutsClosed, .breakoutsUndone:
            .everybody
        }
    }

    private func audience(of sent: ChatSent) -> Audience {
        switch sent.room {
        case .main: return .everybody
        case .hosts: return .hosts
        case .breakout:
            if exists(sent.room) {
                // A sender who has just been moved still sees their own words arrive.
                return .room(sent.room, also: self[sent.from].room == sent.room ? [] : [sent.from])
            }
            // The room has just closed: its people have scattered, and they are whom the words are for.
            return .room(sent.room, also: everySeat { $0.previousRoom == sent.room })
        }
    }

    /// The seats behind an audience; nil when nobody hears.
    func heardBy(_ audience: Audience) -> HeardBy? {
        switch audience {
        case .nobody: nil
        case .everybody: .everybody
        case .hosts: .seats(everySeat { $0.isHosting })
        case .room(let room, let also): .seats(heardBy(room, also: also[...]))
        }
    }

    /// Those in the room and those besides, all of them rising: one pass, though a whole round may be besides.
    private func heardBy(_ room: RoomID, also: ArraySlice<SeatID>) -> [SeatID] {
        var also = also
        var heardBy: [SeatID] = []
        for index in seats.indices {
            let isBesides = also.first?.index == index
            if isBesides { also.removeFirst() }
            if isBesides || seats[index].room == room { heardBy.append(SeatID(index)) }
        }
        return heardBy
    }

    private func everySeat(where isMeant: (Seat) -> Bool) -> [SeatID] {
        var found: [SeatID] = []
        for index in seats.indices where isMeant(seats[index]) { found.append(SeatID(index)) }
        return found
    }

    /// Whether `seat` may read `room`'s messages afterwards.
    package func mayRead(_ room: RoomID, by seat: SeatID) -> Bool {
        switch room {
        case .main: return true
        case .hosts: return self[seat].isHosting
        case .breakout:
            guard let index = roomIndex(room) else { return false }
            return rooms[index].visitors.contains(seat) || (rooms[index].hostsRead && self[seat].isHosting)
        }
    }
}
