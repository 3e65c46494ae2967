import Sessions

/// The fields of one command, each read by its rule; what is wrong is refused by its name.
struct CommandFields {
    private var object: JSONObject
    private let rules: FieldRules
    /// What stands before the names of fields that are not the command's own: `rooms[2].`, `resume.`.
    private let path: String

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

    /// Reads the fields of a command.
    mutating func command(_ kind: CommandKind) throws(Refusal) -> SessionCommand {
        switch kind {
        case .start, .keep, .leave, .timeSync, .reclaimHost, .undoBreakouts: try allow()
        case .end, .extendBreakouts, .closeBreakouts: try allow("seconds")
        case .lock: try allow("locked")
        case .giveHost: try allow("to")
        case .addCohost, .removeCohost: try allow("person")
        case .setSuccession: try allow("order")
        case .openBreakouts: try allowPlan()
        case .move: try allow("person", "room")
        case .enterRoom: try allow("room")
        case .confirmRoom: try allow("room", "seen")
        case .sendChat: try allow("room", "text", "replyTo", "key")
        case .chatHistory: try allow("room", "before", "limit")
        }
        return try values(of: kind)
    }

    private mutating func values(of kind: CommandKind) throws(Refusal) -> SessionCommand {
        switch kind {
        case .start: .start
        case .end: .end(seconds: try integer("seconds"))
        case .keep: .keep
        case .leave: .leave
        case .lock: .lock(try flag("locked"))
        case .timeSync: .timeSync
        case .giveHost: .giveHost(to: try person("to"))
        case .reclaimHost: .reclaimHost
        case .addCohost: .addCohost(try person("person"))
        case .removeCohost: .removeCohost(try person("person"))
        case .setSuccession: .setSuccession(try required(people("order"), "order"))
        case .openBreakouts: .openBreakouts(try openBreakouts())
        case .move: .move(try person("person"), to: try room("room"))
        case .extendBreakouts: .extendBreakouts(seconds: try required(integer("seconds"), "seconds"))
        case .closeBreakouts: .closeBreakouts(seconds: try integer("seconds"))
        case .undoBreakouts: .undoBreakouts
        case .enterRoom: .enterRoom(try room("room"))
        case .confirmRoom: .confirmRoom(try room("room"), seen: try flag("seen"))
        case .sendChat: .sendChat(try sendChat())
        case .chatHistory:
            .chatHistory(room: try room("room"), before: try message("before"), limit: try integer("limit"))
        }
    }

    private mutating func sendChat() throws(Refusal) -> SendChat {
        SendChat(
            room: try room("room"),
            text: try required(text("text", rules.message), "text"),
            replyTo: try message("replyTo"),
            key: try key("key")
        )
    }

    private mutating func allowPlan() throws(Refusal) {
        try allow("rooms", "count", "size", "mode", "seconds", "closing", "late", "task", "hostsRead", "seed")
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
            hostsRead: try optionalFlag("hostsRead") ?? false,
            seed: try seed("seed")
        )
    }

    private mutating func roomPlans(_ name: JSONLiteral) throws(Refusal) -> [RoomPlan]? {
        guard let value = object.take(name) else { return nil }
        guard let objects = value.objects else { throw badValue(name) }
        var plans: [RoomPlan] = []
        plans.reserveCapacity(objects.count)
        for (index, object) in objects.enumerated() {
            var fields = CommandFields(object, rules: rules, path: "\(path)\(String(name.utf8))[\(index)].")
            plans.append(try fields.roomPlan())
        }
        return plans
    }

    private mutating func roomPlan() throws(Refusal) -> RoomPlan {
        try allow("name", "people", "task", "place")
        return RoomPlan(
            name: try text("name", rules.name),
            people: try people("people") ?? [],
            task: try text("task", rules.task),
            place: try emptyOr("place", rules.place) ?? .empty
        )
    }
}

// MARK: - Values

extension CommandFields {
    private mutating func flag(_ name: JSONLiteral) throws(Refusal) -> Bool {
        try required(optionalFlag(name), name)
    }

    private mutating func optionalFlag(_ name: JSONLiteral) throws(Refusal) -> Bool? {
        guard let value = object.take(name) else { return nil }
        return try required(value.bool, name)
    }

    private mutating func integer(_ name: JSONLiteral) throws(Refusal) -> Int? {
        guard let value = object.take(name) else { return nil }
        return Int(try required(value.integer, name))
    }

    private mutating func message(_ name: JSONLiteral) throws(Refusal) -> MessageID? {
        guard let id = try integer(name) else { return nil }
        guard id >= 1 else { throw badValue(name) }
        return id
    }

    private mutating func seed(_ name: JSONLiteral) throws(Refusal) -> UInt64? {
        guard let seed = try integer(name) else { return nil }
        guard seed >= 0 else { throw badValue(name) }
        return UInt64(seed)
    }

    private mutating func room(_ name: JSONLiteral) throws(Refusal) -> RoomID {
        let value = try required(object.take(name), name)
        if value.isText("main") { return .main }
        return try required(RoomID(try id(value, name)), name)
    }

    private mutating func person(_ name: JSONLiteral) throws(Refusal) -> PersonID {
        try person(required(object.take(name), name), name)
    }

    private func person(_ value: JSONValue, _ name: JSONLiteral) throws(Refusal) -> PersonID {
        try required(PersonID(try id(value, name)), name)
    }

    private mutating func people(_ name: JSONLiteral) throws(Refusal) -> [PersonID]? {
        guard let value = object.take(name) else { return nil }
        let elements = try required(value.elements, name)
        var people: [PersonID] = []
        people.reserveCapacity(elements.underestimatedCount)
        for element in elements { people.append(try person(element, name)) }
        return people
    }

    private func id(_ value: JSONValue, _ name: JSONLiteral) throws(Refusal) -> [UInt8] {
        guard let byteCount = value.textByteCount else { throw badValue(name) }
        guard byteCount <= WireBounds.idBytes else { throw tooLong(name) }
        return try required(value.text, name)
    }

    /// A sender's key: printable ASCII, so that comparing keys is comparing bytes.
    private mutating func key(_ name: JSONLiteral) throws(Refusal) -> Text? {
        guard let value = object.take(name) else { return nil }
        let key = try id(value, name)
        guard !key.isEmpty, key.allSatisfy({ 0x20...0x7E ~= $0 }) else { throw badValue(name) }
        return Text(utf8: key)
    }

    private mutating func text(_ name: JSONLiteral, _ rule: TextRules) throws(Refusal) -> Text? {
        guard let value = object.take(name) else { return nil }
        // The length first: nothing is made of a text that is too long.
        guard let byteCount = value.textByteCount else { throw badValue(name) }
        guard byteCount <= rule.maxBytes else { throw tooLong(name) }
        let text = try required(value.text, name)
        guard rule.problem(in: text) == nil else { throw badValue(name) }
        return Text(utf8: text)
    }

    /// A text that may be left empty, which its rule alone would not allow.
    private mutating func emptyOr(_ name: JSONLiteral, _ rule: TextRules) throws(Refusal) -> Text? {
        if let value = object.take(name), value.textByteCount == 0 { return .empty }
        return try text(name, rule)
    }

    private mutating func choice<Choice: WireChoice>(
        _ name: JSONLiteral,
        of _: Choice.Type
    ) throws(Refusal) -> Choice? {
        guard let value = object.take(name) else { return nil }
        return try required(Choice.allCases.first { value.isText($0.wireName) }, name)
    }
}

// MARK: - Refusals

extension CommandFields {
    /// Refuses every field but these, whatever else may be wrong with the command: a client that is newer than
    /// this server is to hear which of its fields is not known here.
    private mutating func allow(_ names: JSONLiteral...) throws(Refusal) {
        for name in names { _ = object.take(name) }
        guard let unknown = object.firstUntaken else { return }
        throw Refusal(.unknownField, field: path + CommandFields.shown(unknown))
    }

    /// The client's own name for a field as it may be repeated: ASCII, and not long.
    private static func shown(_ name: [UInt8]) -> String {
        let ascii = name.prefix(WireBounds.namedFieldBytes).map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }
        return String(decoding: ascii, as: UTF8.self)
    }

    private func required<Value>(_ value: Value?, _ name: JSONLiteral) throws(Refusal) -> Value {
        guard let value else { throw badValue(name) }
        return value
    }

    private func badValue(_ name: JSONLiteral) -> Refusal {
        Refusal(.badValue, field: path + String(name.utf8))
    }

    private func tooLong(_ name: JSONLiteral) -> Refusal {
        Refusal(.tooLong, field: path + String(name.utf8))
    }
}

/// The rules for each kind of text in a command.
struct FieldRules: Sendable {
    let message: TextRules
    let task: TextRules
    /// A link or a few words, in one line.
    let place: TextRules
    let name: TextRules

    init(_ limits: ProtocolLimits) {
        message = .message.limited(toBytes: limits.textBytes)
        task = .text.limited(toBytes: limits.taskBytes)
        place = .name.limited(toBytes: limits.placeBytes)
        name = .name.limited(toBytes: limits.nameBytes)
    }
}
