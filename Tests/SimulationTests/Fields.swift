import SessionProtocol
import Sessions

/// The members of one object that the server sent, as a client counts on them: what is missing is an error.
struct Fields {
    private var object: JSONObject
    /// What the object is, for complaints.
    private let what: String

    init(_ object: JSONObject, of what: String) {
        self.object = object
        self.what = what
    }

    /// Whether there is such a member.
    func has(_ name: JSONLiteral) -> Bool { object[name] != nil }

    mutating func string(_ name: JSONLiteral) throws(Broken) -> String {
        try need(stringOrNull(name), name)
    }

    mutating func stringOrNull(_ name: JSONLiteral) throws(Broken) -> String? {
        let value = try member(name)
        if value.isNull { return nil }
        return String(decoding: try need(value.text, name), as: UTF8.self)
    }

    /// What a person wrote.
    mutating func words(_ name: JSONLiteral) throws(Broken) -> Text {
        try need(wordsOrNull(name), name)
    }

    mutating func wordsOrNull(_ name: JSONLiteral) throws(Broken) -> Text? {
        let value = try member(name)
        if value.isNull { return nil }
        return Text(utf8: try need(value.text, name))
    }

    mutating func integer(_ name: JSONLiteral) throws(Broken) -> Int {
        try need(integerOrNull(name), name)
    }

    mutating func integerOrNull(_ name: JSONLiteral) throws(Broken) -> Int? {
        let value = try member(name)
        if value.isNull { return nil }
        return Int(try need(value.integer, name))
    }

    /// A member that may be left out.
    mutating func integerIfThere(_ name: JSONLiteral) throws(Broken) -> Int? {
        has(name) ? try integer(name) : nil
    }

    mutating func flag(_ name: JSONLiteral) throws(Broken) -> Bool {
        try need(member(name).bool, name)
    }

    /// A flag that is only there when it is true.
    mutating func flagIfThere(_ name: JSONLiteral) throws(Broken) -> Bool {
        guard has(name) else { return false }
        guard try flag(name) else { throw Broken("\(name) of \(what) is false, and should be left out") }
        return true
    }

    mutating func strings(_ name: JSONLiteral) throws(Broken) -> [String] {
        try need(member(name).texts, name).map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func fields(_ name: JSONLiteral) throws(Broken) -> Fields {
        Fields(try need(member(name).object, name), of: "\(what).\(String(name.utf8))")
    }

    mutating func fieldsOrNull(_ name: JSONLiteral) throws(Broken) -> Fields? {
        let value = try member(name)
        if value.isNull { return nil }
        return Fields(try need(value.object, name), of: "\(what).\(String(name.utf8))")
    }

    /// The objects of an array, each read by `read`.
    mutating func each<Element>(
        _ name: JSONLiteral,
        _ read: (inout Fields) throws(Broken) -> Element
    ) throws(Broken) -> [Element] {
        try Self.each(member(name), of: "\(what).\(String(name.utf8))", read)
    }

    /// The members of an object whose names are rooms, and their values: arrays of objects.
    func eachRoom<Element>(
        _ read: (inout Fields) throws(Broken) -> Element
    ) throws(Broken) -> [(room: String, elements: [Element])] {
        var rooms: [(room: String, elements: [Element])] = []
        for (name, value) in object.members {
            let room = String(decoding: name, as: UTF8.self)
            rooms.append((room, try Self.each(value, of: "\(what).\(room)", read)))
        }
        return rooms
    }

    private static func each<Element>(
        _ value: JSONValue,
        of what: String,
        _ read: (inout Fields) throws(Broken) -> Element
    ) throws(Broken) -> [Element] {
        guard let objects = value.objects else { throw Broken("\(what) is no array of objects") }
        var elements: [Element] = []
        elements.reserveCapacity(objects.count)
        for object in objects {
            var fields = Fields(object, of: what)
            elements.append(try read(&fields))
        }
        return elements
    }

    private mutating func member(_ name: JSONLiteral) throws(Broken) -> JSONValue {
        try need(object.take(name), name)
    }

    private func need<Value>(_ value: Value?, _ name: JSONLiteral) throws(Broken) -> Value {
        guard let value else { throw Broken("\(what) has no good \(String(name.utf8))") }
        return value
    }
}

/// Something that must hold does not.
struct Broken: Error {
    var what: String

    init(_ what: String) {
        self.what = what
    }
}
