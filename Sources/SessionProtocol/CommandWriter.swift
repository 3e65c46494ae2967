package import Sessions

/// Spells commands, as clients do: for the load driver and the tests.
///
/// What stands at its default is left out, so decoding and spelling again gives the same bytes.
package enum CommandWriter {
    /// The whole text of a message.
    package static func message(_ message: ClientMessage) -> [UInt8] {
        switch message {
        case .join(let id, let join): self.join(id: id, join)
        case .command(let id, let command, let ifSeq): self.command(id: id, command, ifSeq: ifSeq)
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

    /// Any other command; `ifSeq` for those that edit.
    package static func command(id: Int64, _ command: SessionCommand, ifSeq: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("id", id)
        writer.member("do", plain: command.kind.rawValue)
        writer.fields(of: command)
        if let ifSeq { writer.member("ifSeq", ifSeq) }
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of command: SessionCommand) {
        switch command {
        case .start, .keep, .leave, .timeSync, .acceptHandoff, .declineHandoff, .withdrawHandoff,
            .reclaimHost,
            .yieldFloor, .undoBreakouts, .raiseHand:
            break
        case .end(let seconds), .closeBreakouts(let seconds): optional("seconds", seconds)
        case .takeFloor(let seconds), .extendBreakouts(let seconds): member("seconds", seconds)
        case .lock(let locked): member("locked", locked)
        case .set(let title, let place):
            if let title { member("title", title) }
            if let place { member("place", place) }
        case .offerHandoff(let person), .giveHost(let person): member("to", person)
        case .addCohost(let person), .removeCohost(let person), .remove(let person): member("person", person)
        case .setSuccession(let order): member("order", order)
        case .previewBreakouts(let plan), .openBreakouts(let plan): fields(of: plan)
        case .addRoom(let plan): fields(of: plan)
        case .renameRoom(let room, let name):
            member("room", room)
            member("name", name)
        case .removeRoom(let room), .enterRoom(let room): member("room", room)
        case .announce(let text): member("text", text)
        case .move, .confirmRoom, .signalRoom, .pass, .askHelp, .claimHelp, .resolveHelp, .withdrawHelp,
            .lowerHand, .label, .mute:
            fieldsOfPeople(command)
        case .sendChat, .editChat, .deleteChat, .reactChat, .chatHistory, .chatSettings, .typing:
            fieldsOfChat(command)
        case .reportAttendance, .ownAttendance, .claimAttendance, .acceptAttendance, .markAttendance:
            fieldsOfAttendance(command)
        }
    }

    private mutating func fieldsOfPeople(_ command: SessionCommand) {
        switch command {
        case .move(let person, let room):
            member("person", person)
            member("room", room)
        case .confirmRoom(let room, let seen):
            member("room", room)
            member("seen", seen)
        case .signalRoom(let signal):
            key("signal")
            if let signal { string(signal.wireName) } else { null() }
        case .pass(let pass): member("pass", pass)
        case .askHelp(let text, let unnamed):
            if !text.isEmpty { member("text", text) }
            if unnamed { member("unnamed", true) }
        case .claimHelp(let help), .resolveHelp(let help), .withdrawHelp(let help): member("help", help)
        case .lowerHand(let person): if let person { member("person", person) }
        case .label(let person, let text):
            if let person { member("person", person) }
            member("text", text)
        case .mute(let person, let muted):
            member("person", person)
            member("muted", muted)
        default: break
        }
    }

    private mutating func fieldsOfChat(_ command: SessionCommand) {
        switch command {
        case .sendChat(let message):
            member(message.target)
            member("text", message.text)
            optional("replyTo", message.replyTo)
            if let key = message.key { member("key", key) }
        case .editChat(let message, let text):
            member("message", message)
            member("text", text)
        case .deleteChat(let message): member("message", message)
        case .reactChat(let message, let emoji, let on):
            member("message", message)
            member("emoji", emoji)
            member("on", on)
        case .chatHistory(let target, let before, let limit):
            member(target)
            optional("before", before)
            optional("limit", limit)
        case .chatSettings(let locked, let slowSeconds):
            if let locked { member("locked", locked) }
            optional("slowSeconds", slowSeconds)
        case .typing(let target): if let target { member(target) }
        default: break
        }
    }

    private mutating func fieldsOfAttendance(_ command: SessionCommand) {
        switch command {
        case .reportAttendance(let person): if let person { member("person", person) }
        case .claimAttendance(let time): members(of: time)
        case .acceptAttendance(let person): member("person", person)
        case .markAttendance(let person, let time, let present, let reason):
            member("person", person)
            members(of: time)
            member("present", present)
            member("reason", reason)
        default: break
        }
    }

    private mutating func member(_ target: ChatTarget) {
        switch target {
        case .room(let room): member("room", room)
        case .person(let person): member("person", person)
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
        if !plan.facilitators.isEmpty { member("facilitators", plan.facilitators) }
        if let seed = plan.seed { member("seed", Int64(truncatingIfNeeded: seed)) }
    }

    private mutating func plan(_ room: RoomPlan) {
        beginObject()
        fields(of: room)
        endObject()
    }

    private mutating func fields(of room: RoomPlan) {
        if let name = room.name { member("name", name) }
        if !room.people.isEmpty { member("people", room.people) }
        if let task = room.task { member("task", task) }
        if !room.place.isEmpty { member("place", room.place) }
    }

    private mutating func optional(_ name: JSONLiteral, _ value: Int?) {
        if let value { member(name, value) }
    }
}
