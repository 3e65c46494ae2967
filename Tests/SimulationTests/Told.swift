import SessionProtocol

/// One message of the server, read once for all who hear it.
struct Told {
    /// The command that it answers.
    let re: Int64?
    /// The number of a push, or in a reply that of the last event.
    let seq: Int?
    /// The name of a push or notice, the code of a refusal.
    let name: String
    let isRefusal: Bool
    let text: String?
    let message: Int?
    let isRepeated: Bool
    /// Who is where now, and who is what, as this message tells it.
    let rooms: [String: String]
    let roles: [String: String]
    /// Messages that a reply shows: room, id, text.
    let shown: [Shown]
    /// What the reply to a join says.
    let joined: Joined?

    /// A message in a history or a state.
    struct Shown {
        var id: Int
        var room: String
        var text: String
    }

    /// A seat, as the reply to a join tells it.
    struct Joined {
        var epoch: [UInt8]
        var isResumed: Bool
        var room: String
        var role: String
    }

    init(_ bytes: [UInt8], with reader: inout ServerMessageReader) throws(Broken) {
        let message: ServerMessage
        do throws(JSONFault) {
            message = try reader.read(bytes)
        } catch {
            throw Broken("not JSON: \(error)")
        }
        re = message.re
        if let re = message.re {
            guard message.isReply else { throw Broken("the reply to \(re) says nothing") }
            isRefusal = message.error != nil
            name = Self.string(message.errorCode) ?? "ok"
            var ok = message.ok
            seq = ok?.take("seq")?.integer.map(Int.init)
            self.message = ok?.take("message")?.integer.map(Int.init)
            isRepeated = ok?.take("repeated")?.bool ?? false
            joined = ok.flatMap(Self.joined)
            shown = Self.shown(ok)
            text = nil
            (rooms, roles) = ([:], [:])
        } else {
            guard message.isPush || message.isNotice else { throw Broken("neither push nor notice") }
            isRefusal = false
            name = Self.string(message.name) ?? ""
            seq = message.seq
            var body = message.body
            self.message = body.take("message")?.integer.map(Int.init)
            isRepeated = false
            text = Self.string(body.take("text")?.text)
            rooms = Self.rooms(name, &body)
            roles = Self.roles(name, &body)
            shown = []
            joined = nil
        }
    }

    var isPush: Bool { re == nil && seq != nil }

    private static func string(_ bytes: [UInt8]?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func joined(_ ok: JSONObject) -> Joined? {
        var ok = ok
        guard let epoch = ok.take("epoch")?.text, var you = ok.take("you")?.object else { return nil }
        return Joined(
            epoch: epoch,
            isResumed: ok.take("resumed")?.bool ?? false,
            room: string(you.take("room")?.text) ?? "",
            role: string(you.take("role")?.text) ?? ""
        )
    }

    private static func shown(_ ok: JSONObject?) -> [Shown] {
        guard var ok else { return [] }
        if let messages = ok.take("messages")?.objects { return messages.compactMap(shown) }
        guard var state = ok.take("state")?.object, let chat = state.take("chat")?.object else { return [] }
        return chat.members.flatMap { ($0.value.objects ?? []).compactMap(shown) }
    }

    private static func shown(_ message: JSONObject) -> Shown? {
        var message = message
        guard let id = message.take("message")?.integer, let room = string(message.take("room")?.text),
            let text = string(message.take("text")?.text)
        else { return nil }
        return Shown(id: Int(id), room: room, text: text)
    }

    private static func rooms(_ name: String, _ body: inout JSONObject) -> [String: String] {
        switch name {
        case "participant.moved":
            guard let person = string(body.take("person")?.text), let to = string(body.take("to")?.text)
            else { return [:] }
            return [person: to]
        case "breakouts.opened", "breakouts.closed", "breakouts.undone":
            var rooms: [String: String] = [:]
            for var placement in body.take("placements")?.objects ?? [] {
                guard let person = string(placement.take("person")?.text) else { continue }
                rooms[person] = string(placement.take("room")?.text)
            }
            return rooms
        default: return [:]
        }
    }

    private static func roles(_ name: String, _ body: inout JSONObject) -> [String: String] {
        switch name {
        case "role.changed":
            guard let person = string(body.take("person")?.text) else { return [:] }
            return [person: string(body.take("role")?.text) ?? ""]
        case "host.changed":
            var roles: [String: String] = [:]
            if let from = string(body.take("from")?.text) { roles[from] = "cohost" }
            if let to = string(body.take("to")?.text) { roles[to] = "host" }
            return roles
        default: return [:]
        }
    }
}
