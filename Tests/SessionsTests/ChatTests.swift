import Sessions
import Testing

@Suite struct ChatTests {
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    /// Two rooms: `p0` in the first, `p1` in the second, hosts and `p2` in main.
    private func rooms(hostsRead: Bool = false) throws -> Gathering {
        let gathering = try BreakoutTests.evening(3)
        let plan = OpenBreakouts(
            rooms: [RoomPlan(people: [Gathering.person("p0")]), RoomPlan(people: [Gathering.person("p1")])],
            hostsRead: hostsRead
        )
        try gathering.ask("host", .openBreakouts(plan))
        return gathering
    }

    private func texts(_ answer: Answer) -> [String] {
        guard case .history(let messages, _) = answer else { return ["no history"] }
        return messages.map { $0.text.map { String(decoding: $0.utf8, as: UTF8.self) } ?? "(forgotten)" }
    }

    @Test func `a message is named by its seq and kept with its words`() throws {
        let gathering = try BreakoutTests.evening(1)
        let sent = try gathering.say("p0", "hello")
        #expect(sent.answer == .message(gathering.state.seq, repeated: false))
        #expect(gathering.state.messages.messages.last?.text == Text("hello"))
        #expect(gathering.entries.last?.text == Text("hello"))
    }

    @Test func `in the lobby only hosts write`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.say("host", "welcome")
        #expect(throws: Refusal(.notLive)) { try gathering.say("guest", "hello") }
    }

    @Test func `one writes in the room one is in, hosts also among themselves, observers nowhere`() throws {
        let gathering = try rooms()
        try gathering.say("p0", "here", in: first)
        try gathering.say("deputy", "psst", in: .hosts)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.say("p0", "there", in: second) }
        #expect(throws: Refusal(.hostsOnly, field: "room")) { try gathering.say("p0", "psst", in: .hosts) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.say("viewer", "hm") }
        #expect(throws: Refusal(.noSuchRoom, field: "room")) {
            try gathering.say("p0", "x", in: .breakout(round: 1, number: 3))
        }
    }

    @Test
    func `a message for the room just left is accepted for ten seconds and heard by those who were there`()
        throws
    {
        let gathering = try rooms()
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        gathering.wait(seconds: 10)
        let sent = try gathering.say("p0", "one more thing", in: first)
        #expect(gathering.state.audience(of: sent.events[0]) == .room(first, also: [SeatID(3)]))
        gathering.wait(seconds: 1)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.say("p0", "too late", in: first) }
    }

    @Test func `a repeated key answers the first result, costs nothing, and outlives sixty-three others`()
        throws
    {
        let gathering = try BreakoutTests.evening(1)
        let once = try gathering.say("p0", "hello", key: "k")
        let again = try gathering.say("p0", "hello", key: "k")
        guard case .message(let id, false) = once.answer else {
            Issue.record("\(once.answer)")
            return
        }
        #expect(again.answer == .message(id, repeated: true))
        #expect(again.events == [])
        for number in 1...63 {
            gathering.wait(seconds: 1)
            try gathering.say("p0", "\(number)", key: "k\(number)")
        }
        #expect(try gathering.say("p0", "hello", key: "k").answer == .message(id, repeated: true))
        gathering.wait(seconds: 1)
        try gathering.say("p0", "64", key: "k64")
        guard case .message(_, false) = try gathering.say("p0", "hello", key: "k").answer else {
            Issue.record("the sixty-fifth key should have pushed out the first")
            return
        }
    }

    @Test func `a repeated key answers the first result even when the session has ended meanwhile`() throws {
        let gathering = try BreakoutTests.evening(1)
        guard case .message(let id, _) = try gathering.say("p0", "bye", key: "k").answer else { return }
        try gathering.ask("host", .end(seconds: 0))
        #expect(try gathering.say("p0", "bye", key: "k").answer == .message(id, repeated: true))
        #expect(throws: Refusal(.ended)) { try gathering.say("p0", "bye", key: "another") }
    }

    @Test func `words for a room that has closed are heard by all who were in it, and by them once`() throws {
        let gathering = try BreakoutTests.evening(6)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        let room = try gathering.room(of: "p0")
        let people = try gathering.people(in: room).map { try gathering.seat($0) }
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        try gathering.say("p0", "one more thing", in: room)
        #expect(people.count == 3)
        #expect(gathering.state.backlog.entries.last?.heardBy == .seats(people))
    }

    @Test func `whoever was moved away hears their own words among those who are still there`() throws {
        let gathering = try BreakoutTests.evening(3)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let room = try gathering.room(of: "p1")
        let people = try gathering.people(in: room).map { try gathering.seat($0) }
        try gathering.ask("host", .move(Gathering.person("p1"), to: .main))
        try gathering.say("p1", "wait for me", in: room)
        #expect(gathering.state.backlog.entries.last?.heardBy == .seats(people))
    }

    @Test func `ten at once, then five a second, and the refusal says how long to wait`() throws {
        let gathering = try BreakoutTests.evening(1)
        for number in 1...10 { try gathering.say("p0", "\(number)") }
        #expect(throws: Refusal(.slowDown, retryAfter: 200)) { try gathering.say("p0", "11") }
        gathering.wait(seconds: 1)
        for number in 12...16 { try gathering.say("p0", "\(number)") }
        #expect(throws: Refusal(.slowDown, retryAfter: 200)) { try gathering.say("p0", "17") }
    }

    @Test func `a reply answers a message of the same room`() throws {
        let gathering = try rooms()
        try gathering.say("p0", "question", in: first)
        let question = gathering.state.seq
        #expect(throws: Refusal(.noSuchMessage, field: "replyTo")) {
            try gathering.ask(
                "p1",
                .sendChat(SendChat(to: .room(second), text: Text("?"), replyTo: question))
            )
        }
        try gathering.ask("p0", .sendChat(SendChat(to: .room(first), text: Text("!"), replyTo: question)))
        #expect(gathering.state.messages.messages.last?.replyTo == question)
    }

    @Test func `empty and overlong texts are refused`() throws {
        let gathering = try BreakoutTests.evening(1)
        #expect(throws: Refusal(.badValue, field: "text")) { try gathering.say("p0", "") }
        try gathering.say("p0", String(repeating: "a", count: 4_000))
        #expect(throws: Refusal(.tooLong, field: "text")) {
            try gathering.say("p0", String(repeating: "a", count: 4_001))
        }
    }

    @Test func `history pages backwards, oldest first`() throws {
        let gathering = try BreakoutTests.evening(1)
        for number in 1...7 {
            gathering.wait(seconds: 1)
            try gathering.say("p0", "\(number)")
        }
        let newest = try gathering.answer("viewer", .chatHistory(.room(.main), before: nil, limit: 3)).answer
        #expect(texts(newest) == ["5", "6", "7"])
        guard case .history(let messages, _) = newest, let oldest = messages.first else { return }
        let older = try gathering.answer("viewer", .chatHistory(.room(.main), before: oldest.id, limit: 3))
            .answer
        #expect(texts(older) == ["2", "3", "4"])
        for limit in [0, 101, -1] {
            #expect(throws: Refusal(.badValue, field: "limit")) {
                try gathering.answer("viewer", .chatHistory(.room(.main), before: nil, limit: limit))
            }
        }
    }

    @Test func `a room's words are read later by who was in it, by a host who entered, and by nobody else`()
        throws
    {
        let gathering = try rooms()
        try gathering.say("p0", "between us", in: first)
        let ask = SessionCommand.chatHistory(.room(first), before: nil, limit: nil)
        for name in ["p1", "p2", "host", "deputy", "viewer"] {
            #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.answer(name, ask) }
        }
        try gathering.ask("deputy", .enterRoom(first))
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        #expect(texts(try gathering.answer("p0", ask).answer) == ["between us"])
        #expect(texts(try gathering.answer("deputy", ask).answer) == ["between us"])
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.answer("host", ask) }
    }

    @Test func `any host reads a round that was opened with hostsRead`() throws {
        let gathering = try rooms(hostsRead: true)
        try gathering.say("p0", "open words", in: first)
        let ask = SessionCommand.chatHistory(.room(first), before: nil, limit: nil)
        #expect(texts(try gathering.answer("host", ask).answer) == ["open words"])
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.answer("p1", ask) }
    }

    @Test func `messages beyond the bound leave, the oldest first, and the newest stay findable`() throws {
        let created = try #require(Gathering().entries.first)
        var table = SessionTable()
        table.apply(created)
        let joined = Joined(
            person: Gathering.person("host"),
            name: Text("Host"),
            school: .empty,
            ticketRole: .host,
            room: .main
        )
        table.apply(SessionEntry(session: 1, seq: 2, at: created.at, event: .joined(joined), text: nil))
        let last = StateBounds.messages + 3
        for seq in 3...last {
            let sent = ChatSent(from: SeatID(0), place: .room(.main), replyTo: nil, key: nil)
            table.apply(
                SessionEntry(
                    session: 1,
                    seq: seq,
                    at: created.at,
                    event: .chatSent(sent),
                    text: Text("\(seq)")
                )
            )
        }
        let log = try #require(table.sessions[1]?.state.messages)
        #expect(log.messages.count <= StateBounds.messages)
        #expect(log.message(3) == nil)
        #expect(log.message(last)?.text == Text("\(last)"))
        #expect(log.textBytes == log.messages.reduce(0) { $0 + ($1.text?.utf8.count ?? 0) })
    }
}
