import Sessions

/// How attendance is spelled: on the wire to hosts and to whom it concerns, and by the same hand for operators.
extension JSONWriter {
    /// Everybody's figures.
    mutating func attendance(_ report: AttendanceReport, in state: SessionState) {
        head(of: report)
        key("people")
        beginArray()
        for person in report.people {
            beginObject()
            figures(person, in: state)
            endObject()
        }
        endArray()
    }

    /// One person's figures, and what they are made of; nobody's for somebody who only watches.
    mutating func attendance(_ report: AttendanceReport, rooms: [RoomTime], in state: SessionState) {
        head(of: report)
        key("people")
        beginArray()
        for person in report.people {
            beginObject()
            figures(person, in: state)
            intervals("filled", person.filled)
            claims(state[person.seat].claims, in: state)
            marks(state[person.seat].marks, in: state)
            self.rooms(rooms, in: state)
            endObject()
        }
        endArray()
    }

    /// The members `from` and `to`.
    mutating func members(of time: Interval) {
        member("from", time.from)
        member("to", time.to)
    }

    private mutating func head(of report: AttendanceReport) {
        key("rule")
        beginObject()
        member("version", report.rule.version)
        member("percent", report.rule.percent)
        endObject()
        key("live")
        if let live = report.live { interval(live) } else { null() }
        intervals("outages", report.outages)
    }

    private mutating func figures(_ person: Attendance, in state: SessionState) {
        let seat = state[person.seat]
        member("person", seat.person)
        member("name", seat.name)
        member("school", seat.school)
        member("role", seat.role)
        member("present", person.present)
        member("counted", person.counted)
        member("claimed", person.claimed)
        member("accepted", person.accepted)
        member("marked", person.marked)
        member("credited", person.credited)
        member("attended", person.isAttended)
        member("openClaims", seat.claims.count { $0.acceptedBy == nil })
    }

    private mutating func claims(_ claims: [AttendanceClaim], in state: SessionState) {
        key("claims")
        beginArray()
        for claim in claims {
            beginObject()
            members(of: claim.time)
            member("by", orNull: claim.acceptedBy, in: state)
            endObject()
        }
        endArray()
    }

    private mutating func marks(_ marks: [AttendanceMark], in state: SessionState) {
        key("marks")
        beginArray()
        for mark in marks {
            beginObject()
            members(of: mark.time)
            member("present", mark.present)
            member("reason", orNull: mark.reason)
            member("by", mark.by, in: state)
            endObject()
        }
        endArray()
    }

    private mutating func rooms(_ rooms: [RoomTime], in state: SessionState) {
        key("rooms")
        beginArray()
        for room in rooms {
            beginObject()
            member("room", room.room)
            member("name", state.roomIndex(room.room).map { state.rooms[$0].setup.name } ?? .empty)
            if case .breakout(let round, _) = room.room { member("round", round) }
            member("time", room.time)
            key("with")
            beginArray()
            for company in room.with {
                beginObject()
                member("person", company.seat, in: state)
                member("time", company.time)
                endObject()
            }
            endArray()
            if room.others > 0 { member("others", room.others) }
            endObject()
        }
        endArray()
    }

    private mutating func intervals(_ name: JSONLiteral, _ intervals: [Interval]) {
        key(name)
        beginArray()
        for time in intervals { interval(time) }
        endArray()
    }

    private mutating func interval(_ time: Interval) {
        beginObject()
        members(of: time)
        endObject()
    }
}
