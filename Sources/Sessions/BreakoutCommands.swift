/// Opening, closing and walking between breakout rooms.
extension Session {
    func openBreakouts(_ plan: OpenBreakouts, _ asking: Asking) throws(Refusal) -> Decision {
        guard state.breakouts == nil else { throw Refusal(.breakoutsOpen) }
        return Decision(.breakoutsOpened(try state.opening(plan, asking).event))
    }

    func move(_ person: PersonID, to room: RoomID, by seat: SeatID) throws(Refusal) -> Decision {
        guard state.breakouts != nil else { throw Refusal(.noBreakouts) }
        let moved = try state.seat(of: person)
        guard state[moved].role != .observer else { throw Refusal(.observersOnlyWatch, field: "person") }
        return try walk(moved, to: room, reason: .moved, by: seat)
    }

    func enterRoom(_ room: RoomID, by seat: SeatID) throws(Refusal) -> Decision {
        guard let breakouts = state.breakouts else { throw Refusal(.noBreakouts) }
        if !state[seat].isHosting {
            guard breakouts.mode == .choose else { throw Refusal(.hostsOnly) }
            guard breakouts.phase == .open || room == .main else { throw Refusal(.roomsClosed) }
        }
        return try walk(seat, to: room, reason: .entered, by: seat)
    }

    private func walk(
        _ seat: SeatID,
        to room: RoomID,
        reason: MoveReason,
        by: SeatID
    ) throws(Refusal) -> Decision {
        guard state.exists(room) else { throw Refusal(.noSuchRoom, field: "room") }
        let from = state[seat].room
        return Decision(from == room ? [] : [.moved(seat, from: from, to: room, reason: reason, by: by)])
    }

    func confirmRoom(_ room: RoomID, seen: Bool, by seat: SeatID) throws(Refusal) -> Decision {
        guard state[seat].room == room else { throw Refusal(.notInRoom, field: "room") }
        let known = state[seat].confirmedRoom == room && (state[seat].confirmedSeen || !seen)
        return Decision(known ? [] : [.confirmed(seat, room: room, seen: seen)])
    }

    func addRoom(_ plan: RoomPlan, by seat: SeatID, limits: SessionsLimits) throws(Refusal) -> Decision {
        guard let breakouts = state.breakouts, let room = state.nextRoom else { throw Refusal(.noBreakouts) }
        let number = state.rooms.count - breakouts.firstRoom + 1
        guard number <= limits.roomsPerRound else { throw Refusal(.tooManyRooms) }
        let setup = RoomSetup(
            name: plan.name ?? .room(number),
            task: plan.task ?? .empty,
            place: plan.place
        )
        guard state.openRoomsTextBytes + setup.textBytes <= limits.roundTextBytes else {
            throw Refusal(.tooLong, field: "task")
        }
        return Decision(.roomAdded(room, setup, by: seat))
    }

    func renameRoom(
        _ room: RoomID,
        name: Text,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let known = try openRoom(room)
        if known.setup.name == name { return Decision([]) }
        let longer = name.utf8.count - known.setup.name.utf8.count
        guard longer <= 0 || state.openRoomsTextBytes + longer <= limits.roundTextBytes else {
            throw Refusal(.tooLong, field: "name")
        }
        return Decision(.roomRenamed(room, name: name, by: seat))
    }

    /// Whoever is in the room is back in `main`: nobody is moved where no rule says so.
    func removeRoom(_ room: RoomID, by seat: SeatID) throws(Refusal) -> Decision {
        _ = try openRoom(room)
        guard state.openRooms.count > 1 else { throw Refusal(.lastRoom, field: "room") }
        let placements = state.placementsBackToMain(from: room)
        return Decision(.roomRemoved(room, placements: placements, by: seat))
    }

    private func openRoom(_ room: RoomID) throws(Refusal) -> Room {
        guard state.breakouts != nil else { throw Refusal(.noBreakouts) }
        guard let known = state.openRoom(room) else { throw Refusal(.noSuchRoom, field: "room") }
        return known
    }

    func announce(_ text: Text, by seat: SeatID) throws(Refusal) -> Decision {
        guard state.breakouts != nil else { throw Refusal(.noBreakouts) }
        guard !text.isEmpty else { throw Refusal(.badValue, field: "text") }
        return Decision(occurrence: Occurrence(.breakoutsAnnounced(by: seat), text: text), answer: .done)
    }

    func signalRoom(_ signal: RoomSignal?, by seat: SeatID) throws(Refusal) -> Decision {
        guard state.breakouts != nil else { throw Refusal(.noBreakouts) }
        guard state[seat].room != .main else { throw Refusal(.notInRoom) }
        return Decision(state[seat].signal == signal ? [] : [.signalled(seat, signal: signal)])
    }

    /// Sits out, or takes part again: then placed as a late comer is.
    func pass(_ pass: Bool, by seat: SeatID) -> Decision {
        guard state[seat].passes != pass else { return Decision([]) }
        let room = state[seat].room
        var events: [SessionEvent] = [.passed(seat, pass: pass)]
        if pass && room != .main {
            events.append(.moved(seat, from: room, to: .main, reason: .entered, by: seat))
        } else if !pass && room == .main,
            let late = state.lateRoom(for: state[seat].role, school: state[seat].school)
        {
            events.append(.moved(seat, from: .main, to: late, reason: .late, by: nil))
        }
        return Decision(events)
    }

    func extendBreakouts(
        _ seconds: Int,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard let breakouts = state.breakouts else { throw Refusal(.noBreakouts) }
        guard let closesAt = breakouts.closesAt else { throw Refusal(.noDeadline) }
        guard seconds != 0, (-limits.roundSeconds...limits.roundSeconds).contains(seconds) else {
            throw Refusal(.badValue, field: "seconds")
        }
        let extended = closesAt + Milliseconds(seconds) * 1_000
        guard extended <= now + Milliseconds(limits.roundSeconds) * 1_000 else {
            throw Refusal(.badValue, field: "seconds")
        }
        // Shortened to nothing: the rooms close now, in the one event, and nobody is warned of what is past.
        if extended <= now { return closing(by: seat) }
        return Decision(.breakoutsExtended(closesAt: extended, by: seat))
    }

    func closeBreakouts(
        _ seconds: Int?,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard let breakouts = state.breakouts else { throw Refusal(.noBreakouts) }
        if let seconds, !(0...limits.roundSeconds).contains(seconds) {
            throw Refusal(.badValue, field: "seconds")
        }
        let wait = seconds.map { Milliseconds($0) * 1_000 } ?? breakouts.closing
        if wait == 0 { return closing(by: seat) }
        let closesAt = min(breakouts.closesAt ?? .max, now + wait)
        // They close by then as it is.
        if breakouts.phase == .closing && breakouts.closesAt == closesAt { return Decision([]) }
        return Decision(.breakoutsClosing(closesAt: closesAt, by: seat))
    }

    /// A host closes the rooms now.
    private func closing(by seat: SeatID) -> Decision {
        Decision(.breakoutsClosed(placements: state.placementsBackToMain, by: seat))
    }

    func undoBreakouts(
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard let breakouts = state.breakouts else { throw Refusal(.noBreakouts) }
        guard now - breakouts.openedAt <= limits.undoMilliseconds else { throw Refusal(.tooLate) }
        // Rooms open only when none are, so everybody was in `main` before.
        return Decision(.breakoutsUndone(placements: state.placementsBackToMain, by: seat))
    }
}

extension SessionState {
    /// The names, tasks and places of the current round's rooms.
    fileprivate var openRoomsTextBytes: Int { openRooms.map(\.setup.textBytes).reduce(0, +) }

    /// Everybody who is in a breakout room, back in `main`, in seat order.
    var placementsBackToMain: [Placement] {
        seats.indices.lazy.map(SeatID.init).filter { self[$0].room != .main }
            .map { Placement(seat: $0, room: .main) }
    }

    /// Everybody who is in this room, back in `main`, in seat order.
    func placementsBackToMain(from room: RoomID) -> [Placement] {
        seats.indices.lazy.map(SeatID.init).filter { self[$0].room == room }
            .map { Placement(seat: $0, room: .main) }
    }
}
