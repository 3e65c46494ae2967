import Sessions
import Testing

@Suite struct RoomTimesTests {
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    /// A host and three guests, of whom two share the first room and one has the second.
    private func opened() throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host)
        for name in ["a", "b", "c"] { try gathering.join(name) }
        try gathering.ask("host", .start)
        gathering.wait(seconds: 60)
        let rooms = [
            RoomPlan(people: ["a", "b"].map(Gathering.person)), RoomPlan(people: [Gathering.person("c")]),
        ]
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: rooms)))
        return gathering
    }

    private func times(_ gathering: Gathering, _ name: String) throws -> [RoomTime] {
        gathering.state.roomTimes(of: try gathering.seat(name), at: gathering.now)
    }

    private func company(_ gathering: Gathering, _ name: String, _ seconds: Int) throws -> RoomTime.Company {
        RoomTime.Company(seat: try gathering.seat(name), time: Milliseconds(seconds) * 1_000)
    }

    @Test func `five hundred stays are kept, and the shortest give way first`() throws {
        let gathering = try opened()
        // A second each, but for every fifth, which lasts ten.
        for number in 0..<600 {
            gathering.wait(seconds: number % 5 == 0 ? 10 : 1)
            try gathering.ask("host", .move(Gathering.person("b"), to: number % 2 == 0 ? second : first))
        }
        let stays = gathering.state[try gathering.seat("b")].stays
        #expect(stays.count == StateBounds.staysPerSeat)
        let lengths = stays.compactMap { stay in stay.to.map { $0 - stay.from } }
        #expect(lengths.count { $0 == 10_000 } == 120 && lengths.count { $0 == 1_000 } == 379)
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `minutes of a room are those in it, with whom as long as both were there`() throws {
        let gathering = try opened()
        gathering.wait(seconds: 100)
        try gathering.ask("host", .move(Gathering.person("b"), to: second))
        gathering.wait(seconds: 50)
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        gathering.wait(seconds: 500)
        #expect(
            try times(gathering, "b") == [
                RoomTime(room: first, time: 100_000, with: [try company(gathering, "a", 100)]),
                RoomTime(room: second, time: 50_000, with: [try company(gathering, "c", 50)]),
            ]
        )
        #expect(try times(gathering, "a").map(\.time) == [150_000])
        #expect(try times(gathering, "host") == [])
    }

    @Test func `a host who looks in is company, and an observer is not`() throws {
        let gathering = try opened()
        try gathering.join("eye", .observer)
        gathering.wait(seconds: 10)
        try gathering.ask("host", .enterRoom(first))
        gathering.wait(seconds: 30)
        try gathering.ask("host", .enterRoom(.main))
        #expect(
            try times(gathering, "a").first?.with
                == [try company(gathering, "b", 40), try company(gathering, "host", 30)]
        )
        #expect(try times(gathering, "eye") == [])
    }

    @Test func `a round that was undone has not happened`() throws {
        let gathering = try opened()
        gathering.wait(seconds: 10)
        try gathering.ask("host", .undoBreakouts)
        #expect(try times(gathering, "a") == [])
    }

    @Test func `a short gap in a room is time in it, a long one is not`() throws {
        let gathering = try opened()
        try gathering.drop("a")
        gathering.wait(seconds: 120)
        try gathering.join("a")
        try gathering.drop("b")
        gathering.wait(seconds: 121)
        try gathering.join("b")
        #expect(
            try times(gathering, "a") == [
                RoomTime(room: first, time: 241_000, with: [try company(gathering, "b", 120)])
            ]
        )
    }

    @Test func `who is sent away is in no room from then on`() throws {
        let gathering = try opened()
        gathering.wait(seconds: 30)
        try gathering.ask("host", .remove("b"))
        gathering.wait(seconds: 30)
        #expect(try times(gathering, "b").map(\.time) == [30_000])
        #expect(try times(gathering, "a").first?.with == [try company(gathering, "b", 30)])
    }

    @Test func `rooms end with the session, at the time to which it is dated back`() throws {
        let gathering = try opened()
        gathering.wait(seconds: 30)
        for name in ["host", "a", "b"] { try gathering.drop(name) }
        gathering.wait(seconds: 2_000)
        #expect(gathering.state.phase == .ended)
        #expect(try times(gathering, "c").map(\.time) == [30_000])
    }

    @Test func `people who share a room with thousands are told how many more there were`() throws {
        let gathering = Gathering()
        gathering.limits.seatsPerSession = 5_000
        gathering.limits.peopleBytes = .max
        try gathering.join("host", .host)
        try gathering.ask("host", .start)
        let created = Joined(
            person: Gathering.person("p0"),
            name: .empty,
            school: .empty,
            ticketRole: .participant,
            room: .main
        )
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: [RoomPlan()])))
        var state = gathering.state
        for number in 0..<4_100 {
            var joined = created
            joined.person = Gathering.person("p\(number)")
            var seat = Seat(joined, at: gathering.now)
            seat.room = first
            seat.stays = [Stay(room: first, from: gathering.now)]
            state.seats.append(seat)
            state.rooms[0].visitors.append(SeatID(number + 1))
        }
        let times = state.roomTimes(of: SeatID(1), at: gathering.now + 1_000)
        #expect(times.map(\.with.count) == [4_000])
        #expect(times.map(\.others) == [99])
    }
}
