import SessionEngine
import Sessions
import Testing

/// Rehearsals beside other sessions: kept apart, counted by themselves, and erased by the batch.
@Suite struct RehearsalTests {
    let board = Switchboard()

    private func id(_ text: String) throws -> SessionID { try #require(SessionID(text.utf8)) }

    /// Erases, and answers the outcome.
    private func erase(_ task: Errand.Task) throws -> ErrandOutcome {
        let commit = board.take([.errand(Errand(ticket: 7, task))])
        #expect(commit.checkpoint != nil)
        return try #require(commit.errands.first)
    }

    @Test func `the ticket that makes a session decides what it is, and others are turned away`() throws {
        let host = try board.join("host", .host, rehearsal: true)
        #expect(board.told(host).first?.json.contains(#""rehearsal":true"#) == true)
        let stray = try board.join("guest")
        #expect(board.hear(stray) == ["refused 1 rehearsalMismatch", "closed 4501"])
        let evening = try board.join("host", .host, to: "real")
        #expect(board.told(evening).first?.json.contains("rehearsal") == false)
        for name in ["guest", "host"] {
            let pretended = try board.join(name, to: "real", rehearsal: true)
            #expect(board.hear(pretended) == ["refused 1 rehearsalMismatch", "closed 4501"])
        }
        #expect(try board.state().isRehearsal && !board.state(of: "real").isRehearsal)
        #expect(try board.state().seats.count == 1 && board.state(of: "real").seats.count == 1)
        #expect(board.hear(try board.join("guest", rehearsal: true)).first == "ok 1")
    }

    @Test func `an hour after its end it is erased, and its connections are closed with 1000`() throws {
        let host = try board.join("host", .host, rehearsal: true)
        board.ask(host, .start)
        board.ask(host, .end(seconds: 0))
        board.wait(seconds: 3_599)
        #expect(board.hear(host) == [])
        board.wait(seconds: 1)
        #expect(board.hear(host) == ["closed 1000"])
        let events = board.entries.compactMap { entry in
            if case .session(let entry) = entry { entry.event } else { nil }
        }
        #expect(events.last == .sessionErased && !events.contains(.archived))
        #expect(try board.image().states == [] && board.image().usedIDs == [id("evening")])
        let late = try board.join("host", .host, rehearsal: true)
        #expect(board.hear(late) == ["refused 1 ended", "closed 4504"])
    }

    @Test func `one is erased in any phase`() throws {
        for phase in Phase.allCases {
            let host = try board.join("host", .host, to: "r\(phase.rawValue)", rehearsal: true)
            if phase != .lobby { board.ask(host, .start) }
            if phase == .ended { board.ask(host, .end(seconds: 0)) }
            _ = board.hear(host)
            let outcome = try erase(.eraseSession(try id("r\(phase.rawValue)")))
            #expect(outcome.states.map(\.phase) == [phase])
            #expect(board.hear(host) == ["closed 1000"])
            #expect(try board.image().states == [])
        }
    }

    @Test func `many are erased in one batch, those whose ids begin so, and no other session`() throws {
        let others = try ["load-a-not", "evening"].map { try board.join("host", .host, to: $0) }
        let kept = try board.join("host", .host, to: "load-b-1", rehearsal: true)
        let gone = try (1...40).map { try board.join("host", .host, to: "load-a-\($0)", rehearsal: true) }
        for connection in others + [kept] + gone { _ = board.hear(connection) }
        #expect(board.engine.counters.rehearsals == 41 && board.engine.counters.sessions == 43)
        let outcome = try erase(.eraseRehearsals(prefix: try id("load-a-")))
        #expect(outcome.states.count == 40)
        for connection in gone { #expect(board.hear(connection) == ["closed 1000"]) }
        for connection in others + [kept] { #expect(board.hear(connection) == []) }
        #expect(board.engine.counters.rehearsals == 1 && board.engine.counters.sessions == 3)
        #expect(try erase(.eraseRehearsals(prefix: nil)).states.map(\.id) == [id("load-b-1")])
        #expect(board.hear(kept) == ["closed 1000"])
        #expect(try board.image().states.map(\.id.text) == ["load-a-not", "evening"])
        #expect(board.engine.counters.seats == 2 && board.engine.counters.seatsHere == 2)
    }

    @Test func `somebody is cut off in a rehearsal and nowhere else, and holds the seat`() throws {
        let host = try board.join("host", .host, rehearsal: true)
        let cohost = try board.join("cohost", .cohost, rehearsal: true)
        let real = try board.join("host", .host, to: "real")
        for connection in [host, cohost, real] { _ = board.hear(connection) }
        func cut(_ session: String) throws -> ErrandOutcome {
            let person = try #require(PersonID("host".utf8))
            let task = Errand.Task.cutOff(try id(session), person, seconds: 45)
            return try #require(board.take([.errand(Errand(ticket: 1, task))]).errands.first)
        }
        #expect(try cut("real").connectionsCut == 0)
        #expect(board.hear(real) == [])
        #expect(try cut("evening").connectionsCut == 1)
        #expect(board.hear(host) == ["closed 1001"])
        board.drop(host, cause: .server)
        board.wait(seconds: 30)
        #expect(board.hear(cohost).contains { $0.contains("host.changed") })
        #expect(try board.state().seats.count == 2)
        #expect(try cut("nowhere").states == [])
    }

    @Test func `totals are those of the other sessions, kept along or counted anew`() throws {
        let host = try board.join("host", .host, to: "real")
        try board.join("guest", to: "real")
        board.ask(host, .start)
        board.wait(seconds: 60)
        board.ask(host, .end(seconds: 0))
        func totals() -> [Int] {
            let counters = board.engine.counters
            return [
                counters.membersSeen, counters.communities, counters.sessionsHeld, counters.sessionsAttended,
            ]
        }
        let known = totals()
        #expect(known == [2, 0, 1, 2])
        for name in ["one", "two"] {
            let leader = try board.join("host", .host, to: name, rehearsal: true)
            try board.join("stranger", to: name, rehearsal: true)
            board.ask(leader, .start)
            board.wait(seconds: 60)
            board.ask(leader, .end(seconds: 0))
            #expect(totals() == known)
        }
        board.restart(downFor: 1)
        #expect(totals() == known && board.engine.counters.rehearsals == 2)
        _ = try erase(.eraseRehearsals(prefix: nil))
        #expect(totals() == known && board.engine.counters.rehearsals == 0)
        board.wait(seconds: 3_600)
        #expect(totals() == known && board.engine.counters.sessions == 0)
    }
}
