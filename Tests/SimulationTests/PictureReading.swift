import SessionProtocol
import Sessions

// How the parts of a picture are spelled on the wire.

extension Picture {
    /// Reads a whole `state`.
    init(_ state: inout Fields, of person: String) throws(Broken) {
        let participants = try state.each("participants", Participant.init)
        guard let mine = participants.firstIndex(where: { $0.person == person }) else {
            throw Broken("\(person) is not in the state that was sent to them")
        }
        self.mine = mine
        self.participants = participants
        var session = try state.fields("session")
        life = try Life(&session)
        host = try state.stringOrNull("host")
        succession = try state.strings("succession")
        if var floor = try state.fieldsOrNull("floor") { self.floor = try Floor(&floor) }
        var settings = try state.fields("chatSettings")
        chatSettings = try ChatSettings(&settings)
        if var breakouts = try state.fieldsOrNull("breakouts") {
            round = try Round(
                &breakouts,
                phase: breakouts.string("phase"),
                openedAt: breakouts.integer("openedAt")
            )
        }
        own = try Own(&state, room: participants[mine].room)
    }
}

extension Picture.Life {
    fileprivate init(_ fields: inout Fields) throws(Broken) {
        id = try fields.string("id")
        title = try fields.words("title")
        place = try fields.words("place")
        phase = try fields.string("phase")
        locked = try fields.flag("locked")
        rehearsal = try fields.flagIfThere("rehearsal")
        startedAt = try fields.integerOrNull("startedAt")
        endsAt = try fields.integerOrNull("endsAt")
        endedAt = try fields.integerOrNull("endedAt")
    }
}

extension Picture.Participant {
    init(_ fields: inout Fields) throws(Broken) {
        person = try fields.string("person")
        name = try fields.words("name")
        school = try fields.words("school")
        role = try fields.string("role")
        presence = try fields.string("presence")
        room = try fields.string("room")
        hand = try fields.integerOrNull("hand")
        muted = try fields.flag("muted")
        pass = try fields.flag("pass")
        label = try fields.words("label")
    }
}

extension Picture.Floor {
    fileprivate init(_ fields: inout Fields) throws(Broken) {
        person = try fields.string("person")
        until = try fields.integer("until")
    }
}

extension Picture.ChatSettings {
    init(_ fields: inout Fields) throws(Broken) {
        locked = try fields.flag("locked")
        slowSeconds = try fields.integer("slowSeconds")
    }
}

extension Picture.Round {
    init(_ fields: inout Fields, phase: String, openedAt: Int) throws(Broken) {
        self.phase = phase
        self.openedAt = openedAt
        round = try fields.integer("round")
        mode = try fields.string("mode")
        rooms = try fields.each("rooms", Picture.Room.init)
        closesAt = try fields.integerOrNull("closesAt")
        closing = try fields.integer("closing")
        late = try fields.string("late")
    }
}

extension Picture.Room {
    init(_ fields: inout Fields) throws(Broken) {
        room = try fields.string("room")
        name = try fields.words("name")
        task = try fields.words("task")
        place = try fields.words("place")
        hostsRead = try fields.flag("hostsRead")
    }
}

extension Picture.Own {
    /// The part of a state, or of the notice `you`, that is of one seat alone; the seat is in `room`.
    init(_ fields: inout Fields, room: String) throws(Broken) {
        var chat = try fields.fields("chat")
        self.chat = try Picture.Chat(&chat, room: room)
        readable = try fields.each("readable", Picture.Readable.init)
        help = try fields.each("help") { (help: inout Fields) throws(Broken) in
            var known = try Picture.Help(help.integer("help"), &help)
            known.at = try help.integer("at")
            known.claimedBy = try help.stringOrNull("claimedBy")
            return known
        }
        if var offer = try fields.fieldsOrNull("handoff") {
            handoff = Picture.Offer(from: try offer.string("from"), to: try offer.string("to"))
        }
    }
}

extension Picture.Chat {
    fileprivate init(_ fields: inout Fields, room: String) throws(Broken) {
        var lines: [String: [Picture.Line]] = [:]
        for (place, messages) in try fields.eachRoom(Picture.Line.init) { lines[place] = messages }
        guard let main = lines.removeValue(forKey: "main"), let direct = lines.removeValue(forKey: "direct")
        else { throw Broken("a state without the chat of main, or without what is for one person") }
        self.main = main
        self.direct = direct
        hosts = lines.removeValue(forKey: "hosts")
        let own = room == "main" ? [] : lines.removeValue(forKey: room)
        guard let own, lines.isEmpty else {
            throw Broken("a state for somebody in \(room) with the chats of \(lines.keys.sorted())")
        }
        self.room = own
        mayBeShort = isNearlyFull
    }
}

extension Picture.Line {
    /// A message in a state, a history or a push; the time of a push stands beside it.
    init(_ fields: inout Fields) throws(Broken) {
        message = try fields.integer("message")
        let isInRoom = fields.has("room")
        guard isInRoom != fields.has("to") else { throw Broken("message \(message) is nowhere, or twice") }
        room = isInRoom ? try fields.string("room") : nil
        to = isInRoom ? nil : try fields.string("to")
        from = try fields.string("from")
        text = try fields.wordsOrNull("text")
        replyTo = try fields.integerIfThere("replyTo")
        editedAt = try fields.integerIfThere("editedAt")
        deleted = fields.has("deleted")
        reactions = fields.has("reactions") ? try fields.each("reactions", Picture.Sign.init) : []
        at = try fields.integer("at")
        guard !deleted || (text == nil && reactions.isEmpty) else {
            throw Broken("message \(message) was deleted, and is still told")
        }
    }
}

extension Picture.Sign {
    fileprivate init(_ fields: inout Fields) throws(Broken) {
        emoji = try fields.words("emoji")
        count = try fields.integer("count")
        people = fields.has("people") ? try fields.strings("people") : nil
        guard (people == nil) == (emoji == Text("same")), people.map({ $0.count == count }) ?? true,
            count > 0
        else { throw Broken("a sign whose count is not its people's") }
    }
}

extension Picture.Readable {
    fileprivate init(_ fields: inout Fields) throws(Broken) {
        room = try fields.string("room")
        name = try fields.words("name")
        round = try fields.integer("round")
    }
}

extension Picture.Help {
    init(_ help: Int, _ fields: inout Fields) throws(Broken) {
        self.help = help
        person = try fields.stringOrNull("person")
        room = try fields.string("room")
        text = try fields.wordsOrNull("text")
        unnamed = try fields.flag("unnamed")
        at = 0
        claimedBy = nil
    }
}
