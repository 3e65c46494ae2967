internal import Sessions

/// Why one person was where they were: a line for each change of their room, role or presence.
struct Explanation {
    private let person: PersonID
    private let zone: Zone
    /// What it was before the event, and since when they have been there.
    private var before: Whereabouts?
    private var since: Milliseconds = 0
    /// The event before said that the person sits out, and this one comes of the same decision.
    private var passedJustNow = false
    /// When the rooms were to close, before the event.
    private var closesAt: Milliseconds?

    /// A seat's room, role and presence.
    private struct Whereabouts: Equatable {
        var room: RoomID
        var role: Role
        var presence: Presence
        var isAttached: Bool

        init(_ seat: Seat) {
            room = seat.room
            role = seat.role
            presence = seat.presence
            isAttached = seat.isAttached
        }
    }

    init(_ person: PersonID, zone: Zone) {
        self.person = person
        self.zone = zone
    }

    /// The line for an event, when it says something of the person; `state` is the one behind it.
    mutating func line(_ entry: SessionEntry, _ state: SessionState) -> String? {
        defer { closesAt = state.breakouts?.closesAt }
        guard let id = state.seatByPerson[person] else { return nil }
        let now = Whereabouts(state[id])
        defer {
            if now.room != before?.room { since = entry.at }
            before = now
            passedJustNow = if case .passed(id, true) = entry.event { entry.continues } else { false }
        }
        let cast = Cast(state)
        let what: String?
        if before == nil {
            what = arrival(entry, cast, id)
        } else if now.room != before?.room {
            what = change(of: id, to: now.room, by: entry, cast)
        } else if case .breakoutsOpened(let opened) = entry.event {
            what =
                "stayed in \(cast.roomAndID(now.room)): breakouts.open, round \(opened.round); "
                + reasonToStay(id, opened, state)
        } else {
            what = other(entry, id, cast)
        }
        return what.map { "\(zone.time(entry.at)) \($0)" }
    }

    /// Where they are now, and since when; nil when they were never here.
    func ending(_ state: SessionState) -> String? {
        guard let id = state.seatByPerson[person] else { return nil }
        let seat = state[id]
        let cast = Cast(state)
        let who = cast.nameAndID(id)
        if seat.isRemoved { return "\(who) was removed" }
        let over = state.phase == .ended ? "; the session is over" : ""
        return "\(who): in \(cast.roomAndID(seat.room)) since \(zone.time(since)), \(seat.role.word), "
            + "\(seat.presence.word)\(over)"
    }

    private func arrival(_ entry: SessionEntry, _ cast: Cast, _ seat: SeatID) -> String {
        let room = cast.state[seat].room
        let late = cast.state.breakouts.map { "; late comers are placed, round \($0.round)" } ?? ""
        return
            "joined as \(cast.state[seat].role.word), in \(cast.roomAndID(room))\(room == .main ? "" : late)"
    }

    /// Why the room changed.
    private func change(of seat: SeatID, to room: RoomID, by entry: SessionEntry, _ cast: Cast) -> String {
        let place = cast.roomAndID(room)
        switch entry.event {
        case .breakoutsOpened(let opened):
            return
                "moved to \(place) by \(cast.roleAndName(opened.by)): breakouts.open, round \(opened.round), "
                + opened.mode.word
        case .moved(_, _, _, .moved, let by):
            return "moved to \(place)\(author(by, cast)): breakouts.move"
        case .moved(_, _, _, .entered, _):
            return passedJustNow ? "back in \(place), sitting out: room.pass" : "went to \(place): room.enter"
        case .moved(_, _, _, .late, _):
            let round = cast.state.breakouts.map { ", round \($0.round)" } ?? ""
            return "placed in \(place): came late\(round)"
        case .breakoutsClosed(_, let by?):
            return "back in \(place): breakouts.close by \(cast.roleAndName(by))"
        case .breakoutsClosed(_, nil):
            let isTimeUp = closesAt.map { $0 <= entry.at } ?? false
            return "back in \(place): \(isTimeUp ? "the rooms' time was up" : "the session ended")"
        case .breakoutsUndone(_, let by): return "back in \(place): breakouts.undo by \(cast.roleAndName(by))"
        case .roomRemoved(let removed, _, let by):
            let name = cast.roomAndID(removed)
            return "back in \(place): breakouts.removeRoom of \(name) by \(cast.roleAndName(by))"
        case .removed(_, let by): return "removed by \(cast.roleAndName(by)): participant.remove"
        default: return "in \(place)"
        }
    }

    /// Why an opening did not place the person.
    private func reasonToStay(_ id: SeatID, _ opened: BreakoutsOpened, _ state: SessionState) -> String {
        let seat = state[id]
        if seat.isRemoved || seat.presence == .left || seat.presence == .gone { return "was not here" }
        if seat.role == .observer { return "observers are not placed" }
        if seat.isHosting { return "hosts are not placed unless they are named" }
        if seat.passes { return "was sitting out" }
        return switch opened.mode {
        case .manual: "was not named"
        case .choose: "everybody chooses"
        case .even, .mix: "was not placed"
        }
    }

    /// What did not change the room and says something of the person nevertheless.
    private func other(_ entry: SessionEntry, _ seat: SeatID, _ cast: Cast) -> String? {
        let room = cast.roomAndID(cast.state[seat].room)
        switch entry.event {
        case .attached(seat): return "back, in \(room)"
        case .detached(seat, let cause):
            return "lost the connection (\(cause.word)); the seat stays in \(room)"
        case .away(seat, let cause): return "shown as away (\(cause.word))"
        case .returned(seat): return "shown as here again"
        case .gone(seat): return "shown as gone"
        case .left(seat): return "left, from \(room): session.leave"
        case .removed(seat, let by): return "removed by \(cast.roleAndName(by)): participant.remove"
        case .passed(seat, let pass): return pass ? "sits out: room.pass" : "takes part again: room.pass"
        case .confirmed(seat, let shown, let seen):
            return
                "the page shows \(cast.roomAndID(shown))\(seen ? "" : ", and nobody sees it"): room.confirm"
        case .recovered(let since, _):
            guard before?.isAttached == true else { return nil }
            return "lost the connection: the server was down since \(zone.time(since))"
        case .roleChanged(seat, let role, let by): return "made a \(role.word) by \(cast.roleAndName(by))"
        case .hostChanged(_, seat, let reason): return "leads (\(reason.word))"
        case .hostChanged(seat, _, let reason): return "leads no more (\(reason.word))"
        case .ended: return "the session ended"
        default: return nil
        }
    }

    private func author(_ by: SeatID?, _ cast: Cast) -> String {
        by.map { " by \(cast.roleAndName($0))" } ?? ""
    }
}

extension HostChangeReason {
    /// For people.
    fileprivate var word: String {
        switch self {
        case .arrived: "arrived"
        case .left: "left"
        case .dropped: "dropped"
        case .accepted: "accepted"
        case .given: "given"
        case .reclaimed: "reclaimed"
        case .removed: "removed"
        }
    }
}
