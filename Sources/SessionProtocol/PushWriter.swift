package import Sessions

/// Spells events (DESIGN 6): `{"seq":1042,"at":1790000000123,"on":"chat.sent",…}`.
///
/// A push depends on the event, its words and who sits on which seat, and on nothing that changes: told live or
/// told again after a resume, it is the same bytes. The state is asked for persons alone.
package enum PushWriter {
    /// The push of an event as it happens; nil for events that nobody hears.
    package static func push(_ entry: SessionEntry, in state: SessionState) -> [UInt8]? {
        push(seq: entry.seq, at: entry.at, event: entry.event, text: entry.text, in: state)
    }

    /// The push of an event that a client missed; its words are looked up where deleted ones are gone.
    package static func push(_ entry: BacklogEntry, in state: SessionState) -> [UInt8]? {
        let text: Text? =
            if case .chatSent = entry.event { state.messages.message(entry.seq)?.text } else { nil }
        return push(seq: entry.seq, at: entry.at, event: entry.event, text: text, in: state)
    }

    /// The push of an event; nil for events that nobody hears.
    package static func push(
        seq: Int,
        at: Milliseconds,
        event: SessionEvent,
        text: Text?,
        in state: SessionState
    ) -> [UInt8]? {
        guard let name = event.wireName else { return nil }
        var writer = JSONWriter(capacity: 224 + (text?.utf8.count ?? 0))
        writer.beginObject()
        writer.member("seq", seq)
        writer.member("at", at)
        writer.member("on", name)
        if case .chatSent(let sent) = event {
            writer.message(
                Message(id: seq, at: at, from: sent.from, room: sent.room, replyTo: sent.replyTo, text: text),
                in: state
            )
        } else {
            writer.fields(of: event, in: state)
        }
        writer.endObject()
        return writer.bytes
    }
}

extension SessionEvent {
    /// The name on the wire; nil for events that nobody hears.
    package var wireName: JSONLiteral? {
        switch self {
        case .created, .archived, .recovered, .attached, .detached, .confirmed: nil
        case .started: "session.started"
        case .ending: "session.ending"
        case .kept: "session.kept"
        case .ended: "session.ended"
        case .locked: "session.locked"
        case .joined: "participant.joined"
        case .away: "participant.away"
        case .returned: "participant.returned"
        case .gone: "participant.gone"
        case .left: "participant.left"
        case .hostChanged: "host.changed"
        case .roleChanged: "role.changed"
        case .successionChanged: "succession.changed"
        case .breakoutsOpened: "breakouts.opened"
        case .moved: "participant.moved"
        case .breakoutsExtended: "breakouts.extended"
        case .breakoutsWarning: "breakouts.warning"
        case .breakoutsClosing: "breakouts.closing"
        case .breakoutsClosed: "breakouts.closed"
        case .breakoutsUndone: "breakouts.undone"
        case .chatSent: "chat.sent"
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of event: SessionEvent, in state: SessionState) {
        switch event {
        case .created, .archived, .recovered, .attached, .detached, .confirmed, .chatSent, .breakoutsWarning:
            break
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
        case .joined(let joined): participant(joined)
        case .away(let seat, let cause):
            member("person", seat, in: state)
            member("cause", cause)
        case .returned(let seat), .gone(let seat), .left(let seat): member("person", seat, in: state)
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
        case .breakoutsOpened(let opened): fields(of: opened, in: state)
        case .moved(let seat, let from, let to, let reason, let by):
            member("person", seat, in: state)
            member("from", from)
            member("to", to)
            member("reason", reason)
            member("by", orNull: by, in: state)
        case .breakoutsExtended(let closesAt, let by):
            member("closesAt", closesAt)
            member("by", by, in: state)
        case .breakoutsClosing(let closesAt, let by):
            member("closesAt", closesAt)
            member("by", orNull: by, in: state)
        case .breakoutsClosed(let placements): self.placements(placements, in: state)
        case .breakoutsUndone(let placements, let by):
            self.placements(placements, in: state)
            member("by", by, in: state)
        }
    }

    private mutating func fields(of opened: BreakoutsOpened, in state: SessionState) {
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
        member("by", opened.by, in: state)
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
