package import Sessions

/// Spells `state`, the whole session as one seat may see it, in two parts (DESIGN 6).
///
/// Each part is a list of members without braces, so that the one that is the same for everybody is spelled once for
/// each `seq` and put before each seat's own.
package enum StateWriter {
    /// What everybody is told alike.
    package static func common(_ state: SessionState) -> [UInt8] {
        var writer = JSONWriter(capacity: 1_024 + 256 * state.seats.count)
        writer.session(state)
        writer.member("host", orNull: state.host, in: state)
        writer.member("succession", state.succession, in: state)
        writer.floor(state)
        writer.chatSettings(state)
        writer.key("participants")
        writer.beginArray()
        for seat in state.seats { writer.participant(seat) }
        writer.endArray()
        writer.breakouts(state)
        writer.attendance(state)
        return writer.bytes
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
        if state.isRehearsal { member("rehearsal", true) }
        endObject()
    }

    fileprivate mutating func floor(_ state: SessionState) {
        key("floor")
        guard let floor = state.floor else {
            null()
            return
        }
        beginObject()
        member("person", floor.seat, in: state)
        member("until", floor.until)
        endObject()
    }

    fileprivate mutating func chatSettings(_ state: SessionState) {
        key("chatSettings")
        beginObject()
        member("locked", state.chatLocked)
        member("slowSeconds", state.slowSeconds)
        endObject()
    }

    fileprivate mutating func participant(_ seat: Seat) {
        beginObject()
        members(of: seat)
        endObject()
    }

    /// The members of a participant who has just come.
    mutating func participant(_ joined: Joined) { members(of: Seat(joined, at: 0)) }

    private mutating func members(of seat: Seat) {
        member("person", seat.person)
        member("name", seat.name)
        member("school", seat.school)
        member("role", seat.role)
        member("presence", seat.presence)
        member("room", seat.room)
        // Hands are taken in the order of these numbers.
        member("hand", orNull: seat.handRaisedSeq)
        member("muted", seat.isMuted)
        member("pass", seat.passes)
        member("label", seat.label)
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
        members(of: id, setup, hostsRead: hostsRead)
        endObject()
    }

    /// The members of a breakout room.
    mutating func members(of id: RoomID, _ setup: RoomSetup, hostsRead: Bool) {
        member("room", id)
        member("name", setup.name)
        member("task", setup.task)
        member("place", setup.place)
        member("hostsRead", hostsRead)
    }

    fileprivate mutating func attendance(_ state: SessionState) {
        key("attendance")
        beginObject()
        member("here", state.attachedCount)
        member("unique", state.seats.count { $0.role != .observer })
        member("peak", state.peak)
        endObject()
    }
}
