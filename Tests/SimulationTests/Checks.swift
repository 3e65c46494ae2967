import Journal
import SessionEngine
import SessionProtocol
import Sessions

/// What must hold, whatever happened (DESIGN 5).
extension World {
    /// Nothing that fell due is still to come, after each batch that changed the session.
    func checkDeadlines(_ number: SessionNumber) throws(Broken) {
        guard let state = ahead.sessions[number]?.state, state.phase != .ended else { return }
        if let closesAt = state.breakouts?.closesAt, closesAt <= now {
            throw Broken("session \(number): rooms that should have closed \(now - closesAt) ms ago")
        }
        if let until = state.floor?.until, until <= now { throw Broken("session \(number): an old floor") }
        if let endsAt = state.endsAt, endsAt <= now { throw Broken("session \(number) should have ended") }
    }

    /// When everything that was decided has been let go and heard: who has heard what, who is where, and who leads.
    func checkRest() throws(Broken) {
        guard queue.isEmpty else { return }
        for index in active + lingering where devices[index].isJoined {
            let gathering = gatherings[devices[index].gathering]
            let person = gathering.people[devices[index].person].person
            guard let account = known.account(gathering.id), let seat = account.seat(of: person) else {
                throw Broken("device \(index) is joined to nothing")
            }
            guard inbox.isEmpty else { continue }
            do throws(Broken) {
                try devices[index].checkComplete(account, seat: seat)
            } catch {
                throw Broken("device \(index): \(error.what)")
            }
        }
        for index in current {
            try compareAccount(of: gatherings[index])
            try known.account(gatherings[index].id)?.checkLed(at: turnedAt, lease: limits.leaseMilliseconds)
        }
        if chance(1, in: 3) { try comparePicture(pick(active)) }
        if chance(1, in: 12) { try compareHistories(of: gatherings[pick(current)], all: false) }
    }

    /// The totals that the engine keeps as things happen are those that a count from the beginning gives.
    func checkCounters() throws(Broken) {
        let (kept, counted) = (engine.counters, ahead.counters)
        guard kept.membersSeen == counted.all.membersSeen, kept.sessionsHeld == counted.all.sessionsHeld,
            kept.sessionsAttended == counted.all.sessionsAttended,
            kept.communities == counted.communities.count
        else { throw Broken("\(kept) is kept, \(counted) is counted") }
    }

    // MARK: - Account and state

    /// The state, and what the raw events tell by other rules.
    private func compareAccount(of gathering: Gathering) throws(Broken) {
        guard let account = known.account(gathering.id) else { return }
        guard let state = ahead.session(gathering.id)?.state, state.seq == account.seq else {
            throw Broken("\(gathering.id.text): the state is ahead of what was let go")
        }
        guard state.seats.count == account.people.count else { throw Broken("seats are lost") }
        for (seat, person) in zip(state.seats, account.people) {
            guard seat.isLike(person) else { throw Broken("\(gathering.id.text): \(seat) is not \(person)") }
        }
        try account.compare(with: state)
        try account.compareAttendance(with: state, at: max(now, account.at))
        guard inbox.isEmpty, state.phase != .ended else { return }
        for (index, person) in account.people.enumerated() {
            let isHere = isConnected(person.person, to: gathering.id)
            guard isHere == state.seats[index].isAttached else {
                throw Broken("\(person.person.text) is here: \(isHere), and counted otherwise")
            }
        }
    }

    private func isConnected(_ person: PersonID, to session: SessionID) -> Bool {
        let ghostly = ghosts.compactMap(switchboard.owner(of:))
        return active.contains { (devices[$0].isJoined || ghostly.contains($0)) && isOf($0, person, session) }
    }

    private func isOf(_ index: Int, _ person: PersonID, _ session: SessionID) -> Bool {
        let gathering = gatherings[devices[index].gathering]
        return gathering.id == session && gathering.people[devices[index].person].person == person
    }

    // MARK: - Pictures

    /// What a device shows is what it would be sent now.
    func comparePicture(_ index: Int) throws(Broken) {
        guard let picture = devices[index].picture else { return }
        guard let session = ahead.session(gatherings[devices[index].gathering].id) else { return }
        let state = session.state
        guard let seat = state.seats.firstIndex(where: { $0.person.text == picture.me.person }) else {
            throw Broken("device \(index) has no seat")
        }
        tally.pictures += 1
        let json =
            Array("{\"re\":1,\"ok\":{".utf8) + StateWriter.common(state) + Array(",".utf8)
            + StateWriter.own(state, SeatID(seat)) + Array("}}".utf8)
        let message: ServerMessage
        do throws(JSONFault) {
            message = try reader.read(json)
        } catch {
            throw Broken("a state that is not JSON: \(error)")
        }
        guard let ok = message.ok else { throw Broken("a state that is none") }
        var fields = Fields(ok, of: "the state")
        let fresh = try Picture(&fields, of: picture.me.person)
        if let difference = picture.difference(from: fresh) {
            throw Broken("device \(index) shows something else than it would be sent: \(difference)")
        }
    }

    // MARK: - Histories

    /// Every seat can read exactly what the audience table says: asked of each place, and compared with the account.
    func compareHistories(of gathering: Gathering, all: Bool) throws(Broken) {
        guard let account = known.account(gathering.id), let session = ahead.session(gathering.id) else {
            return
        }
        let targets = account.roomsEver.map(ChatTarget.room) + account.people.map { .person($0.person) }
        for seat in account.people.indices where all || chance(1, in: 4) {
            if account.phase == .lobby, account.people[seat].isHere, account.mayLead(seat) {
                let answer = answer(.start, by: seat, in: session)
                guard case .success = answer else { throw Broken("who may lead could not begin: \(answer)") }
            }
            for target in targets where all || chance(1, in: 4) {
                try compareHistory(of: target, seenBy: seat, in: session, account)
            }
        }
    }

    private func answer(
        _ command: SessionCommand,
        by seat: Int,
        in session: Session
    ) -> Result<Answer, Refusal> {
        do throws(Refusal) {
            let decision = try session.decide(
                command,
                by: SeatID(seat),
                at: max(now, turnedAt),
                entropy: 0,
                limits: limits
            )
            return .success(decision.answer)
        } catch {
            return .failure(error)
        }
    }

    private func compareHistory(
        of target: ChatTarget,
        seenBy seat: Int,
        in session: Session,
        _ account: Account
    ) throws(Broken) {
        tally.histories += 1
        let what = "\(account.id.text), seat \(seat), \(target)"
        var expected = account.history(of: target, for: seat)
        var before: MessageID?
        repeat {
            let answer = answer(
                .chatHistory(target, before: before, limit: 100),
                by: seat,
                in: session
            )
            guard case .success(.history(let messages, let more)) = answer else {
                guard expected == nil else { throw Broken("\(what) may not be read: \(answer)") }
                return
            }
            guard let left = expected else { throw Broken("\(what) may be read, and should not") }
            guard messages.count <= left.count, more == (messages.count < left.count) else {
                throw Broken("\(what): \(messages.count) of \(left.count) messages, more: \(more)")
            }
            for (message, said) in zip(messages, left.suffix(messages.count)) where !message.isLike(said) {
                throw Broken("\(what): \(message) is not \(said)")
            }
            guard more else { return }
            guard let first = messages.first else { throw Broken("\(what): there are more, and none came") }
            before = first.id
            expected = left.dropLast(messages.count)
        } while true
    }

    // MARK: - What was taken back

    /// Words that were taken back before a checkpoint are not in it.
    func checkForgotten(in sections: [Checkpoint.Section]) {
        for number in known.accounts.keys.sorted() {
            guard let account = known.accounts[number] else { continue }
            for words in account.talk.forgotten.suffix(2) where account.isForgotten(words.text) {
                if sections.contains(where: { $0.payload.contains(words.text.utf8) }) {
                    failure = Broken("words that were taken back with event \(words.seq) are in a checkpoint")
                }
            }
        }
    }

    /// Nothing goes wrong any more: everybody comes back and says again what has no answer; then all is compared.
    func comeToRest() throws(Broken) {
        note("coming to rest")
        storage.misfortunes = [:]
        layGhosts()
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
        try checkCounters()
        for index in active + lingering { try comparePicture(index) }
        for index in current { try compareHistories(of: gatherings[index], all: true) }
        try stop()
        do {
            try compareWhole(with: CheckpointImage(of: ahead, at: 0))
        } catch let broken as Broken {
            throw broken
        } catch {
            throw Broken("the whole journal: \(error)")
        }
        try checkRereading()
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    func contains(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, count >= bytes.count else { return false }
        return (0...count - bytes.count).contains { self[$0] == first && self[$0...].starts(with: bytes) }
    }
}
