import Sessions
import Testing

/// How a session ends: said, by itself, or never begun.
@Suite struct EndingTests {
    @Test func `the countdown is half a minute unless said otherwise, and may be said anew`() throws {
        let gathering = try BreakoutTests.evening(1)
        #expect(
            try gathering.ask("deputy", .end(seconds: nil)) == [
                .ending(by: SeatID(1), endsAt: gathering.now + 30_000)
            ]
        )
        #expect(try gathering.heardLast() == nil)
        gathering.wait(seconds: 20)
        try gathering.ask("host", .end(seconds: 600))
        gathering.wait(seconds: 599)
        #expect(gathering.state.phase == .live)
        let endsAt = gathering.now + 1_000
        #expect(gathering.wait(seconds: 1) == [.ended(reason: .ended, endedAt: endsAt)])
        #expect(gathering.state.endsAt == nil)
    }

    @Test func `during the countdown all goes on, people come, and any host keeps the session`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("host", .end(seconds: 30))
        try gathering.say("p0", "wait!")
        try gathering.join("late")
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(throws: Refusal(.hostsOnly)) { try gathering.ask("p0", .keep) }
        #expect(try gathering.ask("deputy", .keep) == [.kept(by: SeatID(1))])
        gathering.wait(seconds: 3_600)
        #expect(gathering.state.phase == .live)
        #expect(gathering.state.breakouts != nil)
    }

    @Test func `a countdown of nothing ends at once, rooms first`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        let back = [3, 4].map { Placement(seat: SeatID($0), room: .main) }
        #expect(
            try gathering.ask("host", .end(seconds: 0)) == [
                .breakoutsClosed(placements: back, by: nil), .ended(reason: .ended, endedAt: gathering.now),
            ]
        )
        #expect(throws: Refusal(.ended)) { try gathering.ask("host", .keep) }
    }

    @Test(arguments: [-1, 3_601, Int.max, Int.min])
    func `a countdown into the past or of more than an hour is refused`(seconds: Int) throws {
        let gathering = try BreakoutTests.evening(0)
        #expect(throws: Refusal(.badValue, field: "seconds")) {
            try gathering.ask("host", .end(seconds: seconds))
        }
        #expect(gathering.state.endsAt == nil)
    }

    @Test func `the countdown runs out though nobody is connected`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("host", .end(seconds: 60))
        for name in ["host", "deputy", "viewer"] { try gathering.drop(name) }
        let endsAt = try #require(gathering.state.endsAt)
        #expect(gathering.wait(seconds: 60).last == .ended(reason: .ended, endedAt: endsAt))
    }

    @Test func `a deserted session is dated back to when the last but one went, rooms or not`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, seconds: 7_200)))
        for name in ["deputy", "p0"] { try gathering.drop(name) }
        gathering.wait(seconds: 500)
        try gathering.ask("p1", .leave)
        let since = gathering.now
        let events = gathering.wait(seconds: 900)
        let back = [3, 4].map { Placement(seat: SeatID($0), room: .main) }
        #expect(
            events.suffix(2) == [
                .breakoutsClosed(placements: back, by: nil), .ended(reason: .deserted, endedAt: since),
            ]
        )
        #expect(gathering.state.endedAt == since)
    }

    @Test func `observers do not keep a session alive`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.join("watcher", .observer)
        try gathering.drop("deputy")
        try gathering.drop("p0")
        gathering.wait(seconds: 900)
        #expect(gathering.state.phase == .ended)
    }

    @Test func `a countdown that is over before the quarter of an hour ends the session, undated`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.drop("deputy")
        try gathering.ask("host", .end(seconds: 600))
        let endsAt = try #require(gathering.state.endsAt)
        gathering.wait(seconds: 900)
        #expect(gathering.state.endedAt == endsAt)
    }

    /// One well-formed command of each kind.
    static let all: [SessionCommand] = PermissionTableTests.commands(help: 1, message: 1)

    @Test func `ended, history, the time and attendance are all that is answered`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.say("p0", "hello")
        try gathering.ask("host", .end(seconds: 0))
        let ended = gathering.state
        for name in ["host", "deputy", "p0", "viewer"] {
            for command in Self.all {
                if command.kind == .chatHistory || command.kind == .timeSync {
                    try gathering.ask(name, command)
                } else if Permissions.rule(for: command.kind).phases.contains(.ended) {
                    // Attendance: here nobody has lived the second that the commands are about.
                    do {
                        try gathering.ask(name, command)
                    } catch let refusal as Refusal {
                        #expect(refusal.code != .ended)
                    }
                } else {
                    #expect(throws: Refusal(.ended)) { try gathering.ask(name, command) }
                }
            }
        }
        #expect(try gathering.drop("p0") == [])
        #expect(try gathering.join("p0") == [])
        #expect(gathering.state == ended)
    }

    @Test func `the time is answered to everybody, in every phase, and is no event`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("viewer", .observer)
        for step in [nil, SessionCommand.start, .end(seconds: 0)] {
            if let step { try gathering.ask("host", step) }
            let synced = try gathering.answer("viewer", .timeSync)
            #expect(synced.answer == .now)
            #expect(synced.events == [])
        }
    }

    @Test func `a session's number and id are never used again, and sessions beside it go on`() throws {
        func created(_ id: String, _ number: SessionNumber, at: Milliseconds) -> SessionEntry {
            let created = Created(
                id: Gathering.id(id),
                epoch: Epoch(bits: number),
                community: .empty,
                title: .empty,
                place: .empty
            )
            return SessionEntry(session: number, seq: 1, at: at, event: .created(created), text: nil)
        }
        var table = SessionTable()
        table.apply(created("monday", 1, at: 10))
        table.apply(created("tuesday", 2, at: 20))
        table.apply(
            SessionEntry(
                session: 1,
                seq: 2,
                at: 30,
                event: .ended(reason: .neverStarted, endedAt: 10),
                text: nil
            )
        )
        #expect(table.sessions[1]?.state.phase == .ended)
        table.apply(SessionEntry(session: 1, seq: 3, at: 40, event: .archived, text: nil))
        #expect(table.sessions.keys.sorted() == [2])
        #expect(table.usedIDs == [Gathering.id("monday")])
        #expect(table.lastNumber == 2)
    }
}
