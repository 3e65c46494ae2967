/// What must hold after every event.
///
/// Checked in debug builds, tests and simulation.
extension SessionState {
    /// The invariants that are broken, in words; empty when all is well.
    ///
    /// Linear in the seats, so release builds do not ask.
    package func violations() -> [String] {
        var broken: [String] = []
        for (index, seat) in seats.enumerated() {
            let id = SeatID(index)
            if seat.room == .hosts || !exists(seat.room) {
                broken.append("\(seat.person.text) is in no existing room")
            }
            if seat.isRemoved && (seat.isAttached || seat.room != .main || seat.isHosting && host == id) {
                broken.append("\(seat.person.text) was removed, and is still here")
            }
            if (seat.role == .host) != (host == id) {
                broken.append("\(seat.person.text): host role and host differ")
            }
            if seatByPerson[seat.person] != id { broken.append("\(seat.person.text) is not found by person") }
            if seat.isAttached && unattached.contains(id) {
                broken.append("\(seat.person.text) has a stray timer")
            }
            // Only the newest can be out of order, here and below: the others were looked at when they were the newest.
            if !seat.intervals.isNewestInOrder { broken.append("\(seat.person.text): intervals overlap") }
            if let since = seat.attachedSince, let last = seat.intervals.last, since < last.to {
                broken.append("\(seat.person.text) is here before having been away")
            }
        }
        if Set(succession).count != succession.count { broken.append("somebody is twice in the succession") }
        if let host, self[host].role == .observer { broken.append("an observer leads") }
        let here = seats.count { $0.isAttached && $0.role != .observer }
        if here != attachedCount { broken.append("\(attachedCount) counted, \(here) here") }
        if phase != .live && breakouts != nil {
            broken.append("rooms are open in a session that is not live")
        }
        if let offer, offer.from != host || offer.to == offer.from {
            broken.append("an offer that is not the host's")
        }
        if let floor, !self[floor.seat].isHosting { broken.append("the floor is nobody's who may step in") }
        if zip(help, help.dropFirst()).contains(where: { $0.id >= $1.id }) {
            broken.append("requests for help are out of order")
        }
        if Set(help.map(\.from)).count != help.count { broken.append("somebody asks for help twice") }
        let newest = messages.messages.suffix(2)
        if let first = newest.first, let last = newest.last, newest.count == 2, first.id >= last.id {
            broken.append("messages are out of order")
        }
        if backlog.entries.count > StateBounds.backlogEvents || backlog.bytes > StateBounds.backlogBytes {
            broken.append("the backlog is over its bounds")
        }
        return broken
    }
}

extension [Interval] {
    /// The newest does not begin before the one before it ends, nor ends before it begins.
    fileprivate var isNewestInOrder: Bool {
        guard let newest = last else { return true }
        return newest.from <= newest.to && (count < 2 || self[count - 2].to <= newest.from)
    }
}
