import Sessions

/// What a client shows of a session: the state that it was sent, changed by each push since as the protocol says.
///
/// It is written from the protocol's own description of how a client folds, and shares no code with the server. What
/// it comes to must be what the server would send afresh.
struct Picture: Equatable {
    /// Whose client it is, as an index of `participants`, who are never fewer.
    let mine: Int
    var life: Life
    var host: String?
    var succession: [String]
    var floor: Floor?
    var chatSettings: ChatSettings
    var participants: [Participant]
    var round: Round?
    /// What this client alone is told.
    var own: Own

    var me: Participant { participants[mine] }

    var isHosting: Bool { me.isHosting }

    struct Life: Equatable {
        var id: String
        var title: Text
        var place: Text
        var phase: String
        var locked: Bool
        var rehearsal: Bool
        var startedAt: Int?
        var endsAt: Int?
        var endedAt: Int?
    }

    struct Participant: Equatable {
        var person: String
        var name: Text
        var school: Text
        var role: String
        var presence: String
        var room: String
        /// The event with which the hand went up.
        var hand: Int?
        var muted: Bool
        var pass: Bool
        var label: Text

        var isHosting: Bool { role == "host" || role == "cohost" }
    }

    struct Floor: Equatable {
        var person: String
        var until: Int
    }

    struct ChatSettings: Equatable {
        var locked: Bool
        var slowSeconds: Int
    }

    struct Round: Equatable {
        var round: Int
        var phase: String
        var mode: String
        var rooms: [Room]
        var openedAt: Int
        var closesAt: Int?
        var closing: Int
        var late: String
    }

    struct Room: Equatable {
        var room: String
        var name: Text
        var task: Text
        var place: Text
        var hostsRead: Bool
    }

    struct Own: Equatable {
        var chat: Chat
        var readable: [Readable]
        var help: [Help]
        var handoff: Offer?
    }

    /// The newest messages of each place, oldest first.
    struct Chat: Equatable {
        var main: [Line]
        /// Of the breakout room that one is in; none in `main`.
        var room: [Line]
        /// Nil for those who are no hosts.
        var hosts: [Line]?
        var direct: [Line]
        /// It began with a state so full of words that some may have been left out.
        var mayBeShort = false
    }

    struct Line: Equatable {
        var message: Int
        /// Nil when it is for one person.
        var room: String?
        var to: String?
        var from: String
        /// Nil when the words are forgotten.
        var text: Text?
        var replyTo: Int?
        var editedAt: Int?
        var deleted: Bool
        var reactions: [Sign]
        var at: Int
    }

    struct Sign: Equatable {
        var emoji: Text
        var count: Int
        /// Nil for signs that are shown without names.
        var people: [String]?
    }

    struct Readable: Equatable {
        var room: String
        var name: Text
        var round: Int
    }

    struct Help: Equatable {
        var help: Int
        /// Nil when the person did not want to be named.
        var person: String?
        var room: String
        var text: Text?
        var unnamed: Bool
        var at: Int
        var claimedBy: String?
    }

    struct Offer: Equatable {
        var from: String
        var to: String
    }
}

// MARK: - Folding

extension Picture {
    /// Takes the next push.
    mutating func take(_ push: Push) throws(Broken) {
        switch push.change {
        case .life(let change): take(change, at: push.at)
        case .person(let person, let change): try take(change, of: person, seq: push.seq)
        case .hosting(let change): try take(change)
        case .rooms(let change): try take(change, at: push.at)
        case .help(let change): take(change, at: push.at)
        case .chat(let change): try take(change, at: push.at)
        case .none: break
        }
    }

    /// One's own part, told anew.
    mutating func take(_ own: Own) { self.own = own }

    private mutating func take(_ change: Change.Life, at: Int) {
        switch change {
        case .started:
            life.phase = "live"
            life.startedAt = at
        case .ending(let endsAt): life.endsAt = endsAt
        case .kept: life.endsAt = nil
        case .ended(let endedAt):
            life.phase = "ended"
            life.endsAt = nil
            life.endedAt = endedAt
        case .locked(let locked): life.locked = locked
        case .changed(let title, let place):
            life.title = title
            life.place = place
        }
    }

    private mutating func take(_ change: Change.Person, of person: String, seq: Int) throws(Broken) {
        if case .joined(let participant) = change {
            guard !participants.contains(where: { $0.person == person }) else {
                throw Broken("\(person) joined twice")
            }
            participants.append(participant)
            return
        }
        let index = try index(of: person)
        switch change {
        case .joined: break
        case .presence(let presence): participants[index].presence = presence
        case .removed:
            participants[index].presence = "left"
            move(index, to: "main")
        case .moved(let room): move(index, to: room)
        case .labelled(let label): participants[index].label = label
        case .muted(let muted): participants[index].muted = muted
        case .passed(let pass): participants[index].pass = pass
        case .handRaised: participants[index].hand = seq
        case .handLowered: participants[index].hand = nil
        }
    }

    private func index(of person: String) throws(Broken) -> Int {
        guard let index = participants.firstIndex(where: { $0.person == person }) else {
            throw Broken("heard of \(person), who is not among the participants")
        }
        return index
    }

    /// Moving leaves the old room's chat; the new room is one that may be read from now on.
    private mutating func move(_ index: Int, to room: String) {
        participants[index].room = room
        guard index == mine else { return }
        own.chat.room = []
        if let round, let entered = round.rooms.first(where: { $0.room == room }) {
            addReadable(entered, of: round.round)
        }
    }

    private mutating func addReadable(_ room: Room, of round: Int) {
        guard !own.readable.contains(where: { $0.room == room.room }) else { return }
        let place = own.readable.firstIndex { ($0.round, $0.room.number) > (round, room.room.number) }
        let readable = Readable(room: room.room, name: room.name, round: round)
        own.readable.insert(readable, at: place ?? own.readable.count)
    }

    private mutating func take(_ change: Change.Hosting) throws(Broken) {
        switch change {
        case .offered(let from, let to): own.handoff = Offer(from: from, to: to)
        case .offerGone: own.handoff = nil
        case .hostChanged(let from, let to):
            own.handoff = nil
            if let from { participants[try index(of: from)].role = "cohost" }
            if let to { participants[try index(of: to)].role = "host" }
            host = to
        case .roleChanged(let person, let role): participants[try index(of: person)].role = role
        case .succession(let order): succession = order
        case .floorTaken(let person, let until): floor = Floor(person: person, until: until)
        case .floorYielded: floor = nil
        }
    }

    private mutating func take(_ change: Change.Rooms, at: Int) throws(Broken) {
        switch change {
        case .opened(var opened, let placements):
            opened.openedAt = at
            round = opened
            if isHosting {
                for room in opened.rooms where room.hostsRead { addReadable(room, of: opened.round) }
            }
            try place(placements)
            return
        case .closed(let placements):
            try place(placements)
            round = nil
            return
        default: break
        }
        guard var known = round else { throw Broken("heard of rooms while none are open") }
        switch change {
        case .opened, .closed: break
        case .added(let room):
            known.rooms.append(room)
            if isHosting && room.hostsRead { addReadable(room, of: known.round) }
        case .renamed(let room, let name):
            guard let index = known.rooms.firstIndex(where: { $0.room == room }) else {
                throw Broken("\(room) was renamed, and is not there")
            }
            known.rooms[index].name = name
            if let index = own.readable.firstIndex(where: { $0.room == room }) {
                own.readable[index].name = name
            }
        case .removed(let room, let placements):
            known.rooms.removeAll { $0.room == room }
            try place(placements)
        case .extended(let closesAt):
            known.closesAt = closesAt
            // With more time than the countdown takes, the rooms are simply open again.
            if closesAt - at > known.closing { known.phase = "open" }
        case .closing(let closesAt):
            known.phase = "closing"
            known.closesAt = closesAt
        }
        round = known
    }

    private mutating func place(_ placements: [(person: String, room: String)]) throws(Broken) {
        for placement in placements { move(try index(of: placement.person), to: placement.room) }
    }

    private mutating func take(_ change: Change.Help, at: Int) {
        switch change {
        case .asked(var help):
            help.at = at
            // Whoever is no host hears of nobody's request but their own.
            if !isHosting { help.person = me.person }
            own.help.append(help)
        case .claimed(let help, let by):
            if let index = own.help.firstIndex(where: { $0.help == help }) { own.help[index].claimedBy = by }
        case .gone(let help): own.help.removeAll { $0.help == help }
        }
    }

    private mutating func take(_ change: Change.Chat, at: Int) throws(Broken) {
        switch change {
        case .sent(var line):
            line.at = at
            try own.chat.append(line, in: me)
        case .edited(let message, let text):
            own.chat.change(message) { line in
                line.text = text
                line.editedAt = at
            }
        case .deleted(let message):
            own.chat.change(message) { line in
                line.text = nil
                line.deleted = true
                line.reactions = []
            }
        case .reacted(let message, let emoji, let added, let person):
            own.chat.change(message) { $0.react(emoji, added: added, by: person) }
        case .settings(let settings): chatSettings = settings
        }
    }
}

extension Picture.Chat {
    /// So many of the newest a place keeps.
    static let kept = 50

    fileprivate mutating func append(_ line: Picture.Line, in me: Picture.Participant) throws(Broken) {
        switch line.room {
        case "main": Self.append(line, to: &main)
        case "hosts":
            guard me.isHosting else { throw Broken("heard what hosts say, and is none") }
            // Whoever has become one while away is told of all of it in a moment.
            guard var known = hosts else { return }
            Self.append(line, to: &known)
            hosts = known
        case me.room?: Self.append(line, to: &room)
        // One's own last words in the room just left, or those of the others when it has closed: shown, not kept.
        case .some: break
        case nil: Self.append(line, to: &direct)
        }
    }

    private static func append(_ line: Picture.Line, to lines: inout [Picture.Line]) {
        lines.append(line)
        if lines.count > kept { lines.removeFirst() }
    }

    fileprivate mutating func change(_ message: Int, _ change: (inout Picture.Line) -> Void) {
        if Self.change(message, in: &main, change) || Self.change(message, in: &room, change) { return }
        if Self.change(message, in: &direct, change) { return }
        guard var known = hosts else { return }
        hosts = nil
        _ = Self.change(message, in: &known, change)
        hosts = known
    }

    private static func change(
        _ message: Int,
        in lines: inout [Picture.Line],
        _ change: (inout Picture.Line) -> Void
    ) -> Bool {
        guard let index = lines.lastIndex(where: { $0.message == message }) else { return false }
        change(&lines[index])
        return true
    }
}

extension Picture.Line {
    fileprivate mutating func react(_ emoji: Text, added: Bool, by person: String?) {
        let known = reactions.firstIndex { $0.emoji == emoji }
        guard let known else {
            let sign = Picture.Sign(emoji: emoji, count: 1, people: person.map { [$0] })
            if added { reactions.append(sign) }
            return
        }
        reactions[known].count += added ? 1 : -1
        if let person {
            reactions[known].people?.removeAll { $0 == person }
            if added { reactions[known].people?.append(person) }
        }
        if reactions[known].count == 0 { reactions.remove(at: known) }
    }
}

extension String {
    /// The number of a breakout room within its round; 0 of any other.
    fileprivate var number: Int {
        lastIndex(of: "-").flatMap { Int(self[index(after: $0)...]) } ?? 0
    }
}
