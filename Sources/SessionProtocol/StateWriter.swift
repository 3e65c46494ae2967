package import Sessions

/// Spells `state`, the whole session as one seat may see it, in two parts (DESIGN 6).
///
/// Each part is a list of members without braces, so that the one that is the same for everybody is spelled once for
/// each `seq` and put before each seat's own.
package enum StateWriter {
    /// What everybody is told alike.
    package static func common(_ state: SessionState) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + 192 * state.seats.count)
        writer.session(state)
        writer.member("host", orNull: state.host, in: state)
        writer.member("succession", state.succession, in: state)
        writer.key("floor")
        writer.null()
        writer.key("participants")
        writer.beginArray()
        for seat in state.seats { writer.participant(seat) }
        writer.endArray()
        writer.breakouts(state)
        writer.key("help")
        writer.beginArray()
        writer.endArray()
        writer.attendance(state)
        return writer.bytes
    }

    /// What this seat may read: chats, and the rooms of which it may ask for more.
    package static func own(_ state: SessionState, _ id: SeatID) -> [UInt8] {
        let seat = state[id]
        var textBytes = WireBounds.stateTextBytes
        // The room that one is in comes first when there is more text than a state may hold.
        let own = seat.room == .main ? [] : state.newest(of: seat.room, textBytes: &textBytes)
        let main = state.newest(of: .main, textBytes: &textBytes)
        let hosts = seat.isHosting ? state.newest(of: .hosts, textBytes: &textBytes) : []

        var writer = JSONWriter(capacity: 2_048)
        writer.key("chat")
        writer.beginObject()
        writer.messages("main", main, in: state)
        if seat.room != .main {
            writer.key(Array(seat.room.text.utf8))
            writer.elements(own, in: state)
        }
        if seat.isHosting { writer.messages("hosts", hosts, in: state) }
        writer.messages("direct", [], in: state)
        writer.endObject()
        writer.readable(state, by: id)
        return writer.bytes
    }
}

extension SessionState {
    fileprivate func newest(of room: RoomID, textBytes: inout Int) -> [Message] {
        let messages = newest(WireBounds.stateMessages, of: room, textBytes: textBytes)
        for message in messages { textBytes -= message.text?.utf8.count ?? 0 }
        return messages
    }
}

extension JSONWriter {
    fileprivate mutating func session(_ state: SessionState) {
        key("session")
        beginObject()
        member("id", plain: state.id.text)
        member("title", state.title)
        member("phase", state.phase)
        member("startedAt", orNull: state.startedAt)
        member("endsAt", orNull: state.endsAt)
        member("endedAt", orNull: state.endedAt)
        member("locked", state.locked)
        member("place", state.place)
        endObject()
    }

    private mutating func participant(
        _ person: PersonID,
        name: Text,
        school: Text,
        role: Role,
        presence: Presence,
        room: RoomID
    ) {
        member("person", person)
        member("name", name)
        member("school", school)
        member("role", role)
        member("presence", presence)
        member("room", room)
        // Hands, muting and labels are in the shape from the beginning; the commands for them are to come.
        member("hand", false)
        member("muted", false)
        member("label", "")
    }

    fileprivate mutating func participant(_ seat: Seat) {
        beginObject()
        participant(
            seat.person,
            name: seat.name,
            school: seat.school,
            role: seat.role,
            presence: seat.presence,
            room: seat.room
        )
        endObject()
    }

    /// The members of a participant who has just come.
    mutating func participant(_ joined: Joined) {
        participant(
            joined.person,
            name: joined.name,
            school: joined.school,
            role: joined.seatRole,
            presence: .here,
            room: joined.room
        )
    }

    fileprivate mutating func breakouts(_ state: SessionState) {
        key("breakouts")
        guard let breakouts = state.breakouts else {
            null()
            return
        }
        beginObject()
        member("round", breakouts.round)
        member("phase", breakouts.phase)
        member("mode", breakouts.mode)
        key("rooms")
        beginArray()
        for open in state.openRooms { room(open.id, setup: open.setup, hostsRead: open.hostsRead) }
        endArray()
        member("openedAt", breakouts.openedAt)
        member("closesAt", orNull: breakouts.closesAt)
        member("closing", breakouts.closing)
        member("late", breakouts.late)
        endObject()
    }

    /// A breakout room as it was set up.
    mutating func room(_ id: RoomID, setup: RoomSetup, hostsRead: Bool) {
        beginObject()
        member("room", id)
        member("name", setup.name)
        member("task", setup.task)
        member("place", setup.place)
        member("hostsRead", hostsRead)
        endObject()
    }

    fileprivate mutating func attendance(_ state: SessionState) {
        key("attendance")
        beginObject()
        member("here", state.attachedCount)
        member("unique", state.seats.count { $0.role != .observer })
        member("peak", state.peak)
        endObject()
    }

    fileprivate mutating func readable(_ state: SessionState, by seat: SeatID) {
        key("readable")
        beginArray()
        for room in state.rooms
        where room.visitors.contains(seat) || (room.hostsRead && state[seat].isHosting) {
            beginObject()
            member("room", room.id)
            member("name", room.setup.name)
            member("round", room.round)
            endObject()
        }
        endArray()
    }

    /// Messages in their order.
    mutating func messages(_ name: JSONLiteral, _ messages: [Message], in state: SessionState) {
        key(name)
        elements(messages, in: state)
    }

    fileprivate mutating func elements(_ messages: [Message], in state: SessionState) {
        beginArray()
        for message in messages {
            beginObject()
            self.message(message, in: state)
            member("at", message.at)
            endObject()
        }
        endArray()
    }

    /// The members of a message; the time stands with whoever writes them.
    mutating func message(_ message: Message, in state: SessionState) {
        member("message", message.id)
        member("room", message.room)
        member("from", message.from, in: state)
        key("text")
        if let text = message.text { string(text.utf8) } else { null() }
        if let replyTo = message.replyTo { member("replyTo", replyTo) }
    }
}
