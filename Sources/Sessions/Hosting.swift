/// Who leads: offering, giving, reclaiming, co-hosts, succession, stepping in.
extension Session {
    func offerHandoff(to person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let to = try state.newHost(person, besides: seat)
        guard let known = state.offer else { return Decision(.handoffOffered(from: seat, to: to)) }
        if known.to == to { return Decision([]) }
        // One offer at a time: whoever held the other one hears that it is gone.
        return Decision([.handoffWithdrawn(by: seat, to: known.to), .handoffOffered(from: seat, to: to)])
    }

    func acceptHandoff(by seat: SeatID) throws(Refusal) -> Decision {
        guard let offer = state.offer, offer.to == seat else { throw Refusal(.noOffer) }
        return Decision(.hostChanged(from: offer.from, to: seat, reason: .accepted))
    }

    func declineHandoff(by seat: SeatID) throws(Refusal) -> Decision {
        guard state.offer?.to == seat else { throw Refusal(.noOffer) }
        return Decision(.handoffDeclined(by: seat))
    }

    func withdrawHandoff(by seat: SeatID) throws(Refusal) -> Decision {
        guard let offer = state.offer else { throw Refusal(.noOffer) }
        return Decision(.handoffWithdrawn(by: seat, to: offer.to))
    }

    func giveHost(to person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let to = try state.newHost(person, besides: seat)
        return Decision(.hostChanged(from: seat, to: to, reason: .given))
    }

    func reclaimHost(_ seat: SeatID) throws(Refusal) -> Decision {
        guard state.host != seat else { throw Refusal(.alreadyHost) }
        return Decision(.hostChanged(from: state.host, to: seat, reason: .reclaimed))
    }

    func addCohost(_ person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let to = try state.seat(of: person)
        switch state[to].role {
        case .host: throw Refusal(.alreadyHost, field: "person")
        case .cohost: throw Refusal(.alreadyCohost, field: "person")
        case .observer: throw Refusal(.observersOnlyWatch, field: "person")
        case .participant: return Decision(.roleChanged(to, role: .cohost, by: seat))
        }
    }

    func removeCohost(_ person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let from = try state.seat(of: person)
        guard state[from].role == .cohost else { throw Refusal(.notCohost, field: "person") }
        // The floor first: at no moment is it somebody's who may not step in.
        var events: [SessionEvent] = state.floor?.seat == from ? [.floorYielded(by: seat)] : []
        events.append(.roleChanged(from, role: .participant, by: seat))
        if state.succession.contains(from) {
            events.append(.successionChanged(state.succession.filter { $0 != from }, by: seat))
        }
        return Decision(events)
    }

    func setSuccession(_ people: [PersonID], by seat: SeatID) throws(Refusal) -> Decision {
        var order: [SeatID] = []
        for person in people {
            let next = try state.seat(of: person, field: "order")
            guard state[next].role != .observer else { throw Refusal(.observersOnlyWatch, field: "order") }
            guard !order.contains(next) else { throw Refusal(.badValue, field: "order") }
            order.append(next)
        }
        return Decision(order == state.succession ? [] : [.successionChanged(order, by: seat)])
    }

    /// Steps in for so long, whoever had stepped in before.
    func takeFloor(
        seconds: Int,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard (1...limits.floorSeconds).contains(seconds) else { throw Refusal(.badValue, field: "seconds") }
        return Decision(.floorTaken(seat, until: now + Milliseconds(seconds) * 1_000))
    }

    func yieldFloor(by seat: SeatID) throws(Refusal) -> Decision {
        guard let floor = state.floor, floor.seat == seat || state.host == seat else {
            throw Refusal(.noFloor)
        }
        return Decision(.floorYielded(by: seat))
    }
}

extension SessionState {
    /// The seat of a person who was not removed, or the refusal that names the field.
    func seat(of person: PersonID, field: String = "person") throws(Refusal) -> SeatID {
        guard let seat = seatByPerson[person], !self[seat].isRemoved else {
            throw Refusal(.noSuchPerson, field: field)
        }
        return seat
    }

    /// The seat of somebody who can take over from `host` now.
    fileprivate func newHost(_ person: PersonID, besides host: SeatID) throws(Refusal) -> SeatID {
        let to = try seat(of: person, field: "to")
        guard to != host else { throw Refusal(.alreadyHost, field: "to") }
        guard self[to].role != .observer else { throw Refusal(.observersOnlyWatch, field: "to") }
        // With somebody who is not here the session would have no host.
        guard self[to].isAttached else { throw Refusal(.personNotHere, field: "to") }
        return to
    }

    /// Who leads when `seat` no longer does: the first of the succession who is here, else an owner, else anybody
    /// eligible, in the order of joining.
    func successor(of seat: SeatID?) -> SeatID? {
        let here = { (next: SeatID) in next != seat && self[next].isAttached }
        if let next = succession.first(where: here) { return next }
        let others = seats.indices.lazy.map(SeatID.init).filter { here($0) && self[$0].isHosting }
        return others.first { self[$0].isOwner } ?? others.first
    }
}
