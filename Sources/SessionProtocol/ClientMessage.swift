package import Sessions

/// What one message from a client asks for, decoded and bounded but not yet judged.
package enum ClientMessage: Equatable, Sendable {
    case join(id: Int64, JoinCommand)
    /// `ifSeq` is the last event that the client knew, for commands that edit (`CommandKind.edits`).
    case command(id: Int64, SessionCommand, ifSeq: Int? = nil)
}

/// The first command of a connection: a ticket, and where the client wants to go on.
package struct JoinCommand: Equatable, Sendable {
    /// As it came: whether it is a ticket at all is for the one who verifies it.
    package var ticket: [UInt8]
    package var resume: Resume?

    package init(ticket: [UInt8], resume: Resume? = nil) {
        self.ticket = ticket
        self.resume = resume
    }
}

/// The last event that a client knows, in which numbering.
package struct Resume: Equatable, Sendable {
    package var epoch: Epoch
    package var after: Int

    package init(epoch: Epoch, after: Int) {
        self.epoch = epoch
        self.after = after
    }
}

/// Why a message is not a command that anybody could judge.
package enum MessageFault: Error, Equatable, Sendable {
    /// Not a message of this protocol.
    ///
    /// Answered by `ReplyWriter.malformed` and counted: `CommandSequence.isExhausted` says when to close with 4500.
    case malformed(id: Int64?, reason: JSONLiteral)
    /// Anything but a join before the join, or a second join: closed with 4500 at once.
    case outOfTurn(id: Int64, reason: JSONLiteral)
    /// A message of this protocol that asks for what there is not; answered, never counted.
    case refused(id: Int64, Refusal)
}
