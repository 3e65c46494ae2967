import Sessions
import Testing

@Suite struct ReactionTests {
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    /// The signs on a message: which, and whose.
    private func signs(_ gathering: Gathering, _ id: MessageID) throws -> [String: [Int]] {
        let reactions = try gathering.message(id).reactions
        return Dictionary(uniqueKeysWithValues: reactions.map { ($0.emoji.string, $0.seats.map(\.index)) })
    }

    @Test func `signs stand in the order of coming, and go with the last who takes theirs off`() throws {
        let gathering = try BreakoutTests.evening(3)
        let id = try gathering.sent("p0", .write("is it only me?"))
        let events = try gathering.ask("p1", .react(id, "same"))
        #expect(events == [.chatReacted(id, emoji: .init("same"), added: true, by: SeatID(4))])
        #expect(try gathering.heardLast() == nil)
        try gathering.ask("p2", .react(id, "👍"))
        try gathering.ask("host", .react(id, "same"))
        try gathering.ask("p1", .react(id, "👍"))
        #expect(try signs(gathering, id) == ["same": [4, 0], "👍": [5, 4]])
        #expect(try gathering.message(id).reactions.map(\.emoji) == [Reaction.same, Text("👍")])
        #expect(gathering.state.messages.reactionCount == 4)
        for name in ["p1", "host"] { try gathering.ask(name, .react(id, "same", on: false)) }
        #expect(try signs(gathering, id) == ["👍": [5, 4]])
        #expect(gathering.state.messages.reactionCount == 2)
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `the same sign twice is one sign, and taking off what is not there changes nothing`() throws {
        let gathering = try BreakoutTests.evening(1)
        let id = try gathering.sent("p0", .write("hello"))
        #expect(try gathering.ask("p0", .react(id, "same", on: false)) == [])
        try gathering.ask("p0", .react(id, "same"))
        #expect(try gathering.ask("p0", .react(id, "same")) == [])
        try gathering.ask("p0", .react(id, "same", on: false))
        #expect(try gathering.ask("p0", .react(id, "same", on: false)) == [])
        #expect(gathering.state.messages.reactionCount == 0)
    }

    @Test func `a message bears twenty kinds of signs, and each by any number of people`() throws {
        let gathering = try BreakoutTests.evening(2)
        let id = try gathering.sent("p0", .write("hello"))
        let kinds = (0..<20).map { String(UnicodeScalar(0x1F600 + $0) ?? " ") }
        for kind in kinds { try gathering.ask("p0", .react(id, kind)) }
        #expect(throws: Refusal(.tooManyReactions)) { try gathering.ask("p1", .react(id, "same")) }
        for kind in kinds { try gathering.ask("p1", .react(id, kind)) }
        #expect(try gathering.message(id).reactions.count == gathering.limits.reactionsPerMessage)
        try gathering.ask("p0", .react(id, kinds[0], on: false))
        #expect(throws: Refusal(.tooManyReactions)) { try gathering.ask("p0", .react(id, "same")) }
        try gathering.ask("p1", .react(id, kinds[0], on: false))
        try gathering.ask("p0", .react(id, "same"))
    }

    @Test func `a session bears fifty thousand signs; taking off and deleting make room`() throws {
        let gathering = try BreakoutTests.evening(3)
        #expect(gathering.limits.reactionsPerSession == 50_000)
        gathering.limits.reactionsPerSession = 3
        let ids = try (0..<2).map { try gathering.sent("p0", .write("\($0)")) }
        try gathering.ask("p0", .react(ids[0], "same"))
        try gathering.ask("p1", .react(ids[0], "same"))
        try gathering.ask("p0", .react(ids[1], "same"))
        #expect(throws: Refusal(.tooManyReactions)) { try gathering.ask("p2", .react(ids[1], "same")) }
        try gathering.ask("p0", .react(ids[1], "same", on: false))
        try gathering.ask("p2", .react(ids[1], "same"))
        #expect(throws: Refusal(.tooManyReactions)) { try gathering.ask("p1", .react(ids[1], "same")) }
        try gathering.ask("p0", .deleteChat(ids[0]))
        try gathering.ask("p1", .react(ids[1], "same"))
        #expect(gathering.state.messages.reactionCount == 2)
    }

    @Test func `a sign is put where one may write: in one's room, or for ten seconds in the one just left`()
        throws
    {
        let gathering = try BreakoutTests.evening(2)
        let open = try gathering.sent("host", .write("to all"))
        let plan = OpenBreakouts(rooms: ["p0", "p1"].map { RoomPlan(people: [Gathering.person($0)]) })
        try gathering.ask("host", .openBreakouts(plan))
        let inRoom = try gathering.sent("p0", .write("here", in: first))
        gathering.wait(seconds: 10)
        try gathering.ask("p0", .react(open, "same"))
        gathering.wait(seconds: 1)
        for on in [true, false] {
            #expect(throws: Refusal(.notInRoom, field: "room")) {
                try gathering.ask("p0", .react(open, "👍", on: on))
            }
        }
        try gathering.ask("p0", .react(inRoom, "same"))
        #expect(try gathering.heardLast() == ["p0"])
        try gathering.ask("host", .enterRoom(first))
        try gathering.ask("host", .react(inRoom, "same"))
        #expect(try gathering.heardLast() == ["host", "p0"])
    }

    @Test func `whoever has just left a room hears the sign that they put there`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let id = try gathering.sent("p0", .write("here", in: first))
        try gathering.ask("host", .move(Gathering.person("p1"), to: .main))
        try gathering.ask("p1", .react(id, "same"))
        #expect(try gathering.heardLast() == ["p0", "p1"])
    }

    @Test func `in a conversation either of the two puts signs, and only they hear`() throws {
        let gathering = try BreakoutTests.evening(3)
        let id = try gathering.sent("p0", .tell("p1", "hello"))
        try gathering.ask("p1", .react(id, "👍"))
        try gathering.ask("p0", .react(id, "same"))
        #expect(try gathering.heardLast() == ["p0", "p1"])
        #expect(try signs(gathering, id) == ["👍": [4], "same": [3]])
    }

    @Test func `who is muted puts no signs, except on what a host wrote to them`() throws {
        let gathering = try BreakoutTests.evening(2)
        let open = try gathering.sent("p1", .write("hello"))
        let fromHost = try gathering.sent("host", .tell("p0", "please wait"))
        let fromOther = try gathering.sent("p1", .tell("p0", "psst"))
        try gathering.ask("host", .mute("p0"))
        for id in [open, fromOther] {
            #expect(throws: Refusal(.muted)) { try gathering.ask("p0", .react(id, "same")) }
        }
        try gathering.ask("p0", .react(fromHost, "👍"))
    }

    @Test func `a muted co-host puts no signs on what a participant wrote to them`() throws {
        let gathering = try BreakoutTests.evening(2)
        let id = try gathering.sent("p0", .tell("deputy", "hello"))
        try gathering.ask("host", .mute("deputy"))
        #expect(throws: Refusal(.muted)) { try gathering.ask("deputy", .react(id, "same")) }
        #expect(throws: Refusal(.muted)) { try gathering.ask("deputy", .tell("p0", "hello")) }
    }

    @Test func `while the chat is locked participants put no signs, hosts do`() throws {
        let gathering = try BreakoutTests.evening(1)
        let id = try gathering.sent("p0", .write("hello"))
        try gathering.ask("deputy", .chatSettings(locked: true, slowSeconds: nil))
        #expect(throws: Refusal(.chatLocked)) { try gathering.ask("p0", .react(id, "same")) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .react(id, "same")) }
        try gathering.ask("host", .react(id, "same"))
    }
}
