package import Sessions

/// Spells events (DESIGN 6): `{"seq":1042,"at":1790000000123,"on":"chat.sent",…}`.
///
/// A push depends on the event, its words, who sits on which seat and which rooms a host may read, and on nothing that
/// changes: told live or told again after a resume, it is the same bytes, but for words that were changed since.
package enum PushWriter {
    /// The push of an event as it happens; nil for events that nobody hears.
    package static func push(_ entry: SessionEntry, in state: SessionState) -> [UInt8]? {
        var writer = JSONWriter(capacity: capacity(for: entry.text))
        return push(entry, in: state, with: &writer)
    }

    /// The same, spelled by a writer that is used for message after message, behind `headroom` free bytes.
    package static func push(
        _ entry: SessionEntry,
        in state: SessionState,
        with writer: inout JSONWriter,
        headroom: Int = 0
    ) -> [UInt8]? {
        guard let name = entry.event.wireName else { return nil }
        writer.clear(headroom: headroom)
        writer.push(name, seq: entry.seq, at: entry.at, event: entry.event, text: entry.text, in: state)
        return writer.bytes
    }

    /// The push of an event that a client missed; a message's words are looked up where deleted ones are gone.
    package static func push(_ entry: BacklogEntry, in state: SessionState) -> [UInt8]? {
        let text: Text? =
            switch entry.event {
            case .chatSent: state.messages.message(entry.seq)?.text
            case .chatEdited(let message, _): state.messages.message(message)?.text
            default: entry.text
            }
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
        var writer = JSONWriter(capacity: capacity(for: text))
        writer.push(name, seq: seq, at: at, event: event, text: text, in: state)
        return writer.bytes
    }

    private static func capacity(for text: Text?) -> Int { 224 + (text?.utf8.count ?? 0) }
}

extension JSONWriter {
    fileprivate mutating func push(
        _ name: JSONLiteral,
        seq: Int,
        at: Milliseconds,
        event: SessionEvent,
        text: Text?,
        in state: SessionState
    ) {
        beginObject()
        member("seq", seq)
        member("at", at)
        member("on", name)
        fields(of: event, PushWords(seq: seq, text: text), in: state)
        endObject()
    }
}

extension SessionEvent {
    /// The name on the wire; nil for events that nobody hears.
    package var wireName: JSONLiteral? {
        switch self {
        case .created, .archived, .recovered, .attached, .detached, .confirmed, .signalled, .personErased,
            .sessionErased:
            nil
        case .started: "session.started"
        case .ending: "session.ending"
        case .kept: "session.kept"
        case .ended: "session.ended"
        case .locked: "session.locked"
        case .changed: "session.changed"
        case .joined: "participant.joined"
        case .away: "participant.away"
        case .returned: "participant.returned"
        case .gone: "participant.gone"
        case .left: "participant.left"
        case .removed: "participant.removed"
        case .labelled: "participant.labelled"
        case .muted: "participant.muted"
        case .handoffOffered: "handoff.offered"
        case .handoffDeclined: "handoff.declined"
        case .handoffWithdrawn: "handoff.withdrawn"
        case .hostChanged: "host.changed"
        case .roleChanged: "role.changed"
        case .successionChanged: "succession.changed"
        case .floorTaken: "floor.taken"
        case .floorYielded: "floor.yielded"
        case .breakoutsOpened: "breakouts.opened"
        case .roomAdded: "breakouts.roomAdded"
        case .roomRenamed: "breakouts.roomRenamed"
        case .roomRemoved: "breakouts.roomRemoved"
        case .moved: "participant.moved"
        case .breakoutsExtended: "breakouts.extended"
        case .breakoutsAnnounced: "breakouts.announced"
        case .breakoutsWarning: "breakouts.warning"
        case .breakoutsClosing: "breakouts.closing"
        case .breakoutsClosed: "breakouts.closed"
        case .breakoutsUndone: "breakouts.undone"
        case .passed: "room.passed"
        case .helpAsked: "help.asked"
        case .helpClaimed: "help.claimed"
        case .helpResolved: "help.resolved"
        case .helpWithdrawn: "help.withdrawn"
        case .handRaised: "hand.raised"
        case .handLowered: "hand.lowered"
        case .chatSent: "chat.sent"
        case .chatEdited: "chat.edited"
        case .chatDeleted: "chat.deleted"
        case .chatReacted: "chat.reacted"
        case .chatSettings: "chat.settingsChanged"
        case .attendanceClaimed: "attendance.claimed"
        case .attendanceAccepted: "attendance.accepted"
        case .attendanceMarked: "attendance.marked"
        }
    }
}
