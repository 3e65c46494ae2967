import Sessions

/// What people say, and what they do with what was said.
extension World {
    func speak(_ index: Int) {
        guard devices[index].isJoined else { return }
        let target: ChatTarget =
            switch random.below(16) {
            case 0: .room(.hosts)
            case 1...4 where devices[index].isHosting: .room(.hosts)
            case 5: .room(someRoom(index))
            case 6: .room(.main)
            case 7...9: .person(person(index))
            default: .room(ownRoom(index))
            }
        var text = words(index)
        switch random.below(80) {
        case 0: text = .empty
        case 1: text = Text(String(repeating: "long ", count: 801))
        default: break
        }
        let replyTo = chance(1, in: 8) ? someMessage(index) : nil
        let message = SendChat(to: target, text: text, replyTo: replyTo)
        ask(index, .sendChat(chance(2, in: 3) ? keyed(index, message) : message))
    }

    private func ownRoom(_ index: Int) -> RoomID { RoomID(Array(devices[index].room.utf8)) ?? .main }

    /// Words that nobody has said before.
    func words(_ index: Int) -> Text {
        let text = "\(index).\(stepNumber).\(random.next()): \u{201C}so\u{201D}\n\t\\ \u{1F44B}"
        let isTalkative = gatherings[devices[index].gathering].isTalkative
        guard isTalkative, chance(1, in: 2) else { return Text(text) }
        return Text(text + String(repeating: "word", count: 980))
    }

    /// A message that it sees, or any number.
    private func someMessage(_ index: Int) -> MessageID {
        guard let chat = devices[index].picture?.own.chat, !chance(1, in: 10) else {
            return 1 + random.below(500)
        }
        let places = [chat.main, chat.room, chat.hosts ?? [], chat.direct].filter { !$0.isEmpty }
        return places.isEmpty ? 1 + random.below(500) : pick(Array(pick(places).suffix(12))).message
    }

    /// One of its own messages, if it sees one.
    private func ownMessage(_ index: Int) -> MessageID {
        guard let picture = devices[index].picture else { return someMessage(index) }
        let chat = picture.own.chat
        let own = [chat.main, chat.room, chat.hosts ?? [], chat.direct].flatMap { $0.suffix(12) }
            .filter { $0.from == picture.me.person }
        return own.isEmpty ? someMessage(index) : pick(own).message
    }

    func talkAbout(_ index: Int) {
        let command: SessionCommand =
            switch random.below(20) {
            case 0...4: .editChat(chance(1, in: 5) ? someMessage(index) : ownMessage(index), words(index))
            case 5...7: .deleteChat(chance(1, in: 3) ? someMessage(index) : ownMessage(index))
            case 8...15:
                .reactChat(
                    someMessage(index),
                    emoji: pick([Text("same"), Text("\u{1F44D}"), Text("\u{2764}\u{FE0F}")]),
                    on: chance(2, in: 3)
                )
            default: .typing(pick([nil, .room(ownRoom(index)), .room(.hosts), .person(person(index))]))
            }
        ask(index, command)
    }

    /// A client that is not sure sends the same again, perhaps from another device.
    func repeatOnPurpose(_ index: Int) {
        let device = devices[index]
        let sent = gatherings[device.gathering].sent[device.person].suffix(30)
        if !sent.isEmpty { ask(index, .sendChat(pick(Array(sent)))) }
    }

    func read(_ index: Int) {
        let before = chance(1, in: 2) ? random.below(400) + 1 : nil
        let target: ChatTarget =
            switch random.below(3) {
            case 0: .room(someRoom(index))
            case 1: .person(person(index))
            default: .room(ownRoom(index))
            }
        ask(index, .chatHistory(target, before: before, limit: pick([nil, 1, 7, 100, 101, 0])))
    }
}
