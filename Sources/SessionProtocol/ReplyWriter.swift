package import Sessions

/// Spells the answers to commands (DESIGN 6): `{"re":7,"ok":{…}}` or `{"re":7,"error":{…}}`.
package enum ReplyWriter {
    /// The reply to a command that was not refused.
    ///
    /// `seq` is that of the last event that it caused; nil when it caused none.
    package static func ok(
        re id: Int64,
        seq: Int?,
        answer: Answer,
        in state: SessionState,
        now: Milliseconds
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: answer.capacity)
        writer.beginObject()
        writer.member("re", id)
        writer.key("ok")
        writer.beginObject()
        if let seq { writer.member("seq", seq) }
        switch answer {
        case .done: break
        case .now: writer.member("now", now)
        case .message(let message, let repeated):
            writer.member("message", message)
            if repeated { writer.member("repeated", true) }
        case .history(let messages): writer.messages("messages", messages, in: state)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The reply to a join that took a seat, or came back to it.
    package static func joined(re id: Int64, _ joined: JoinedReply, in state: SessionState) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + joined.common.count)
        writer.beginObject()
        writer.member("re", id)
        writer.key("ok")
        writer.beginObject()
        writer.key("epoch")
        writer.epoch(state.epoch)
        writer.member("seq", state.seq)
        writer.member("now", joined.now)
        writer.member("server", ProtocolVersion.server)
        writer.you(state[joined.seat], mayLead: state.isEligible(joined.seat))
        writer.limits(joined.limits)
        writer.member("resumed", joined.isResumed)
        if !joined.isResumed {
            writer.key("state")
            writer.beginObject()
            writer.encodedMembers(joined.common)
            writer.encodedMembers(StateWriter.own(state, joined.seat))
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The answer to a command that was turned down.
    package static func error(re id: Int64, _ refusal: Refusal) -> [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        writer.member("re", id)
        writer.key("error")
        writer.beginObject()
        writer.member("code", plain: refusal.code.rawValue)
        writer.member("message", refusal.code.sentence)
        if let field = refusal.field { writer.member("field", Array(field.utf8)) }
        if let retryAfter = refusal.retryAfter { writer.member("retryAfter", retryAfter) }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The answer to a message that is none; `id` when one was read from it.
    package static func malformed(re id: Int64?, reason: JSONLiteral) -> [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        if let id { writer.member("re", id) }
        writer.key("error")
        writer.beginObject()
        writer.member("code", "malformed")
        writer.member("message", reason)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

/// What the reply to a join says beside the state.
package struct JoinedReply: Sendable {
    package var seat: SeatID
    package var now: Milliseconds
    /// The client goes on where it was: no state, the pushes that it missed follow.
    package var isResumed: Bool
    /// `StateWriter.common` as of now; empty when resumed.
    package var common: [UInt8]
    package var limits: ProtocolLimits

    package init(
        seat: SeatID,
        now: Milliseconds,
        isResumed: Bool,
        common: [UInt8],
        limits: ProtocolLimits
    ) {
        self.seat = seat
        self.now = now
        self.isResumed = isResumed
        self.common = common
        self.limits = limits
    }
}

extension JSONWriter {
    fileprivate mutating func you(_ seat: Seat, mayLead: Bool) {
        key("you")
        beginObject()
        member("person", seat.person)
        member("name", seat.name)
        member("school", seat.school)
        member("role", seat.role)
        member("room", seat.room)
        member("owner", seat.isOwner)
        member("eligible", mayLead)
        endObject()
    }

    fileprivate mutating func limits(_ limits: ProtocolLimits) {
        key("limits")
        beginObject()
        member("messageBytes", limits.messageBytes)
        member("textBytes", limits.textBytes)
        member("taskBytes", limits.taskBytes)
        member("placeBytes", limits.placeBytes)
        member("nameBytes", limits.nameBytes)
        member("keyBytes", WireBounds.idBytes)
        member("commandsPerSecond", limits.commandsPerSecond)
        member("commandsBurst", limits.commandsBurst)
        endObject()
    }
}

extension Answer {
    /// About the bytes that its reply takes.
    fileprivate var capacity: Int {
        switch self {
        case .done, .now, .message: 96
        case .history(let messages): messages.reduce(96) { $0 + 160 + ($1.text?.utf8.count ?? 0) }
        }
    }
}
