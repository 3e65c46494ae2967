/// What hosts do with single people, and what stands beside a name.
extension Session {
    /// One's own label, or as a host somebody else's; an empty one is none.
    func label(
        _ person: PersonID?,
        _ text: Text,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let labelled = try state.oneself(seat, or: person)
        if state[labelled].label == text { return Decision([]) }
        var changed = state[labelled]
        changed.label = text
        guard state.canTell(of: changed, insteadOf: labelled, limits: limits) else {
            throw Refusal(.tooLong, field: "text")
        }
        return Decision(occurrence: Occurrence(.labelled(labelled, by: seat), text: text), answer: .done)
    }

    /// A muted person writes to hosts alone.
    func mute(_ person: PersonID, _ muted: Bool, by seat: SeatID) throws(Refusal) -> Decision {
        // Whoever was muted and leads now may lift it: there is nobody else who could.
        let isOwn = !muted && state.host == seat && state.seatByPerson[person] == seat
        let other = isOwn ? seat : try governed(person, by: seat)
        return Decision(state[other].isMuted == muted ? [] : [.muted(other, muted: muted, by: seat)])
    }

    /// Sends a person away for good.
    func remove(_ person: PersonID, by seat: SeatID) throws(Refusal) -> Decision {
        let other = try governed(person, by: seat)
        var events = [.removed(other, by: seat)] + state.farewell(of: other, by: seat)
        if state.succession.contains(other) {
            events.append(.successionChanged(state.succession.filter { $0 != other }, by: seat))
        }
        return Decision(events)
    }

    /// Somebody whom `seat` may mute or remove: not oneself, not the host, and a co-host only for the host.
    private func governed(_ person: PersonID, by seat: SeatID) throws(Refusal) -> SeatID {
        let other = try state.seat(of: person)
        guard other != seat else { throw Refusal(.badValue, field: "person") }
        switch state[other].role {
        case .host: throw Refusal(.notHost, field: "person")
        case .cohost: if state.host != seat { throw Refusal(.notHost, field: "person") }
        case .participant, .observer: break
        }
        return other
    }
}
