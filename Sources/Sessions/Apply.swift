/// The only place that changes a session's state.
extension Session {
    /// Makes the entry's event true.
    ///
    /// Entries come in the order of their `seq`; the first after `created` is 2.
    ///
    /// - Returns: who hears of it, as of now.
    @discardableResult
    package func apply(_ entry: SessionEntry) -> Audience {
        let audience = state.apply(entry)
        assert(state.violations().isEmpty, "invariants broken after \(entry.seq): \(state.violations())")
        return audience
    }
}

extension SessionState {
    fileprivate mutating func apply(_ entry: SessionEntry) -> Audience {
        seq = entry.seq
        lastAt = entry.at
        change(entry)
        if let edit = entry.event.edit(seq: entry.seq) { edits.append(edit) }
        let audience = audience(of: entry.event)
        if let heardBy = heardBy(audience) {
            backlog.append(
                BacklogEntry(
                    seq: entry.seq,
                    at: entry.at,
                    event: entry.event,
                    heardBy: heardBy,
                    textBytes: entry.text?.utf8.count ?? 0,
                    text: entry.event.isMessage ? nil : entry.text
                )
            )
        }
        return audience
    }

    private mutating func change(_ entry: SessionEntry) {
        let at = entry.at
        switch entry.event {
        case .created, .archived, .sessionErased: break
        case .started: start(at: at)
        case .ending(_, let endsAt): self.endsAt = endsAt
        case .kept: endsAt = nil
        case .ended(_, let endedAt): end(at: endedAt, saidAt: at)
        case .locked(_, let locked): self.locked = locked
        case .changed(let title, let place, let by):
            self.title = title
            self.place = place
            setBy = by
        case .recovered(let downFrom, let newEpoch):
            recover(downFrom: downFrom, at: at)
            if let newEpoch { epoch = newEpoch }
        case .joined(let joined): join(joined, at: at)
        case .attached(let seat): attach(seat, at: at)
        case .detached(let seat, let cause): detach(seat, cause: cause, intervalEnds: at, at: at)
        case .away(let seat, _): self[seat].presence = .away
        case .returned(let seat): self[seat].presence = .here
        case .gone(let seat): forget(seat, presence: .gone)
        case .left(let seat): leave(seat, at: at)
        case .removed(let seat, _): remove(seat, at: at)
        case .labelled(let seat, let by):
            self[seat].label = entry.text ?? .empty
            self[seat].labelledBy = by
        case .muted(let seat, let muted, _): self[seat].isMuted = muted
        case .handoffOffered(let from, let to): offer = HandoffOffer(from: from, to: to)
        case .handoffDeclined, .handoffWithdrawn: offer = nil
        case .hostChanged(let from, let to, _): changeHost(from: from, to: to)
        case .roleChanged(let seat, let role, _): self[seat].role = role
        case .successionChanged(let order, _): succession = order
        case .floorTaken(let seat, let until): floor = Floor(seat: seat, until: until)
        case .floorYielded: floor = nil
        case .breakoutsOpened, .moved, .roomAdded, .roomRenamed, .roomRemoved, .breakoutsExtended,
            .breakoutsAnnounced, .breakoutsWarning, .breakoutsClosing, .breakoutsClosed, .breakoutsUndone,
            .confirmed, .signalled, .passed:
            changeRooms(entry.event, at: at)
        case .helpAsked, .helpClaimed, .helpResolved, .helpWithdrawn, .handRaised, .handLowered, .chatSent,
            .chatEdited, .chatDeleted, .chatReacted, .chatSettings:
            changeTalk(entry)
        case .attendanceClaimed(let seat, let time): self[seat].claims.append(AttendanceClaim(time: time))
        case .attendanceAccepted(let seat, let by): acceptClaims(of: seat, by: by)
        case .attendanceMarked(let seat, let time, let present, let by):
            self[seat].marks.append(AttendanceMark(time: time, present: present, by: by, reason: entry.text))
        case .personErased(let seat, let pseudonym, let epoch):
            erase(seat, as: pseudonym, newEpoch: epoch)
        }
    }
}

extension SessionEvent {
    /// Is about a message, whose words stand in the message log and nowhere else.
    fileprivate var isMessage: Bool {
        switch self {
        case .chatSent, .chatEdited: true
        default: false
        }
    }
}

// MARK: - Presence

extension SessionState {
    fileprivate mutating func join(_ joined: Joined, at: Milliseconds) {
        let seat = SeatID(seats.count)
        // A quarter more each time, not twice as much: seats are most of what a session takes.
        if seats.count == seats.capacity { seats.reserveCapacity(seats.count + seats.count / 4 + 4) }
        seats.append(Seat(joined, at: at))
        seatByPerson[joined.person] = seat
        if let breakouts { self[seat].placedRound = breakouts.round }
        if joined.room != .main {
            visit(seat, joined.room)
            self[seat].stays.enter(joined.room, at: at)
        }
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

    /// The seat is nobody's any more; it stays for what was said from it.
    fileprivate mutating func remove(_ seat: SeatID, at: Milliseconds) {
        leave(seat, at: at)
        self[seat].isRemoved = true
        if self[seat].room != .main { move(seat, to: .main, at: at) }
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
            fewWaitsFrom = nil
        } else if reachedTwo && fewSince == nil {
            fewSince = at
            fewWaitsFrom = at
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
        guard let few = fewSince else { return }
        // Others could come only from now on; but if they do not, it was over when the server went down, or before.
        fewSince = min(few, downFrom)
        fewWaitsFrom = at
    }
}

// MARK: - Life

extension SessionState {
    fileprivate mutating func start(at: Milliseconds) {
        phase = .live
        startedAt = at
        judgeFew(at: at)
    }

    fileprivate mutating func end(at: Milliseconds, saidAt: Milliseconds) {
        phase = .ended
        endedAt = at
        overAt = saidAt
        endsAt = nil
        fewSince = nil
        unattached = []
    }

    fileprivate mutating func changeHost(from: SeatID?, to: SeatID?) {
        if let from { self[from].role = .cohost }
        if let to { self[to].role = .host }
        host = to
        // Whoever leads now was not the one who offered, or has been taken up on it.
        offer = nil
    }
}

// MARK: - Breakouts

extension SessionState {
    fileprivate mutating func changeRooms(_ event: SessionEvent, at: Milliseconds) {
        switch event {
        case .breakoutsOpened(let opened): open(opened, at: at)
        case .moved(let seat, _, let to, _, _): move(seat, to: to, at: at)
        case .roomAdded(.breakout(let round, let number), let setup, let by):
            let hostsRead = breakouts?.hostsRead ?? false
            rooms.append(Room(round: round, number: number, setup: setup, hostsRead: hostsRead, by: by))
        case .roomRenamed(let room, let name, let by):
            if let index = roomIndex(room) {
                rooms[index].setup.name = name
                rooms[index].namedBy = by
            }
        case .roomRemoved(let room, let placements, _):
            place(placements, at: at)
            if let index = roomIndex(room) { rooms[index].isRemoved = true }
        case .breakoutsExtended(let closesAt, _): extend(to: closesAt, at: at)
        case .breakoutsWarning: breakouts?.warned = true
        case .breakoutsClosing(let closesAt, _):
            breakouts?.phase = .closing
            breakouts?.closesAt = closesAt
        case .breakoutsClosed(let placements, _):
            place(placements, at: at)
            breakouts = nil
        case .breakoutsUndone(let placements, _):
            place(placements, at: at)
            for index in rooms.indices.dropFirst(breakouts?.firstRoom ?? rooms.count) {
                rooms[index].isUndone = true
            }
            breakouts = nil
        case .confirmed(let seat, let room, let seen):
            self[seat].confirmedRoom = room
            self[seat].confirmedSeen = seen
        case .signalled(let seat, let signal): self[seat].signal = signal
        case .passed(let seat, let pass): self[seat].passes = pass
        default: break
        }
    }

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
                Room(
                    round: opened.round,
                    number: index + 1,
                    setup: setup,
                    hostsRead: opened.hostsRead,
                    by: opened.by
                )
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
        self[seat].stays.leave(at: at)
        self[seat].previousRoom = self[seat].room
        self[seat].movedAt = at
        self[seat].room = room
        self[seat].signal = nil
        if let breakouts { self[seat].placedRound = breakouts.round }
        guard room != .main else { return }
        visit(seat, room)
        self[seat].stays.enter(room, at: at)
        if self[seat].isHosting, let index = roomIndex(room) {
            rooms[index].lastVisit = Visit(by: seat, at: at)
        }
    }

    private mutating func visit(_ seat: SeatID, _ room: RoomID) {
        guard let index = roomIndex(room), !rooms[index].visitors.contains(seat) else { return }
        rooms[index].visitors.append(seat)
    }

    fileprivate mutating func extend(to closesAt: Milliseconds, at: Milliseconds) {
        guard var round = breakouts else { return }
        // With more time everybody is warned again of what is now the end.
        if let known = round.closesAt, closesAt > known { round.warned = false }
        round.closesAt = closesAt
        // With more time than the countdown takes, the rooms are simply open again.
        if closesAt - at > round.closing { round.phase = .open }
        breakouts = round
    }
}

// MARK: - Help, hands, chat

extension SessionState {
    fileprivate mutating func changeTalk(_ entry: SessionEntry) {
        switch entry.event {
        case .helpAsked(let asked):
            let request = HelpRequest(
                id: entry.seq,
                at: entry.at,
                from: asked.from,
                room: asked.room,
                unnamed: asked.unnamed,
                text: entry.text
            )
            help.append(request)
        case .helpClaimed(let id, _, let by):
            if let index = help.firstIndex(where: { $0.id == id }) { help[index].claimedBy = by }
        case .helpResolved(let id, _, _), .helpWithdrawn(let id, _): help.removeAll { $0.id == id }
        case .handRaised(let seat): self[seat].handRaisedSeq = entry.seq
        case .handLowered(let seat, _): self[seat].handRaisedSeq = nil
        case .chatSent(let sent): send(sent, text: entry.text, id: entry.seq, at: entry.at)
        case .chatEdited(let id, _): messages.edit(id, text: entry.text, at: entry.at)
        case .chatDeleted(let id, _): messages.delete(id)
        case .chatReacted(let id, let emoji, let added, let seat):
            messages.react(id, emoji: emoji, added: added, by: seat)
        case .chatSettings(let locked, let slowSeconds, _):
            chatLocked = locked
            self.slowSeconds = slowSeconds
        default: break
        }
    }

    private mutating func send(_ sent: ChatSent, text: Text?, id: MessageID, at: Milliseconds) {
        messages.append(
            Message(id: id, at: at, from: sent.from, place: sent.place, replyTo: sent.replyTo, text: text)
        )
        self[sent.from].chatClock = max(self[sent.from].chatClock, at) + StateBounds.chatIntervalMilliseconds
        guard let key = sent.key else { return }
        self[sent.from].keys.append(MessageKey(key: key, message: id))
    }
}
