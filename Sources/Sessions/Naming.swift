/// Whether an event names only what is there: asked of what comes from a disk, before `apply` relies on it.
extension SessionState {
    /// False when a seat or a room of the event does not exist, so that applying it would trap.
    package func names(_ event: SessionEvent) -> Bool {
        guard event.seats.allSatisfy({ seats.indices.contains($0.index) }) else { return false }
        switch event {
        case .joined(let joined): return exists(joined.room) && seatByPerson[joined.person] == nil
        case .breakoutsOpened(let opened):
            return breakouts == nil && opened.round > rounds
                && opened.placements.allSatisfy { placement in
                    guard case .breakout(opened.round, let number) = placement.room else { return false }
                    return number >= 1 && number <= opened.rooms.count
                }
        case .roomAdded(let room, _, _): return room == nextRoom
        case .roomRenamed(let room, _, _): return openRoom(room) != nil
        case .roomRemoved(let room, let placements, _):
            return openRoom(room) != nil && placements.allSatisfy { exists($0.room) && $0.room != room }
        case .moved(_, _, let to, _, _): return exists(to)
        case .breakoutsClosed(let placements, _): return placements.allSatisfy { exists($0.room) }
        case .breakoutsUndone(let placements, _): return placements.allSatisfy { exists($0.room) }
        case .confirmed(_, let room, _): return exists(room)
        case .personErased(let seat, let pseudonym, _):
            // In records that were written anew since, the seat has had it from the beginning.
            return self[seat].isRemoved && (seatByPerson[pseudonym] ?? seat) == seat
        default: return true
        }
    }
}

extension SessionEvent {
    /// Every seat that the event names.
    package var seats: [SeatID] {
        switch self {
        case .created, .archived, .ended, .recovered, .breakoutsWarning, .joined, .sessionErased: []
        case .started(let seat), .kept(let seat), .attached(let seat), .returned(let seat), .gone(let seat),
            .left(let seat), .ending(let seat, _), .locked(let seat, _), .detached(let seat, _),
            .away(let seat, _), .breakoutsExtended(_, let seat), .changed(_, _, let seat),
            .handoffDeclined(let seat), .floorTaken(let seat, _), .breakoutsAnnounced(let seat),
            .signalled(let seat, _), .passed(let seat, _), .handRaised(let seat),
            .helpWithdrawn(_, let seat), .chatEdited(_, let seat), .chatDeleted(_, let seat),
            .chatReacted(_, _, _, let seat), .chatSettings(_, _, let seat), .confirmed(let seat, _, _),
            .attendanceClaimed(let seat, _), .personErased(let seat, _, _):
            [seat]
        case .removed(let seat, let by), .labelled(let seat, let by), .muted(let seat, _, let by),
            .handoffOffered(let seat, let by), .handoffWithdrawn(let by, let seat),
            .handLowered(let seat, let by), .roleChanged(let seat, _, let by),
            .helpClaimed(_, let seat, let by), .helpResolved(_, let seat, let by),
            .attendanceAccepted(let seat, let by), .attendanceMarked(let seat, _, _, let by):
            [seat, by]
        case .hostChanged(let from, let to, _): [from, to].compactMap { $0 }
        case .successionChanged(let order, let by): order + [by]
        case .floorYielded(let by), .breakoutsClosing(_, let by): [by].compactMap { $0 }
        case .breakoutsOpened(let opened): opened.placements.map(\.seat) + [opened.by]
        case .roomAdded(_, _, let by), .roomRenamed(_, _, let by): [by]
        case .roomRemoved(_, let placements, let by): placements.map(\.seat) + [by]
        case .moved(let seat, _, _, _, let by): [seat, by].compactMap { $0 }
        case .breakoutsClosed(let placements, let by): placements.map(\.seat) + [by].compactMap { $0 }
        case .breakoutsUndone(let placements, let by): placements.map(\.seat) + [by]
        case .helpAsked(let asked): [asked.from]
        case .chatSent(let sent):
            switch sent.place {
            case .room: [sent.from]
            case .direct(let to): [sent.from, to]
            }
        }
    }
}
