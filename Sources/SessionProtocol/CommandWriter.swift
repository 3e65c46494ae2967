package import Sessions

/// Spells commands, as clients do: for the load driver and the tests.
///
/// What stands at its default is left out, so decoding and spelling again gives the same bytes.
package enum CommandWriter {
    /// The whole text of a message.
    package static func message(_ message: ClientMessage) -> [UInt8] {
        switch message {
        case .join(let id, let join): self.join(id: id, join)
        case .command(let id, let command): self.command(id: id, command)
        }
    }

    /// `session.join`.
    package static func join(id: Int64, _ join: JoinCommand) -> [UInt8] {
        var writer = JSONWriter(capacity: join.ticket.count + 128)
        writer.beginObject()
        writer.member("id", id)
        writer.member("do", "session.join")
        writer.member("ticket", join.ticket)
        if let resume = join.resume {
            writer.key("resume")
            writer.beginObject()
            writer.key("epoch")
            writer.epoch(resume.epoch)
            writer.member("after", resume.after)
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }

    /// Any other command.
    package static func command(id: Int64, _ command: SessionCommand) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("id", id)
        writer.member("do", plain: command.kind.rawValue)
        writer.fields(of: command)
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of command: SessionCommand) {
        switch command {
        case .start, .keep, .leave, .timeSync, .reclaimHost, .undoBreakouts: break
        case .end(let seconds), .closeBreakouts(let seconds): optional("seconds", seconds)
        case .lock(let locked): member("locked", locked)
        case .giveHost(let person): member("to", person)
        case .addCohost(let person), .removeCohost(let person): member("person", person)
        case .setSuccession(let order): member("order", order)
        case .openBreakouts(let plan): fields(of: plan)
        case .move(let person, let room):
            member("person", person)
            member("room", room)
        case .extendBreakouts(let seconds): member("seconds", seconds)
        case .enterRoom(let room): member("room", room)
        case .confirmRoom(let room, let seen):
            member("room", room)
            member("seen", seen)
        case .sendChat(let message):
            member("room", message.room)
            member("text", message.text)
            optional("replyTo", message.replyTo)
            if let key = message.key { member("key", key) }
        case .chatHistory(let room, let before, let limit):
            member("room", room)
            optional("before", before)
            optional("limit", limit)
        }
    }

    private mutating func fields(of plan: OpenBreakouts) {
        if let rooms = plan.rooms {
            key("rooms")
            beginArray()
            for room in rooms { self.plan(room) }
            endArray()
        }
        optional("count", plan.count)
        optional("size", plan.size)
        if let mode = plan.mode { member("mode", mode) }
        optional("seconds", plan.seconds)
        optional("closing", plan.closing)
        if let late = plan.late { member("late", late) }
        if !plan.task.isEmpty { member("task", plan.task) }
        if plan.hostsRead { member("hostsRead", true) }
        if let seed = plan.seed { member("seed", Int64(truncatingIfNeeded: seed)) }
    }

    private mutating func plan(_ room: RoomPlan) {
        beginObject()
        if let name = room.name { member("name", name) }
        if !room.people.isEmpty { member("people", room.people) }
        if let task = room.task { member("task", task) }
        if !room.place.isEmpty { member("place", room.place) }
        endObject()
    }

    private mutating func optional(_ name: JSONLiteral, _ value: Int?) {
        if let value { member(name, value) }
    }
}
