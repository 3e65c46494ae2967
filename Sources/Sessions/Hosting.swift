/// Who leads: giving, reclaiming, co-hosts, succession.
extension Session {
    func giveHost(to person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let to = try state.seat(of: person)
        guard to != seat else { throw Refusal(.alreadyHost, field: "to") }
        guard state[to].role != .observer else { throw Refusal(.observersOnlyWatch, field: "to") }
        // Giving to somebody who is not here would leave the session without a host.
        guard state[to].isAttached else { throw Refusal(.personNotHere, field: "to") }
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
        var events: [SessionEvent] = [.roleChanged(from, role: .participant, by: seat)]
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
}

extension SessionState {
    /// The seat of a person, or the refusal that names the field.
    func seat(of person: PersonID, field: String = "person") throws(Refusal) -> SeatID {
        guard let seat = seatByPerson[person] else { throw Refusal(.noSuchPerson, field: field) }
        return seat
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
