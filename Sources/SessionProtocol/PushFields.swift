import Sessions

/// The members of each push, beside those that all have.
extension JSONWriter {
    mutating func fields(of event: SessionEvent, _ words: PushWords, in state: SessionState) {
        switch event {
        case .created, .archived, .recovered, .attached, .detached, .confirmed, .signalled, .breakoutsWarning,
            .personErased, .sessionErased:
            break
        case .started, .ending, .kept, .ended, .locked, .changed: fieldsOfLife(event, in: state)
        case .joined, .away, .returned, .gone, .left, .removed, .labelled, .muted, .passed, .handRaised,
            .handLowered:
            fieldsOfPeople(event, words, in: state)
        case .handoffOffered, .handoffDeclined, .handoffWithdrawn, .hostChanged, .roleChanged,
            .successionChanged, .floorTaken, .floorYielded:
            fieldsOfHosting(event, in: state)
        case .breakoutsOpened, .roomAdded, .roomRenamed, .roomRemoved, .moved, .breakoutsExtended,
            .breakoutsAnnounced, .breakoutsClosing, .breakoutsClosed, .breakoutsUndone:
            fieldsOfBreakouts(event, words, in: state)
        case .helpAsked, .helpClaimed, .helpResolved, .helpWithdrawn: fieldsOfHelp(event, words, in: state)
        case .chatSent, .chatEdited, .chatDeleted, .chatReacted, .chatSettings:
            fieldsOfChat(event, words, in: state)
        case .attendanceClaimed, .attendanceAccepted, .attendanceMarked:
            fieldsOfAttendance(event, words, in: state)
        }
    }

    private mutating func fieldsOfLife(_ event: SessionEvent, in state: SessionState) {
        switch event {
        case .started(let by), .kept(let by): member("by", by, in: state)
        case .ending(let by, let endsAt):
            member("endsAt", endsAt)
            member("by", by, in: state)
        case .ended(let reason, let endedAt):
            member("reason", reason)
            member("endedAt", endedAt)
        case .locked(let by, let locked):
            member("locked", locked)
            member("by", by, in: state)
        case .changed(let title, let place, let by):
            member("title", title)
            member("place", place)
            member("by", by, in: state)
        default: break
        }
    }

    private mutating func fieldsOfPeople(
        _ event: SessionEvent,
        _ words: PushWords,
        in state: SessionState
    ) {
        switch event {
        case .joined(let joined): participant(joined)
        case .away(let seat, let cause):
            member("person", seat, in: state)
            member("cause", cause)
        case .returned(let seat), .gone(let seat), .left(let seat), .handRaised(let seat):
            member("person", seat, in: state)
        case .removed(let seat, let by), .handLowered(let seat, let by):
            member("person", seat, in: state)
            member("by", by, in: state)
        case .labelled(let seat, let by):
            member("person", seat, in: state)
            member("text", words.text ?? .empty)
            member("by", by, in: state)
        case .muted(let seat, let muted, let by):
            member("person", seat, in: state)
            member("muted", muted)
            member("by", by, in: state)
        case .passed(let seat, let pass):
            member("person", seat, in: state)
            member("pass", pass)
        default: break
        }
    }

    private mutating func fieldsOfHosting(_ event: SessionEvent, in state: SessionState) {
        switch event {
        case .handoffOffered(let from, let to):
            member("from", from, in: state)
            member("to", to, in: state)
        case .handoffDeclined(let by): member("by", by, in: state)
        case .handoffWithdrawn(let by, let to):
            member("by", by, in: state)
            member("to", to, in: state)
        case .hostChanged(let from, let to, let reason):
            member("from", orNull: from, in: state)
            member("to", orNull: to, in: state)
            member("reason", reason)
        case .roleChanged(let seat, let role, let by):
            member("person", seat, in: state)
            member("role", role)
            member("by", by, in: state)
        case .successionChanged(let order, let by):
            member("order", order, in: state)
            member("by", by, in: state)
        case .floorTaken(let seat, let until):
            member("person", seat, in: state)
            member("until", until)
        case .floorYielded(let by): member("by", orNull: by, in: state)
        default: break
        }
    }

    private mutating func fieldsOfHelp(_ event: SessionEvent, _ words: PushWords, in state: SessionState) {
        switch event {
        case .helpAsked(let asked):
            member("help", words.seq)
            member("person", orNull: asked.unnamed ? nil : asked.from, in: state)
            member("room", asked.room)
            member("text", orNull: words.text)
            member("unnamed", asked.unnamed)
        case .helpClaimed(let help, _, let by), .helpResolved(let help, _, let by):
            member("help", help)
            member("by", by, in: state)
        case .helpWithdrawn(let help, _): member("help", help)
        default: break
        }
    }

    private mutating func fieldsOfChat(_ event: SessionEvent, _ words: PushWords, in state: SessionState) {
        switch event {
        case .chatSent(let sent):
            member("message", words.seq)
            place(sent.place, in: state)
            member("from", sent.from, in: state)
            member("text", orNull: words.text)
            if let replyTo = sent.replyTo { member("replyTo", replyTo) }
        case .chatEdited(let message, _):
            member("message", message)
            member("text", orNull: words.text)
        case .chatDeleted(let message, let by):
            member("message", message)
            member("by", by, in: state)
        case .chatReacted(let message, let emoji, let added, let by):
            member("message", message)
            member("emoji", emoji)
            member("added", added)
            // Who feels the same is nobody's business: it is a number.
            if emoji != Reaction.same { member("person", by, in: state) }
        case .chatSettings(let locked, let slowSeconds, let by):
            member("locked", locked)
            member("slowSeconds", slowSeconds)
            member("by", by, in: state)
        default: break
        }
    }
}

// MARK: - Attendance

extension JSONWriter {
    private mutating func fieldsOfAttendance(
        _ event: SessionEvent,
        _ words: PushWords,
        in state: SessionState
    ) {
        switch event {
        case .attendanceClaimed(let seat, let time):
            member("person", seat, in: state)
            members(of: time)
        case .attendanceAccepted(let seat, let by):
            member("person", seat, in: state)
            member("by", by, in: state)
        case .attendanceMarked(let seat, let time, let present, let by):
            member("person", seat, in: state)
            members(of: time)
            member("present", present)
            member("reason", orNull: words.text)
            member("by", by, in: state)
        default: break
        }
    }
}

// MARK: - Breakouts

extension JSONWriter {
    private mutating func fieldsOfBreakouts(
        _ event: SessionEvent,
        _ words: PushWords,
        in state: SessionState
    ) {
        switch event {
        case .breakoutsOpened(let opened):
            round(opened, in: state)
            member("by", opened.by, in: state)
        case .roomAdded(let room, let setup, let by):
            members(
                of: room,
                setup,
                hostsRead: state.roomIndex(room).map { state.rooms[$0].hostsRead } ?? false
            )
            member("by", by, in: state)
        case .roomRenamed(let room, let name, let by):
            member("room", room)
            member("name", name)
            member("by", by, in: state)
        case .roomRemoved(let room, let placements, let by):
            member("room", room)
            self.placements(placements, in: state)
            member("by", by, in: state)
        case .moved(let seat, let from, let to, let reason, let by):
            member("person", seat, in: state)
            member("from", from)
            member("to", to)
            member("reason", reason)
            member("by", orNull: by, in: state)
        case .breakoutsExtended(let closesAt, let by):
            member("closesAt", closesAt)
            member("by", by, in: state)
        case .breakoutsAnnounced(let by):
            member("text", orNull: words.text)
            member("by", by, in: state)
        case .breakoutsClosing(let closesAt, let by):
            member("closesAt", closesAt)
            member("by", orNull: by, in: state)
        case .breakoutsClosed(let placements, let by):
            self.placements(placements, in: state)
            member("by", orNull: by, in: state)
        case .breakoutsUndone(let placements, let by):
            self.placements(placements, in: state)
            member("by", by, in: state)
        default: break
        }
    }

    /// A round as it is opened, or would be.
    mutating func round(_ opened: BreakoutsOpened, in state: SessionState) {
        member("round", opened.round)
        member("mode", opened.mode)
        key("rooms")
        beginArray()
        for (index, setup) in opened.rooms.enumerated() {
            room(
                .breakout(round: opened.round, number: index + 1),
                setup: setup,
                hostsRead: opened.hostsRead
            )
        }
        endArray()
        placements(opened.placements, in: state)
        member("closesAt", orNull: opened.closesAt)
        member("closing", opened.closing)
        member("late", opened.late)
        // At most 2^53 - 1 by `decide`; so that the host who reads it can ask for the same again.
        member("seed", Int64(truncatingIfNeeded: opened.seed))
    }

    private mutating func placements(_ placements: [Placement], in state: SessionState) {
        key("placements")
        beginArray()
        for placement in placements {
            beginObject()
            member("person", placement.seat, in: state)
            member("room", placement.room)
            endObject()
        }
        endArray()
    }
}

/// What goes with an event that is spelled.
struct PushWords {
    /// The event's number: the name of what it began.
    let seq: Int
    /// Nil when it carries no words or they are forgotten.
    let text: Text?
}
