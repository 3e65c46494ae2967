import Sessions
import Testing

/// Commands about people, who have names in tests.
extension SessionCommand {
    static func offer(_ name: String) -> SessionCommand { .offerHandoff(to: Gathering.person(name)) }
    static func give(_ name: String) -> SessionCommand { .giveHost(to: Gathering.person(name)) }
    static func promote(_ name: String) -> SessionCommand { .addCohost(Gathering.person(name)) }
    static func demote(_ name: String) -> SessionCommand { .removeCohost(Gathering.person(name)) }
    static func order(_ names: String...) -> SessionCommand { .setSuccession(names.map(Gathering.person)) }
    static func remove(_ name: String) -> SessionCommand { .remove(Gathering.person(name)) }
    static func mute(_ name: String) -> SessionCommand { .mute(Gathering.person(name), true) }
    static func unmute(_ name: String) -> SessionCommand { .mute(Gathering.person(name), false) }

    static func write(_ text: String, in room: RoomID = .main, replyTo: MessageID? = nil) -> SessionCommand {
        .sendChat(SendChat(to: .room(room), text: Text(text), replyTo: replyTo))
    }

    static func tell(
        _ name: String,
        _ text: String,
        replyTo: MessageID? = nil,
        key: String? = nil
    ) -> SessionCommand {
        let target = ChatTarget.person(Gathering.person(name))
        return .sendChat(SendChat(to: target, text: Text(text), replyTo: replyTo, key: key.map { Text($0) }))
    }

    static func edit(_ message: MessageID, _ text: String) -> SessionCommand {
        .editChat(message, Text(text))
    }

    static func react(_ message: MessageID, _ emoji: String, on: Bool = true) -> SessionCommand {
        .reactChat(message, emoji: Text(emoji), on: on)
    }

    static func history(_ room: RoomID, before: MessageID? = nil, limit: Int? = nil) -> SessionCommand {
        .chatHistory(.room(room), before: before, limit: limit)
    }

    static func history(with name: String, before: MessageID? = nil, limit: Int? = nil) -> SessionCommand {
        .chatHistory(.person(Gathering.person(name)), before: before, limit: limit)
    }

    static func ask(_ text: String, unnamed: Bool = false) -> SessionCommand {
        .askHelp(Text(text), unnamed: unnamed)
    }

    static func label(_ name: String?, _ text: String) -> SessionCommand {
        .label(name.map(Gathering.person), Text(text))
    }

    static func lowerHand(of name: String) -> SessionCommand { .lowerHand(Gathering.person(name)) }
}

extension Text {
    var string: String { String(decoding: utf8, as: UTF8.self) }
}

extension Gathering {
    /// The message that somebody's words became.
    func sent(_ name: String, _ command: SessionCommand) throws -> MessageID {
        guard case .message(let id, false) = try answer(name, command).answer else {
            throw Unexpected.answer
        }
        return id
    }

    /// The request that somebody's asking for help became.
    func asked(_ name: String, _ text: String = "", unnamed: Bool = false) throws -> HelpID {
        guard case .help(let id) = try answer(name, .ask(text, unnamed: unnamed)).answer else {
            throw Unexpected.answer
        }
        return id
    }

    /// A page of messages as somebody reads it, and whether there are older ones.
    func page(_ name: String, _ command: SessionCommand) throws -> (messages: [Message], more: Bool) {
        guard case .history(let messages, let more) = try answer(name, command).answer else {
            throw Unexpected.answer
        }
        return (messages, more)
    }

    /// The same, in words.
    func words(_ name: String, _ command: SessionCommand) throws -> [String] {
        try page(name, command).messages.map { $0.text?.string ?? "(forgotten)" }
    }

    /// The message as it is kept now.
    func message(_ id: MessageID) throws -> Message {
        try #require(state.messages.message(id))
    }

    /// Who heard the last event that anybody heard, by name; nil: everybody.
    func heardLast() throws -> [String]? {
        guard case .seats(let seats) = try #require(state.backlog.entries.last).heardBy else { return nil }
        return seats.map { state[$0].person.text }
    }

    /// What somebody who knew everything up to `seq` is told on coming back: the events, with the words as they are now.
    func told(_ name: String, after seq: Int) throws -> [(event: SessionEvent, words: String?)] {
        let seat = try seat(name)
        return try #require(state.backlog.after(seq)).filter { $0.heardBy.includes(seat) }.map { entry in
            switch entry.event {
            case .chatSent: (entry.event, state.messages.message(entry.seq)?.text?.string)
            case .chatEdited(let id, _): (entry.event, state.messages.message(id)?.text?.string)
            default: (entry.event, entry.text?.string)
            }
        }
    }
}

/// What a test did not count on.
enum Unexpected: Error {
    case answer
}
