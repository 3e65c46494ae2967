import SessionProtocol
import Sessions

// What people write and do.
extension Evening {
    func talk(_ person: Person, due: Int64) {
        guard !isFinishing else { return }
        planTalk(of: person, after: due)
        guard person.gathering.phase == .live, due > person.role.arrives else { return }
        let bytes = person.talkDraws.number(in: scenario.chat.bytes)
        let isDirect = person.talkDraws.happens(scenario.chat.direct)
        let other = person.talkDraws.number(below: person.gathering.people.count)
        let count = person.nextCount()
        let text = OwnMessage.text(count, bytes: bytes)
        meters.counts.messagesDue += 1
        var target = ChatTarget.room(person.room)
        if isDirect, let partner = partner(other, of: person) { target = .person(partner) }
        let message = person.write(text, to: target, due: due)
        guard let line = person.writingLine else { return }
        if person.role.link == .slow { sayNext(on: line, since: due) } else { say(message, on: line) }
    }

    /// Somebody of the same session who has been seen there; observers are not written to.
    private func partner(_ index: Int, of person: Person) -> PersonID? {
        let other = person.gathering.people[index]
        guard other !== person, other.isHere, other.role.writes else { return nil }
        return PersonID(other.role.person.utf8)
    }

    /// What nobody has answered yet is said again under its key: it is there once, however often it is sent.
    func sendUnanswered(on line: Line) {
        line.person.isBack()
        guard line.person.role.link != .slow else { return sayNext(on: line, since: now) }
        for message in line.person.unanswered {
            if let (device, life) = message.sentOn, line.person.lines[device].life == life { continue }
            say(message, on: line)
        }
    }

    /// Whoever reads slowly hears late that a message has arrived, and as our page does says the next one only then: of
    /// hundreds under way at once the server would not know every key any more, and would take them for haste.
    ///
    /// `since` is when there was nothing any more that kept them from saying it; until then it is late by their own doing.
    func sayNext(on line: Line, since: Int64) {
        let person = line.person
        let isUnderway = person.unanswered.contains { message in
            message.sentOn.map { person.lines[$0.line].life == $0.life } ?? false
        }
        if !isUnderway, let next = person.unanswered.first { say(next, on: line, since: since) }
    }

    private func say(_ message: Person.Message, on line: Line, since: Int64? = nil) {
        let person = line.person
        // What was due while somebody was away by their own doing is late by nobody's fault.
        let since = since ?? min(person.awayUntil ?? 0, now)
        let due = max(message.due, since) + line.oneWay(scenario)
        let key = Ledger.OwnKey(person: person.ledgerNumber, count: message.count)
        if message.tries == 0 { meters.counts.messagesSent += 1 }
        // Said again after another absence of one's own, it is waited for from then on.
        if person.gathering.ledger.heardAs[key] == nil { person.gathering.ledger.expect(key, due: due) }
        var target = message.target
        if case .room = target { target = .room(person.room) }
        let chat = SendChat(to: target, text: Text(utf8: message.text), key: Text("k\(message.count)"))
        meters.second.sent += 1
        send(line.command(.sendChat(chat), .chat(message.count), due: due), on: line)
        person.isSent(message.count, on: line)
    }

    // MARK: - Signs, rooms

    func planReaction(of person: Person, on line: Line, to chat: Told.Chat, told: Told) {
        guard scenario.chat.reactions > 0, line.device == 0, chat.from != person.ledgerNumber,
            told.seq > line.catchesUpTo, person.role.writes
        else { return }
        // The lot falls by the message and not by when it is heard: same seed, same signs.
        var draws = Draws(
            scenario.seed,
            .reactions,
            (person.number << 20) ^ (chat.from << 40) ^ (chat.count ?? chat.message)
        )
        guard draws.happens(scenario.chat.reactions) else { return }
        agenda.note(
            .react(person, message: chat.message),
            at: now + 500_000 + Int64(draws.number(below: 2_500_000))
        )
    }

    func react(_ person: Person, message: Int, due: Int64) {
        guard !isFinishing, let line = person.writingLine else { return }
        let command = SessionCommand.reactChat(MessageID(message), emoji: Text("same"), on: true)
        order(command, "chat.react", on: line, due: due)
    }

    func confirm(_ line: Line, life: Int, room: RoomID, due: Int64) {
        guard line.life == life, line.stage == .here, !line.person.isPaused,
            line.person.room == room
        else { return }
        order(.confirmRoom(room, seen: true), "room.confirm", on: line, due: due)
    }

    func planChoice(of person: Person, on line: Line, round: Int) {
        guard line.device == 0, person.role.isPlaced else { return }
        agenda.note(
            .choose(person, round: round),
            at: now + 500_000 + Int64(person.reactionDraws.number(below: 5_000_000))
        )
    }

    func choose(_ person: Person, round: Int, due: Int64) {
        guard !isFinishing, let line = person.writingLine, let rooms = scenario.rounds[round - 1].rooms else {
            return
        }
        let number = person.reactionDraws.number(below: rooms) + 1
        order(.enterRoom(.breakout(round: round, number: number)), "room.enter", on: line, due: due)
    }

    func order(_ command: SessionCommand, _ name: String, on line: Line, due: Int64) {
        meters.counts.commands += 1
        meters.second.sent += 1
        let due = due + line.oneWay(scenario)
        send(line.command(command, .other(name), due: due), on: line)
    }
}
