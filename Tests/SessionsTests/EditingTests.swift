import Sessions
import Testing

/// What becomes of a message after it was sent: other words, or none.
@Suite struct EditingTests {
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    private func evening() throws -> Gathering { try BreakoutTests.evening(3) }

    /// `p0` in the first room, `p1` in the second, all others in `main`; `p0` has said "hello".
    private func rooms(hostsRead: Bool = false) throws -> (Gathering, MessageID) {
        let gathering = try evening()
        let plan = OpenBreakouts(
            rooms: ["p0", "p1"].map { RoomPlan(people: [Gathering.person($0)]) },
            hostsRead: hostsRead
        )
        try gathering.ask("host", .openBreakouts(plan))
        return (gathering, try gathering.sent("p0", .write("hello", in: first)))
    }

    // MARK: - Editing

    @Test func `an edit gives a message other words, says when, and is heard by the room`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .write("helo"))
        gathering.wait(seconds: 7)
        #expect(try gathering.ask("p0", .edit(id, "hello")) == [.chatEdited(id, by: SeatID(3))])
        #expect(try gathering.heardLast() == nil)
        let message = try gathering.message(id)
        #expect(message.text == Text("hello"))
        #expect(message.editedAt == gathering.now)
        #expect(message.at == gathering.now - 7_000)
        #expect(gathering.state.messages.textBytes == 5)
        #expect(try gathering.ask("p0", .edit(id, "hello")) == [])
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `an edit has to be words, and not too many`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .write("hello"))
        #expect(throws: Refusal(.badValue, field: "text")) { try gathering.ask("p0", .edit(id, "")) }
        let long = String(repeating: "a", count: 4_001)
        #expect(throws: Refusal(.tooLong, field: "text")) { try gathering.ask("p0", .edit(id, long)) }
        try gathering.ask("p0", .edit(id, String(long.dropLast())))
    }

    @Test func `one edits one's own words alone, hosts too`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .write("hello"))
        for name in ["p1", "deputy", "host"] {
            #expect(throws: Refusal(.notYours, field: "message")) { try gathering.ask(name, .edit(id, "x")) }
        }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .edit(id, "x")) }
        for unknown in [id + 1, 0, -1, Int.max, Int.min] {
            #expect(throws: Refusal(.noSuchMessage, field: "message")) {
                try gathering.ask("p0", .edit(unknown, "x"))
            }
        }
    }

    @Test func `a message that one may not read is not even said to be`() throws {
        let (gathering, id) = try rooms()
        let direct = try gathering.sent("p0", .tell("p1", "between us"))
        for command in [SessionCommand.edit(id, "x"), .deleteChat(id), .react(id, "same")] {
            for name in ["p1", "p2", "host", "deputy"] {
                #expect(throws: Refusal(.noSuchMessage, field: "message")) {
                    try gathering.ask(name, command)
                }
            }
        }
        for command in [SessionCommand.edit(direct, "x"), .deleteChat(direct), .react(direct, "same")] {
            for name in ["p2", "host", "deputy"] {
                #expect(throws: Refusal(.noSuchMessage, field: "message")) {
                    try gathering.ask(name, command)
                }
            }
        }
    }

    @Test func `who is muted, or finds the chat locked, does not edit, except what was written to a host`()
        throws
    {
        let gathering = try evening()
        let open = try gathering.sent("p0", .write("hello"))
        let direct = try gathering.sent("p0", .tell("host", "hello"))
        try gathering.ask("host", .mute("p0"))
        #expect(throws: Refusal(.muted)) { try gathering.ask("p0", .edit(open, "x")) }
        try gathering.ask("p0", .edit(direct, "x"))
        try gathering.ask("host", .unmute("p0"))
        try gathering.ask("host", .chatSettings(locked: true, slowSeconds: nil))
        #expect(throws: Refusal(.chatLocked)) { try gathering.ask("p0", .edit(open, "x")) }
        try gathering.ask("p0", .edit(direct, "y"))
    }

    @Test func `words in a room that has closed can still be edited, and their writer hears it`() throws {
        let (gathering, id) = try rooms()
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        gathering.wait(seconds: 3_600)
        try gathering.ask("p0", .edit(id, "hello all"))
        #expect(try gathering.heardLast() == ["p0"])
        #expect(try gathering.words("p0", .history(first)) == ["hello all"])
    }

    @Test func `who was moved away edits, and those who are in the room now hear it`() throws {
        let (gathering, id) = try rooms()
        try gathering.ask("host", .move(Gathering.person("p2"), to: first))
        try gathering.ask("host", .move(Gathering.person("p0"), to: second))
        gathering.wait(seconds: 60)
        try gathering.ask("p0", .edit(id, "hello all"))
        #expect(try gathering.heardLast() == ["p0", "p2"])
    }

    @Test func `a co-host who is none any more edits nothing among the hosts`() throws {
        let gathering = try evening()
        let id = try gathering.sent("deputy", .write("psst", in: .hosts))
        try gathering.ask("host", .demote("deputy"))
        for command in [SessionCommand.edit(id, "x"), .deleteChat(id), .react(id, "same")] {
            #expect(throws: Refusal(.noSuchMessage, field: "message")) {
                try gathering.ask("deputy", command)
            }
        }
    }

    // MARK: - Deleting

    @Test func `a deleted text leaves the log, what is counted, and what whoever comes back is told`() throws
    {
        let gathering = try evening()
        try gathering.say("p1", "stays")
        let known = gathering.state.seq
        let id = try gathering.sent("p0", .write("a secret"))
        try gathering.ask("p0", .edit(id, "a greater secret"))
        try gathering.ask("p1", .react(id, "same"))
        try gathering.ask("p2", .react(id, "👍"))
        #expect(
            try gathering.told("p1", after: known).map(\.words) == Array(
                repeating: "a greater secret",
                count: 2
            ) + [nil, nil]
        )
        #expect(try gathering.ask("p0", .deleteChat(id)) == [.chatDeleted(id, by: SeatID(3))])
        let message = try gathering.message(id)
        #expect(message.text == nil)
        #expect(message.isDeleted)
        #expect(message.reactions == [])
        #expect(gathering.state.messages.textBytes == 5)
        #expect(gathering.state.messages.reactionCount == 0)
        #expect(try gathering.told("p1", after: known).map(\.words) == Array(repeating: nil, count: 5))
        #expect(try gathering.words("p2", .history(.main)) == ["stays", "(forgotten)"])
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `what is deleted is neither deleted again, nor edited, nor given signs`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .write("hello"))
        try gathering.ask("host", .deleteChat(id))
        #expect(try gathering.ask("p0", .deleteChat(id)) == [])
        for command in [SessionCommand.edit(id, "x"), .react(id, "same")] {
            #expect(throws: Refusal(.noSuchMessage, field: "message")) { try gathering.ask("p0", command) }
        }
    }

    @Test func `one deletes one's own, muted or not; hosts any that they may read; others none`() throws {
        let gathering = try evening()
        let ids = try (0..<3).map { try gathering.sent("p0", .write("\($0)")) }
        #expect(throws: Refusal(.notYours, field: "message")) { try gathering.ask("p1", .deleteChat(ids[0])) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .deleteChat(ids[0])) }
        try gathering.ask("host", .mute("p0"))
        try gathering.ask("p0", .deleteChat(ids[0]))
        try gathering.ask("deputy", .deleteChat(ids[1]))
        let own = try gathering.sent("host", .write("mine"))
        try gathering.ask("deputy", .deleteChat(own))
        #expect(
            try gathering.words("p2", .history(.main)) == ["(forgotten)", "(forgotten)", "2", "(forgotten)"]
        )
    }

    @Test func `a direct message is deleted by its writer, and by a host whom it was written to`() throws {
        let gathering = try evening()
        let between = try gathering.sent("p0", .tell("p1", "between us"))
        #expect(throws: Refusal(.noSuchMessage, field: "message")) {
            try gathering.ask("host", .deleteChat(between))
        }
        #expect(throws: Refusal(.notYours, field: "message")) {
            try gathering.ask("p1", .deleteChat(between))
        }
        try gathering.ask("p0", .deleteChat(between))
        #expect(try gathering.heardLast() == ["p0", "p1"])
        let toHost = try gathering.sent("p0", .tell("host", "to you"))
        #expect(throws: Refusal(.noSuchMessage, field: "message")) {
            try gathering.ask("deputy", .deleteChat(toHost))
        }
        try gathering.ask("host", .deleteChat(toHost))
        #expect(try gathering.heardLast() == ["host", "p0"])
    }

    @Test func `where hosts can read a host deletes, from outside too, and hears it beside the room`() throws
    {
        let (gathering, id) = try rooms(hostsRead: true)
        try gathering.ask("host", .deleteChat(id))
        #expect(try gathering.heardLast() == ["host", "p0"])
        #expect(try gathering.words("p0", .history(first)) == ["(forgotten)"])
    }

    @Test func `deleting what was answered leaves the answer`() throws {
        let gathering = try evening()
        let question = try gathering.sent("p0", .write("?"))
        let answer = try gathering.sent("p1", .write("!", replyTo: question))
        try gathering.ask("p0", .deleteChat(question))
        #expect(try gathering.message(answer).replyTo == question)
        #expect(try gathering.message(answer).text == Text("!"))
    }

    @Test func `making messages longer costs the oldest their place when there is too much text`() throws {
        let text = Text(String(repeating: "a", count: 4_000))
        let created = try #require(Gathering().entries.first)
        var table = SessionTable()
        table.apply(created)
        let person = Joined(
            person: Gathering.person("p0"),
            name: Text("p0"),
            school: .empty,
            ticketRole: .host,
            room: .main
        )
        var seq = 1
        func take(_ event: SessionEvent, _ text: Text? = nil) {
            seq += 1
            table.apply(SessionEntry(session: 1, seq: seq, at: created.at, event: event, text: text))
        }
        take(.joined(person))
        let count = StateBounds.messageTextBytes / text.utf8.count + 1
        let sent = ChatSent(from: SeatID(0), place: .room(.main), replyTo: nil, key: nil)
        for _ in 0..<count { take(.chatSent(sent), Text("a")) }
        for id in 3...(count + 2) { take(.chatEdited(id, by: SeatID(0)), text) }
        let log = try #require(table.sessions[1]?.state.messages)
        #expect(log.textBytes <= StateBounds.messageTextBytes)
        #expect(log.message(3) == nil)
        #expect(log.message(count + 2)?.text == text)
        #expect(log == MessageLog(messages: log.messages))
    }
}
