import Sessions

/// A session's state from a checkpoint: the mirror of `StateWriting.swift`.
extension ByteReader {
    /// Reads a state; `words` are those that belong to it.
    ///
    /// What no session could have come to is refused: `apply` and `decide` count on what they have made themselves.
    mutating func state(words: StateWords) throws(SpellingFault) -> SessionState {
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
        state.offer = try flag() ? HandoffOffer(from: try seat(), to: try seat()) : nil
        state.floor = try flag() ? Floor(seat: try seat(), until: try time()) : nil
        state.edits = Edits(entries: try list { (reader) throws(SpellingFault) in try reader.edit() })
        state.unattached = try seats()
        state.attachedCount = try self.number()
        state.peak = try self.number()
        state.reachedTwo = try flag()
        state.fewSince = try optionalTime()
        state.outages = try intervals()
        state.rounds = try self.number()
        state.breakouts = try flag() ? try breakouts() : nil
        state.rooms = try list { (reader) throws(SpellingFault) in try reader.fullRoom() }
        state.help = try list { (reader) throws(SpellingFault) in try reader.help() }
        state.chatLocked = try flag()
        state.slowSeconds = try self.number()
        let messages = try list { (reader) throws(SpellingFault) in try reader.message() }
        let reachesBackTo = try self.number()
        let backlog = try list { (reader) throws(SpellingFault) in try reader.backlogEntry() }
        guard isAtEnd else { throw .tooLong }
        try state.put(words, beside: messages, and: backlog, reachingBackTo: reachesBackTo)
        try state.check()
        return state
    }

    /// Reads the words of a state.
    mutating func words() throws(SpellingFault) -> StateWords {
        let words = StateWords(
            messages: try optionalTexts(),
            help: try optionalTexts(),
            labels: try list { (reader) throws(SpellingFault) in try reader.text() },
            backlog: try optionalTexts()
        )
        guard isAtEnd else { throw .tooLong }
        return words
    }

    private mutating func optionalTexts() throws(SpellingFault) -> [Text?] {
        try list { (reader) throws(SpellingFault) in try reader.flag() ? try reader.text() : nil }
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
        seat.isMuted = try flag()
        seat.isRemoved = try flag()
        seat.passes = try flag()
        seat.handRaisedSeq = try flag() ? try number() : nil
        seat.signal = try flag() ? try code(RoomSignal.self) : nil
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
        room.lastVisit = try flag() ? Visit(by: try seat(), at: try time()) : nil
        return room
    }

    private mutating func edit() throws(SpellingFault) -> Edit {
        Edit(seq: try number(), what: try code(EditName.self), by: try optionalSeat())
    }

    private mutating func help() throws(SpellingFault) -> HelpRequest {
        HelpRequest(
            id: try number(),
            at: try time(),
            from: try seat(),
            room: try room(),
            unnamed: try flag(),
            claimedBy: try optionalSeat(),
            text: nil
        )
    }

    private mutating func message() throws(SpellingFault) -> Message {
        Message(
            id: try number(),
            at: try time(),
            from: try seat(),
            place: try flag() ? .direct(to: try seat()) : .room(try room()),
            replyTo: try flag() ? try number() : nil,
            text: nil,
            editedAt: try optionalTime(),
            isDeleted: try flag(),
            reactions: try list { (reader) throws(SpellingFault) in
                Reaction(emoji: try reader.text(), seats: try reader.seats())
            }
        )
    }

    private mutating func backlogEntry() throws(SpellingFault) -> BacklogEntry {
        let seq = try number()
        let at = try time()
        let kind = try code(RecordKind.self)
        var payload = ByteReader(try raw())
        let event = try payload.event(kind, version: kind.version)
        let heardBy = try flag() ? HeardBy.everybody : .seats(try seats())
        return BacklogEntry(seq: seq, at: at, event: event, heardBy: heardBy, textBytes: try number())
    }
}

/// The words of a state, read from a section of their own.
struct StateWords {
    var messages: [Text?]
    var help: [Text?]
    /// One for each seat.
    var labels: [Text]
    var backlog: [Text?]
}
