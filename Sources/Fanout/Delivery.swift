package import WebSocket

/// One thing that a loop does for its connections, in the order in which it was decided.
///
/// The engine writes deliveries, the journal stage lets them go once the events before them are on disk, the
/// loop's hub carries them out.
package enum Delivery: Sendable, Equatable {
    /// A whole frame for one connection alone.
    ///
    /// `exempt` bytes do not count against its outbox limit (the reply to a join, a resume).
    case reply(ConnectionID, frame: [UInt8], exempt: Bool)
    /// A whole frame for every member that the group has on this loop.
    case push(GroupID, frame: [UInt8])
    /// From here on the connection belongs to this group, and to no other.
    case enter(ConnectionID, GroupID)
    /// What is pending is sent, then the close frame, and nothing after it.
    case close(ConnectionID, CloseCode, reason: [UInt8])
}
