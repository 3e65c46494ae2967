/// The limits on what a client may say and is told; an operator may set them.
///
/// Defaults are those of the design. Lengths are in bytes of UTF-8.
package struct ProtocolLimits: Equatable, Sendable {
    package var messageBytes = JSONLimits.maxBytesFromClient
    /// Before the join; it bounds the ticket, too.
    package var messageBytesBeforeJoin = JSONLimits.maxBytesBeforeJoin
    /// So many malformed messages, and the connection is closed.
    package var malformedMessages = 3

    package var textBytes = 4_000
    package var taskBytes = 2_000
    package var announcementBytes = 1_000
    package var helpBytes = 500
    package var placeBytes = 500
    package var nameBytes = 128
    package var labelBytes = 40

    package var commandsPerSecond = 20
    package var commandsBurst = 40

    /// So many days words and attendance are kept when a session is over; nil: until somebody deletes them.
    package var textDays: Int?
    package var attendanceDays: Int?

    package init() {}
}

/// Limits that are part of the protocol's version and never configured.
package enum WireBounds {
    /// The longest id of a person, a room or a session, and the longest key.
    package static let idBytes = 64
    /// So many of the newest messages of each room stand in `state`.
    package static let stateMessages = 50
    /// The text of all messages in one `state`.
    package static let stateTextBytes = 64 << 10
    /// All that is said of messages in one `state` or one answer to `chat.history`: with it, quotes and line ends in
    /// every place and no reactions, 200 messages may have all the text that they are allowed.
    package static let messagesBytes = 192 << 10
    /// So many people are told by name of those who put one sign on one message; `count` says how many there are.
    package static let reactionPeople = 100
    /// So many of the rooms that one may read stand in `state`: the latest.
    package static let readableRooms = 500
    /// So many people are told by name of those who write in a place.
    package static let typingPeople = 5
    /// One's own part of the state, when nothing else stands beside it.
    package static let ownBytes = JSONLimits.maxBytesFromServer - joinHeadBytes

    /// The same in the notice `you`, which unlike the reply to a join counts against what may wait for a client: one that
    /// is too large for its link would be sent again each time it came back.
    package static let ownNoticeBytes = 192 << 10

    // No more than so many bytes are taken by what is named, without the texts in it.
    static let joinHeadBytes = 4 << 10
    static let emptyOwnBytes = 512
    static let messageBytes = 400
    static let reactionBytes = 96
    static let readableBytes = 64
    static let helpBytes = 320
    /// So many of those who are writing are named.
    package static let typingNames = 5
    /// So much of an unknown field's name is repeated to its sender.
    static let namedFieldBytes = 64
}

/// What this program calls itself on the wire.
package enum ProtocolVersion {
    /// The name of the WebSocket subprotocol (RFC 6455, 1.9).
    package static let subprotocol = "plenary.v1"
    package static let server: JSONLiteral = "plenary/0.1"
}
