/// The messages that the state keeps, oldest first.
///
/// Older ones leave by rule and stay in the journal.
package struct MessageLog: Equatable, Sendable {
    package private(set) var messages: [Message] = []
    package private(set) var textBytes = 0
    /// All signs on all messages.
    package private(set) var reactionCount = 0

    /// What a message takes beside its words, in bytes: its fields, room to grow, the frames of its arrays.
    private static let messageBytes = 256
    /// What a sign takes that nobody else has put there.
    private static let reactionBytes = 192

    /// At most so many bytes of memory are taken, words and all.
    package var heldBytes: Int {
        textBytes + messages.count * Self.messageBytes + reactionCount * Self.reactionBytes
    }

    /// Adds the newest message and lets the oldest go when there are too many.
    mutating func append(_ message: consuming Message) {
        textBytes += message.text?.utf8.count ?? 0
        messages.append(consume message)
        dropOldest()
    }

    private mutating func dropOldest() {
        guard messages.count > StateBounds.messages || textBytes > StateBounds.messageTextBytes else {
            return
        }
        var dropped = 0
        while dropped < messages.count - 1,
            dropped < StateBounds.messagesDroppedAtOnce || textBytes > StateBounds.messageTextBytes
        {
            textBytes -= messages[dropped].text?.utf8.count ?? 0
            reactionCount -= messages[dropped].reactionCount
            dropped += 1
        }
        messages.removeFirst(dropped)
    }

    /// Gives a message other words; longer ones may cost the oldest messages their place, too.
    mutating func edit(_ id: MessageID, text: Text?, at: Milliseconds) {
        change(id) { message in
            message.text = text
            message.editedAt = at
        }
        dropOldest()
    }

    /// Forgets a message's words and what was answered to them with signs; that there was one is kept.
    mutating func delete(_ id: MessageID) {
        change(id) { message in
            message.text = nil
            message.isDeleted = true
            message.reactions = []
        }
    }

    /// Deletes all that somebody has said.
    mutating func forget(everythingFrom seat: SeatID) {
        for index in messages.indices where messages[index].from == seat { delete(messages[index].id) }
    }

    /// Puts somebody's sign on a message, or takes it off.
    mutating func react(_ id: MessageID, emoji: Text, added: Bool, by seat: SeatID) {
        change(id) { message in
            guard let known = message.reactions.firstIndex(where: { $0.emoji == emoji }) else {
                if added { message.reactions.append(Reaction(emoji: emoji, seats: [seat])) }
                return
            }
            message.reactions[known].seats.removeAll { $0 == seat }
            if added { message.reactions[known].seats.append(seat) }
            if message.reactions[known].seats.isEmpty { message.reactions.remove(at: known) }
        }
    }

    private mutating func change(_ id: MessageID, _ change: (inout Message) -> Void) {
        let index = position(of: id)
        guard index < messages.count, messages[index].id == id else { return }
        textBytes -= messages[index].text?.utf8.count ?? 0
        reactionCount -= messages[index].reactionCount
        change(&messages[index])
        textBytes += messages[index].text?.utf8.count ?? 0
        reactionCount += messages[index].reactionCount
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
        reactionCount = messages.reduce(0) { $0 + $1.reactionCount }
    }
}

package struct Message: Equatable, Sendable {
    package var id: MessageID
    package var at: Milliseconds
    package var from: SeatID
    package var place: ChatPlace
    package var replyTo: MessageID?
    /// Nil when the words are forgotten.
    package var text: Text?
    package var editedAt: Milliseconds?
    package var isDeleted = false
    /// In the order of their first appearance.
    package var reactions: [Reaction] = []

    package init(
        id: MessageID,
        at: Milliseconds,
        from: SeatID,
        place: ChatPlace,
        replyTo: MessageID?,
        text: Text?,
        editedAt: Milliseconds? = nil,
        isDeleted: Bool = false,
        reactions: [Reaction] = []
    ) {
        self.id = id
        self.at = at
        self.from = from
        self.place = place
        self.replyTo = replyTo
        self.text = text
        self.editedAt = editedAt
        self.isDeleted = isDeleted
        self.reactions = reactions
    }

    /// The place as `seat`, one of its readers, writes there: of a conversation that is the other one.
    func place(writtenBy seat: SeatID) -> ChatPlace {
        guard case .direct(let to) = place, to == seat else { return place }
        return .direct(to: from)
    }

    var reactionCount: Int { reactions.reduce(0) { $0 + $1.seats.count } }

    /// Stands in the place that `place` is for somebody who writes there as `seat`.
    func stands(in place: ChatPlace, seenBy seat: SeatID) -> Bool {
        switch (self.place, place) {
        case (.room(let room), .room(let wanted)): room == wanted
        case (.direct(let to), .direct(let other)):
            (from == seat && to == other) || (from == other && to == seat)
        default: false
        }
    }
}

/// A sign on a message, and whose it is.
package struct Reaction: Equatable, Sendable {
    /// `same`, or an emoji.
    package var emoji: Text
    /// In the order of coming.
    package var seats: [SeatID]

    package init(emoji: Text, seats: [SeatID]) {
        self.emoji = emoji
        self.seats = seats
    }

    /// "I feel the same": told as a number, without names.
    package static let same = Text("same")
}
