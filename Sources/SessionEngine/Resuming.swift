import SessionProtocol
import Sessions

/// What a client that comes back is told: what it missed, or everything.
extension Live {
    /// The events that a client does not know that has heard everything up to `resume.after`; nil when it needs a
    /// whole state.
    func missed(since resume: Resume) -> ArraySlice<BacklogEntry>? {
        guard resume.epoch == state.epoch, resume.after <= state.seq else { return nil }
        return state.backlog.after(resume.after)
    }
}

extension SessionState {
    /// Whether pushes alone may not have given a client of `seat` its own part of the state: the seat has become a
    /// host or is one no longer, or is in a room where something was said before it came.
    ///
    /// How far the client has heard does not matter: its line may have been cut in the middle of the pushes of an
    /// earlier resume, before the notice that ends them, and nothing that it says tells whether it was.
    func readsAnew(_ seat: SeatID) -> Bool {
        var entered: Int?
        for (index, entry) in backlog.entries.enumerated() {
            switch entry.event {
            case .roleChanged(seat, _, _): return true
            case .hostChanged(_, seat, _): if !wasHosting(seat, before: index) { return true }
            case .moved(seat, _, _, _, _): entered = entry.seq
            default: break
            }
        }
        let room = self[seat].room
        let isOutOfSight = backlog.reachesBackTo > 0
        if isOutOfSight && self[seat].isHosting != self[seat].beganHosting { return true }
        guard room != .main, let before = entered ?? (isOutOfSight ? .max : nil) else { return false }
        return hasMessages(in: room, before: before)
    }

    /// Whether `seat` was a host or co-host before an event of the backlog; false when that cannot be seen.
    private func wasHosting(_ seat: SeatID, before index: Int) -> Bool {
        for entry in backlog.entries[..<index].reversed() {
            switch entry.event {
            case .roleChanged(seat, let role, _): return role == .cohost
            case .hostChanged(_, seat, _), .hostChanged(seat, _, _): return true
            default: break
            }
        }
        return backlog.reachesBackTo == 0 && self[seat].beganHosting
    }

    /// Whether something stands in a room of the current round: nothing that is older than the round can.
    func hasMessages(in room: RoomID, before seq: MessageID = .max) -> Bool {
        guard let openedAt = breakouts?.openedAt else { return false }
        for message in messages.messages.reversed() {
            if message.at < openedAt { return false }
            if message.id < seq && message.place == .room(room) { return true }
        }
        return false
    }
}

extension Seat {
    /// The ticket's role was one of those that lead.
    fileprivate var beganHosting: Bool { ticketRole == .host || ticketRole == .cohost }
}
