/// Coming in, starting, ending, leaving.
extension Session {
    /// What taking a seat comes to: a new seat, or a further or first connection on the person's own.
    ///
    /// `alreadyAttached` says that the engine has another connection on the seat. Throws the refusal of a new seat, and
    /// turns down whoever mixes up rehearsals and other sessions, with a seat or without one.
    package func admit(
        _ admission: Admission,
        alreadyAttached: Bool,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> [SessionEvent] {
        guard admission.isRehearsal == state.isRehearsal else { throw Refusal(.rehearsalMismatch) }
        if let seat = state.seatByPerson[admission.person] {
            guard !state[seat].isRemoved else { throw Refusal(.removed) }
            return alreadyAttached || state.phase == .ended ? [] : attach(seat)
        }
        guard state.phase != .ended else { throw Refusal(.ended) }
        guard !admission.isExpired else { throw Refusal(.ticketExpired) }
        let mayLead = admission.role == .host || admission.role == .cohost
        guard !state.locked || mayLead else { throw Refusal(.locked) }
        let joined = Joined(
            person: admission.person,
            name: admission.name,
            school: admission.school,
            ticketRole: admission.role,
            room: state.lateRoom(for: admission.role, school: admission.school) ?? .main
        )
        guard state.seats.count < limits.seatsPerSession,
            state.canTell(of: Seat(joined, at: now), limits: limits)
        else { throw Refusal(.sessionFull) }
        return [.joined(joined)]
    }

    /// The first connection of a seat that had none.
    private func attach(_ seat: SeatID) -> [SessionEvent] {
        var events: [SessionEvent] = [.attached(seat)]
        if state[seat].presence != .here { events.append(.returned(seat)) }
        if let breakouts = state.breakouts, state[seat].placedRound < breakouts.round,
            !state[seat].passes,
            let room = state.lateRoom(for: state[seat].role, school: state[seat].school)
        {
            events.append(.moved(seat, from: state[seat].room, to: room, reason: .late, by: nil))
        }
        return events
    }

    /// The last connection of a seat went.
    ///
    /// Nothing happens once the session has ended, or when the seat has none.
    package func detach(_ seat: SeatID, cause: AwayCause) -> [SessionEvent] {
        state.phase != .ended && state[seat].isAttached ? [.detached(seat, cause: cause)] : []
    }

    func end(
        seconds: Int?,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let wanted = seconds ?? limits.endSeconds
        guard (0...limits.longestEndSeconds).contains(wanted) else {
            throw Refusal(.badValue, field: "seconds")
        }
        if wanted == 0 { return Decision(state.ending(reason: .ended, endedAt: now)) }
        return Decision(.ending(by: seat, endsAt: now + Milliseconds(wanted) * 1_000))
    }

    func keep(by seat: SeatID) throws(Refusal) -> Decision {
        guard state.endsAt != nil else { throw Refusal(.notEnding) }
        return Decision(.kept(by: seat))
    }

    /// Who leaves again as soon as they are back is away, as if the connection were lost: the others hear of it only if
    /// it lasts, however often it is done.
    ///
    /// Not so the host, who is replaced at once.
    func leave(_ seat: SeatID, at now: Milliseconds, limits: SessionsLimits) -> Decision {
        if state.host != seat, let since = state[seat].attachedSince, !state[seat].intervals.isEmpty,
            now - since < limits.quickLeaveMilliseconds
        {
            return Decision(detach(seat, cause: .closed))
        }
        var events = [.left(seat)] + state.farewell(of: seat, by: seat)
        if state.host == seat {
            events.append(.hostChanged(from: seat, to: state.successor(of: seat), reason: .left))
        }
        return Decision(events)
    }

    func set(title: Text?, place: Text?, by seat: SeatID) throws(Refusal) -> Decision {
        guard title != nil || place != nil else { throw Refusal(.badValue, field: "title") }
        let (newTitle, newPlace) = (title ?? state.title, place ?? state.place)
        if newTitle == state.title && newPlace == state.place { return Decision([]) }
        return Decision(.changed(title: newTitle, place: newPlace, by: seat))
    }
}

extension SessionState {
    /// The events of the session's end: rooms close first, so that nobody is left in one.
    func ending(reason: EndReason, endedAt: Milliseconds) -> [SessionEvent] {
        let end = SessionEvent.ended(reason: reason, endedAt: endedAt)
        return breakouts == nil ? [end] : [.breakoutsClosed(placements: placementsBackToMain, by: nil), end]
    }

    /// What ends with somebody's going: a raised hand, a request for help, an offer, the floor.
    func farewell(of seat: SeatID, by: SeatID) -> [SessionEvent] {
        var events: [SessionEvent] = []
        if self[seat].handRaisedSeq != nil { events.append(.handLowered(seat, by: by)) }
        events += help.filter { $0.from == seat }.map { .helpWithdrawn($0.id, of: seat) }
        if offer?.to == seat { events.append(.handoffDeclined(by: seat)) }
        if floor?.seat == seat { events.append(.floorYielded(by: by)) }
        return events
    }
}
