/// The only place that changes a session's state.
extension Session {
    /// Makes the entry's event true.
    ///
    /// Entries come in the order of their `seq`; the first after `created` is 2.
    ///
    /// - Returns: who hears of it, as of now.
    @discardableResult
    package func apply(_ entry: SessionEntry) -> Audience {
        state.seq = entry.seq
        state.lastAt = entry.at
        change(entry)
        let audience = state.audience(of: entry.event)
        if let heardBy = state.heardBy(audience) {
            state.backlog.append(
                BacklogEntry(
                    seq: entry.seq,
                    at: entry.at,
                    event: entry.event,
                    heardBy: heardBy,
                    textBytes: entry.text?.utf8.count ?? 0
                )
            )
        }
        assert(state.violations().isEmpty, "invariants broken after \(entry.seq)")
        return audience
    }

    private func change(_ entry: SessionEntry) {
        let at = entry.at
        switch entry.event {
        case .created: break
        case .started: state.start(at: at)
        case .ending(_, let endsAt): state.endsAt = endsAt
        case .kept: state.endsAt = nil
        case .ended(_, let endedAt): state.end(at: endedAt)
        case .archived: break
        case .locked(_, let locked): state.locked = locked
        case .recovered(let downFrom, let newEpoch):
            state.recover(downFrom: downFrom, at: at)
            if let newEpoch { state.epoch = newEpoch }
        case .joined(let joined): state.join(joined, at: at)
        case .attached(let seat): state.attach(seat, at: at)
        case .detached(let seat, let cause): state.detach(seat, cause: cause, intervalEnds: at, at: at)
        case .away(let seat, _): state[seat].presence = .away
        case .returned(let seat): state[seat].presence = .here
        case .gone(let seat): state.forget(seat, presence: .gone)
        case .left(let seat): state.leave(seat, at: at)
        case .hostChanged(let from, let to, _): state.changeHost(from: from, to: to)
        case .roleChanged(let seat, let role, _): state[seat].role = role
        case .successionChanged(let order, _): state.succession = order
        case .breakoutsOpened(let opened): state.open(opened, at: at)
        case .moved(let seat, _, let to, _, _): state.move(seat, to: to, at: at)
        case .breakoutsExtended(let closesAt, _): state.extend(to: closesAt, at: at)
        case .breakoutsWarning: state.breakouts?.warned = true
        case .breakoutsClosing(let closesAt, _):
            state.breakouts?.phase = .closing
            state.breakouts?.closesAt = closesAt
        case .breakoutsClosed(let placements), .breakoutsUndone(let placements, _):
            state.place(placements, at: at)
            state.breakouts = nil
        case .confirmed(let seat, let room, let seen):
            state[seat].confirmedRoom = room
            state[seat].confirmedSeen = seen
        case .chatSent(let sent): state.send(sent, text: entry.text, id: entry.seq, at: at)
        }
    }
}

// MARK: - Presence

extension SessionState {
    fileprivate mutating func join(_ joined: Joined, at: Milliseconds) {
        let seat = SeatID(seats.count)
        seats.append(Seat(joined, at: at))
        seatByPerson[joined.person] = seat
        if let breakouts { self[seat].placedRound = breakouts.round }
        if joined.room != .main { visit(seat, joined.room) }
        count(seat, by: 1, at: at)
    }

    fileprivate mutating func attach(_ seat: SeatID, at: Milliseconds) {
        self[seat].attachedSince = at
        self[seat].detachedAt = nil
        unattached.removeAll { $0 == seat }
        count(seat, by: 1, at: at)
    }

    /// `intervalEnds` is when the person was last known to be here: earlier than `at` after an outage.
    fileprivate mutating func detach(
        _ seat: SeatID,
        cause: AwayCause,
        intervalEnds: Milliseconds,
        at: Milliseconds
    ) {
        guard let since = self[seat].attachedSince else { return }
        self[seat].intervals.append(Interval(from: since, to: max(since, intervalEnds)))
        self[seat].intervals.closeSmallestGap(ifMoreThan: StateBounds.intervalsPerSeat)
        self[seat].attachedSince = nil
        self[seat].detachedAt = at
        self[seat].awayCause = cause
        unattached.append(seat)
        count(seat, by: -1, at: at)
    }

    fileprivate mutating func leave(_ seat: SeatID, at: Milliseconds) {
        detach(seat, cause: .closed, intervalEnds: at, at: at)
        forget(seat, presence: .left)
    }

    /// The seat has no timer of presence any more.
    fileprivate mutating func forget(_ seat: SeatID, presence: Presence) {
        self[seat].presence = presence
        unattached.removeAll { $0 == seat }
    }

    /// Keeps the number of people here, its peak, and since when they are too few.
    private mutating func count(_ seat: SeatID, by change: Int, at: Milliseconds) {
        guard self[seat].role != .observer else { return }
        attachedCount += change
        peak = max(peak, attachedCount)
        judgeFew(at: at)
    }

    private mutating func judgeFew(at: Milliseconds) {
        guard phase == .live else { return }
        if attachedCount >= 2 {
            reachedTwo = true
            fewSince = nil
        } else if reachedTwo && fewSince == nil {
            fewSince = at
        }
    }

    fileprivate mutating func recover(downFrom: Milliseconds, at: Milliseconds) {
        outages.append(Interval(from: downFrom, to: at))
        // Nobody could come back while the server was down: leases and `gone` count from now.
        for seat in unattached { self[seat].detachedAt = at }
        if let host { self[host].detachedAt = at }
        for seat in seats.indices.map(SeatID.init) where self[seat].isAttached {
            detach(seat, cause: .server, intervalEnds: downFrom, at: at)
        }
        if fewSince != nil { fewSince = at }
    }
}

// MARK: - Life

extension SessionState {
    fileprivate mutating func start(at: Milliseconds) {
        phase = .live
        startedAt = at
        judgeFew(at: at)
    }

    fileprivate mutating func end(at: Milliseconds) {
        phase = .ended
        endedAt = at
        endsAt = nil
        fewSince = nil
        unattached = []
    }

    fileprivate mutating func changeHost(from: SeatID?, to: SeatID?) {
        if let from { self[from].role = .cohost }
        if let to { self[to].role = .host }
        host = to
    }
}

// MARK: - Breakouts

extension SessionState {
    fileprivate mutating func open(_ opened: BreakoutsOpened, at: Milliseconds) {
        rounds = opened.round
        breakouts = Breakouts(
            round: opened.round,
            mode: opened.mode,
            firstRoom: rooms.count,
            openedAt: at,
            closesAt: opened.closesAt,
            closing: opened.closing,
            late: opened.late,
            hostsRead: opened.hostsRead,
            seed: opened.seed
        )
        for (index, setup) in opened.rooms.enumerated() {
            rooms.append(
                Room(round: opened.round, number: index + 1, setup: setup, hostsRead: opened.hostsRead)
            )
        }
        for index in seats.indices where seats[index].presence == .here || seats[index].presence == .away {
            seats[index].placedRound = opened.round
        }
        place(opened.placements, at: at)
    }

    fileprivate mutating func place(_ placements: [Placement], at: Milliseconds) {
        for placement in placements { move(placement.seat, to: placement.room, at: at) }
    }

    fileprivate mutating func move(_ seat: SeatID, to room: RoomID, at: Milliseconds) {
        self[seat].previousRoom = self[seat].room
        self[seat].movedAt = at
        self[seat].room = room
        if let breakouts { self[seat].placedRound = breakouts.round }
        if room != .main { visit(seat, room) }
    }

    private mutating func visit(_ seat: SeatID, _ room: RoomID) {
        guard let index = roomIndex(room), !rooms[index].visitors.contains(seat) else { return }
        rooms[index].visitors.append(seat)
    }

    fileprivate mutating func extend(to closesAt: Milliseconds, at: Milliseconds) {
        guard var round = breakouts else { return }
        round.closesAt = closesAt
        // With more time than the countdown takes, the rooms are simply open again, and will be warned again.
        if closesAt - at > round.closing {
            round.phase = .open
            round.warned = false
        }
        breakouts = round
    }
}

// MARK: - Chat

extension SessionState {
    fileprivate mutating func send(_ sent: ChatSent, text: Text?, id: MessageID, at: Milliseconds) {
        messages.append(
            Message(id: id, at: at, from: sent.from, room: sent.room, replyTo: sent.replyTo, text: text)
        )
        self[sent.from].chatClock = max(self[sent.from].chatClock, at) + StateBounds.chatIntervalMilliseconds
        guard let key = sent.key else { return }
        self[sent.from].keys.append(MessageKey(key: key, message: id))
        if self[sent.from].keys.count > StateBounds.keysPerSeat { self[sent.from].keys.removeFirst() }
    }
}
