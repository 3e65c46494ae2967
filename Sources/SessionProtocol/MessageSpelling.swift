import Sessions

/// How messages are spelled.
extension JSONWriter {
    /// Messages in their order.
    mutating func messages(_ name: JSONLiteral, _ messages: ArraySlice<Message>, in state: SessionState) {
        key(name)
        elements(messages, in: state)
    }

    /// The messages of an array.
    mutating func elements(_ messages: ArraySlice<Message>, in state: SessionState) {
        beginArray()
        for message in messages {
            beginObject()
            self.message(message, in: state)
            endObject()
        }
        endArray()
    }

    private mutating func message(_ message: Message, in state: SessionState) {
        member("message", message.id)
        place(message.place, in: state)
        member("from", message.from, in: state)
        member("text", orNull: message.text)
        if let replyTo = message.replyTo { member("replyTo", replyTo) }
        if let editedAt = message.editedAt { member("editedAt", editedAt) }
        if message.isDeleted { member("deleted", true) }
        if !message.reactions.isEmpty { reactions(message.reactions, in: state) }
        member("at", message.at)
    }

    private mutating func reactions(_ reactions: [Reaction], in state: SessionState) {
        key("reactions")
        beginArray()
        for reaction in reactions {
            beginObject()
            member("emoji", reaction.emoji)
            member("count", reaction.seats.count)
            if reaction.emoji != Reaction.same {
                member("people", Array(reaction.seats.prefix(WireBounds.reactionPeople)), in: state)
            }
            endObject()
        }
        endArray()
    }

    /// Where a message stands, or is being written.
    mutating func place(_ place: ChatPlace, in state: SessionState) {
        switch place {
        case .room(let room): member("room", room)
        case .direct(let to): member("to", to, in: state)
        }
    }
}

/// How much may still be said of messages in one text.
struct MessageAllowance {
    private var bytes: Int
    private var textBytes = WireBounds.stateTextBytes

    /// `bytes` is for all that is said of them.
    init(bytes: Int = WireBounds.messagesBytes) {
        self.bytes = bytes
    }

    /// As many of the newest of `messages` as may be told, and no longer may be afterwards.
    mutating func newest(of messages: [Message]) -> ArraySlice<Message> {
        var first = messages.endIndex
        while first > messages.startIndex {
            let message = messages[first - 1]
            let text = message.text?.utf8.count ?? 0
            let weight = message.mostBytes
            guard text <= textBytes, weight <= bytes else { break }
            textBytes -= text
            bytes -= weight
            first -= 1
        }
        return messages[first...]
    }
}

extension Message {
    /// No message takes more bytes on the wire.
    fileprivate var mostBytes: Int {
        // An escape takes two bytes: no other controls than line feed and tab come into a text.
        reactions.reduce(WireBounds.messageBytes + 2 * (text?.utf8.count ?? 0)) { bytes, reaction in
            let named =
                reaction.emoji == Reaction.same ? 0 : min(reaction.seats.count, WireBounds.reactionPeople)
            return bytes + WireBounds.reactionBytes + named * (WireBounds.idBytes + 3)
        }
    }
}
