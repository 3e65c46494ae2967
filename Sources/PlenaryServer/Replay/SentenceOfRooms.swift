internal import Sessions

// What happens with rooms, help and hands.
extension Sentence {
    func opening(_ opened: BreakoutsOpened) -> String {
        let rooms = counted(opened.rooms.count, "room", "rooms")
        let people = counted(opened.placements.count, "person", "people")
        let until = opened.closesAt.map { "until \(time($0))" } ?? "without an end"
        return "\(name(opened.by)) opened \(rooms) (round \(opened.round), \(opened.mode.word)) \(until): "
            + "\(people) placed"
    }

    func move(_ seat: SeatID, _ from: RoomID, _ to: RoomID, _ reason: MoveReason, _ by: SeatID?) -> String {
        let way = "from \(cast.room(from)) to \(cast.room(to))"
        switch reason {
        case .entered: return "\(name(seat)) went \(way)"
        case .late: return "\(name(seat)) came late and was placed in \(cast.room(to))"
        case .moved:
            guard let by else { return "\(name(seat)) was moved \(way)" }
            return "\(name(by)) moved \(by == seat ? "themselves" : name(seat)) \(way)"
        }
    }

    /// Those who are back in the main room.
    func home(_ placements: [Placement]) -> String {
        placements.isEmpty
            ? "nobody was in there"
            : "\(counted(placements.count, "person", "people")) back in the main room"
    }

    func confirmation(_ seat: SeatID, _ room: RoomID, isSeen: Bool) -> String {
        "\(name(seat))'s page shows \(cast.room(room))\(isSeen ? "" : ", and nobody sees it")"
    }

    func signalling(_ seat: SeatID, _ signal: RoomSignal?) -> String {
        let room = cast.room(cast.state[seat].room)
        return switch signal {
        case .done: "\(name(seat)) says that \(room) is done"
        case .moreTime: "\(name(seat)) asks for more time for \(room)"
        case nil: "\(name(seat)) takes back what was said of \(room)"
        }
    }

    func question(_ asked: HelpAsked) -> String {
        let who = asked.unnamed ? "somebody, unnamed," : name(asked.from)
        let place = asked.unnamed ? "" : " in \(cast.room(asked.room))"
        return "\(who) asked for help\(place) (request \(entry.seq))\(words)"
    }

    func lowering(_ seat: SeatID, _ by: SeatID) -> String {
        seat == by ? "\(name(seat)) lowered the hand" : "\(name(by)) took up \(name(seat))'s hand"
    }
}

// Who was there.
extension Sentence {
    func mark(_ seat: SeatID, _ time: Interval, _ isPresent: Bool, _ by: SeatID) -> String {
        "\(name(by)) marked \(name(seat)) as \(isPresent ? "present" : "absent") \(span(time))\(words)"
    }

    func span(_ interval: Interval) -> String { "from \(time(interval.from)) to \(time(interval.to))" }
}

// What is said in chats.
extension Sentence {
    func message(_ sent: ChatSent) -> String {
        let answered = sent.replyTo.map { ", an answer to \($0)" } ?? ""
        let number = " (message \(entry.seq)\(answered))\(words)"
        switch sent.place {
        case .room(.hosts): return "\(name(sent.from)) wrote to the hosts\(number)"
        case .room(let room): return "\(name(sent.from)) wrote in \(cast.room(room))\(number)"
        case .direct(let to): return "\(name(sent.from)) wrote to \(name(to))\(number)"
        }
    }

    func reaction(_ message: MessageID, _ sign: Text, _ added: Bool, _ by: SeatID) -> String {
        guard sign != Reaction.same else {
            return added
                ? "somebody feels the same as message \(message)"
                : "somebody took that back of message \(message)"
        }
        let shown = manner.withText ? " \(Cast.printable(sign))" : ""
        return
            "\(name(by)) \(added ? "put" : "took") a sign\(shown) \(added ? "on" : "off") message \(message)"
    }

    func settings(_ locked: Bool, _ slowSeconds: Int, _ by: SeatID) -> String {
        let slow = slowSeconds > 0 ? "\(slowSeconds) s between two messages" : "no wait between messages"
        return "\(name(by)) set the chat: \(locked ? "for hosts alone" : "open"), \(slow)"
    }

    /// What was written, when it is to be told.
    var words: String {
        guard manner.withText else { return "" }
        guard let text = entry.text, !manner.takenBack.contains(entry.seq), !text.isBlank else {
            return ": (taken back)"
        }
        return ": \(Cast.quoted(text))"
    }
}
