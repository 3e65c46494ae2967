/// Whether an event names only what is there: asked of what comes from a disk, before `apply` relies on it.
extension SessionState {
    /// False when a seat or a room of the event does not exist, so that applying it would trap.
    package func names(_ event: SessionEvent) -> Bool {
        switch event {
        case .created, .archived, .ended, .recovered, .breakoutsWarning: true
        case .joined(let joined): isKnown(joined.room) && seatByPerson[joined.person] == nil
        case .started(let seat), .kept(let seat), .attached(let seat), .returned(let seat), .gone(let seat),
            .left(let seat), .ending(let seat, _), .locked(let seat, _), .detached(let seat, _),
            .away(let seat, _), .breakoutsExtended(_, let seat), .changed(_, _, let seat),
            .handoffDeclined(let seat), .floorTaken(let seat, _), .breakoutsAnnounced(let seat),
            .signalled(let seat, _), .passed(let seat, _), .handRaised(let seat),
            .helpWithdrawn(_, let seat), .chatEdited(_, let seat), .chatDeleted(_, let seat),
            .chatReacted(_, _, _, let seat), .chatSettings(_, _, let seat):
            isKnown(seat)
        case .removed(let seat, let by), .labelled(let seat, let by), .muted(let seat, _, let by),
            .handoffOffered(let seat, let by), .handoffWithdrawn(let by, let seat),
            .handLowered(let seat, let by),
            .roleChanged(let seat, _, let by), .helpClaimed(_, let seat, let by),
            .helpResolved(_, let seat, let by):
            isKnown(seat) && isKnown(by)
        case .hostChanged(let from, let to, _): isKnown(from) && isKnown(to)
        case .successionChanged(let order, let by): order.allSatisfy(isKnown) && isKnown(by)
        case .floorYielded(let by): isKnown(by)
        case .breakoutsOpened(let opened):
            opened.placements.allSatisfy { placement in
                guard case .breakout(opened.round, let number) = placement.room else { return false }
                return isKnown(placement.seat) && number >= 1 && number <= opened.rooms.count
            } && isKnown(opened.by) && breakouts == nil
        case .roomAdded(let room, _, let by): room == nextRoom && isKnown(by)
        case .roomRenamed(let room, _, let by): openRoom(room) != nil && isKnown(by)
        case .roomRemoved(let room, let placements, let by):
            openRoom(room) != nil && isKnown(by)
                && placements.allSatisfy { isKnown($0) && $0.room != room }
        case .moved(let seat, _, let to, _, let by): isKnown(seat) && isKnown(to) && isKnown(by)
        case .breakoutsClosing(_, let by): isKnown(by)
        case .breakoutsClosed(let placements, let by): placements.allSatisfy(isKnown) && isKnown(by)
        case .breakoutsUndone(let placements, let by): placements.allSatisfy(isKnown) && isKnown(by)
        case .confirmed(let seat, let room, _): isKnown(seat) && isKnown(room)
        case .helpAsked(let asked): isKnown(asked.from)
        case .chatSent(let sent):
            switch sent.place {
            case .room: isKnown(sent.from)
            case .direct(let to): isKnown(sent.from) && isKnown(to)
            }
        }
    }

    private func isKnown(_ seat: SeatID) -> Bool { seats.indices.contains(seat.index) }

    private func isKnown(_ seat: SeatID?) -> Bool { seat.map { isKnown($0) } ?? true }

    private func isKnown(_ room: RoomID) -> Bool { exists(room) }

    private func isKnown(_ placement: Placement) -> Bool {
        isKnown(placement.seat) && isKnown(placement.room)
    }
}
