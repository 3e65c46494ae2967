import Sessions

/// The fields of one command, each read by its rule; what is wrong is refused by its name.
struct CommandFields {
    var object: JSONObject
    let rules: FieldRules
    /// What stands before the names of fields that are not the command's own: `rooms[2].`, `resume.`.
    let path: String

    /// Those of `object` that were not taken from it yet: of a command, all but `id` and `do`.
    init(_ object: JSONObject, rules: FieldRules, path: String = "") {
        self.object = object
        self.rules = rules
        self.path = path
    }

    /// Reads the fields of `session.join`.
    mutating func join() throws(Refusal) -> JoinCommand {
        try allow("ticket", "resume")
        guard let ticket = object.take("ticket")?.text else { throw badValue("ticket") }
        guard let resume = object.take("resume") else { return JoinCommand(ticket: ticket) }
        guard let object = resume.object else { throw badValue("resume") }
        var fields = CommandFields(object, rules: rules, path: "resume.")
        return JoinCommand(ticket: ticket, resume: try fields.resume())
    }

    /// Where the client wants to go on; nil when its epoch is none of ours: then it is told everything.
    private mutating func resume() throws(Refusal) -> Resume? {
        try allow("epoch", "after")
        let epoch = try required(object.take("epoch")?.text, "epoch")
        guard let after = try integer("after"), after >= 0 else { throw badValue("after") }
        return Epoch(hexadecimal: epoch).map { Resume(epoch: $0, after: after) }
    }

    /// Reads the fields of a command, and on which state it rests, if it says so.
    mutating func command(
        _ kind: CommandKind
    ) throws(Refusal) -> (command: SessionCommand, ifSeq: Int?) {
        if kind.edits != nil { _ = object.take("ifSeq") }
        let command: SessionCommand
        do throws(Refusal) {
            command = try values(of: kind)
        } catch {
            // A field that nobody knows goes before whatever else is wrong.
            try allowFields(of: kind)
            throw error
        }
        // Most commands have no field that was not read.
        if object.hasUntaken { try allowFields(of: kind) }
        guard kind.edits != nil, let ifSeq = try integer("ifSeq") else { return (command, nil) }
        guard ifSeq >= 0 else { throw badValue("ifSeq") }
        return (command, ifSeq)
    }

    private mutating func allowFields(of kind: CommandKind) throws(Refusal) {
        switch kind {
        case .start, .keep, .leave, .timeSync, .acceptHandoff, .declineHandoff, .withdrawHandoff,
            .reclaimHost,
            .yieldFloor, .undoBreakouts, .raiseHand:
            try allow()
        case .end, .takeFloor, .extendBreakouts, .closeBreakouts: try allow("seconds")
        case .lock: try allow("locked")
        case .set: try allow("title", "place")
        case .offerHandoff, .giveHost: try allow("to")
        case .addCohost, .removeCohost, .lowerHand, .remove: try allow("person")
        case .setSuccession: try allow("order")
        case .previewBreakouts, .openBreakouts: try allowPlan()
        case .move: try allow("person", "room")
        case .addRoom: try allow("name", "task", "place")
        case .renameRoom: try allow("room", "name")
        case .removeRoom, .enterRoom: try allow("room")
        case .announce: try allow("text")
        case .confirmRoom: try allow("room", "seen")
        case .signalRoom: try allow("signal")
        case .pass: try allow("pass")
        case .askHelp: try allow("text", "unnamed")
        case .claimHelp, .resolveHelp, .withdrawHelp: try allow("help")
        case .label: try allow("person", "text")
        case .mute: try allow("person", "muted")
        case .sendChat: try allow("room", "person", "text", "replyTo", "key")
        case .editChat: try allow("message", "text")
        case .deleteChat: try allow("message")
        case .reactChat: try allow("message", "emoji", "on")
        case .chatHistory: try allow("room", "person", "before", "limit")
        case .chatSettings: try allow("locked", "slowSeconds")
        case .typing: try allow("room", "person")
        case .ownAttendance: try allow()
        case .reportAttendance, .acceptAttendance: try allow("person")
        case .claimAttendance: try allow("from", "to")
        case .markAttendance: try allow("person", "from", "to", "present", "reason")
        }
    }

    private mutating func values(of kind: CommandKind) throws(Refusal) -> SessionCommand {
        switch kind {
        case .start: .start
        case .end: .end(seconds: try integer("seconds"))
        case .keep: .keep
        case .leave: .leave
        case .lock: .lock(try flag("locked"))
        case .set: .set(title: try emptyOr("title", rules.name), place: try emptyOr("place", rules.place))
        case .timeSync: .timeSync
        case .offerHandoff: .offerHandoff(to: try person("to"))
        case .acceptHandoff: .acceptHandoff
        case .declineHandoff: .declineHandoff
        case .withdrawHandoff: .withdrawHandoff
        case .giveHost: .giveHost(to: try person("to"))
        case .reclaimHost: .reclaimHost
        case .addCohost: .addCohost(try person("person"))
        case .removeCohost: .removeCohost(try person("person"))
        case .setSuccession: .setSuccession(try required(people("order"), "order"))
        case .takeFloor: .takeFloor(seconds: try required(integer("seconds"), "seconds"))
        case .yieldFloor: .yieldFloor
        case .previewBreakouts: .previewBreakouts(try openBreakouts())
        case .openBreakouts: .openBreakouts(try openBreakouts())
        case .move: .move(try person("person"), to: try room("room"))
        case .addRoom: .addRoom(try newRoom())
        case .renameRoom: .renameRoom(try room("room"), name: try required(text("name", rules.name), "name"))
        case .removeRoom: .removeRoom(try room("room"))
        case .extendBreakouts: .extendBreakouts(seconds: try required(integer("seconds"), "seconds"))
        case .announce: .announce(try required(text("text", rules.announcement), "text"))
        case .closeBreakouts: .closeBreakouts(seconds: try integer("seconds"))
        case .undoBreakouts: .undoBreakouts
        case .enterRoom: .enterRoom(try room("room"))
        case .confirmRoom: .confirmRoom(try room("room"), seen: try flag("seen"))
        case .signalRoom: .signalRoom(try choiceOrNull("signal", of: RoomSignal.self))
        case .pass: .pass(try flag("pass"))
        case .askHelp:
            .askHelp(try text("text", rules.help) ?? .empty, unnamed: try flag("unnamed", or: false))
        case .claimHelp: .claimHelp(try number("help"))
        case .resolveHelp: .resolveHelp(try number("help"))
        case .withdrawHelp: .withdrawHelp(try number("help"))
        case .raiseHand: .raiseHand
        case .lowerHand: .lowerHand(try optionalPerson("person"))
        case .label: .label(try optionalPerson("person"), try required(emptyOr("text", rules.label), "text"))
        case .mute: .mute(try person("person"), try flag("muted"))
        case .remove: .remove(try person("person"))
        case .sendChat: .sendChat(try sendChat())
        case .editChat: .editChat(try number("message"), try required(text("text", rules.message), "text"))
        case .deleteChat: .deleteChat(try number("message"))
        case .reactChat: .reactChat(try number("message"), emoji: try emoji("emoji"), on: try flag("on"))
        case .chatHistory: try chatHistory()
        case .chatSettings: try chatSettings()
        case .typing: .typing(try optionalTarget())
        case .reportAttendance: .reportAttendance(try optionalPerson("person"))
        case .ownAttendance: .ownAttendance
        case .claimAttendance: .claimAttendance(try interval())
        case .acceptAttendance: .acceptAttendance(try person("person"))
        case .markAttendance:
            .markAttendance(
                try person("person"),
                try interval(),
                present: try flag("present"),
                reason: try required(text("reason", rules.help), "reason")
            )
        }
    }
}

// MARK: - Attendance

extension CommandFields {
    /// `from` and `to`; whether they fit the session is its own question.
    private mutating func interval() throws(Refusal) -> Interval {
        Interval(from: try time("from"), to: try time("to"))
    }

    private mutating func time(_ name: JSONLiteral) throws(Refusal) -> Milliseconds {
        let time = try required(integer(name), name)
        guard time >= 0 else { throw badValue(name) }
        return Milliseconds(time)
    }
}

// MARK: - Chat

extension CommandFields {
    private mutating func sendChat() throws(Refusal) -> SendChat {
        let target = try target()
        guard let text = try text("text", rules.message) else { throw badValue("text") }
        return SendChat(to: target, text: text, replyTo: try optionalNumber("replyTo"), key: try key("key"))
    }

    private mutating func chatHistory() throws(Refusal) -> SessionCommand {
        .chatHistory(try target(), before: try optionalNumber("before"), limit: try integer("limit"))
    }

    private mutating func chatSettings() throws(Refusal) -> SessionCommand {
        .chatSettings(locked: try optionalFlag("locked"), slowSeconds: try integer("slowSeconds"))
    }

    /// A room or a person, and not both.
    private mutating func target() throws(Refusal) -> ChatTarget {
        // Not by `required`, which would be asked with a copy of all the fields.
        guard let target = try optionalTarget() else { throw badValue("room") }
        return target
    }

    private mutating func optionalTarget() throws(Refusal) -> ChatTarget? {
        let room = try optionalRoom("room")
        let person = try optionalPerson("person")
        if let room {
            guard person == nil else { throw badValue("room") }
            return .room(room)
        }
        return person.map(ChatTarget.person)
    }

    /// `same`, or an emoji.
    private mutating func emoji(_ name: JSONLiteral) throws(Refusal) -> Text {
        let value = try required(object.take(name), name)
        guard let byteCount = value.textByteCount, byteCount <= EmojiRule.maxBytes, let sign = value.text,
            EmojiRule.allows(sign)
        else { throw badValue(name) }
        return Text(utf8: sign)
    }
}

// MARK: - Breakouts

extension CommandFields {
    private mutating func allowPlan() throws(Refusal) {
        try allow(
            "rooms",
            "count",
            "size",
            "mode",
            "seconds",
            "closing",
            "late",
            "task",
            "hostsRead",
            "facilitators",
            "seed"
        )
    }

    private mutating func openBreakouts() throws(Refusal) -> OpenBreakouts {
        OpenBreakouts(
            rooms: try roomPlans("rooms"),
            count: try integer("count"),
            size: try integer("size"),
            mode: try choice("mode", of: BreakoutMode.self),
            seconds: try integer("seconds"),
            closing: try integer("closing"),
            late: try choice("late", of: LatePolicy.self),
            task: try text("task", rules.task) ?? .empty,
            hostsRead: try flag("hostsRead", or: false),
            facilitators: try people("facilitators") ?? [],
            seed: try seed("seed")
        )
    }

    private mutating func roomPlans(_ name: JSONLiteral) throws(Refusal) -> [RoomPlan]? {
        guard let value = object.take(name) else { return nil }
        guard let objects = value.objects else { throw badValue(name) }
        var plans: [RoomPlan] = []
        plans.reserveCapacity(objects.count)
        for (index, object) in objects.enumerated() {
            var fields = CommandFields(object, rules: rules, path: "\(path)\(name.description)[\(index)].")
            plans.append(try fields.roomPlan())
        }
        return plans
    }

    private mutating func roomPlan() throws(Refusal) -> RoomPlan {
        try allow("name", "people", "task", "place")
        var plan = try newRoom()
        plan.people = try people("people") ?? []
        return plan
    }

    /// What a room is to be, without its people.
    private mutating func newRoom() throws(Refusal) -> RoomPlan {
        RoomPlan(
            name: try text("name", rules.name),
            task: try text("task", rules.task),
            place: try emptyOr("place", rules.place) ?? .empty
        )
    }
}
