/// Whether an event could follow what was so far: asked of what comes from a disk, so that no invariant is lost by it.
///
/// `decide` and the deadlines never make one that could not; see `violations`.
extension SessionState {
    /// False when the event, at that time, would leave a state that cannot be.
    ///
    /// It names only what is there (`names`).
    package func mayFollow(_ event: SessionEvent, at: Milliseconds) -> Bool {
        switch event {
        case .attached(let seat):
            return !self[seat].isAttached && !self[seat].isRemoved
                && (self[seat].intervals.last?.to ?? at) <= at
        case .removed(let seat, _): return host != seat
        case .handoffOffered(let from, let to): return from == host && to != from
        case .hostChanged(let from, let to, _): return from == host && to.map(mayLead) ?? true
        case .roleChanged(let seat, let role, _):
            return self[seat].role != .host && self[seat].role != .observer
                && (role == .participant && floor?.seat != seat || role == .cohost)
        case .successionChanged(let order, _): return Set(order).count == order.count
        case .floorTaken(let seat, _): return self[seat].isHosting
        case .ended: return breakouts == nil
        case .helpAsked(let asked): return !help.contains { $0.from == asked.from }
        case .breakoutsOpened(let opened): return phase == .live && allMayGo(opened.placements)
        // Nobody is left in a room that is no more.
        case .roomRemoved(let room, let placements, _): return placements == placementsBackToMain(from: room)
        case .breakoutsClosed(let placements, _), .breakoutsUndone(let placements, _):
            return placements == placementsBackToMain
        case .moved(let seat, _, let to, _, _): return allMayGo([Placement(seat: seat, room: to)])
        default: return true
        }
    }

    private func mayLead(_ seat: SeatID) -> Bool {
        !self[seat].isRemoved && self[seat].role != .observer
    }

    private func allMayGo(_ placements: [Placement]) -> Bool {
        placements.allSatisfy { $0.room == .main || !self[$0.seat].isRemoved }
    }
}
