import SessionProtocol
import Sessions

/// What a push changes in a client's picture.
enum Change {
    case life(Life)
    case person(String, Person)
    case hosting(Hosting)
    case rooms(Rooms)
    case help(Help)
    case chat(Chat)
    /// Something to be shown, not kept.
    case none

    enum Life {
        case started
        case ending(endsAt: Int)
        case kept
        case ended(endedAt: Int)
        case locked(Bool)
        case changed(title: Text, place: Text)
    }

    enum Person {
        case joined(Picture.Participant)
        case presence(String)
        case removed
        case moved(to: String)
        case labelled(Text)
        case muted(Bool)
        case passed(Bool)
        case handRaised
        case handLowered
    }

    enum Hosting {
        case offered(from: String, to: String)
        case offerGone
        case hostChanged(from: String?, to: String?)
        case roleChanged(String, role: String)
        case succession([String])
        case floorTaken(String, until: Int)
        case floorYielded
    }

    enum Rooms {
        case opened(Picture.Round, placements: [(person: String, room: String)])
        case added(Picture.Room)
        case renamed(String, name: Text)
        case removed(String, placements: [(person: String, room: String)])
        case extended(closesAt: Int)
        case closing(closesAt: Int)
        /// Closed or undone.
        case closed(placements: [(person: String, room: String)])
    }

    enum Help {
        case asked(Picture.Help)
        case claimed(Int, by: String)
        case gone(Int)
    }

    enum Chat {
        case sent(Picture.Line)
        case edited(Int, text: Text?)
        case deleted(Int)
        case reacted(Int, emoji: Text, added: Bool, person: String?)
        case settings(Picture.ChatSettings)
    }
}

extension Change {
    /// What the push of this name, with these fields, changes.
    init(_ name: String, _ fields: inout Fields) throws(Broken) {
        let area = name.prefix { $0 != "." }
        switch area {
        case "session": self = .life(try Life(name, &fields))
        case "participant", "room", "hand":
            self = .person(try fields.string("person"), try Person(name, &fields))
        case "host", "handoff", "role", "succession", "floor": self = .hosting(try Hosting(name, &fields))
        case "help": self = .help(try Help(name, &fields))
        case "chat": self = .chat(try Chat(name, &fields))
        case "attendance":
            try Self.readAttendance(name, &fields)
            self = .none
        case "breakouts":
            switch name {
            case "breakouts.warning": self = .none
            case "breakouts.announced":
                guard try !fields.words("text").isEmpty else { throw Broken("an announcement of nothing") }
                self = .none
            default: self = .rooms(try Rooms(name, &fields))
            }
        default: throw Broken("a push of the name \(name)")
        }
    }
}

extension Change {
    /// Attendance is asked for, not shown: the pushes are complete, and change nothing.
    private static func readAttendance(_ name: String, _ fields: inout Fields) throws(Broken) {
        guard try !fields.string("person").isEmpty else { throw Broken("attendance of nobody") }
        switch name {
        case "attendance.claimed": break
        case "attendance.accepted":
            _ = try fields.string("by")
            return
        case "attendance.marked":
            _ = try fields.flag("present")
            _ = try fields.wordsOrNull("reason")
            _ = try fields.string("by")
        default: throw Broken("a push of the name \(name)")
        }
        guard try fields.integer("from") < fields.integer("to") else { throw Broken("no time was meant") }
    }
}

extension Change.Life {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        switch name {
        case "session.started": self = .started
        case "session.ending": self = .ending(endsAt: try fields.integer("endsAt"))
        case "session.kept": self = .kept
        case "session.ended": self = .ended(endedAt: try fields.integer("endedAt"))
        case "session.locked": self = .locked(try fields.flag("locked"))
        case "session.changed":
            self = .changed(title: try fields.words("title"), place: try fields.words("place"))
        default: throw Broken("a push of the name \(name)")
        }
    }
}

extension Change.Person {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        switch name {
        case "participant.joined": self = .joined(try Picture.Participant(&fields))
        case "participant.away": self = .presence("away")
        case "participant.returned": self = .presence("here")
        case "participant.gone": self = .presence("gone")
        case "participant.left": self = .presence("left")
        case "participant.removed": self = .removed
        case "participant.moved": self = .moved(to: try fields.string("to"))
        case "participant.labelled": self = .labelled(try fields.words("text"))
        case "participant.muted": self = .muted(try fields.flag("muted"))
        case "room.passed": self = .passed(try fields.flag("pass"))
        case "hand.raised": self = .handRaised
        case "hand.lowered": self = .handLowered
        default: throw Broken("a push of the name \(name)")
        }
    }
}

extension Change.Hosting {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        switch name {
        case "handoff.offered": self = .offered(from: try fields.string("from"), to: try fields.string("to"))
        case "handoff.declined", "handoff.withdrawn": self = .offerGone
        case "host.changed":
            self = .hostChanged(from: try fields.stringOrNull("from"), to: try fields.stringOrNull("to"))
        case "role.changed":
            self = .roleChanged(try fields.string("person"), role: try fields.string("role"))
        case "succession.changed": self = .succession(try fields.strings("order"))
        case "floor.taken":
            self = .floorTaken(try fields.string("person"), until: try fields.integer("until"))
        case "floor.yielded": self = .floorYielded
        default: throw Broken("a push of the name \(name)")
        }
    }
}

extension Change.Rooms {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        switch name {
        case "breakouts.opened":
            let round = try Picture.Round(&fields, phase: "open", openedAt: 0)
            self = .opened(round, placements: try Self.placements(&fields))
        case "breakouts.roomAdded": self = .added(try Picture.Room(&fields))
        case "breakouts.roomRenamed":
            self = .renamed(try fields.string("room"), name: try fields.words("name"))
        case "breakouts.roomRemoved":
            self = .removed(try fields.string("room"), placements: try Self.placements(&fields))
        case "breakouts.extended": self = .extended(closesAt: try fields.integer("closesAt"))
        case "breakouts.closing": self = .closing(closesAt: try fields.integer("closesAt"))
        case "breakouts.closed", "breakouts.undone":
            self = .closed(placements: try Self.placements(&fields))
        default: throw Broken("a push of the name \(name)")
        }
    }

    private static func placements(
        _ fields: inout Fields
    ) throws(Broken) -> [(person: String, room: String)] {
        try fields.each("placements") { (placement: inout Fields) throws(Broken) in
            (person: try placement.string("person"), room: try placement.string("room"))
        }
    }
}

extension Change.Help {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        let help = try fields.integer("help")
        switch name {
        case "help.asked": self = .asked(try Picture.Help(help, &fields))
        case "help.claimed": self = .claimed(help, by: try fields.string("by"))
        case "help.resolved", "help.withdrawn": self = .gone(help)
        default: throw Broken("a push of the name \(name)")
        }
    }
}

extension Change.Chat {
    fileprivate init(_ name: String, _ fields: inout Fields) throws(Broken) {
        switch name {
        case "chat.sent": self = .sent(try Picture.Line(&fields))
        case "chat.edited":
            self = .edited(try fields.integer("message"), text: try fields.wordsOrNull("text"))
        case "chat.deleted": self = .deleted(try fields.integer("message"))
        case "chat.reacted":
            let emoji = try fields.words("emoji")
            guard fields.has("person") == (emoji != Text("same")) else {
                throw Broken("a sign with a name that it should not have, or without one")
            }
            self = .reacted(
                try fields.integer("message"),
                emoji: emoji,
                added: try fields.flag("added"),
                person: fields.has("person") ? try fields.string("person") : nil
            )
        case "chat.settingsChanged": self = .settings(try Picture.ChatSettings(&fields))
        default: throw Broken("a push of the name \(name)")
        }
    }
}
