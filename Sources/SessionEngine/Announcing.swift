import Fanout
import Sessions

/// From an audience to groups and connections.
extension EngineCore {
    /// Spells an event once and hands it to every group that hears it.
    mutating func announce(_ entry: SessionEntry, to audience: Audience, in live: Live) {
        if case .nobody = audience { return }
        guard !live.groups.isEmpty else { return }
        guard let frame = live.session.look({ projection.push(entry, in: $0) }) else { return }
        switch audience {
        case .nobody: break
        case .everybody: push(frame, in: live) { _ in true }
        case .hosts(let also):
            push(frame, in: live) { $0.kind == .hosts }
            for seat in also { tell(frame, to: seat, in: live) }
        case .room(let room, let also):
            push(frame, in: live) { $0.room == room }
            for seat in also where live.state[seat].room != room { tell(frame, to: seat, in: live) }
        case .seats(let seats):
            for seat in seats { tell(frame, to: seat, in: live) }
        }
    }

    /// To every connection of one seat.
    mutating func tell(_ frame: [UInt8], to seat: SeatID, exempt: Bool = false, in live: Live) {
        for connection in live.connections(of: seat) {
            deliver(.reply(connection, frame: frame, exempt: exempt), to: connection)
        }
    }

    /// To every group that `hears`.
    mutating func push(_ frame: [UInt8], in live: Live, where hears: (borrowing Group) -> Bool) {
        for index in live.groups.indices where hears(live.groups[index]) {
            let group = live.groups[index].id
            for loop in 0..<loops where live.groups[index].members[loop] > 0 {
                commit.deliveries[loop].append(.push(group, frame: frame))
            }
        }
    }
}

// MARK: - What one may read changes

extension EngineCore {
    /// A seat's own part of the state anew: when what it may read is no longer what the pushes have told it.
    mutating func tellOwnPart(_ seat: SeatID, in live: Live) {
        guard !live.connections(of: seat).isEmpty else { return }
        tell(projection.ownPart(of: seat, in: live.state), to: seat, exempt: true, in: live)
    }
}

extension SessionState {
    /// Whose own part is told anew behind the event, judged before it is applied: who becomes a host or co-host or is
    /// one no longer, and who comes into a room in which something has been said.
    func hearsAnew(of event: SessionEvent) -> SeatID? {
        switch event {
        case .roleChanged(let seat, let role, _):
            self[seat].isHosting != (role == .host || role == .cohost) ? seat : nil
        case .hostChanged(_, let to?, _): self[to].isHosting ? nil : to
        case .moved(let seat, _, let to, _, _) where to != .main: hasMessages(in: to) ? seat : nil
        default: nil
        }
    }
}
