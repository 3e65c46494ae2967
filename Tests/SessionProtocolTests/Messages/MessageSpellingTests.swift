import SessionProtocol
import Sessions
import Testing

/// The messages of `main` as the first seat is told them.
private func told(_ messages: [Message], to people: Int = 1) throws -> String {
    var state = try Crowd.state(people)
    state.messages = MessageLog(messages: messages)
    let reply = ReplyWriter.ok(re: 1, seq: nil, answer: .history(messages, more: false), in: state, now: 0)
    return String(decoding: reply, as: UTF8.self)
}

private func message(_ text: Text?) -> Message {
    Message(id: 7, at: 9, from: SeatID(0), place: .room(.main), replyTo: nil, text: text)
}

struct MessageSpellingTests {
    @Test func `a message says where it stands and what became of it, and nothing that did not happen`()
        throws
    {
        #expect(
            try told([message(Text("a"))])
                == #"{"re":1,"ok":{"messages":[{"message":7,"room":"main","from":"p1","text":"a","at":9}],"more":false}}"#
        )
        var changed = message(nil)
        changed.place = .direct(to: SeatID(1))
        changed.replyTo = 3
        changed.editedAt = 8
        changed.isDeleted = true
        let expected =
            #"{"message":7,"to":"p2","from":"p1","text":null,"replyTo":3,"editedAt":8,"deleted":true,"at":9}"#
        #expect(try told([changed], to: 2).contains(expected))
    }

    @Test func `signs have names, but for the one that is a number`() throws {
        var liked = message(Text("a"))
        liked.reactions = [
            Reaction(emoji: Reaction.same, seats: [SeatID(0), SeatID(1)]),
            Reaction(emoji: Text("👍"), seats: [SeatID(1), SeatID(0)]),
        ]
        let expected =
            #""reactions":[{"emoji":"same","count":2},{"emoji":"👍","count":2,"people":["p2","p1"]}],"at":9"#
        #expect(try told([liked], to: 2).contains(expected))
    }

    @Test func `of those who put a sign a hundred are named and all are counted`() throws {
        var liked = message(Text("a"))
        liked.reactions = [Reaction(emoji: Text("👍"), seats: (0..<150).map { SeatID($0) })]
        let told = try told([liked], to: 150)
        #expect(told.contains(#"{"emoji":"👍","count":150,"people":["p1","p2","#))
        #expect(told.contains(#","p100"]}],"at":9"#))
    }

    @Test func `an answer that would be too long leaves the oldest to be asked for`() throws {
        let long = Text(String(repeating: "\n", count: 4_000))
        let messages = (1...100).map { number in
            Message(
                id: number,
                at: 0,
                from: SeatID(0),
                place: .room(.main),
                replyTo: nil,
                text: number > 80 ? long : Text("short")
            )
        }
        let told = try told(messages)
        #expect(told.hasPrefix(#"{"re":1,"ok":{"messages":[{"message":85,"#))
        #expect(told.hasSuffix(#""more":true}}"#))
        #expect(told.utf8.count < WireBounds.messagesBytes)
    }

    @Test func `no message is too long to be told alone`() throws {
        var liked = message(Text(String(repeating: "\"", count: 4_000)))
        (liked.replyTo, liked.editedAt) = (6, 8)
        liked.reactions = (0..<20).map { number in
            let emoji = "🏴" + String(repeating: "\u{E0061}", count: 6) + "\(number)"
            return Reaction(emoji: Text(emoji), seats: (0..<2_000).map { SeatID($0) })
        }
        let told = try told([liked], to: 2_000)
        #expect(told.hasPrefix(#"{"re":1,"ok":{"messages":[{"message":7,"#))
        #expect(told.utf8.count < WireBounds.messagesBytes)
    }
}
