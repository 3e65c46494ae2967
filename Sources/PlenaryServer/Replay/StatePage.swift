internal import Journal
internal import SessionProtocol
internal import Sessions

/// A session's state at one moment, for people or as clients would get it.
struct StatePage {
    let state: SessionState
    let messages: MessageCount
    let isArchived: Bool
    let manner: Manner

    private var cast: Cast { Cast(state) }

    /// Lines for people.
    var lines: [String] {
        life + lead + rooms + people + help + chat + [
            "last event: \(state.seq) at \(when(state.lastAt))",
            "state hash: \(Self.spelled(hash: ImageEncoding.stateHash(of: state)))",
        ]
    }

    /// A JSON object: `seq`, `at`, `hash`, and `state`, the part that everybody is told alike.
    var json: String {
        var told = state
        if !manner.withText {
            for seat in told.seats.indices { told.seats[seat].label = .empty }
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("seq", state.seq)
        writer.member("at", state.lastAt)
        writer.member("hash", plain: Self.spelled(hash: ImageEncoding.stateHash(of: state)))
        writer.key("state")
        writer.beginObject()
        writer.encodedMembers(StateWriter.common(told))
        writer.endObject()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// 16 hexadecimal digits.
    static func spelled(hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private func when(_ instant: Milliseconds) -> String {
        "\(manner.zone.day(instant)) \(manner.zone.time(instant))"
    }

    // MARK: - The session

    private var life: [String] {
        var line =
            switch state.phase {
            case .lobby: "in the lobby since \(when(state.createdAt))"
            case .live: "live since \(when(state.startedAt ?? state.createdAt))"
            case .ended: "ended at \(when(state.endedAt ?? state.lastAt))"
            }
        if let endsAt = state.endsAt { line += ", over at \(when(endsAt))" }
        if state.locked { line += ", locked" }
        if isArchived { line += ", archived" }
        if state.isRehearsal { line += ", a rehearsal" }
        let place = state.place.isBlank ? [] : ["place: \(Cast.printable(state.place))"]
        return [line] + place
    }

    private var lead: [String] {
        var lines = [state.host.map { "\(cast.name($0)) leads" } ?? "nobody leads"]
        if !state.succession.isEmpty { lines.append("next: \(cast.names(state.succession))") }
        if let offer = state.offer {
            lines.append("\(cast.name(offer.from)) has offered the lead to \(cast.name(offer.to))")
        }
        if let floor = state.floor {
            lines.append("\(cast.name(floor.seat)) has the floor until \(when(floor.until))")
        }
        return lines
    }

    private var rooms: [String] {
        guard let breakouts = state.breakouts else { return [] }
        let until = breakouts.closesAt.map { "until \(when($0))" } ?? "without an end"
        let phase = breakouts.phase == .closing ? "closing" : "open"
        let head = "rooms (round \(breakouts.round), \(breakouts.mode.word)), \(phase) \(until):"
        return [head]
            + state.openRooms.map { room in
                let people = state.seats.count { $0.room == room.id }
                var line = "  \(cast.roomAndID(room.id)): \(counted(people, "person", "people"))"
                if !room.setup.task.isBlank { line += "; task: \(Cast.printable(room.setup.task))" }
                if !room.setup.place.isBlank { line += "; place: \(Cast.printable(room.setup.place))" }
                return line
            }
    }

    // MARK: - Its people

    private var people: [String] {
        guard !state.seats.isEmpty else { return ["nobody has come"] }
        let rows = state.seats.indices.map { row(SeatID($0)) }
        let widths = rows[0].indices.dropLast().map { column in
            min(40, rows.map { $0[column].count }.max() ?? 0)
        }
        let head =
            "\(counted(rows.count, "person", "people")), \(state.seats.count(where: \.isAttached)) connected:"
        return [head]
            + rows.map { row in
                let cells = zip(row, widths).map { cell, width in
                    cell + String(repeating: " ", count: max(0, width - cell.count))
                }
                return "  " + (cells + [row[row.count - 1]]).joined(separator: "  ")
            }
    }

    private func row(_ id: SeatID) -> [String] {
        let seat = state[id]
        var signs: [String] = []
        if seat.handRaisedSeq != nil { signs.append("hand raised") }
        if seat.isMuted { signs.append("muted") }
        if seat.passes { signs.append("sits out") }
        if seat.presence == .here && !seat.isAttached { signs.append("just lost the connection") }
        if manner.withText, !seat.label.isBlank { signs.append("label: \(Cast.quoted(seat.label))") }
        let presence = seat.isRemoved ? "removed" : seat.presence.word
        let room = cast.roomAndID(seat.room)
        return [cast.nameAndID(id), seat.role.word, presence, ([room] + signs).joined(separator: "; ")]
    }

    // MARK: - What is asked and said

    private var help: [String] {
        state.help.map { request in
            let who =
                request.unnamed
                ? "somebody, unnamed" : "\(cast.name(request.from)) in \(cast.room(request.room))"
            var line = "help: request \(request.id) at \(when(request.at)) from \(who)"
            if let by = request.claimedBy { line += ", taken up by \(cast.name(by))" }
            if manner.withText, let text = request.text, !text.isBlank { line += ": \(Cast.quoted(text))" }
            return line
        }
    }

    private var chat: [String] {
        let places = ([.main, .hosts] + state.rooms.map(\.id)).compactMap { room in
            messages.rooms[room].map { "\(cast.roomAndID(room)) \($0)" }
        }
        let all = places + (messages.direct > 0 ? ["between two people \(messages.direct)"] : [])
        guard !all.isEmpty else { return ["messages: none"] }
        let deleted = messages.deleted > 0 ? "; \(messages.deleted) of them deleted" : ""
        return ["messages: \(all.joined(separator: ", "))\(deleted)"]
    }
}
