import Sessions
import Testing

@Suite struct PresenceTests {
    private let ben = SeatID(1)

    private func pair() throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("ben")
        return gathering
    }

    @Test func `a short drop is heard by nobody`() throws {
        let gathering = try pair()
        let dropped = try gathering.drop("ben", .silent)
        #expect(dropped == [.detached(ben, cause: .silent)])
        gathering.wait(seconds: 4)
        let back = try gathering.join("ben")
        #expect(back == [.attached(ben)])
        for event in dropped + back { #expect(gathering.state.audience(of: event) == .nobody) }
        #expect(gathering.wait(seconds: 200) == [])
    }

    @Test func `away after five seconds, gone after ninety, and returned is said only then`() throws {
        let gathering = try pair()
        try gathering.drop("ben", .slow)
        #expect(gathering.wait(seconds: 5) == [.away(ben, cause: .slow)])
        #expect(gathering.wait(seconds: 85) == [.gone(ben)])
        #expect(try gathering.join("ben") == [.attached(ben), .returned(ben)])
        #expect(gathering.state[ben].presence == .here)
    }

    @Test func `after a restart everybody has half a minute`() throws {
        let gathering = try pair()
        gathering.crash(downFor: 40)
        #expect(gathering.wait(seconds: 29) == [])
        try gathering.join("ada", .host)
        #expect(gathering.wait(seconds: 1) == [.away(ben, cause: .server)])
        #expect(gathering.wait(seconds: 60) == [.gone(ben)])
    }

    @Test func `a seat is held in room and role, and its intervals are kept`() throws {
        let gathering = try pair()
        try gathering.ask("ada", .start)
        try gathering.ask("ada", .openBreakouts(OpenBreakouts(count: 1)))
        let from = gathering.now
        gathering.wait(seconds: 60)
        try gathering.drop("ben")
        let to = gathering.now
        gathering.wait(seconds: 600)
        try gathering.join("ben")
        #expect(try gathering.room(of: "ben") == .breakout(round: 1, number: 1))
        #expect(gathering.state[ben].intervals == [Interval(from: from, to: to)])
        #expect(gathering.state[ben].attachedSince == gathering.now)
    }

    @Test func `attendance breaks when the server went down, not when it came back`() throws {
        let gathering = try pair()
        let from = gathering.now
        gathering.wait(seconds: 10)
        let down = gathering.now
        gathering.crash(downFor: 300)
        #expect(gathering.state[ben].intervals == [Interval(from: from, to: down)])
        #expect(gathering.state.outages == [Interval(from: down, to: gathering.now)])
    }

    @Test func `people are counted once, observers never, and the peak is kept`() throws {
        let gathering = try pair()
        try gathering.join("otto", .observer)
        #expect(try gathering.join("ben") == [])
        #expect(gathering.state.attachedCount == 2)
        try gathering.join("dan")
        try gathering.drop("ben")
        #expect(gathering.state.attachedCount == 2)
        #expect(gathering.state.peak == 3)
    }

    @Test func `who left on purpose is told so and comes back to the same seat`() throws {
        let gathering = try pair()
        #expect(try gathering.ask("ben", .leave) == [.left(ben)])
        #expect(gathering.wait(seconds: 300) == [])
        #expect(gathering.state[ben].presence == .left)
        #expect(try gathering.join("ben") == [.attached(ben), .returned(ben)])
    }
}
