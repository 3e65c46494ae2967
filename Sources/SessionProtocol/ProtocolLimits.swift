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
    package var placeBytes = 500
    package var nameBytes = 128

    package var commandsPerSecond = 20
    package var commandsBurst = 40

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
    /// So much of an unknown field's name is repeated to its sender.
    static let namedFieldBytes = 64
}

/// What this program calls itself on the wire.
package enum ProtocolVersion {
    /// The name of the WebSocket subprotocol (RFC 6455, 1.9).
    package static let subprotocol = "plenary.v1"
    package static let server: JSONLiteral = "plenary/0.1"
}
