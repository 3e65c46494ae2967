import SessionProtocol
import Sessions

/// One message of the server, read once for all who hear it.
enum Told {
    case reply(Reply)
    case push(Push)
    case notice(Notice)

    init(_ bytes: [UInt8], with reader: inout ServerMessageReader) throws(Broken) {
        let message: ServerMessage
        do throws(JSONFault) {
            message = try reader.read(bytes)
        } catch {
            throw Broken("not JSON: \(error)")
        }
        if let re = message.re {
            self = .reply(try Reply(message, re: re))
            return
        }
        guard let bytes = message.name else { throw Broken("neither reply nor push nor notice") }
        let name = String(decoding: bytes, as: UTF8.self)
        if let seq = message.seq {
            var fields = Fields(message.body, of: name)
            guard let at = message.at else { throw Broken("\(name) has no time") }
            let change = try Change(name, &fields)
            self = .push(Push(seq: seq, at: Int(at), name: name, change: change))
        } else {
            self = .notice(try Notice(name, message))
        }
    }
}

/// An event, as those hear it whom it concerns.
struct Push {
    var seq: Int
    var at: Int
    var name: String
    var change: Change
}

/// What is derived, and not numbered.
enum Notice {
    /// One's own part of the state anew.
    case you(role: String, room: String, Picture.Own)
    case count
    /// What only hosts are told: how many have arrived, how the rooms are doing.
    case forHosts(String)
    case typing(room: String?, to: String?, people: [String], count: Int)

    fileprivate init(_ name: String, _ message: ServerMessage) throws(Broken) {
        var fields = Fields(message.body, of: name)
        switch name {
        case "you":
            var you = try fields.fields("you")
            let room = try you.string("room")
            let own = try Picture.Own(&fields, room: room)
            self = .you(role: try you.string("role"), room: room, own)
        case "attendance.count":
            _ = (try fields.integer("here"), try fields.integer("unique"), try fields.integer("peak"))
            self = .count
        case "breakouts.confirmed":
            let (confirmed, seen) = (try fields.integer("confirmed"), try fields.integer("seen"))
            let (of, missing) = (try fields.integer("of"), try fields.strings("missing"))
            guard seen <= confirmed, confirmed + missing.count == of else {
                throw Broken("\(confirmed) of \(of) have arrived, \(missing.count) have not")
            }
            self = .forHosts(name)
        case "rooms.pulse": self = .forHosts(name)
        case "chat.typing":
            self = .typing(
                room: fields.has("room") ? try fields.string("room") : nil,
                to: fields.has("to") ? try fields.string("to") : nil,
                people: try fields.strings("people"),
                count: try fields.integer("count")
            )
        default: throw Broken("a notice of the name \(name)")
        }
    }
}

/// The answer to a command.
struct Reply {
    var re: Int64
    /// Why it was turned down; nil when it was not.
    var code: String?
    /// The last event that it caused, or of a join, the last that there is.
    var seq: Int?
    var message: Int?
    var help: Int?
    var isRepeated = false
    /// What a history shows.
    var history: [Picture.Line] = []
    /// What a join says.
    var joined: Joined?

    /// A seat, as the reply to a join tells it.
    struct Joined {
        var epoch: Epoch
        var role: String
        var room: String
        /// Nil when the client goes on where it was.
        var state: Picture?
    }

    fileprivate init(_ message: ServerMessage, re: Int64) throws(Broken) {
        self.re = re
        if let error = message.error {
            var fields = Fields(error, of: "an error")
            let code = try fields.string("code")
            guard code != "malformed" else {
                throw Broken("the engine called something malformed")
            }
            if code == "stale" { try Self.checkStale(&fields) }
            self.code = code
            return
        }
        guard let ok = message.ok else { throw Broken("the reply to \(re) says nothing") }
        var fields = Fields(ok, of: "the reply to \(re)")
        seq = try fields.integerIfThere("seq")
        self.message = try fields.integerIfThere("message")
        help = try fields.integerIfThere("help")
        isRepeated = fields.has("repeated")
        if fields.has("messages") { history = try fields.each("messages", Picture.Line.init) }
        if fields.has("epoch") { joined = try Joined(&fields) }
    }

    /// Who is told to look again is told what has changed.
    private static func checkStale(_ fields: inout Fields) throws(Broken) {
        let changed = try fields.each("changed") { (edit: inout Fields) throws(Broken) in
            (try edit.integer("seq"), try edit.string("on"), try edit.stringOrNull("by"))
        }
        guard !changed.isEmpty, zip(changed, changed.dropFirst()).allSatisfy({ $0.0 < $1.0 }) else {
            throw Broken("a command was stale, and what has changed is not told in order")
        }
    }
}

extension Reply.Joined {
    fileprivate init(_ fields: inout Fields) throws(Broken) {
        guard let epoch = Epoch(hexadecimal: Array(try fields.string("epoch").utf8)) else {
            throw Broken("an epoch that is none")
        }
        var you = try fields.fields("you")
        self.epoch = epoch
        (role, room) = (try you.string("role"), try you.string("room"))
        let isResumed = try fields.flag("resumed")
        guard isResumed != fields.has("state") else { throw Broken("resumed, and a state") }
        guard !isResumed else { return }
        var state = try fields.fields("state")
        self.state = try Picture(&state, of: you.string("person"))
    }
}
