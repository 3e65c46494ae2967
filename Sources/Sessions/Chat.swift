/// Sending and reading messages.
extension Session {
    /// The first result of a message that was sent before under the same key; nil when it was not.
    ///
    /// It costs nothing and changes nothing, so it is asked before anything can refuse it, even the session's end:
    /// whoever lost the answer on the way must not be told that their words were not sent.
    func repeated(_ message: SendChat, by seat: SeatID) -> Decision? {
        guard let key = message.key, let sent = state.seats[seat.index].keys.message(key) else { return nil }
        return Decision([], answer: .message(sent, repeated: true))
    }

    func sendChat(
        _ message: SendChat,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let place = try place(message.target, writtenBy: seat, at: now, limits: limits)
        try checkVoice(of: seat, in: place)
        try checkWords(message.text, limits: limits)
        if let replyTo = message.replyTo {
            guard let answered = state.messages.message(replyTo), answered.stands(in: place, seenBy: seat)
            else {
                throw Refusal(.noSuchMessage, field: "replyTo")
            }
        }
        let wait = waitBeforeSpeaking(seat, in: place, at: now, limits: limits)
        guard wait <= 0 else { throw Refusal(.slowDown, retryAfter: wait) }
        let sent = ChatSent(from: seat, place: place, replyTo: message.replyTo, key: message.key)
        return Decision(
            occurrence: Occurrence(.chatSent(sent), text: message.text),
            answer: .message(state.seq + 1, repeated: false)
        )
    }

    /// How long `seat` must wait; not at all when it is not above zero.
    private func waitBeforeSpeaking(
        _ seat: SeatID,
        in place: ChatPlace,
        at now: Milliseconds,
        limits: SessionsLimits
    ) -> Milliseconds {
        let interval = StateBounds.chatIntervalMilliseconds
        let clock = state[seat].chatClock
        let burst = max(clock, now) + interval - now - interval * Milliseconds(limits.chatBurst)
        guard state.slowSeconds > 0, !state[seat].isHosting, !isForHosts(place), clock > 0 else {
            return burst
        }
        // The clock stands one interval behind the last message, or later after a burst.
        return max(burst, clock - interval + Milliseconds(state.slowSeconds) * 1_000 - now)
    }

    private func checkWords(_ text: Text, limits: SessionsLimits) throws(Refusal) {
        guard !text.isEmpty else { throw Refusal(.badValue, field: "text") }
        guard text.utf8.count <= limits.chatTextBytes else { throw Refusal(.tooLong, field: "text") }
    }

    /// The place of a target, when `seat` may write there now.
    ///
    /// One writes in the room one is in, hosts also in `hosts`, and for a moment in the room just left.
    private func place(
        _ target: ChatTarget,
        writtenBy seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) -> ChatPlace {
        switch target {
        case .person(let person):
            let to = try state.seat(of: person)
            guard to != seat else { throw Refusal(.badValue, field: "person") }
            guard state[to].role != .observer else { throw Refusal(.observersOnlyWatch, field: "person") }
            return .direct(to: to)
        case .room(let room):
            try checkWriting(in: room, by: seat, at: now, limits: limits)
            return .room(room)
        }
    }

    private func checkWriting(
        in room: RoomID,
        by seat: SeatID,
        at now: Milliseconds,
        limits: SessionsLimits
    ) throws(Refusal) {
        if room == .hosts {
            guard state[seat].role.isHosting else { throw Refusal(.hostsOnly, field: "room") }
            return
        }
        if state[seat].room == room { return }
        guard room == .main || state.roomIndex(room) != nil else { throw Refusal(.noSuchRoom, field: "room") }
        let justLeft =
            state[seat].previousRoom == room && now - state[seat].movedAt <= limits.chatGraceMilliseconds
        guard justLeft else { throw Refusal(.notInRoom, field: "room") }
    }

    /// Whether `seat` has a voice there: in the lobby hosts have; to hosts one may always write while it is live.
    ///
    /// The host is never without one, since nobody could give it back.
    private func checkVoice(of seat: SeatID, in place: ChatPlace) throws(Refusal) {
        let isHosting = state[seat].role.isHosting
        guard state.phase == .live || isHosting else { throw Refusal(.notLive) }
        if isForHosts(place) { return }
        guard !state[seat].isMuted || state.host == seat else { throw Refusal(.muted) }
        guard !state.chatLocked || isHosting else { throw Refusal(.chatLocked) }
    }

    /// Only a host is written to: neither mute nor lock nor slow mode is meant to come between.
    private func isForHosts(_ place: ChatPlace) -> Bool {
        switch place {
        case .room(let room): room == .hosts
        case .direct(let to): state[to].isHosting
        }
    }

    func chatHistory(
        _ target: ChatTarget,
        before: MessageID?,
        limit: Int?,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let place: ChatPlace
        switch target {
        case .room(let room):
            guard state.mayRead(room, by: seat) else { throw Refusal(.notReadable, field: "room") }
            place = .room(room)
        case .person(let person):
            // With somebody who was removed, too: the conversation is still one's own.
            guard let other = state.seatByPerson[person] else {
                throw Refusal(.noSuchPerson, field: "person")
            }
            place = .direct(to: other)
        }
        let wanted = limit ?? limits.historyMessages
        guard (1...limits.historyMessages).contains(wanted) else { throw Refusal(.badValue, field: "limit") }
        let (messages, more) = state.newest(
            wanted,
            of: place,
            seenBy: seat,
            before: before,
            textBytes: limits.historyTextBytes
        )
        return Decision([], answer: .history(messages, more: more))
    }

    func typing(_ target: ChatTarget?, _ asking: Asking) throws(Refusal) -> Decision {
        let target = target ?? .room(state[asking.seat].room)
        let place = try place(target, writtenBy: asking.seat, at: asking.now, limits: asking.limits)
        try checkVoice(of: asking.seat, in: place)
        return Decision([], answer: .typing(place))
    }

    // MARK: - What becomes of a message

    func editChat(
        _ id: MessageID,
        _ text: Text,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        let message = try message(id, seenBy: seat)
        guard message.from == seat else { throw Refusal(.notYours, field: "message") }
        guard !message.isDeleted else { throw Refusal(.noSuchMessage, field: "message") }
        try checkVoice(of: seat, in: message.place(writtenBy: seat))
        try checkWords(text, limits: limits)
        if message.text == text { return Decision([]) }
        return Decision(occurrence: Occurrence(.chatEdited(id, by: seat), text: text), answer: .done)
    }

    /// Everybody their own, hosts any that they may read.
    func deleteChat(_ id: MessageID, by seat: SeatID) throws(Refusal) -> Decision {
        let message = try message(id, seenBy: seat)
        guard message.from == seat || state[seat].isHosting else {
            throw Refusal(.notYours, field: "message")
        }
        return Decision(message.isDeleted ? [] : [.chatDeleted(id, by: seat)])
    }

    /// A sign is put where one may write, so that whoever puts it is among those who hear of it.
    func reactChat(_ id: MessageID, emoji: Text, on: Bool, _ asking: Asking) throws(Refusal) -> Decision {
        let (seat, limits) = (asking.seat, asking.limits)
        let message = try message(id, seenBy: seat)
        guard !message.isDeleted else { throw Refusal(.noSuchMessage, field: "message") }
        if case .room(let room) = message.place {
            try checkWriting(in: room, by: seat, at: asking.now, limits: limits)
        }
        try checkVoice(of: seat, in: message.place(writtenBy: seat))
        let known = message.reactions.first { $0.emoji == emoji }
        if known?.seats.contains(seat) ?? false == on { return Decision([]) }
        if on {
            guard known != nil || message.reactions.count < limits.reactionsPerMessage,
                state.messages.reactionCount < limits.reactionsPerSession
            else { throw Refusal(.tooManyReactions) }
        }
        return Decision(.chatReacted(id, emoji: emoji, added: on, by: seat))
    }

    /// A message that `seat` may read; of others it is not said whether they are.
    private func message(_ id: MessageID, seenBy seat: SeatID) throws(Refusal) -> Message {
        guard let message = state.messages.message(id), state.mayRead(message, by: seat) else {
            throw Refusal(.noSuchMessage, field: "message")
        }
        return message
    }

    func chatSettings(
        locked: Bool?,
        slowSeconds: Int?,
        by seat: SeatID,
        limits: SessionsLimits
    ) throws(Refusal) -> Decision {
        guard locked != nil || slowSeconds != nil else { throw Refusal(.badValue, field: "locked") }
        let (isLocked, seconds) = (locked ?? state.chatLocked, slowSeconds ?? state.slowSeconds)
        guard (0...limits.slowestSeconds).contains(seconds) else {
            throw Refusal(.badValue, field: "slowSeconds")
        }
        if isLocked == state.chatLocked && seconds == state.slowSeconds { return Decision([]) }
        return Decision(.chatSettings(locked: isLocked, slowSeconds: seconds, by: seat))
    }
}

extension SessionState {
    /// The newest messages of a place, oldest first, and whether there are older ones: at most `count` of them, and at
    /// most `textBytes` of text, but always the newest.
    package func newest(
        _ count: Int,
        of place: ChatPlace,
        seenBy seat: SeatID,
        before: MessageID? = nil,
        textBytes: Int = .max
    ) -> (messages: [Message], more: Bool) {
        newest(count, before: before, textBytes: textBytes) { $0.stands(in: place, seenBy: seat) }
    }

    /// The newest messages that `isMeant`, as above.
    package func newest(
        _ count: Int,
        before: MessageID? = nil,
        textBytes: Int = .max,
        where isMeant: (Message) -> Bool
    ) -> (messages: [Message], more: Bool) {
        var found: [Message] = []
        var bytes = 0
        let end = before.map(messages.position(of:)) ?? messages.messages.count
        for message in messages.messages[..<end].reversed() where isMeant(message) {
            bytes += message.text?.utf8.count ?? 0
            guard found.count < count, bytes <= textBytes || found.isEmpty else {
                return (found.reversed(), true)
            }
            found.append(message)
        }
        return (found.reversed(), false)
    }
}
