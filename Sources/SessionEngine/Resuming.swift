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
    /// Whether pushes alone do not give a client of `seat` its own part of the state, when `seq` is the last event that
    /// it has heard: it has become a host or is one no longer, or it is in a room where something was said before.
    ///
    /// The moment of `seq` itself is looked at, too: the notice that follows its pushes may have been lost with the
    /// line, and nothing that the client says tells whether it was.
    func readsAnew(_ seat: SeatID, since seq: Int) -> Bool {
        let entries = backlog.entries
        let known = entries.lastIndex { $0.seq <= seq }
        let before = known.flatMap { known in entries[..<known].lastIndex { $0.at != entries[known].at } }
        // With the beginning of the moment out of sight there is no telling what was in it.
        guard before != nil || backlog.reachesBackTo == 0 else { return true }
        let first = before.map { $0 + 1 } ?? 0
        var entered: Int?
        for index in first..<entries.count {
            switch entries[index].event {
            case .roleChanged(seat, _, _): return true
            case .hostChanged(_, seat, _): if !wasHosting(seat, before: index) { return true }
            case .moved(seat, _, _, _, _): entered = entries[index].seq
            default: break
            }
        }
        guard let entered, self[seat].room != .main else { return false }
        return hasMessages(in: self[seat].room, before: entered)
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
        return backlog.reachesBackTo == 0
            && (self[seat].ticketRole == .host || self[seat].ticketRole == .cohost)
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
