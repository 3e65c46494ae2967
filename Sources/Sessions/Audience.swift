/// Who hears of an event, live.
///
/// The only place that says so.
package enum Audience: Equatable, Sendable {
    case nobody
    case everybody
    /// Those in the room now, and these seats besides.
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
            return .room(
                sent.room,
                also: seats.indices.map(SeatID.init).filter { self[$0].previousRoom == sent.room }
            )
        }
    }

    /// The seats behind an audience; nil when nobody hears.
    func heardBy(_ audience: Audience) -> HeardBy? {
        switch audience {
        case .nobody: nil
        case .everybody: .everybody
        case .hosts: .seats(seats.indices.map(SeatID.init).filter { self[$0].isHosting })
        case .room(let room, let also):
            .seats(seats.indices.map(SeatID.init).filter { self[$0].room == room || also.contains($0) })
        }
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
