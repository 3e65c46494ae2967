/// The messages that the state keeps, oldest first.
///
/// Older ones leave by rule and stay in the journal.
package struct MessageLog: Equatable, Sendable {
    package private(set) var messages: [Message] = []
    package private(set) var textBytes = 0

    /// Adds the newest message and lets the oldest go when there are too many.
    mutating func append(_ message: Message) {
        messages.append(message)
        textBytes += message.text?.utf8.count ?? 0
        guard messages.count > StateBounds.messages || textBytes > StateBounds.messageTextBytes else {
            return
        }
        var dropped = 0
        while dropped < messages.count - 1,
            dropped < StateBounds.messagesDroppedAtOnce || textBytes > StateBounds.messageTextBytes
        {
            textBytes -= messages[dropped].text?.utf8.count ?? 0
            dropped += 1
        }
        messages.removeFirst(dropped)
    }

    /// The message with this id, unless it has left.
    package func message(_ id: MessageID) -> Message? {
        let index = position(of: id)
        return index < messages.count && messages[index].id == id ? messages[index] : nil
    }

    /// The index of the first message whose id is at least `id`.
    package func position(of id: MessageID) -> Int {
        var low = 0
        var high = messages.count
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Rebuilds the log from a checkpoint's messages.
    package init(messages: [Message] = []) {
        self.messages = messages
        textBytes = messages.reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
    }
}

package struct Message: Equatable, Sendable {
    package var id: MessageID
    package var at: Milliseconds
    package var from: SeatID
    package var room: RoomID
    package var replyTo: MessageID?
    /// Nil when the words are forgotten.
    package var text: Text?

    package init(
        id: MessageID,
        at: Milliseconds,
        from: SeatID,
        room: RoomID,
        replyTo: MessageID?,
        text: Text?
    ) {
        self.id = id
        self.at = at
        self.from = from
        self.room = room
        self.replyTo = replyTo
        self.text = text
    }
}
