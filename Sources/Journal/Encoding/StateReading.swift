import Sessions

/// A session's state from a checkpoint: the mirror of `StateWriting.swift`.
///
/// A state of encoding 3 lacks whether it is a rehearsal. One of encoding 2 has its words in lists behind it, and lacks
/// more: attendance beyond presence, who wrote what, and which rounds were undone.
extension ByteReader {
    /// Reads a state of this version of the section; `old` are the words of one of version 2.
    ///
    /// What no session could have come to is refused: `apply` and `decide` count on what they have made themselves.
    mutating func state(version: UInt8, old: OldWords? = nil) throws(SpellingFault) -> SessionState {
        let number = try unsigned()
        let created = Created(
            id: try session(),
            epoch: Epoch(bits: try unsigned()),
            community: try text(),
            title: try text(),
            place: try text(),
            isRehearsal: version > 3 ? try flag() : false
        )
        let setBy = hasWordsApart ? try optionalSeat() : nil
        let phase = try code(Phase.self)
        var state = SessionState(created, number: number, at: try time())
        state.setBy = setBy
        state.phase = phase
        state.startedAt = try optionalTime()
        state.endsAt = try optionalTime()
        state.endedAt = try optionalTime()
        if hasWordsApart { state.overAt = try optionalTime() }
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
        state.fewWaitsFrom = hasWordsApart ? try optionalTime() : state.fewSince
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
        guard isAtEnd, wordsAreAtEnd else { throw .tooLong }
        if old != nil, state.phase == .ended { state.overAt = state.lastAt }
        try state.put(old, beside: messages, and: backlog, reachingBackTo: reachesBackTo)
        try state.check()
        return state
    }

    /// Reads the words of a state of encoding 2.
    mutating func oldWords() throws(SpellingFault) -> OldWords {
        let words = OldWords(
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
        if hasWordsApart {
            seat.label = try text()
            seat.labelledBy = try optionalSeat()
        }
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
        if hasWordsApart {
            seat.stays = try list { (reader) throws(SpellingFault) in
                Stay(room: try reader.room(), from: try reader.time(), to: try reader.optionalTime())
            }
            seat.claims = try list { (reader) throws(SpellingFault) in
                AttendanceClaim(time: try reader.interval(), acceptedBy: try reader.optionalSeat())
            }
            seat.marks = try list { (reader) throws(SpellingFault) in
                AttendanceMark(
                    time: try reader.interval(),
                    present: try reader.flag(),
                    by: try reader.seat(),
                    reason: try reader.optionalText()
                )
            }
        }
        seat.previousRoom = try flag() ? try room() : nil
        seat.movedAt = try time()
        seat.placedRound = try number()
        seat.confirmedRoom = try flag() ? try room() : nil
        seat.confirmedSeen = try flag()
        seat.chatClock = try time()
        let keys = try list { (reader) throws(SpellingFault) in
            MessageKey(key: try reader.text(), message: try reader.number())
        }
        guard keys.count <= StateBounds.keysPerSeat else { throw .badValue("more than a session keeps") }
        seat.keys = MessageKeys(keys)
        return seat
    }

    private mutating func optionalTime() throws(SpellingFault) -> Milliseconds? {
        try flag() ? try time() : nil
    }

    private mutating func intervals() throws(SpellingFault) -> [Interval] {
        try list { (reader) throws(SpellingFault) in try reader.interval() }
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
        var room = Room(round: round, number: number, setup: setup, hostsRead: try flag(), by: nil)
        room.isRemoved = try flag()
        if hasWordsApart {
            room.isUndone = try flag()
            room.by = try optionalSeat()
            room.namedBy = try optionalSeat()
        }
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
            text: hasWordsApart ? try optionalText() : nil
        )
    }

    private mutating func message() throws(SpellingFault) -> Message {
        var message = Message(
            id: try number(),
            at: try time(),
            from: try seat(),
            place: try flag() ? .direct(to: try seat()) : .room(try room()),
            replyTo: try flag() ? try number() : nil,
            text: nil,
            editedAt: try optionalTime(),
            isDeleted: try flag()
        )
        if hasWordsApart { message.text = try optionalText() }
        message.reactions = try list { (reader) throws(SpellingFault) in
            Reaction(emoji: try reader.text(), seats: try reader.seats())
        }
        return message
    }

    private mutating func backlogEntry() throws(SpellingFault) -> BacklogEntry {
        let seq = try number()
        let at = try time()
        let kind = try code(RecordKind.self)
        let event = try nested { (reader) throws(SpellingFault) in
            try reader.event(kind, version: kind.version)
        }
        let heardBy = try flag() ? HeardBy.everybody : .seats(try seats())
        var entry = BacklogEntry(seq: seq, at: at, event: event, heardBy: heardBy, textBytes: try number())
        if hasWordsApart { entry.text = try optionalText() }
        return entry
    }

    private mutating func optionalText() throws(SpellingFault) -> Text? {
        try flag() ? try text() : nil
    }
}

/// The words of a state of encoding 2, in their order.
struct OldWords {
    var messages: [Text?]
    var help: [Text?]
    /// One for each seat.
    var labels: [Text]
    var backlog: [Text?]
}
