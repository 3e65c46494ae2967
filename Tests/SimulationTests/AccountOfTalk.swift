import Sessions

/// What was said in a session, and what became of it.
struct Talk {
    /// Where a message stands: in a room, or between two seats, the lower first.
    enum Place: Hashable {
        case room(RoomID)
        case between(Int, Int)

        init(_ place: ChatPlace, from: SeatID) {
            switch place {
            case .room(let room): self = .room(room)
            case .direct(let to): self = .between(min(from.index, to.index), max(from.index, to.index))
            }
        }
    }

    /// One message.
    struct Said {
        let id: MessageID
        let at: Milliseconds
        let by: Int
        let to: Int?
        let place: Place
        let replyTo: MessageID?
        /// Its words, each from this event on; nil: forgotten.
        var versions: [(seq: Int, text: Text?)]
        var editedAt: Milliseconds?
        var isDeleted = false
        var signs: [Sign] = []

        var text: Text? { versions.last.flatMap(\.text) }

        /// The words as of an event.
        func text(asOf seq: Int) -> Text? {
            versions.last { $0.seq <= seq }.flatMap(\.text)
        }

        /// Whether these were the words at some time since an event.
        func read(_ text: Text?, since seq: Int) -> Bool {
            self.text(asOf: seq) == text || versions.contains { $0.seq > seq && $0.text == text }
        }
    }

    struct Sign: Equatable {
        let emoji: Text
        var by: [Int]
    }

    private(set) var said: [MessageID: Said] = [:]
    private(set) var byPlace: [Place: [MessageID]] = [:]
    /// Words that were taken back, with the event that did so.
    private(set) var forgotten: [(seq: Int, text: Text)] = []
    private var keys: [String: MessageID] = [:]
    private var words: Set<[UInt8]> = []

    /// The message that a person's key named.
    func message(of seat: Int, key: Text) -> MessageID? {
        keys[Self.name(seat, key)]
    }

    private static func name(_ seat: Int, _ key: Text) -> String {
        "\(seat) \(String(decoding: key.utf8, as: UTF8.self))"
    }

    mutating func send(_ sent: ChatSent, _ text: Text?, id: MessageID, at: Milliseconds) throws(Broken) {
        guard let text else { throw Broken("message \(id) has lost its words") }
        let place = Place(sent.place, from: sent.from)
        var to: Int?
        if case .direct(let seat) = sent.place { to = seat.index }
        if let replyTo = sent.replyTo, said[replyTo]?.place != place {
            throw Broken("message \(id) answers one that does not stand beside it")
        }
        said[id] = Said(
            id: id,
            at: at,
            by: sent.from.index,
            to: to,
            place: place,
            replyTo: sent.replyTo,
            versions: [(id, text)]
        )
        byPlace[place, default: []].append(id)
        if let key = sent.key, keys.updateValue(id, forKey: Self.name(sent.from.index, key)) != nil {
            throw Broken("key \(Self.name(sent.from.index, key)) was sent twice")
        }
        // Nobody here says the same twice, but the same command may come twice.
        guard words.insert(text.utf8).inserted else { throw Broken("message \(id) was said before") }
    }

    mutating func edit(
        _ id: MessageID,
        _ text: Text?,
        by seat: Int,
        at: Milliseconds,
        seq: Int
    ) throws(Broken) {
        guard var message = said[id], message.by == seat, !message.isDeleted, let text else {
            throw Broken("message \(id) was edited, and may not be")
        }
        if let old = message.text { forgotten.append((seq, old)) }
        message.versions.append((seq, text))
        message.editedAt = at
        said[id] = message
    }

    mutating func delete(_ id: MessageID, seq: Int) throws(Broken) {
        guard var message = said[id], !message.isDeleted else { throw Broken("\(id) was deleted twice") }
        if let old = message.text { forgotten.append((seq, old)) }
        message.versions.append((seq, nil))
        message.isDeleted = true
        message.signs = []
        said[id] = message
    }

    mutating func react(_ id: MessageID, _ emoji: Text, added: Bool, by seat: Int) throws(Broken) {
        guard var message = said[id], !message.isDeleted else { throw Broken("a sign on no message") }
        if let index = message.signs.firstIndex(where: { $0.emoji == emoji }) {
            guard message.signs[index].by.contains(seat) != added else { throw Broken("a sign given twice") }
            if added { message.signs[index].by.append(seat) }
            if !added { message.signs[index].by.removeAll { $0 == seat } }
            if message.signs[index].by.isEmpty { message.signs.remove(at: index) }
        } else {
            guard added else { throw Broken("a sign was taken that was not given") }
            message.signs.append(Sign(emoji: emoji, by: [seat]))
        }
        said[id] = message
    }
}

extension Account {
    mutating func changeTalk(_ entry: SessionEntry) throws(Broken) {
        switch entry.event {
        case .chatSent(let sent):
            try checkVoice(sent)
            try talk.send(sent, entry.text, id: entry.seq, at: entry.at)
        case .chatEdited(let id, let by):
            try talk.edit(id, entry.text, by: by.index, at: entry.at, seq: entry.seq)
        case .chatDeleted(let id, let by):
            guard let message = talk.said[id], message.by == by.index || people[by.index].hosts else {
                throw Broken("deleted by somebody who may not")
            }
            try talk.delete(id, seq: entry.seq)
        case .chatReacted(let id, let emoji, let added, let by):
            guard let message = talk.said[id], mayRead(message, by.index) else {
                throw Broken("a sign on what one may not read")
            }
            try talk.react(id, emoji, added: added, by: by.index)
        case .chatSettings(let locked, let slowSeconds, let by):
            guard people[by.index].hosts else { throw Broken("chat was settled by no host") }
            (chatLocked, self.slowSeconds) = (locked, slowSeconds)
        default: break
        }
    }

    /// One writes in the room one is in or has just left, hosts also in `hosts`; not when muted or in the lobby.
    private func checkVoice(_ sent: ChatSent) throws(Broken) {
        let person = people[sent.from.index]
        guard person.role != .observer, !person.removed, phase != .ended else {
            throw Broken("somebody spoke who may not")
        }
        guard phase == .live || person.hosts else { throw Broken("somebody spoke in the lobby") }
        var toHost = false
        switch sent.place {
        case .room(.hosts):
            guard person.hosts else { throw Broken("no host spoke among hosts") }
            toHost = true
        case .room(let room):
            guard person.room == room || person.roomBefore == room else {
                throw Broken("somebody spoke in \(room.text) from \(person.room.text)")
            }
        case .direct(let to):
            guard people[to.index].role != .observer, to != sent.from else { throw Broken("a strange pair") }
            toHost = people[to.index].hosts
        }
        guard !person.muted || toHost || sent.from.index == host else {
            throw Broken("somebody spoke who is muted")
        }
        guard !chatLocked || person.hosts || toHost else { throw Broken("somebody spoke in a locked chat") }
    }

    func mayRead(_ message: Talk.Said, _ seat: Int, hosting: Bool? = nil) -> Bool {
        switch message.place {
        case .room(let room): mayRead(room, seat, hosting: hosting)
        case .between(let one, let other): one == seat || other == seat
        }
    }

    // MARK: - Who was to hear

    /// The audience table's left column, judged after the event.
    func hearers(of event: SessionEvent) -> Hearers {
        switch event {
        case .created, .archived, .sessionErased, .recovered, .attached, .detached, .confirmed, .signalled:
            .nobody
        case .attendanceClaimed(let seat, _), .attendanceAccepted(let seat, _),
            .attendanceMarked(let seat, _, _, _):
            hosts(and: seat)
        case .handoffOffered(let from, let to): hosts(and: from, to)
        case .handoffDeclined(let by): hosts(and: by)
        case .handoffWithdrawn(let by, let to): hosts(and: by, to)
        case .helpAsked(let asked): hosts(and: asked.from)
        case .helpClaimed(_, let of, _), .helpResolved(_, let of, _), .helpWithdrawn(_, let of):
            hosts(and: of)
        case .chatSent(let sent): hearers(of: seq, by: sent.from)
        case .chatEdited(let id, let by), .chatDeleted(let id, let by), .chatReacted(let id, _, _, let by):
            hearers(of: id, by: by)
        default: .everybody
        }
    }

    private func hosts(and concerned: SeatID...) -> Hearers {
        .these(Set(people.indices.filter { people[$0].hosts } + concerned.map(\.index)))
    }

    /// Who hears of a message, and of what somebody does with it: those in its room, or when that has closed, those
    /// who come from there; its author; and whoever does it.
    private func hearers(of id: MessageID, by: SeatID) -> Hearers {
        guard let message = talk.said[id] else { return .nobody }
        switch message.place {
        case .between(let one, let other): return .these([one, other])
        case .room(.main): return .everybody
        case .room(.hosts): return hosts(and: by)
        case .room(let room):
            let isOpen = isOpen(room)
            let there = people.indices.filter {
                isOpen ? people[$0].room == room : people[$0].roomBefore == room
            }
            return .these(Set(there + [message.by, by.index]))
        }
    }

    enum Hearers {
        case nobody
        case everybody
        case these(Set<Int>)
    }
}
