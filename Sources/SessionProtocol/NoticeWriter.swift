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

    /// A sign of life for browsers, which cannot see pings.
    package static func tick(now: Milliseconds) -> [UInt8] {
        var writer = JSONWriter(capacity: 48)
        writer.begin("tick")
        writer.member("now", now)
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func begin(_ name: JSONLiteral) {
        beginObject()
        member("on", name)
    }
}
