package import Sessions

/// Spells notices: derived, without a `seq`, and never missed by anybody who did not get one (DESIGN 6).
package enum NoticeWriter {
    /// How many are here; `rooms`, in their order, for hosts alone.
    package static func attendanceCount(
        here: Int,
        unique: Int,
        peak: Int,
        rooms: [(room: RoomID, here: Int)]?
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 128 + 32 * (rooms?.count ?? 0))
        writer.begin("attendance.count")
        writer.member("here", here)
        writer.member("unique", unique)
        writer.member("peak", peak)
        if let rooms {
            writer.key("rooms")
            writer.beginArray()
            for room in rooms {
                writer.beginObject()
                writer.member("room", room.room)
                writer.member("here", room.here)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    /// How many of those who were placed are where they belong, whose page was visible, and who is missing.
    package static func breakoutsConfirmed(
        round: Int,
        confirmed: Int,
        seen: Int,
        of placed: Int,
        missing: [PersonID]
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 128 + 24 * missing.count)
        writer.begin("breakouts.confirmed")
        writer.member("round", round)
        writer.member("confirmed", confirmed)
        writer.member("seen", seen)
        writer.member("of", placed)
        writer.member("missing", missing)
        writer.endObject()
        return writer.bytes
    }

    /// One's own part of the state anew, after a change of role or room that opened more of it.
    package static func you(_ state: SessionState, _ seat: SeatID) -> [UInt8] {
        var writer = JSONWriter(capacity: 2_048)
        writer.begin("you")
        writer.you(state[seat], mayLead: state.isEligible(seat))
        writer.encodedMembers(StateWriter.own(state, seat, maxBytes: WireBounds.ownNoticeBytes))
        writer.endObject()
        return writer.bytes
    }

    /// Who writes in a place just now: at most `WireBounds.typingPeople` of them by name, and how many they are.
    package static func typing(
        place: ChatPlace,
        people: [SeatID],
        count: Int,
        in state: SessionState
    ) -> [UInt8] {
        var writer = JSONWriter(capacity: 192)
        writer.begin("chat.typing")
        writer.place(place, in: state)
        writer.member("people", Array(people.prefix(WireBounds.typingPeople)), in: state)
        writer.member("count", count)
        writer.endObject()
        return writer.bytes
    }

    /// How the rooms of a round are doing, in their order; for hosts.
    package static func pulse(round: Int, rooms: [PulseRow], in state: SessionState) -> [UInt8] {
        var writer = JSONWriter(capacity: 64 + 160 * rooms.count)
        writer.begin("rooms.pulse")
        writer.member("round", round)
        writer.key("rooms")
        writer.beginArray()
        for row in rooms {
            writer.beginObject()
            writer.member("room", row.room)
            writer.member("present", row.present)
            writer.member("writing", row.writing)
            writer.member("done", row.done)
            writer.member("moreTime", row.moreTime)
            writer.member("alone", orNull: row.alone, in: state)
            writer.member("visitedBy", orNull: row.visit?.by, in: state)
            writer.member("visitedAt", orNull: row.visit?.at)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// A sign of life for browsers, which cannot see pings.
    package static func tick(now: Milliseconds) -> [UInt8] {
        var writer = JSONWriter(capacity: 48)
        writer.begin("tick")
        writer.member("now", now)
        writer.endObject()
        return writer.bytes
    }
}

/// How one room is doing.
package struct PulseRow: Equatable, Sendable {
    package var room: RoomID
    /// People who are connected.
    package var present: Int
    /// People who write just now.
    package var writing: Int
    /// People who say that they are done.
    package var done: Int
    /// People who say that they need more time.
    package var moreTime: Int
    /// Who has been the only one there for so long that a host should know.
    package var alone: SeatID?
    /// The last host who came in.
    package var visit: Visit?

    package init(
        room: RoomID,
        present: Int,
        writing: Int,
        done: Int,
        moreTime: Int,
        alone: SeatID? = nil,
        visit: Visit? = nil
    ) {
        self.room = room
        self.present = present
        self.writing = writing
        self.done = done
        self.moreTime = moreTime
        self.alone = alone
        self.visit = visit
    }
}

extension JSONWriter {
    fileprivate mutating func begin(_ name: JSONLiteral) {
        beginObject()
        member("on", name)
    }
}
