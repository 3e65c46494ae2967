import Sessions

/// Turns down a state that no session could have come to.
///
/// Whoever can write to the disk can give any bytes a right hash. What is read must not let `apply`, `decide` or a
/// projection look for a seat or a room that is not there, later, when nobody can be told why.
extension SessionState {
    /// Throws `badValue` when something is named that is not there, or an invariant is broken.
    func check() throws(SpellingFault) {
        try checkSeats()
        try checkRooms()
        try checkTalk()
        try checkBacklog()
        // Last: it takes for granted that whoever is named is there.
        guard violations().isEmpty else { throw .badValue("a state with a broken invariant") }
    }

    /// Gives the state its messages and its backlog; `old` are the words of a state of encoding 2.
    mutating func put(
        _ old: OldWords?,
        beside messages: [Message],
        and backlog: [BacklogEntry],
        reachingBackTo reachesBackTo: Int
    ) throws(SpellingFault) {
        // Before they are added up.
        guard messages.count <= StateBounds.messages, backlog.count <= StateBounds.backlogEvents,
            backlog.allSatisfy({ $0.textBytes <= StateBounds.backlogBytes })
        else { throw .badValue("more than a session keeps") }
        var (messages, backlog) = (messages, backlog)
        if let old {
            guard old.messages.count == messages.count, old.help.count == help.count,
                old.labels.count == seats.count, old.backlog.count == backlog.count
            else { throw .badValue("texts") }
            messages = with(old.messages, in: messages) { $0.text = $1 }
            backlog = with(old.backlog, in: backlog) { $0.text = $1 }
            help = with(old.help, in: help) { $0.text = $1 }
            seats = with(old.labels, in: seats) { $0.label = $1 }
        }
        self.messages = MessageLog(messages: messages)
        self.backlog = Backlog(entries: backlog, reachesBackTo: reachesBackTo)
    }

    private func with<Element, Words>(
        _ words: [Words],
        in elements: [Element],
        _ put: (inout Element, Words) -> Void
    ) -> [Element] {
        var elements = elements
        for index in elements.indices { put(&elements[index], words[index]) }
        return elements
    }

    private func checkSeats() throws(SpellingFault) {
        guard seatByPerson.count == seats.count else { throw .badValue("a person with two seats") }
        try check([host, offer?.from, offer?.to, floor?.seat].compactMap { $0 })
        try check(succession)
        try check(unattached)
        try check(edits.entries.compactMap(\.by))
        try check(help.map(\.from) + help.compactMap(\.claimedBy))
        guard Set(unattached).count == unattached.count else { throw .badValue("a timer twice") }
        for seat in seats {
            guard seat.intervals.count <= StateBounds.intervalsPerSeat,
                seat.stays.count <= StateBounds.staysPerSeat
            else { throw .badValue("more than a session keeps") }
            try check(rising: seat.intervals)
            try check(rising: seat.stays.map { Interval(from: $0.from, to: $0.to ?? .max) })
            try check(seat.claims.compactMap(\.acceptedBy) + seat.marks.map(\.by))
            try check([seat.labelledBy].compactMap { $0 })
        }
        try check([setBy].compactMap { $0 })
        try check(rising: outages)
        guard edits.entries.isRising(by: \.seq), edits.entries.count <= 2 * StateBounds.editsPerKind else {
            throw .badValue("edits out of order")
        }
    }

    /// The rooms of all rounds, each round's numbered from 1, those of the open one last.
    private func checkRooms() throws(SpellingFault) {
        var (round, number) = (0, 0)
        for room in rooms {
            if room.round > round { (round, number) = (room.round, 0) }
            number += 1
            guard room.round == round, room.number == number, round <= rounds else {
                throw .badValue("rooms out of order")
            }
            try check(room.visitors + [room.lastVisit?.by, room.by, room.namedBy].compactMap { $0 })
        }
        guard let breakouts else { return }
        let firstRoom = rooms.firstIndex { $0.round == breakouts.round } ?? rooms.count
        guard breakouts.round == rounds, breakouts.firstRoom == firstRoom else {
            throw .badValue("a round without its rooms")
        }
    }

    private func checkTalk() throws(SpellingFault) {
        for message in messages.messages {
            try check([message.from])
            if case .direct(let to) = message.place { try check([to]) }
            for reaction in message.reactions { try check(reaction.seats) }
        }
        guard messages.messages.isRising(by: \.id),
            messages.messages.last.map({ $0.id <= seq }) ?? true, help.last.map({ $0.id <= seq }) ?? true
        else { throw .badValue("messages that cannot be") }
    }

    private func checkBacklog() throws(SpellingFault) {
        let entries = backlog.entries
        guard entries.isRising(by: \.seq), backlog.reachesBackTo <= entries.first?.seq ?? seq,
            entries.last.map({ $0.seq <= seq }) ?? true
        else { throw .badValue("a backlog out of order") }
        for entry in entries {
            if case .seats(let seats) = entry.heardBy { try check(seats) }
            try check(entry.event.seats)
        }
    }

    private func check(_ named: [SeatID]) throws(SpellingFault) {
        guard named.allSatisfy({ seats.indices.contains($0.index) }) else {
            throw .badValue("a seat that is not there")
        }
    }

    private func check(rising intervals: [Interval]) throws(SpellingFault) {
        guard intervals.allSatisfy({ $0.from <= $0.to }),
            zip(intervals, intervals.dropFirst()).allSatisfy({ $0.to <= $1.from })
        else { throw .badValue("times out of order") }
    }
}

extension CheckpointImage {
    /// Throws `badValue` when two sessions share what is one's own.
    func check() throws(SpellingFault) {
        guard states.isRising(by: \.number), states.first.map({ $0.number > 0 }) ?? true,
            states.last.map({ $0.number <= lastNumber }) ?? true
        else { throw .badValue("sessions out of order") }
        let ids = Set(states.map(\.id))
        guard ids.count == states.count, ids.isDisjoint(with: usedIDs) else {
            throw .badValue("a session's id used again")
        }
    }
}

extension Array {
    fileprivate func isRising(by key: (Element) -> some Comparable) -> Bool {
        zip(self, dropFirst()).allSatisfy { key($0) < key($1) }
    }
}
