package import Fanout
package import WebSocket

/// What stands behind an event loop: it is told what the connections say and answers at once, without waiting.
///
/// One for each loop, made on the loop's thread and called there only. `now` is the loop's time of the turn, in
/// milliseconds since 1970.
package protocol LoopApplication: AnyObject {
    /// A whole request head has come; `peer` is the client, also when it stands behind a trusted proxy.
    func request(
        _ head: RequestHead,
        on connection: ConnectionID,
        from peer: PeerAddress,
        at now: Int64
    ) -> RequestAnswer

    /// A whole message has come on an upgraded connection. Text is valid UTF-8.
    func message(
        _ kind: MessageKind,
        _ bytes: [UInt8],
        on connection: ConnectionID,
        at now: Int64
    ) -> MessageAnswer

    /// An upgraded connection is over: said exactly once for each, and nothing of it comes afterwards. Its close
    /// frame may still be on the way, but no delivery reaches it any more.
    func closed(_ connection: ConnectionID, cause: CloseCause, at now: Int64)

    /// A text frame for a joined connection that has been sent no text for 10 s, beside the ping; nil for none.
    func quietFrame(at now: Int64) -> [UInt8]?

    /// False while the mailbox behind is full (what this turn has collected counted too); asked before every read.
    ///
    /// The loop then stops reading until `LoopInbox.wake`, and the timers of what it does not read stand still.
    var mayRead: Bool { get }

    /// An operator has changed what it goes by: its own kind of settings.
    func change(to settings: any LoopSettings)

    /// The turn has read everything that it will read: time to post what was collected. May come twice in a turn.
    func turnEnded()
}

/// What an application goes by and an operator may change while it runs; each application has a kind of its own.
package protocol LoopSettings: Sendable {}

/// What is done with a request.
package enum RequestAnswer: Sendable {
    /// Sent, without its body if the method was HEAD; then the connection is closed.
    case respond(HTTPResponse)
    /// The response comes by `LoopInbox.respond`; until then the connection waits, and nothing more is read from it.
    case later
    /// The bytes of the 101 response; from here on the connection speaks RFC 6455.
    case upgrade(response: [UInt8])
}

/// The two kinds of message (RFC 6455 section 5.6).
package enum MessageKind: Sendable {
    case text
    case binary
}

/// What is done at once about a message.
package enum MessageAnswer: Sendable {
    case nothing
    /// A whole frame for the sender alone, sent at the turn's end.
    case reply(frame: [UInt8])
    /// The message asks to join with a valid ticket: the join timer ends, the limit on messages is raised for those
    /// that come after this read, and the connection does not count as pending for its address any more.
    case joining
    /// What is pending is sent, then the close frame.
    case close(CloseCode, reason: [UInt8])
    case replyAndClose(frame: [UInt8], CloseCode, reason: [UInt8])
}

/// Why an upgraded connection is over.
package enum CloseCause: Sendable, Equatable {
    /// The peer closed it, or its TCP connection ended.
    case closed
    /// Nothing was heard of it for 25 s.
    case silent
    /// It did not take what it was sent (4413).
    case slow
    /// It broke a rule or a limit of the transport, or the application closed it in answer to a message.
    case violation
    /// A delivery closed it, or the server goes away.
    case server
}
