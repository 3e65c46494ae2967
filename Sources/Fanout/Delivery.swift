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

extension [Delivery] {
    /// About the bytes that these deliveries hold, for the bound of a mailbox.
    ///
    /// The small things between the frames weigh something as well, so that a flood of them is bounded, too.
    package var weight: Int {
        var bytes = 64 * count
        // By a span: an array hands out copies, which count a reference to each frame.
        let deliveries = span
        for index in deliveries.indices {
            switch deliveries[index] {
            case .reply(_, let frame, _), .push(_, let frame): bytes += frame.count
            case .close(_, _, let reason): bytes += reason.count
            case .enter: break
            }
        }
        return bytes
    }
}
