import Journal
import Sessions

/// What must hold, whatever happened (DESIGN 5).
extension World {
    /// Of a session's state, after each batch that changed it.
    func checkState(_ number: SessionNumber) throws(Broken) {
        guard let session = ahead.sessions[number] else { return }
        let state = session.state
        let broken = state.violations()
        guard broken.isEmpty else { throw Broken("session \(number): \(broken)") }
        guard state.phase != .ended else { return }
        if let closesAt = state.breakouts?.closesAt, closesAt <= now {
            throw Broken("session \(number): rooms that should have closed \(now - closesAt) ms ago")
        }
        if let endsAt = state.endsAt, endsAt <= now { throw Broken("session \(number) should have ended") }
        let canLead = state.seats.indices.map(SeatID.init).filter {
            state[$0].isAttached && state.isEligible($0)
        }
        guard !canLead.isEmpty else { return }
        guard let host = state.host else { throw Broken("session \(number): nobody leads, \(canLead) could") }
        guard !state[host].isAttached, canLead.contains(where: { $0 != host }) else { return }
        guard let since = state[host].detachedAt, now < since + limits.leaseMilliseconds else {
            throw Broken("session \(number): the host's lease is over, and nobody has taken it")
        }
    }

    /// When a rule places people, the sizes differ by at most one.
    func checkSizes(_ event: SessionEvent) throws(Broken) {
        guard case .breakoutsOpened(let opened) = event, opened.mode == .even, !opened.placements.isEmpty
        else { return }
        let sizes = opened.rooms.indices.map { index in
            opened.placements.count { $0.room == .breakout(round: opened.round, number: index + 1) }
        }
        // A host who names people may want it otherwise.
        guard let most = sizes.max(), let least = sizes.min(),
            seedsWithNames.contains(opened.seed) || most - least <= 1
        else {
            throw Broken("round \(opened.round) opened with \(sizes)")
        }
    }

    /// When everything that was decided has been kept and heard: who has heard what, and who is where.
    func checkRest() throws(Broken) {
        guard queue.isEmpty else { return }
        for index in active where devices[index].isJoined {
            let gathering = gatherings[devices[index].gathering]
            let person = gathering.people[devices[index].person].person
            guard let account = numbers[gathering.id].flatMap({ accounts[$0] }),
                let seat = account.seat(of: person)
            else { throw Broken("device \(index) is joined to nothing") }
            if inbox.isEmpty {
                do throws(Broken) {
                    try devices[index].checkComplete(account, seat: seat)
                } catch {
                    throw Broken("device \(index): \(error.what)")
                }
            }
            let place = account.places[seat]
            guard devices[index].room == place.room.text, devices[index].role == name(of: place.role)
            else {
                throw Broken(
                    "device \(index) believes in \(devices[index].room) as \(devices[index].role), "
                        + "and is in \(place.room.text) as \(place.role)"
                )
            }
        }
        for gathering in gatherings.suffix(3) { try compareAccount(of: gathering) }
    }

    private func name(of role: Role) -> String {
        switch role {
        case .host: "host"
        case .cohost: "cohost"
        case .participant: "participant"
        case .observer: "observer"
        }
    }

    /// The state, and what the raw events tell by other rules.
    private func compareAccount(of gathering: Gathering) throws(Broken) {
        guard let number = numbers[gathering.id], let account = accounts[number] else { return }
        guard let state = ahead.sessions[number]?.state else {
            guard account.isArchived else { throw Broken("\(gathering.id.text) has vanished") }
            return
        }
        guard state.seq == account.seq, state.seats.count == account.places.count else {
            throw Broken("\(gathering.id.text): the state is ahead of what was let go")
        }
        for (seat, place) in zip(state.seats, account.places) {
            guard seat.person == place.person, seat.role == place.role, seat.room == place.room,
                seat.previousRoom == place.roomBefore, seat.attachedSince == place.hereSince,
                seat.intervals == place.here
            else { throw Broken("\(gathering.id.text): \(seat) is not \(place)") }
        }
        guard inbox.isEmpty, state.phase != .ended else { return }
        for (index, place) in account.places.enumerated() {
            let person = gathering.people.firstIndex { $0.person == place.person }
            let isHere = active.contains {
                devices[$0].isJoined && gatherings[devices[$0].gathering].id == gathering.id
                    && devices[$0].person == person
            }
            guard isHere == state.seats[index].isAttached else {
                throw Broken("\(place.person.text) is here: \(isHere), and counted otherwise")
            }
        }
    }

    /// Nothing goes wrong any more: everybody comes back and says again what has no answer; then all is compared.
    func comeToRest() throws(Broken) {
        note("coming to rest")
        storage.misfortunes = [:]
        try turn()
        try flush()
        for _ in 0..<3 {
            now += 1_000
            for index in active { arrive(index) }
            try turn()
            try flush()
            for index in active { repeatUnanswered(index) }
            try turn()
            try flush()
        }
        guard queue.isEmpty else { throw Broken("something was never kept") }
        try stop()
        do {
            try compareWhole(with: CheckpointImage(of: ahead, at: 0))
        } catch let broken as Broken {
            throw broken
        } catch {
            throw Broken("the whole journal: \(error)")
        }
    }
}
