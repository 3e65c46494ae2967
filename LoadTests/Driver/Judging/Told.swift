import SessionProtocol
import Sessions

/// One push, read once for all who hear it.
///
/// Persons are numbers that the ledger of the session gives.
final class Told {
    let seq: Int
    /// Milliseconds since 1970, by the server's clock.
    let at: Int64
    let bytes: [UInt8]
    let name: String
    let change: Change
    /// When its message was to be written, of a chat by one of ours; microseconds since the run began.
    var due: Int64?

    init(seq: Int, at: Int64, bytes: [UInt8], name: String, change: Change) {
        self.seq = seq
        self.at = at
        self.bytes = bytes
        self.name = name
        self.change = change
    }

    /// What a judge has to know of it.
    enum Change {
        case joined(Int, role: String, room: RoomID)
        case moved(Int, to: RoomID)
        /// A round opens: who goes where, and when it closes.
        case opened(round: Int, rooms: [RoomID], placed: [Int: RoomID], closesAt: Int64?)
        /// A round closes or is undone.
        case closed(placed: [Int: RoomID], byItself: Bool)
        case roomAdded(RoomID)
        case roomRemoved(RoomID, placed: [Int: RoomID])
        case closesAt(Int64?)
        case removed(Int)
        case host(from: Int?, to: Int?)
        case role(Int, String)
        case started
        case ended
        case chat(Chat)
        /// A message is changed, deleted or given a sign by somebody; the sign `same` does not tell by whom.
        case chatChanged(message: Int, by: Int?)
        /// Hosts hear it, and these persons.
        case forHosts(also: [Int])
        /// Everybody hears it, and no judge needs more.
        case forAll
    }

    /// A message, where it was written.
    struct Chat {
        var message: Int
        var from: Int
        var place: Place
        /// Of a message by one of ours: its writer's count.
        var count: Int?
    }

    enum Place: Equatable {
        case room(RoomID)
        case direct(to: Int)
    }
}

/// Reads pushes; persons are numbered by `number`.
struct PushReading {
    private var reader = ServerMessageReader()

    /// What stands in the push; nil when it is none that the protocol knows.
    mutating func read(_ bytes: [UInt8], number: (String) -> Int) -> Told? {
        guard let message = try? reader.read(bytes), let name = message.name, let seq = message.seq,
            let at = message.at
        else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        guard let change = Self.change(text, message.body, number: number) else { return nil }
        return Told(seq: seq, at: at, bytes: bytes, name: text, change: change)
    }

    private static func change(_ name: String, _ body: JSONObject, number: (String) -> Int) -> Told.Change? {
        func person(_ field: JSONLiteral) -> Int? { body.string(field).map(number) }
        func placed() -> [Int: RoomID] { body.placements(number) }
        switch name {
        case "participant.joined":
            guard let who = person("person"), let role = body.string("role"), let room = body.room("room")
            else { return nil }
            return .joined(who, role: role, room: room)
        case "participant.moved":
            guard let who = person("person"), let room = body.room("to") else { return nil }
            return .moved(who, to: room)
        case "participant.removed": return person("person").map { .removed($0) }
        case "breakouts.opened":
            guard let round = body["round"]?.integer, let rooms = body["rooms"]?.objects else { return nil }
            let closesAt = body["closesAt"]?.integer
            return .opened(
                round: Int(round),
                rooms: rooms.compactMap { $0.room("room") },
                placed: placed(),
                closesAt: closesAt
            )
        case "breakouts.closed", "breakouts.undone":
            return .closed(placed: placed(), byItself: body["by"]?.isNull ?? true)
        case "breakouts.roomAdded": return body.room("room").map { .roomAdded($0) }
        case "breakouts.roomRemoved": return body.room("room").map { .roomRemoved($0, placed: placed()) }
        case "breakouts.extended", "breakouts.closing": return .closesAt(body["closesAt"]?.integer)
        case "host.changed": return .host(from: person("from"), to: person("to"))
        case "role.changed":
            guard let who = person("person"), let role = body.string("role") else { return nil }
            return .role(who, role)
        case "session.started": return .started
        case "session.ended": return .ended
        case "chat.sent": return chat(body, number: number).map { .chat($0) }
        case "chat.edited", "chat.deleted", "chat.reacted":
            guard let message = body["message"]?.integer else { return nil }
            return .chatChanged(message: Int(message), by: person("by") ?? person("person"))
        case "handoff.offered", "handoff.declined", "handoff.withdrawn", "help.asked", "help.claimed",
            "help.resolved", "help.withdrawn", "attendance.claimed", "attendance.accepted",
            "attendance.marked":
            return .forHosts(
                also: [person("from"), person("to"), person("by"), person("person")].compactMap { $0 }
            )
        default: return .forAll
        }
    }

    private static func chat(_ body: JSONObject, number: (String) -> Int) -> Told.Chat? {
        guard let message = body["message"]?.integer, let from = body.string("from").map(number) else {
            return nil
        }
        let place: Told.Place
        if let to = body.string("to").map(number) {
            place = .direct(to: to)
        } else if let room = body.room("room") {
            place = .room(room)
        } else {
            return nil
        }
        return Told.Chat(
            message: Int(message),
            from: from,
            place: place,
            count: body["text"]?.text.flatMap(OwnMessage.count)
        )
    }
}

extension JSONObject {
    /// A member's text.
    func string(_ name: JSONLiteral) -> String? {
        self[name]?.text.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A member that names a room.
    func room(_ name: JSONLiteral) -> RoomID? { self[name]?.text.flatMap { RoomID($0) } }

    /// Who goes where.
    fileprivate func placements(_ number: (String) -> Int) -> [Int: RoomID] {
        var placed: [Int: RoomID] = [:]
        for placement in self["placements"]?.objects ?? [] {
            if let person = placement.string("person"), let room = placement.room("room") {
                placed[number(person)] = room
            }
        }
        return placed
    }
}

/// How our people's messages begin, so that each is known again: `#12 ` is its writer's twelfth.
enum OwnMessage {
    /// The text of a message, filled up to so many bytes.
    static func text(_ count: Int, bytes: Int) -> [UInt8] {
        var text = Array("#\(count) ".utf8)
        while text.count < bytes { text.append(words[(text.count + count) % words.count]) }
        if text.last == UInt8(ascii: " ") { text[text.count - 1] = UInt8(ascii: ".") }
        return text
    }

    /// The writer's count in a message's text; nil when it is no message of ours.
    static func count(_ text: [UInt8]) -> Int? {
        guard text.first == UInt8(ascii: "#") else { return nil }
        var count = 0
        for byte in text.dropFirst() {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: ".") { return count }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), count < 1 << 40 else { return nil }
            count = count * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return nil
    }

    private static let words = Array("so we try it once more and see what the others make of it ".utf8)
}
