/// Asking for help, and raising a hand.
///
///     (none) ── asked ──▶ open ── claimed ──▶ claimed ── resolved / withdrawn ──▶ (none)
///                          └────── resolved / withdrawn ───────────────────────▶ (none)
extension Session {
    func askHelp(
        _ text: Text,
        unnamed: Bool,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard !state.help.contains(where: { $0.from == seat }) else { throw Refusal(.alreadyAsked) }
        guard state.help.count < limits.helpRequests else { throw Refusal(.tooManyRequests) }
        let asked = HelpAsked(from: seat, room: state[seat].room, unnamed: unnamed)
        let words = text.isEmpty ? nil : text
        return Decision(occurrence: Occurrence(.helpAsked(asked), text: words), answer: .help(state.seq + 1))
    }

    /// A host says that they see to it; the host may take it over, and any host from one who is not here or none any
    /// more.
    func claimHelp(_ id: HelpID, by seat: SeatID) throws(Refusal) -> Decision {
        let request = try state.request(id, seenBy: seat)
        if let claimer = request.claimedBy {
            if claimer == seat { return Decision([]) }
            let sees = state[claimer].isAttached && state[claimer].isHosting
            guard !sees || state.host == seat else { throw Refusal(.alreadyClaimed) }
        }
        return Decision(.helpClaimed(id, of: request.from, by: seat))
    }

    func resolveHelp(_ id: HelpID, by seat: SeatID) throws(Refusal) -> Decision {
        let request = try state.request(id, seenBy: seat)
        return Decision(.helpResolved(id, of: request.from, by: seat))
    }

    func withdrawHelp(_ id: HelpID, by seat: SeatID) throws(Refusal) -> Decision {
        let request = try state.request(id, seenBy: seat)
        guard request.from == seat else { throw Refusal(.notYours, field: "help") }
        return Decision(.helpWithdrawn(id, of: seat))
    }

    func raiseHand(by seat: SeatID) -> Decision {
        Decision(state[seat].handRaisedSeq == nil ? [.handRaised(seat)] : [])
    }

    /// One's own hand, or as a host somebody else's.
    func lowerHand(of person: PersonID?, by seat: SeatID) throws(Refusal) -> Decision {
        let other = try state.oneself(seat, or: person)
        return Decision(state[other].handRaisedSeq == nil ? [] : [.handLowered(other, by: seat)])
    }
}

extension SessionState {
    /// A request that `seat` knows of: hosts know all, others their own.
    fileprivate func request(_ id: HelpID, seenBy seat: SeatID) throws(Refusal) -> HelpRequest {
        guard let request = help.first(where: { $0.id == id }), self[seat].isHosting || request.from == seat
        else {
            throw Refusal(.noSuchHelp, field: "help")
        }
        return request
    }

    /// The seat itself when no person is named or the person is the same; another's when `seat` is a host's.
    func oneself(_ seat: SeatID, or person: PersonID?) throws(Refusal) -> SeatID {
        guard let person else { return seat }
        let other = try self.seat(of: person)
        guard other == seat || self[seat].isHosting else { throw Refusal(.hostsOnly, field: "person") }
        return other
    }
}
