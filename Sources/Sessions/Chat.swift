/// Sending and reading messages.
extension Session {
    /// The first result of a message that was sent before under the same key; nil when it was not.
    ///
    /// It costs nothing and changes nothing, so it is asked before anything can refuse it, even the session's end:
    /// whoever lost the answer on the way must not be told that their words were not sent.
    func repeated(_ message: SendChat, by seat: SeatID) -> Decision? {
        guard let key = message.key, let sent = state[seat].keys.last(where: { $0.key == key }) else {
            return nil
        }
        return Decision([], answer: .message(sent.message, repeated: true))
    }

    func sendChat(
        _ message: SendChat,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard state.phase == .live || state[seat].isHosting else { throw Refusal(.notLive) }
        try checkWriting(in: message.room, by: seat, at: now, limits: limits)
        guard !message.text.isEmpty else { throw Refusal(.badValue, field: "text") }
        guard message.text.utf8.count <= limits.chatTextBytes else { throw Refusal(.tooLong, field: "text") }
        if let replyTo = message.replyTo {
            guard let answered = state.messages.message(replyTo), answered.room == message.room else {
                throw Refusal(.noSuchMessage, field: "replyTo")
            }
        }
        let allowance = StateBounds.chatIntervalMilliseconds * Milliseconds(limits.chatBurst)
        let wait = max(state[seat].chatClock, now) + StateBounds.chatIntervalMilliseconds - now - allowance
        guard wait <= 0 else { throw Refusal(.slowDown, retryAfter: wait) }
        let sent = ChatSent(from: seat, room: message.room, replyTo: message.replyTo, key: message.key)
        return Decision(
            occurrence: Occurrence(.chatSent(sent), text: message.text),
            answer: .message(state.seq + 1, repeated: false)
        )
    }

    /// One writes in the room one is in; hosts also in `hosts`; and for a moment in the room just left.
    private func checkWriting(
        in room: RoomID,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) {
        if room == .hosts {
            guard state[seat].isHosting else { throw Refusal(.hostsOnly, field: "room") }
            return
        }
        if state[seat].room == room { return }
        guard room == .main || state.roomIndex(room) != nil else { throw Refusal(.noSuchRoom, field: "room") }
        let justLeft =
            state[seat].previousRoom == room && now - state[seat].movedAt <= limits.chatGraceMilliseconds
        guard justLeft else { throw Refusal(.notInRoom, field: "room") }
    }

    func chatHistory(
        _ room: RoomID,
        before: MessageID?,
        limit: Int?,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard state.mayRead(room, by: seat) else { throw Refusal(.notReadable, field: "room") }
        let wanted = limit ?? limits.historyMessages
        guard (1...limits.historyMessages).contains(wanted) else { throw Refusal(.badValue, field: "limit") }
        return Decision([], answer: .history(state.newest(wanted, of: room, before: before)))
    }
}

extension SessionState {
    /// The newest messages of a room, oldest first: at most `count` of them and at most `textBytes` of text.
    package func newest(
        _ count: Int,
        of room: RoomID,
        before: MessageID? = nil,
        textBytes: Int = .max
    ) -> [Message] {
        var found: [Message] = []
        var bytes = 0
        let end = before.map(messages.position(of:)) ?? messages.messages.count
        for message in messages.messages[..<end].reversed() where message.room == room {
            bytes += message.text?.utf8.count ?? 0
            guard found.count < count, bytes <= textBytes else { break }
            found.append(message)
        }
        return found.reversed()
    }
}
