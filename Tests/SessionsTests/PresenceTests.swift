import Sessions
import Testing

@Suite struct PresenceTests {
    private let guest = SeatID(1)

    private func pair() throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        return gathering
    }

    @Test func `a short drop is heard by nobody`() throws {
        let gathering = try pair()
        let dropped = try gathering.drop("guest", .silent)
        #expect(dropped == [.detached(guest, cause: .silent)])
        gathering.wait(seconds: 4)
        let back = try gathering.join("guest")
        #expect(back == [.attached(guest)])
        for event in dropped + back { #expect(gathering.state.audience(of: event) == .nobody) }
        #expect(gathering.wait(seconds: 200) == [])
    }

    @Test func `away after five seconds, gone after ninety, and returned is said only then`() throws {
        let gathering = try pair()
        try gathering.drop("guest", .slow)
        #expect(gathering.wait(seconds: 5) == [.away(guest, cause: .slow)])
        #expect(gathering.wait(seconds: 85) == [.gone(guest)])
        #expect(try gathering.join("guest") == [.attached(guest), .returned(guest)])
        #expect(gathering.state[guest].presence == .here)
    }

    @Test func `who drop one soon after the other are told of together, later ones apart`() throws {
        let gathering = try pair()
        for name in ["a", "b", "c", "d"] { try gathering.join(name) }
        for (name, pause) in [("a", 100), ("b", 150), ("c", 1), ("d", 0)] as [(String, Milliseconds)] {
            try gathering.drop(name)
            gathering.wait(milliseconds: pause)
        }
        // c, a quarter of a second behind a, is the last who is waited for.
        #expect(gathering.wait(milliseconds: 4_998) == [])
        let together = gathering.wait(milliseconds: 1)
        #expect(together == (try ["a", "b", "c"].map { .away(try gathering.seat($0), cause: .closed) }))
        // d was due 1 ms after that, and waits for the quiet.
        #expect(gathering.wait(milliseconds: 249) == [])
        #expect(try gathering.wait(milliseconds: 1) == [.away(gathering.seat("d"), cause: .closed)])
    }

    @Test func `who is back a moment late is not called away where others come back too`() throws {
        let gathering = try pair()
        for name in ["a", "b", "c", "d"] { try gathering.join(name) }
        for name in ["a", "b", "c", "d"] { try gathering.drop(name) }
        gathering.wait(milliseconds: 4_900)
        #expect(try gathering.join("a") == [.attached(gathering.seat("a"))])
        #expect(gathering.wait(milliseconds: 249) == [])
        #expect(try gathering.join("b") == [.attached(gathering.seat("b"))])
        #expect(gathering.wait(milliseconds: 100) == [])
        #expect(try gathering.join("c") == [.attached(gathering.seat("c"))])
        // But d is away, and nobody else was.
        #expect(try gathering.wait(milliseconds: 1) == [.away(gathering.seat("d"), cause: .closed)])
        #expect(try gathering.wait(seconds: 200) == [.gone(gathering.seat("d"))])
    }

    @Test(arguments: [70, 100, 240, 260] as [Milliseconds])
    func `however much happens, away is told a quarter of a second late at most`(pause: Milliseconds) throws {
        let gathering = try pair()
        try gathering.ask("host", .start)
        let dropped = gathering.now
        try gathering.drop("guest")
        while gathering.state[guest].presence == .here {
            gathering.wait(milliseconds: pause)
            for locked in [true, false] { try gathering.ask("host", .lock(locked)) }
        }
        let told = try #require(gathering.entries.last { $0.event == .away(guest, cause: .closed) })
        #expect((5_000...5_250).contains(told.at - dropped))
    }

    @Test func `who leaves again as soon as they are back is only away, told when it lasts`() throws {
        let gathering = try pair()
        try gathering.ask("host", .start)
        try gathering.ask("guest", .raiseHand)
        #expect(try gathering.ask("guest", .leave) == [.left(guest), .handLowered(guest, by: guest)])
        #expect(try gathering.join("guest") == [.attached(guest), .returned(guest)])
        try gathering.ask("guest", .raiseHand)
        for _ in 0..<100 {
            gathering.wait(seconds: 9)
            #expect(try gathering.ask("guest", .leave) == [.detached(guest, cause: .closed)])
            #expect(gathering.wait(seconds: 4) == [])
            #expect(try gathering.join("guest") == [.attached(guest)])
        }
        try gathering.ask("guest", .leave)
        #expect(gathering.wait(seconds: 5) == [.away(guest, cause: .closed)])
        #expect(gathering.wait(seconds: 85) == [.gone(guest)])
        #expect(try gathering.join("guest") == [.attached(guest), .returned(guest)])
        gathering.wait(seconds: 10)
        #expect(try gathering.ask("guest", .leave).first == .left(guest))
    }

    @Test func `a host who leaves as soon as they are back is replaced at once`() throws {
        let gathering = try pair()
        try gathering.join("cohost", .cohost)
        try gathering.drop("host")
        try gathering.join("host", .host)
        let left = try gathering.ask("host", .leave)
        #expect(left == [.left(SeatID(0)), .hostChanged(from: SeatID(0), to: SeatID(2), reason: .left)])
    }

    @Test func `after a restart everybody has half a minute`() throws {
        let gathering = try pair()
        gathering.crash(downFor: 40)
        #expect(gathering.wait(seconds: 29) == [])
        try gathering.join("host", .host)
        #expect(gathering.wait(seconds: 1) == [.away(guest, cause: .server)])
        #expect(gathering.wait(seconds: 60) == [.gone(guest)])
    }

    @Test func `a seat is held in room and role, and its intervals are kept`() throws {
        let gathering = try pair()
        try gathering.ask("host", .start)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let from = gathering.now
        gathering.wait(seconds: 60)
        try gathering.drop("guest")
        let to = gathering.now
        gathering.wait(seconds: 600)
        try gathering.join("guest")
        #expect(try gathering.room(of: "guest") == .breakout(round: 1, number: 1))
        #expect(gathering.state[guest].intervals == [Interval(from: from, to: to)])
        #expect(gathering.state[guest].attachedSince == gathering.now)
    }

    @Test func `a thousand intervals are kept, and the shortest absences give way first`() throws {
        let gathering = try pair()
        let from = gathering.now
        for number in 0..<1_003 {
            gathering.wait(seconds: 2)
            try gathering.drop("guest")
            gathering.wait(seconds: number % 400 == 399 ? 1 : 3)
            try gathering.join("guest")
        }
        let intervals = gathering.state[guest].intervals
        #expect(intervals.count == 1_000)
        #expect(intervals.first?.from == from)
        let present = intervals.reduce(0) { $0 + $1.to - $1.from }
        // Two absences of a second and one of three are taken for presence.
        #expect(present == 1_003 * 2_000 + 2 * 1_000 + 3_000)
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `attendance breaks when the server went down, not when it came back`() throws {
        let gathering = try pair()
        let from = gathering.now
        gathering.wait(seconds: 10)
        let down = gathering.now
        gathering.crash(downFor: 300)
        #expect(gathering.state[guest].intervals == [Interval(from: from, to: down)])
        #expect(gathering.state.outages == [Interval(from: down, to: gathering.now)])
    }

    @Test func `people are counted once, observers never, and the peak is kept`() throws {
        let gathering = try pair()
        try gathering.join("viewer", .observer)
        #expect(try gathering.join("guest") == [])
        #expect(gathering.state.attachedCount == 2)
        try gathering.join("friend")
        try gathering.drop("guest")
        #expect(gathering.state.attachedCount == 2)
        #expect(gathering.state.peak == 3)
    }

    @Test func `who left on purpose is told so and comes back to the same seat`() throws {
        let gathering = try pair()
        #expect(try gathering.ask("guest", .leave) == [.left(guest)])
        #expect(gathering.wait(seconds: 300) == [])
        #expect(gathering.state[guest].presence == .left)
        #expect(try gathering.join("guest") == [.attached(guest), .returned(guest)])
    }
}
