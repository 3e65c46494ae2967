package import Sessions

/// Spells the answers to commands (DESIGN 6): `{"re":7,"ok":{…}}` or `{"re":7,"error":{…}}`.
package enum ReplyWriter {
    /// The reply to a command that was not refused.
    ///
    /// `seq` is that of the last event that it caused; nil when it caused none. Few answers ask the state.
    package static func ok(
        re id: Int64,
        seq: Int?,
        answer: Answer,
        in state: @autoclosure () -> SessionState,
        now: Milliseconds
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: answer.capacity)
        return ok(re: id, seq: seq, answer: answer, in: state(), now: now, with: &writer)
    }

    /// The same, spelled by a writer that is used for message after message, behind `headroom` free bytes.
    package static func ok(
        re id: Int64,
        seq: Int?,
        answer: Answer,
        in state: @autoclosure () -> SessionState,
        now: Milliseconds,
        with writer: inout JSONWriter,
        headroom: Int = 0
    ) -> [UInt8] {
        writer.clear(headroom: headroom)
        writer.beginObject()
        writer.member("re", id)
        writer.key("ok")
        writer.beginObject()
        if let seq { writer.member("seq", seq) }
        switch answer {
        case .done, .typing: break
        case .now: writer.member("now", now)
        case .message(let message, let repeated):
            writer.member("message", message)
            if repeated { writer.member("repeated", true) }
        case .help(let help): writer.member("help", help)
        case .history(let messages, let more): writer.history(messages, more: more, in: state())
        case .preview(let preview): writer.preview(preview, in: state())
        case .attendance(let report): writer.attendance(report, in: state())
        case .attendanceOf(let report, let rooms): writer.attendance(report, rooms: rooms, in: state())
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
        writer.kept(joined.limits)
        writer.member("resumed", joined.isResumed)
        if !joined.isResumed {
            writer.key("state")
            writer.beginObject()
            writer.encodedMembers(joined.common)
            let left = JSONLimits.maxBytesFromServer - WireBounds.joinHeadBytes - joined.common.count
            writer.encodedMembers(StateWriter.own(state, joined.seat, maxBytes: left))
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The answer to a command that was turned down.
    ///
    /// `state` is asked who it was that changed what the command rests on; of other refusals it is not needed.
    package static func error(
        re id: Int64,
        _ refusal: Refusal,
        in state: SessionState? = nil
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        writer.member("re", id)
        writer.key("error")
        writer.beginObject()
        writer.member("code", plain: refusal.code.rawValue)
        writer.member("message", refusal.code.sentence)
        if let field = refusal.field { writer.member("field", Array(field.utf8)) }
        if let retryAfter = refusal.retryAfter { writer.member("retryAfter", retryAfter) }
        if let state, !refusal.changed.isEmpty { writer.changed(refusal.changed, in: state) }
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
    /// Who the client's person is in this session.
    mutating func you(_ seat: Seat, mayLead: Bool) {
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
        member("announcementBytes", limits.announcementBytes)
        member("helpBytes", limits.helpBytes)
        member("placeBytes", limits.placeBytes)
        member("nameBytes", limits.nameBytes)
        member("labelBytes", limits.labelBytes)
        member("keyBytes", WireBounds.idBytes)
        member("commandsPerSecond", limits.commandsPerSecond)
        member("commandsBurst", limits.commandsBurst)
        endObject()
    }

    /// How long the server keeps what it holds when a session is over.
    fileprivate mutating func kept(_ limits: ProtocolLimits) {
        key("kept")
        beginObject()
        member("textDays", orNull: limits.textDays)
        member("attendanceDays", orNull: limits.attendanceDays)
        endObject()
    }
}

// MARK: - Answers

extension JSONWriter {
    /// Messages of one place, oldest first.
    ///
    /// What would make the reply too long is left to be asked for: then there is more.
    fileprivate mutating func history(_ messages: [Message], more: Bool, in state: SessionState) {
        var allowance = MessageAllowance()
        let told = allowance.newest(of: messages)
        self.messages("messages", told, in: state)
        member("more", more || told.count < messages.count)
    }

    /// What others have changed since the state that a command rests on, oldest first.
    fileprivate mutating func changed(_ edits: [Edit], in state: SessionState) {
        key("changed")
        beginArray()
        for edit in edits {
            beginObject()
            member("seq", edit.seq)
            member("on", edit.what)
            member("by", orNull: edit.by, in: state)
            endObject()
        }
        endArray()
    }

    fileprivate mutating func preview(_ preview: Preview, in state: SessionState) {
        round(preview.opening, in: state)
        key("warnings")
        beginArray()
        for warning in preview.warnings {
            beginObject()
            switch warning {
            case .away(let people): self.warning("away", room: nil, people, in: state)
            case .alone(let seat, let room): self.warning("alone", room: room, [seat], in: state)
            case .colleagues(let people, let room): self.warning("colleagues", room: room, people, in: state)
            case .sameSchool(let school): self.warning(school)
            case .metBefore(let pairs, let isBudgetUsed):
                member("kind", "metBefore")
                member("pairs", pairs)
                member("budgetUsed", isBudgetUsed)
            }
            endObject()
        }
        endArray()
    }

    private mutating func warning(_ school: SchoolPairs) {
        member("kind", "sameSchool")
        member("pairs", school.pairs)
        member("fewest", school.fewest)
        member("people", school.people)
        member("of", school.of)
        member("school", school.school)
    }

    private mutating func warning(
        _ kind: JSONLiteral,
        room: RoomID?,
        _ people: [SeatID],
        in state: SessionState
    ) {
        member("kind", kind)
        if let room { member("room", room) }
        member("people", people, in: state)
    }
}

extension Answer {
    /// About the bytes that its reply takes.
    fileprivate var capacity: Int {
        switch self {
        case .done, .now, .message, .help, .typing: 96
        case .history(let messages, _): messages.reduce(96) { $0 + 160 + ($1.text?.utf8.count ?? 0) }
        case .preview(let preview): 512 + 64 * preview.opening.placements.count
        case .attendance(let report): 512 + 256 * report.people.count
        case .attendanceOf(_, let rooms): rooms.reduce(1_024) { $0 + 64 + 48 * $1.with.count }
        }
    }
}
