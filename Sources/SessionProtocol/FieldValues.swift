import Sessions

/// One value each, by its rule.
extension CommandFields {
    mutating func flag(_ name: JSONLiteral) throws(Refusal) -> Bool {
        try required(optionalFlag(name), name)
    }

    mutating func flag(_ name: JSONLiteral, or standard: Bool) throws(Refusal) -> Bool {
        try optionalFlag(name) ?? standard
    }

    mutating func optionalFlag(_ name: JSONLiteral) throws(Refusal) -> Bool? {
        guard let value = object.take(name) else { return nil }
        return try required(value.bool, name)
    }

    mutating func integer(_ name: JSONLiteral) throws(Refusal) -> Int? {
        guard let node = object.know(name) else { return nil }
        return Int(try required(object.tape.nodes[node].integer(object.tape.bytes.span), name))
    }

    /// The number of an event: a message, a request for help.
    mutating func number(_ name: JSONLiteral) throws(Refusal) -> Int {
        try required(optionalNumber(name), name)
    }

    mutating func optionalNumber(_ name: JSONLiteral) throws(Refusal) -> Int? {
        guard let number = try integer(name) else { return nil }
        guard number >= 1 else { throw badValue(name) }
        return number
    }

    mutating func seed(_ name: JSONLiteral) throws(Refusal) -> UInt64? {
        guard let seed = try integer(name) else { return nil }
        guard seed >= 0 else { throw badValue(name) }
        return UInt64(seed)
    }

    mutating func room(_ name: JSONLiteral) throws(Refusal) -> RoomID {
        try required(optionalRoom(name), name)
    }

    mutating func optionalRoom(_ name: JSONLiteral) throws(Refusal) -> RoomID? {
        guard let node = object.know(name) else { return nil }
        if object.tape.isText("main", at: node) { return .main }
        return try required(RoomID(try id(node, name)), name)
    }

    mutating func person(_ name: JSONLiteral) throws(Refusal) -> PersonID {
        try required(optionalPerson(name), name)
    }

    mutating func optionalPerson(_ name: JSONLiteral) throws(Refusal) -> PersonID? {
        guard let node = object.know(name) else { return nil }
        return try required(PersonID(try id(node, name)), name)
    }

    mutating func people(_ name: JSONLiteral) throws(Refusal) -> [PersonID]? {
        guard let value = object.take(name) else { return nil }
        let elements = try required(value.elements, name)
        var people: [PersonID] = []
        people.reserveCapacity(elements.underestimatedCount)
        for element in elements {
            people.append(try required(PersonID(try id(element.node, name)), name))
        }
        return people
    }

    private func id(_ node: Int, _ name: JSONLiteral) throws(Refusal) -> [UInt8] {
        try text(at: node, name, maxBytes: WireBounds.idBytes)
    }

    /// The length first: nothing is made of a text that is too long.
    private func text(at node: Int, _ name: JSONLiteral, maxBytes: Int) throws(Refusal) -> [UInt8] {
        guard let byteCount = object.tape.nodes[node].textByteCount else { throw badValue(name) }
        guard byteCount <= maxBytes else { throw tooLong(name) }
        return object.tape.text(of: node)
    }

    /// A sender's key: printable ASCII, so that comparing keys is comparing bytes.
    mutating func key(_ name: JSONLiteral) throws(Refusal) -> Text? {
        guard let node = object.know(name) else { return nil }
        let key = try id(node, name)
        let isPrintable = object.tape.nodes[node].isPrintable || key.allSatisfy { 0x20...0x7E ~= $0 }
        guard !key.isEmpty, isPrintable else { throw badValue(name) }
        return Text(utf8: key)
    }

    mutating func text(_ name: JSONLiteral, _ rule: TextRules) throws(Refusal) -> Text? {
        guard let node = object.know(name) else { return nil }
        let text = try text(at: node, name, maxBytes: rule.maxBytes)
        let isPrintable = object.tape.nodes[node].isPrintable
        let problem = isPrintable ? rule.problem(inPrintable: text) : rule.problem(in: text)
        guard problem == nil else { throw badValue(name) }
        return Text(utf8: text)
    }

    /// A text that may be left empty, which its rule alone would not allow.
    mutating func emptyOr(_ name: JSONLiteral, _ rule: TextRules) throws(Refusal) -> Text? {
        if let value = object.take(name), value.textByteCount == 0 { return .empty }
        return try text(name, rule)
    }

    mutating func choice<Choice: WireChoice>(
        _ name: JSONLiteral,
        of _: Choice.Type
    ) throws(Refusal) -> Choice? {
        guard let value = object.take(name) else { return nil }
        return try required(Choice.allCases.first { value.isText($0.wireName) }, name)
    }

    /// A choice that has to be made, of which one is none of them.
    mutating func choiceOrNull<Choice: WireChoice>(
        _ name: JSONLiteral,
        of type: Choice.Type
    ) throws(Refusal) -> Choice? {
        let value = try required(object.take(name), name)
        return value.isNull ? nil : try choice(name, of: type)
    }
}

// MARK: - Refusals

extension CommandFields {
    /// Refuses every field but these, whatever else may be wrong with the command: a client that is newer than
    /// this server is to hear which of its fields is not known here.
    mutating func allow(_ names: JSONLiteral...) throws(Refusal) {
        for name in names { object.know(name) }
        guard let unknown = object.firstUntaken else { return }
        throw Refusal(.unknownField, field: path + CommandFields.shown(unknown))
    }

    /// The client's own name for a field as it may be repeated: ASCII, and not long.
    private static func shown(_ name: [UInt8]) -> String {
        let ascii = name.prefix(WireBounds.namedFieldBytes).map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: "?") }
        return String(decoding: ascii, as: UTF8.self)
    }

    func required<Value>(_ value: Value?, _ name: JSONLiteral) throws(Refusal) -> Value {
        guard let value else { throw badValue(name) }
        return value
    }

    func badValue(_ name: JSONLiteral) -> Refusal {
        Refusal(.badValue, field: path + name.description)
    }

    private func tooLong(_ name: JSONLiteral) -> Refusal {
        Refusal(.tooLong, field: path + name.description)
    }
}
