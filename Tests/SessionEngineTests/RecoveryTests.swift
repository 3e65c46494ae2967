import SessionEngine
import Sessions
import Testing

/// Starting again: what fell due meanwhile, what time is written down, and the same again from the same.
@Suite struct RecoveryTests {
    let board = Switchboard()

    @Test func `time is written down every ten seconds while somebody is here, and not otherwise`() throws {
        let host = try board.join("host", .host)
        board.wait(seconds: 35)
        let clocks = board.entries.compactMap { if case .clock(let at) = $0 { at } else { nil } }
        #expect(clocks == [1_010_000, 1_020_000, 1_030_000])
        board.drop(host)
        board.wait(seconds: 200)
        #expect(board.entries.count { if case .clock = $0 { true } else { false } } == 3)
    }

    @Test func `rooms whose time ran out while the server was down are closed by the first commit`() throws {
        let host = try board.join("host", .host)
        try board.join("guest")
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 2, seconds: 60)))
        let commit = board.restart(downFor: 120)
        #expect(try board.state().breakouts == nil)
        #expect(try board.state().seats[1].room == .main)
        let events = commit.entries.compactMap {
            if case .session(let entry) = $0 { entry.event } else { nil }
        }
        #expect(events.first == .recovered(downFrom: 1_000_000, newEpoch: nil))
        #expect(
            events.last == .breakoutsClosed(placements: [Placement(seat: SeatID(1), room: .main)], by: nil)
        )
    }

    @Test func `a session whose end was set ends at that time`() throws {
        let host = try board.join("host", .host)
        board.ask(host, .start)
        board.ask(host, .end(seconds: 30))
        board.restart(downFor: 40)
        #expect(try board.state().phase == .ended)
        #expect(try board.state().endedAt == 1_030_000)
    }

    @Test func `a lease begins anew with the server, so a host who comes back keeps the session`() throws {
        try board.join("host", .host)
        try board.join("guest", .cohost)
        board.restart(downFor: 600)
        try board.join("guest", .cohost)
        board.wait(seconds: 29)
        #expect(try board.state().host == SeatID(0))
        board.wait(seconds: 1)
        #expect(try board.state().host == SeatID(1))
    }

    @Test func `attendance breaks where the server went down`() throws {
        try board.join("host", .host)
        board.restart(downFor: 10)
        let seat = try board.state().seats[0]
        #expect(seat.intervals == [Interval(from: 1_000_000, to: 1_000_000)])
        #expect(seat.isAttached == false)
        #expect(seat.presence == .here)
    }

    @Test func `an ended session can be read for an hour, is then closed, and its id is used up`() throws {
        let host = try board.join("host", .host)
        board.ask(host, .start)
        board.say(host, "remember me")
        board.ask(host, .end(seconds: 0))
        #expect(
            board.ask(host, .sendChat(SendChat(to: .room(.main), text: Text("more")))) == ["refused 5 ended"]
        )
        #expect(board.hear(try board.join("guest")) == ["refused 1 ended", "closed 4504"])
        board.restart(downFor: 60)
        let again = try board.join("host", .host)
        #expect(board.told(again).first?.json.contains("remember me") == true)
        board.wait(seconds: 3_600)
        #expect(board.hear(again) == ["closed 1000"])
        #expect(try board.image().states == [])
        #expect(board.hear(try board.join("host", .host)) == ["refused 1 ended", "closed 4504"])
        board.restart(downFor: 1)
        #expect(board.hear(try board.join("host", .host)) == ["refused 1 ended", "closed 4504"])
    }

    @Test func `an image gives the table that it was taken of`() throws {
        let host = try board.join("host", .host)
        try board.join("guest", to: "other")
        board.ask(host, .start)
        board.say(host, "hello")
        let image = try board.image()
        #expect(image.states.map(\.number) == [1, 2])
        #expect(CheckpointImage(of: image.table, at: image.at) == image)
        board.restart(with: image.table, downFor: 1)
        let told = board.told(try board.join("host", .host))
        #expect(told.first?.json.contains("hello") == true)
    }

    @Test func `the same inputs at the same times give the same commits`() throws {
        func evening() throws -> [Entry] {
            let board = Switchboard()
            let host = try board.join("host", .host)
            for number in 1...7 { try board.join("p\(number)") }
            board.ask(host, .start)
            board.ask(host, .openBreakouts(OpenBreakouts(size: 3, seconds: 60)))
            board.wait(seconds: 90)
            return board.entries
        }
        #expect(try evening() == evening())
    }

    @Test func `the seats of all sessions are counted, also across a restart and an archiving`() throws {
        let host = try board.join("host", .host)
        try board.join("guest")
        #expect(board.engine.counters.seats == 2)
        #expect(board.engine.counters.seatsHere == 2)
        board.ask(host, .start)
        board.ask(host, .end(seconds: 0))
        board.restart(downFor: 1)
        #expect(try board.image().states.count == 1)
        #expect(board.engine.counters.seats == 2)
        board.wait(seconds: 3_600)
        #expect(board.engine.counters.seats == 0)
        #expect(board.engine.counters.sessions == 0)
    }
}
