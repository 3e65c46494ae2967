import Sessions

/// A session's state from a checkpoint: the mirror of `StateWriting.swift`.
extension ByteReader {
    /// Reads a state; `texts` are the words of its messages, in their order.
    mutating func state(texts: [Text?]) throws(SpellingFault) -> SessionState {
        let number = try unsigned()
        let created = Created(
            id: try session(),
            epoch: Epoch(bits: try unsigned()),
            community: try text(),
            title: try text(),
            place: try text()
        )
        let phase = try code(Phase.self)
        var state = SessionState(created, number: number, at: try time())
        state.phase = phase
        state.startedAt = try optionalTime()
        state.endsAt = try optionalTime()
        state.endedAt = try optionalTime()
        state.locked = try flag()
        state.seq = try self.number()
        state.lastAt = try time()
        state.seats = try list { (reader) throws(SpellingFault) in try reader.fullSeat() }
        for (index, seat) in state.seats.enumerated() { state.seatByPerson[seat.person] = SeatID(index) }
        state.host = try optionalSeat()
        state.succession = try seats()
        state.unattached = try seats()
        state.attachedCount = try self.number()
        state.peak = try self.number()
        state.reachedTwo = try flag()
        state.fewSince = try optionalTime()
        state.outages = try intervals()
        state.rounds = try self.number()
        state.breakouts = try flag() ? try breakouts() : nil
        state.rooms = try list { (reader) throws(SpellingFault) in try reader.fullRoom() }
        var messages = try list { (reader) throws(SpellingFault) in try reader.message() }
        guard messages.count == texts.count else { throw .badValue("texts") }
        for index in messages.indices { messages[index].text = texts[index] }
        state.messages = MessageLog(messages: messages)
        let reachesBackTo = try self.number()
        state.backlog = Backlog(
            entries: try list { (reader) throws(SpellingFault) in try reader.backlogEntry() },
            reachesBackTo: reachesBackTo
        )
        guard isAtEnd else { throw .tooLong }
        return state
    }

    /// Reads the words of a state's messages.
    mutating func texts() throws(SpellingFault) -> [Text?] {
        let texts = try list { (reader) throws(SpellingFault) in try reader.flag() ? try reader.text() : nil }
        guard isAtEnd else { throw .tooLong }
        return texts
    }

    private mutating func fullSeat() throws(SpellingFault) -> Seat {
        let joined = Joined(
            person: try person(),
            name: try text(),
            school: try text(),
            ticketRole: try code(Role.self),
            room: .main
        )
        var seat = Seat(joined, at: 0)
        seat.role = try code(Role.self)
        seat.room = try room()
        seat.presence = try code(Presence.self)
        seat.attachedSince = try optionalTime()
        seat.detachedAt = try optionalTime()
        seat.awayCause = try code(AwayCause.self)
        seat.intervals = try intervals()
        seat.previousRoom = try flag() ? try room() : nil
        seat.movedAt = try time()
        seat.placedRound = try number()
        seat.confirmedRoom = try flag() ? try room() : nil
        seat.confirmedSeen = try flag()
        seat.chatClock = try time()
        seat.keys = try list { (reader) throws(SpellingFault) in
            MessageKey(key: try reader.text(), message: try reader.number())
        }
        return seat
    }

    private mutating func optionalTime() throws(SpellingFault) -> Milliseconds? {
        try flag() ? try time() : nil
    }

    private mutating func intervals() throws(SpellingFault) -> [Interval] {
        try list { (reader) throws(SpellingFault) in Interval(from: try reader.time(), to: try reader.time())
        }
    }

    private mutating func breakouts() throws(SpellingFault) -> Breakouts {
        let round = try number()
        let phase = try code(BreakoutPhase.self)
        return Breakouts(
            round: round,
            phase: phase,
            mode: try code(BreakoutMode.self),
            firstRoom: try number(),
            openedAt: try time(),
            closesAt: try optionalTime(),
            closing: try time(),
            warned: try flag(),
            late: try code(LatePolicy.self),
            hostsRead: try flag(),
            seed: try unsigned()
        )
    }

    private mutating func fullRoom() throws(SpellingFault) -> Room {
        let round = try number()
        let number = try number()
        let setup = try setup()
        var room = Room(round: round, number: number, setup: setup, hostsRead: try flag())
        room.isRemoved = try flag()
        room.visitors = try seats()
        return room
    }

    private mutating func message() throws(SpellingFault) -> Message {
        Message(
            id: try number(),
            at: try time(),
            from: try seat(),
            room: try room(),
            replyTo: try flag() ? try number() : nil,
            text: nil
        )
    }

    private mutating func backlogEntry() throws(SpellingFault) -> BacklogEntry {
        let seq = try number()
        let at = try time()
        let kind = try code(RecordKind.self)
        var payload = ByteReader(try raw())
        let event = try payload.event(kind)
        let heardBy = try flag() ? HeardBy.everybody : .seats(try seats())
        return BacklogEntry(seq: seq, at: at, event: event, heardBy: heardBy, textBytes: try number())
    }
}
