/// Opening, closing and walking between breakout rooms.
extension Session {
    func openBreakouts(
        _ plan: OpenBreakouts,
        by seat: SeatID,
        at now: Milliseconds,
        entropy: UInt64,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard state.breakouts == nil else { throw Refusal(.breakoutsOpen) }
        guard state.rounds < limits.roundsPerSession else { throw Refusal(.tooManyRounds) }
        if let seconds = plan.seconds, !(1...limits.roundSeconds).contains(seconds) {
            throw Refusal(.badValue, field: "seconds")
        }
        if let closing = plan.closing, !(0...limits.roundSeconds).contains(closing) {
            throw Refusal(.badValue, field: "closing")
        }
        let round = state.rounds + 1
        let rooms = try state.rooms(of: plan, limits: limits)
        let mode = plan.mode ?? (plan.rooms == nil ? .even : .manual)
        // What a host reads and may ask for again is an integer of JavaScript's: at most 2^53 - 1.
        let seed = (plan.seed ?? entropy) & (1 << 53 - 1)
        var placing = try Placing(named: plan, rooms: rooms.count, round: round, in: state)
        switch mode {
        case .even: placing.deal(state.placeable, seed: seed)
        case .manual, .choose: break
        case .mix: throw Refusal(.badValue, field: "mode")
        }
        return Decision(
            .breakoutsOpened(
                BreakoutsOpened(
                    round: round,
                    mode: mode,
                    rooms: rooms,
                    placements: placing.placements,
                    closesAt: plan.seconds.map { now + Milliseconds($0) * 1_000 },
                    closing: Milliseconds(plan.closing ?? limits.closingSeconds) * 1_000,
                    late: plan.late ?? .place,
                    hostsRead: plan.hostsRead,
                    seed: seed,
                    by: seat
                )
            )
        )
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
        // Shortened to less than nothing: the rooms close now.
        return Decision(.breakoutsExtended(closesAt: max(extended, now), by: seat))
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
        if wait == 0 { return Decision(.breakoutsClosed(placements: state.placementsBackToMain)) }
        return Decision(.breakoutsClosing(closesAt: min(breakouts.closesAt ?? .max, now + wait), by: seat))
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
    /// Everybody who is in a breakout room, back in `main`, in seat order.
    var placementsBackToMain: [Placement] {
        seats.indices.lazy.map(SeatID.init).filter { self[$0].room != .main }
            .map { Placement(seat: $0, room: .main) }
    }

    /// Whom a rule places: participants who are here or away, in seat order.
    var placeable: [SeatID] {
        seats.indices.map(SeatID.init).filter {
            self[$0].role == .participant && (self[$0].presence == .here || self[$0].presence == .away)
        }
    }

    /// The rooms that a plan asks for.
    func rooms(of plan: OpenBreakouts, limits: SessionsLimits) throws(Refusal) -> [RoomSetup] {
        let ways = (plan.rooms == nil ? 0 : 1) + (plan.count == nil ? 0 : 1) + (plan.size == nil ? 0 : 1)
        guard ways == 1 else { throw Refusal(.badValue, field: "rooms") }
        let count: Int
        if let size = plan.size {
            guard size >= 1 else { throw Refusal(.badValue, field: "size") }
            count = max(1, (placeable.count + size - 1) / size)
        } else {
            count = plan.count ?? plan.rooms?.count ?? 0
        }
        guard count >= 1 else { throw Refusal(.badValue, field: plan.rooms == nil ? "count" : "rooms") }
        guard count <= limits.roomsPerRound else { throw Refusal(.tooManyRooms) }
        let rooms = (0..<count).map { index in
            let room = plan.rooms?[index]
            return RoomSetup(
                name: room?.name ?? Text("Room \(index + 1)"),
                task: room?.task ?? plan.task,
                place: room?.place ?? .empty
            )
        }
        // One event tells it all, and must fit into a record and a message.
        let textBytes = rooms.reduce(0) {
            $0 + $1.name.utf8.count + $1.task.utf8.count + $1.place.utf8.count
        }
        guard textBytes <= limits.roundTextBytes else { throw Refusal(.tooLong, field: "task") }
        return rooms
    }
}
