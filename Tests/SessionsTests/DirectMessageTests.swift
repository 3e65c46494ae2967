import Sessions
import Testing

@Suite struct DirectMessageTests {
    // The seats of an evening: host 0, deputy 1, viewer 2, p0 3, p1 4, p2 5.
    private func evening() throws -> Gathering { try BreakoutTests.evening(3) }

    @Test func `a direct message reaches two people and is read by them alone`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .tell("p1", "between us"))
        #expect(try gathering.message(id).place == .direct(to: SeatID(4)))
        #expect(try gathering.heardLast() == ["p0", "p1"])
        #expect(try gathering.words("p0", .history(with: "p1")) == ["between us"])
        #expect(try gathering.words("p1", .history(with: "p0")) == ["between us"])
        for name in ["host", "deputy", "p2"] {
            for other in ["p0", "p1"] {
                #expect(try gathering.words(name, .history(with: other)) == [])
            }
        }
        #expect(try gathering.words("host", .history(.main)) == [])
    }

    @Test func `a conversation has two sides and is apart from every other`() throws {
        let gathering = try evening()
        try gathering.ask("p0", .tell("p1", "1"))
        try gathering.ask("p1", .tell("p0", "2"))
        try gathering.ask("p1", .tell("p2", "3"))
        try gathering.ask("host", .tell("p0", "4"))
        try gathering.ask("p0", .tell("p1", "5"))
        #expect(try gathering.words("p1", .history(with: "p0")) == ["1", "2", "5"])
        #expect(try gathering.words("p0", .history(with: "p1")) == ["1", "2", "5"])
        #expect(try gathering.words("p0", .history(with: "host")) == ["4"])
        #expect(try gathering.words("p0", .history(with: "p0")) == [])
    }

    @Test func `nobody writes to themselves, to an observer, to nobody, or to somebody removed`() throws {
        let gathering = try evening()
        try gathering.ask("host", .remove("p2"))
        let refusals: [(String, RefusalCode)] = [
            ("p0", .badValue), ("viewer", .observersOnlyWatch), ("nobody", .noSuchPerson),
            ("p2", .noSuchPerson),
        ]
        for (name, code) in refusals {
            #expect(throws: Refusal(code, field: "person")) { try gathering.ask("p0", .tell(name, "hm")) }
        }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .tell("p0", "hm")) }
        #expect(throws: Refusal(.noSuchPerson, field: "person")) {
            try gathering.page("p0", .history(with: "nobody"))
        }
    }

    @Test func `a direct message waits for somebody who is not here`() throws {
        let gathering = try evening()
        try gathering.ask("p1", .leave)
        let known = gathering.state.seq
        try gathering.ask("p0", .tell("p1", "you forgot your pen"))
        try gathering.join("p1")
        #expect(try gathering.words("p1", .history(with: "p0")) == ["you forgot your pen"])
        #expect(try gathering.told("p1", after: known).first?.words == "you forgot your pen")
        #expect(try gathering.told("p2", after: known).allSatisfy { $0.words == nil })
    }

    @Test func `what was said with somebody who was removed stays readable to the other`() throws {
        let gathering = try evening()
        try gathering.ask("p0", .tell("p1", "hello"))
        try gathering.ask("host", .remove("p0"))
        #expect(try gathering.words("p1", .history(with: "p0")) == ["hello"])
        #expect(throws: Refusal(.noSuchPerson, field: "person")) { try gathering.ask("p1", .tell("p0", "?")) }
    }

    @Test func `in the lobby hosts may write to anybody, and participants to nobody`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.join("friend")
        try gathering.ask("host", .tell("guest", "can you hear me?"))
        for name in ["host", "friend"] {
            #expect(throws: Refusal(.notLive)) { try gathering.ask("guest", .tell(name, "yes")) }
        }
        try gathering.ask("host", .start)
        try gathering.ask("guest", .tell("host", "yes"))
    }

    @Test func `rooms do not stand between two people`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 3)))
        try gathering.ask("p0", .tell("p1", "which room are you in?"))
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        #expect(try gathering.words("p1", .history(with: "p0")) == ["which room are you in?"])
    }

    @Test func `a repeated key sends a direct message once, wherever the repeat is addressed`() throws {
        let gathering = try evening()
        let id = try gathering.sent("p0", .tell("p1", "hello", key: "k"))
        for again in [SessionCommand.tell("p1", "hello", key: "k"), .tell("p2", "other words", key: "k")] {
            let repeated = try gathering.answer("p0", again)
            #expect(repeated.answer == .message(id, repeated: true))
            #expect(repeated.events == [])
        }
        #expect(try gathering.say("p0", "hello", key: "k").answer == .message(id, repeated: true))
        #expect(try gathering.sent("p1", .tell("p0", "hello", key: "k")) != id)
        gathering.crash(downFor: 5)
        try gathering.join("p0")
        #expect(try gathering.answer("p0", .tell("p1", "x", key: "k")).answer == .message(id, repeated: true))
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `direct messages count towards the same allowance as all others`() throws {
        let gathering = try evening()
        for number in 1...5 { try gathering.ask("p0", .tell("p1", "\(number)")) }
        for number in 6...10 { try gathering.say("p0", "\(number)") }
        #expect(throws: Refusal(.slowDown, retryAfter: 200)) { try gathering.ask("p0", .tell("host", "11")) }
        try gathering.ask("p1", .tell("p0", "whoa"))
    }

    @Test func `a reply stays within the conversation`() throws {
        let gathering = try evening()
        let question = try gathering.sent("p0", .tell("p1", "?"))
        let answer = try gathering.sent("p1", .tell("p0", "!", replyTo: question))
        #expect(try gathering.message(answer).replyTo == question)
        try gathering.ask("p0", .tell("p1", "!!", replyTo: answer))
        let refused: [(String, SessionCommand)] = [
            ("p0", .tell("p2", "psst", replyTo: question)), ("p2", .tell("p0", "psst", replyTo: question)),
            ("p0", .write("psst", replyTo: question)), ("host", .tell("p1", "psst", replyTo: question)),
        ]
        for (name, command) in refused {
            #expect(throws: Refusal(.noSuchMessage, field: "replyTo")) { try gathering.ask(name, command) }
        }
        let open = try gathering.sent("p0", .write("to all"))
        #expect(throws: Refusal(.noSuchMessage, field: "replyTo")) {
            try gathering.ask("p0", .tell("p1", "about that", replyTo: open))
        }
    }
}
