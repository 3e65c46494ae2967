import Sessions
import Testing

@Suite struct LifeTests {
    @Test func `any eligible person starts, once, and a participant does not`() throws {
        let gathering = Gathering()
        try gathering.join("guest")
        #expect(throws: Refusal(.notEligible)) { try gathering.ask("guest", .start) }
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        #expect(try gathering.ask("deputy", .start) == [.started(by: SeatID(2))])
        #expect(throws: Refusal(.alreadyLive)) { try gathering.ask("host", .start) }
    }

    @Test func `in the lobby rooms do not open`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        #expect(throws: Refusal(.notLive)) {
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        }
    }

    @Test func `an ending counts down, can be stopped, and closes the rooms first`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .end(seconds: nil))
        #expect(gathering.state.endsAt == gathering.now + 30_000)
        gathering.wait(seconds: 29)
        try gathering.ask("deputy", .keep)
        #expect(throws: Refusal(.notEnding)) { try gathering.ask("deputy", .keep) }
        gathering.wait(seconds: 60)
        #expect(gathering.state.phase == .live)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        try gathering.ask("host", .end(seconds: 5))
        let end = gathering.now + 5_000
        let events = gathering.wait(seconds: 5)
        #expect(events.last == .ended(reason: .ended, endedAt: end))
        #expect(gathering.state.breakouts == nil)
        #expect(gathering.people(in: .main).count == 5)
    }

    @Test func `ended it can be read for an hour, then it is archived and its id is used up`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.say("p0", "bye")
        try gathering.ask("host", .end(seconds: 0))
        try gathering.answer("p0", .chatHistory(.room(.main), before: nil, limit: nil))
        for command in [
            SessionCommand.start, .leave, .lock(true), .sendChat(SendChat(to: .room(.main), text: Text("x"))),
        ] {
            #expect(throws: Refusal(.ended)) { try gathering.ask("host", command) }
        }
        #expect(try gathering.join("p0") == [])
        #expect(throws: Refusal(.ended)) { try gathering.join("new") }
        gathering.wait(seconds: 3_599)
        #expect(gathering.entries.last?.event != .archived)
        #expect(gathering.wait(seconds: 1) == [.archived])
        var table = SessionTable()
        for entry in gathering.entries { table.apply(entry) }
        #expect(table.sessions.isEmpty)
        #expect(table.usedIDs == [Gathering.id("evening")])
        #expect(table.lastNumber == 1)
    }

    @Test func `the hour for reading begins when the end is said, whatever it is dated back to`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("host", .end(seconds: 30))
        let endsAt = try #require(gathering.state.endsAt)
        gathering.crash(downFor: 3 * 3_600)
        #expect(gathering.state.phase == .ended)
        #expect(gathering.state.endedAt == endsAt)
        #expect(try gathering.join("p0") == [])
        #expect(gathering.wait(seconds: 3_599) == [])
        #expect(gathering.wait(seconds: 1) == [.archived])
    }

    @Test func `a deserted session ends a quarter of an hour later, dated back, once two had come`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.ask("host", .start)
        gathering.wait(seconds: 3_600)
        #expect(gathering.state.phase == .live)
        try gathering.join("guest")
        try gathering.drop("guest")
        let since = gathering.now
        gathering.wait(seconds: 899)
        #expect(gathering.state.phase == .live)
        let events = gathering.wait(seconds: 1)
        #expect(events == [.ended(reason: .deserted, endedAt: since)])
        #expect(gathering.state.endedAt == since)
    }

    @Test func `somebody back within the quarter of an hour keeps it alive`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.drop("deputy")
        gathering.wait(seconds: 800)
        try gathering.join("deputy", .cohost)
        gathering.wait(seconds: 3_600)
        #expect(gathering.state.phase == .live)
    }

    @Test func `a day after it began a session is over`() throws {
        let gathering = try BreakoutTests.evening(0)
        let startedAt = try #require(gathering.state.startedAt)
        let events = gathering.wait(seconds: 24 * 3_600)
        #expect(events == [.ended(reason: .dayOver, endedAt: startedAt + 24 * 3_600_000)])
    }

    @Test func `a lobby that nobody came back to for a week ends`() throws {
        let gathering = Gathering()
        try gathering.join("guest")
        gathering.wait(seconds: 8 * 24 * 3_600)
        #expect(gathering.state.phase == .lobby)
        try gathering.drop("guest")
        gathering.wait(seconds: 100)
        let since = gathering.state.lastAt
        gathering.wait(seconds: 7 * 24 * 3_600)
        #expect(gathering.entries.contains { $0.event == .ended(reason: .neverStarted, endedAt: since) })
    }

    @Test func `a lock keeps out only new people who may not lead`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("deputy", .lock(true))
        #expect(try gathering.ask("deputy", .lock(true)) == [])
        #expect(throws: Refusal(.locked)) { try gathering.join("new") }
        #expect(throws: Refusal(.locked)) { try gathering.join("watcher", .observer) }
        try gathering.join("colleague", .cohost)
        try gathering.drop("p0")
        try gathering.join("p0")
        #expect(try gathering.seat("p0") == SeatID(3))
    }

    @Test func `an expired ticket takes no seat, and comes back to one`() throws {
        let gathering = try BreakoutTests.evening(0)
        func admission(_ name: String) -> Admission {
            Admission(
                person: Gathering.person(name),
                name: Text(name),
                school: .empty,
                role: .participant,
                isExpired: true
            )
        }
        let session = gathering.session
        #expect(throws: Refusal(.ticketExpired)) {
            try session.admit(admission("new"), alreadyAttached: false, at: 0, limits: gathering.limits)
        }
        try gathering.drop("deputy")
        let events = try session.admit(
            admission("deputy"),
            alreadyAttached: false,
            at: gathering.now,
            limits: gathering.limits
        )
        #expect(events == [.attached(SeatID(1))])
    }

    @Test func `a session holds so many seats and no more`() throws {
        let gathering = Gathering()
        gathering.limits.seatsPerSession = 2
        try gathering.join("a")
        try gathering.join("b")
        #expect(throws: Refusal(.sessionFull)) { try gathering.join("c") }
    }

    @Test func `replaying the entries gives the same state`() throws {
        let gathering = try BreakoutTests.evening(6)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, seconds: 90)))
        try gathering.drop("p0", .silent)
        gathering.wait(seconds: 40)
        try gathering.say("deputy", "hello", key: "k")
        gathering.crash(downFor: 20)
        try gathering.join("p3")
        gathering.wait(seconds: 200)
        #expect(gathering.replayed() == gathering.state)
    }
}
