import Sessions

// The same things, told by the state, by an account, or by a client, and whether they are the same.

extension Seat {
    func isLike(_ person: Account.Person) -> Bool {
        self.person == person.person && role == person.role && room == person.room
            && previousRoom == person.roomBefore && presence == person.presence
            && attachedSince == person.hereSince && intervals == person.here && label == person.label
            && isMuted == person.muted && passes == person.passes && isRemoved == person.removed
            && handRaisedSeq == person.hand
    }
}

extension Message {
    func isLike(_ said: Talk.Said) -> Bool {
        var to: Int?
        if case .direct(let seat) = place { to = seat.index }
        return id == said.id && at == said.at && from.index == said.by && to == said.to
            && Talk.Place(place, from: from) == said.place && replyTo == said.replyTo && text == said.text
            && editedAt == said.editedAt && isDeleted == said.isDeleted
            && reactions.map { Talk.Sign(emoji: $0.emoji, by: $0.seats.map(\.index)) } == said.signs
    }
}

extension Account {
    /// What is not of single seats.
    func compare(with state: SessionState) throws(Broken) {
        let name = id.text
        guard state.phase == phase, state.locked == locked, state.title == title, state.place == placeText
        else { throw Broken("\(name): the state is \(state.phase), \(phase) is told") }
        guard state.host?.index == host, state.succession.map(\.index) == succession else {
            throw Broken("\(name): another leads, or is to lead next")
        }
        guard state.offer?.from.index == offer?.from, state.offer?.to.index == offer?.to,
            state.floor?.seat.index == floor?.seat, state.floor?.until == floor?.until
        else { throw Broken("\(name): another offer, or another floor") }
        guard (state.breakouts == nil) == (opening == nil), state.rounds == round,
            (state.breakouts?.phase == .closing) == (opening?.isClosing ?? false)
        else { throw Broken("\(name): other rooms are open") }
        guard state.openRooms.map(\.id) == roomsInOrder.filter({ rooms[$0]?.isOpen ?? false }) else {
            throw Broken("\(name): \(state.openRooms.map(\.id)) are open")
        }
        for room in state.rooms {
            guard let known = rooms[room.id], known.name == room.setup.name, known.task == room.setup.task,
                known.place == room.setup.place, known.hostsRead == room.hostsRead,
                known.visitors == Set(room.visitors.map(\.index))
            else { throw Broken("\(name): \(room) is another room") }
        }
        let help = state.help.map {
            Wish(
                id: $0.id,
                by: $0.from.index,
                room: $0.room,
                unnamed: $0.unnamed,
                text: $0.text,
                claimedBy: $0.claimedBy?.index
            )
        }
        guard help == wishes else { throw Broken("\(name): \(help) wait for help, not \(wishes)") }
        guard state.chatLocked == chatLocked, state.slowSeconds == slowSeconds else {
            throw Broken("\(name): chat is settled otherwise")
        }
    }

    /// Every place to read in that there ever was, and one that never was.
    var roomsEver: [RoomID] { [.main, .hosts] + roomsInOrder + [.breakout(round: round + 1, number: 1)] }

    /// What a seat may read of a place, oldest first; nil: nothing, and who was removed is answered nothing.
    func history(of target: ChatTarget, for seat: Int) -> [Talk.Said]? {
        guard !people[seat].removed else { return nil }
        let place: Talk.Place
        switch target {
        case .room(let room):
            guard mayRead(room, seat) else { return nil }
            place = .room(room)
        case .person(let person):
            guard let other = self.seat(of: person) else { return nil }
            place = .between(min(seat, other), max(seat, other))
        }
        return (talk.byPlace[place] ?? []).compactMap { talk.said[$0] }
    }

    /// Whether these words stand nowhere any more.
    func isForgotten(_ text: Text) -> Bool {
        !talk.said.values.contains { $0.text == text }
    }
}

extension Picture {
    /// Where it differs from what the server would send; nil when it does not.
    ///
    /// A state holds the newest messages only as far as they fit: then the client, who has heard them all, has more,
    /// or, when it began with such a state, fewer.
    func difference(from fresh: Picture) -> String? {
        if life != fresh.life { return "\(life), not \(fresh.life)" }
        if host != fresh.host { return "host \(host ?? "-"), not \(fresh.host ?? "-")" }
        if succession != fresh.succession { return "\(succession) are to lead, not \(fresh.succession)" }
        if floor != fresh.floor { return "the floor \(floor as Any), not \(fresh.floor as Any)" }
        if chatSettings != fresh.chatSettings { return "\(chatSettings), not \(fresh.chatSettings)" }
        if round != fresh.round { return "\(round as Any), not \(fresh.round as Any)" }
        for (mine, theirs) in zip(participants, fresh.participants) where mine != theirs {
            return "\(mine), not \(theirs)"
        }
        if participants.count != fresh.participants.count { return "\(participants.count) participants" }
        if own.readable != fresh.own.readable { return "\(own.readable), not \(fresh.own.readable)" }
        if own.help != fresh.own.help { return "\(own.help), not \(fresh.own.help)" }
        if own.handoff != fresh.own.handoff {
            return "\(own.handoff as Any), not \(fresh.own.handoff as Any)"
        }
        return own.chat.difference(from: fresh.own.chat)
    }
}

extension Picture.Chat {
    /// When a state holds no more text than this, nothing was left out of it.
    private static let roomyBytes = 56 << 10

    fileprivate func difference(from fresh: Picture.Chat) -> String? {
        if (hosts == nil) != (fresh.hosts == nil) { return "what hosts say" }
        let places = [
            ("main", main, fresh.main), ("room", room, fresh.room),
            ("hosts", hosts ?? [], fresh.hosts ?? []), ("direct", direct, fresh.direct),
        ]
        let isWhole = !mayBeShort && textBytes < Self.roomyBytes && fresh.textBytes < Self.roomyBytes
        for (name, mine, theirs) in places {
            let shared = min(mine.count, theirs.count)
            for (line, other) in zip(mine.suffix(shared), theirs.suffix(shared)) where line != other {
                return "in \(name) \(line), not \(other)"
            }
            if isWhole && mine.count != theirs.count {
                return "\(mine.count) messages in \(name), not \(theirs.count)"
            }
        }
        return nil
    }

    /// The words in it.
    var textBytes: Int {
        [main, room, hosts ?? [], direct].reduce(0) { sum, lines in
            lines.reduce(sum) { $0 + ($1.text?.utf8.count ?? 0) }
        }
    }

    /// Told whole, it may have been too much for a state.
    var isNearlyFull: Bool { textBytes >= Self.roomyBytes }
}
