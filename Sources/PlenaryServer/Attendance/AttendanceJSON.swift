internal import SessionProtocol
internal import Sessions

extension AttendanceDocument {
    /// One object, all times in milliseconds; its fields are in `Protocol/attendance.md`.
    var json: [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("by", plain: row.rawValue)
        writer.key("rule")
        writer.beginObject()
        writer.member("version", AttendanceRule.current.version)
        writer.member("percent", AttendanceRule.current.percent)
        writer.endObject()
        writer.key("sessions")
        writer.beginArray()
        for session in sessions { writer.session(session) }
        writer.endArray()
        switch row {
        case .session: break
        case .school:
            writer.key("schools")
            writer.beginArray()
            for school in schools { writer.school(school) }
            writer.endArray()
            writer.key("lookAlike")
            writer.beginArray()
            for group in lookAlike { writer.names(group) }
            writer.endArray()
        case .person:
            writer.key("people")
            writer.beginArray()
            for person in people { writer.person(person) }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func session(_ session: AttendedSession) {
        beginObject()
        member("session", plain: session.id.text)
        member("title", session.title.utf8)
        member("community", session.community.utf8)
        member("state", plain: session.stage.rawValue)
        if session.isRehearsal { member("rehearsal", true) }
        member("createdAt", session.createdAt)
        member("asOf", session.asOf)
        key("live")
        if let live = session.live { interval(live) } else { null() }
        key("outages")
        beginArray()
        for outage in session.outages { interval(outage) }
        endArray()
        member("people", session.people.count)
        figures(session.figures)
        endObject()
    }

    fileprivate mutating func person(_ person: AttendedPerson) {
        beginObject()
        member("person", plain: person.person.text)
        member("name", person.name.utf8)
        member("school", person.school.utf8)
        member("role", plain: person.role.spelling)
        member("sessions", person.sessions)
        member("joined", person.joined)
        member("liveTime", person.liveTime)
        figures(person.figures)
        endObject()
    }

    fileprivate mutating func school(_ school: AttendedSchool) {
        beginObject()
        member("school", Array(school.name.utf8))
        key("spellings")
        names(school.spellings)
        member("people", school.people)
        member("seats", school.joined)
        figures(school.figures)
        endObject()
    }

    fileprivate mutating func names(_ names: [String]) {
        beginArray()
        for name in names { string(Array(name.utf8)) }
        endArray()
    }

    fileprivate mutating func figures(_ figures: AttendanceFigures) {
        member("attended", figures.attended)
        member("present", figures.present)
        member("counted", figures.counted)
        member("claimed", figures.claimed)
        member("accepted", figures.accepted)
        member("marked", figures.marked)
        member("credited", figures.credited)
        member("openClaims", figures.openClaims)
    }

    private mutating func interval(_ time: Interval) {
        beginObject()
        member("from", time.from)
        member("to", time.to)
        endObject()
    }
}
