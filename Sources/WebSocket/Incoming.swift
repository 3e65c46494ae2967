/// One whole thing that the peer said, in the order in which it was completed.
package enum Incoming: Sendable, Equatable {
    /// A whole text message; its bytes are valid UTF-8 (RFC 6455 section 5.6).
    case text([UInt8])
    /// A whole binary message.
    case binary([UInt8])
    /// To be answered with a pong of the same payload (section 5.5.2); only the newest needs an answer.
    case ping([UInt8])
    case pong([UInt8])
    /// The last thing that a peer says; nil when its close frame was empty (section 5.5.1).
    case close(CloseCode?, reason: [UInt8])
}
