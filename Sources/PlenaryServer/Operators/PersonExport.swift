internal import SessionProtocol
internal import Sessions

extension PersonRecord {
    /// As JSON; times are milliseconds since 1970.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("person", plain: person.text)
        writer.member("lastSeen", orNull: lastSeen)
        writer.key("sessions")
        writer.beginArray()
        for session in sessions { writer.session(session) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    /// For people: a paragraph a session, times in UTC.
    package var text: String {
        var lines = ["person: \(person.text)"]
        if let lastSeen { lines.append("last seen in a session that is over: \(Self.when(lastSeen))") }
        for session in sessions { lines += [""] + paragraph(session) }
        return lines.joined(separator: "\n")
    }

    private func paragraph(_ session: PersonInSession) -> [String] {
        let (state, seat) = (session.state, session.state[session.seat])
        var lines = ["session: \(state.id.text)\(state.isRehearsal ? " (a rehearsal)" : "")"]
        func add(_ name: String, _ text: Text) {
            if !text.isEmpty { lines.append("  \(name): \(Self.shown(text))") }
        }
        add("title", state.title)
        add("community", state.community)
        add("name", seat.name)
        add("school", seat.school)
        add("label", seat.label)
        lines.append("  role: \(seat.role)")
        lines.append("  joined: \(Self.when(session.joinedAt))")
        for time in session.times { lines.append("  connected: \(Self.span(time))") }
        if let figures = session.attendance {
            lines.append(
                "  minutes: present \(figures.present / 60_000), counted \(figures.counted / 60_000), "
                    + "credited \(figures.credited / 60_000); \(figures.isAttended ? "attended" : "not attended")"
            )
        }
        for claim in seat.claims {
            lines.append(
                "  claim: \(Self.span(claim.time)), \(claim.acceptedBy == nil ? "open" : "accepted")"
            )
        }
        for mark in seat.marks {
            lines.append("  mark: \(Self.span(mark.time)), \(mark.present ? "present" : "not present")")
        }
        for room in session.rooms { lines.append("  room \(room.room.text): \(room.time / 60_000) minutes") }
        for words in session.words {
            let about = words.about.map { " (\($0))" } ?? ""
            let what = words.text.map { Self.shown($0) } ?? "forgotten"
            let note = words.isTakenBack ? " [taken back]" : ""
            lines.append(
                "  \(Self.when(words.at)) \(String(decoding: words.kind.utf8, as: UTF8.self))\(about): \(what)\(note)"
            )
        }
        return lines
    }

    private static func span(_ time: Interval) -> String { "\(when(time.from)) to \(when(time.to))" }

    private static func when(_ instant: Milliseconds) -> String {
        "\(Zone.utc.day(instant)) \(Zone.utc.time(instant))"
    }

    private static func shown(_ text: Text) -> String {
        Printable.text(String(decoding: text.utf8, as: UTF8.self))
    }
}

extension JSONWriter {
    fileprivate mutating func session(_ session: PersonInSession) {
        let (state, seat) = (session.state, session.state[session.seat])
        beginObject()
        member("session", plain: state.id.text)
        if state.isRehearsal { member("rehearsal", true) }
        member("community", state.community.utf8)
        member("title", state.title.utf8)
        member("startedAt", orNull: state.startedAt)
        member("endedAt", orNull: state.endedAt)
        member("name", seat.name.utf8)
        member("school", seat.school.utf8)
        member("role", seat.role.wireName)
        member("label", seat.label.utf8)
        member("joinedAt", session.joinedAt)
        key("connected")
        beginArray()
        for time in session.times { interval(time) }
        endArray()
        figures(session.attendance)
        claims(seat.claims)
        marks(seat.marks)
        key("rooms")
        beginArray()
        for room in session.rooms {
            beginObject()
            member("room", plain: room.room.text)
            member("time", room.time)
            endObject()
        }
        endArray()
        words(session.words)
        endObject()
    }

    private mutating func figures(_ figures: Attendance?) {
        key("attendance")
        guard let figures else { return null() }
        beginObject()
        member("present", figures.present)
        member("counted", figures.counted)
        member("claimed", figures.claimed)
        member("accepted", figures.accepted)
        member("marked", figures.marked)
        member("credited", figures.credited)
        member("attended", figures.isAttended)
        endObject()
    }

    private mutating func claims(_ claims: [AttendanceClaim]) {
        key("claims")
        beginArray()
        for claim in claims {
            beginObject()
            member("from", claim.time.from)
            member("to", claim.time.to)
            member("accepted", claim.acceptedBy != nil)
            endObject()
        }
        endArray()
    }

    private mutating func marks(_ marks: [AttendanceMark]) {
        key("marks")
        beginArray()
        for mark in marks {
            beginObject()
            member("from", mark.time.from)
            member("to", mark.time.to)
            member("present", mark.present)
            endObject()
        }
        endArray()
    }

    private mutating func words(_ words: [PersonInSession.Words]) {
        key("words")
        beginArray()
        for one in words {
            beginObject()
            member("at", one.at)
            member("kind", one.kind)
            if let about = one.about { member("about", Array(about.utf8)) }
            key("text")
            if let text = one.text { string(text.utf8) } else { null() }
            if one.isTakenBack { member("takenBack", true) }
            endObject()
        }
        endArray()
    }

    private mutating func interval(_ time: Interval) {
        beginObject()
        member("from", time.from)
        member("to", time.to)
        endObject()
    }
}
