import Sessions
import Testing

/// Who comes when rooms are open is placed at once, by the round's rule.
@Suite struct PlacementTests {
    private func room(_ number: Int) -> RoomID { .breakout(round: 1, number: number) }

    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    /// Rooms by hand: each a list of people, `blue` when their names begin with a b, else `red`.
    private func round(_ rooms: [[String]], late: LatePolicy? = nil) throws -> Gathering {
        let gathering = try BreakoutTests.evening(0)
        for name in rooms.joined() { try gathering.join(name, school: name.hasPrefix("b") ? "blue" : "red") }
        let plans = rooms.map { RoomPlan(people: $0.map(Gathering.person)) }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: plans, late: late)))
        return gathering
    }

    @Test(arguments: [
        (rooms: [["r1", "r2"], ["r3"], ["r4", "r5"]], goesTo: 2),
        (rooms: [["b1", "r1"], ["r2", "r3"], ["b2", "r4"]], goesTo: 2),
        (rooms: [["b1", "b2"], ["b3", "r1"], ["b4", "r2"]], goesTo: 2),
        (rooms: [["r1"], ["r2"], ["r3"]], goesTo: 1),
        (rooms: [["r1"], ["b1"], []], goesTo: 3),
        (rooms: [["b1"], ["r1", "r2"]], goesTo: 1),
    ])
    func `fewest people, then fewest of the school, then the lowest number, all in the event of joining`(
        rooms: [[String]],
        goesTo: Int
    ) throws {
        let gathering = try round(rooms)
        let events = try gathering.join("late", school: "blue")
        let joined = Joined(
            person: person("late"),
            name: Text("late"),
            school: Text("blue"),
            ticketRole: .participant,
            room: room(goesTo)
        )
        #expect(events == [.joined(joined)])
        #expect(gathering.state.rooms[goesTo - 1].visitors.last == SeatID(gathering.state.seats.count - 1))
    }

    @Test func `people without a school are colleagues of nobody`() throws {
        let gathering = try BreakoutTests.evening(0)
        for name in ["x", "y"] { try gathering.join(name) }
        let plans = ["x", "y"].map { RoomPlan(people: [person($0)]) }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: plans)))
        try gathering.join("late")
        #expect(try gathering.room(of: "late") == room(1))
    }

    @Test func `a flood of late comers fills the rooms evenly`() throws {
        let gathering = try round([["r1"], [], ["b1"], []])
        for index in 0..<42 { try gathering.join("late\(index)", school: "s\(index % 5)") }
        let sizes = (1...4).map { gathering.people(in: room($0)).count }
        #expect(sizes == [11, 11, 11, 11])
    }

    @Test func `rooms that were removed take nobody, and rooms that were added do`() throws {
        let gathering = try round([["r1"], ["r2", "r3"]])
        try gathering.ask("host", .removeRoom(room(1)))
        try gathering.join("first")
        #expect(try gathering.room(of: "first") == room(2))
        try gathering.ask("host", .addRoom(RoomPlan()))
        try gathering.join("second")
        #expect(try gathering.room(of: "second") == room(3))
    }

    @Test func `hosts who visit a room do not make it fuller`() throws {
        let gathering = try round([["r1"], ["r2"]])
        try gathering.ask("host", .enterRoom(room(1)))
        try gathering.ask("deputy", .enterRoom(room(1)))
        try gathering.join("late")
        #expect(try gathering.room(of: "late") == room(1))
    }

    @Test(arguments: [BreakoutMode.even, .manual, .choose], [LatePolicy.place, .main])
    func `the round's rule says whether, in every mode`(mode: BreakoutMode, late: LatePolicy) throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, mode: mode, late: late)))
        let isPlaced = late == .place && mode != .choose
        #expect(try gathering.join("late").count == 1)
        #expect((try gathering.room(of: "late") != .main) == isPlaced)
    }

    @Test func `while the rooms are closing nobody is sent in, neither new nor back nor taking part again`()
        throws
    {
        let gathering = try BreakoutTests.evening(3)
        try gathering.ask("p0", .leave)
        try gathering.ask("p1", .pass(true))
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        try gathering.ask("host", .closeBreakouts(seconds: 60))
        try gathering.join("late")
        try gathering.join("p0")
        try gathering.ask("p1", .pass(false))
        #expect(gathering.people(in: .main) == ["host", "deputy", "viewer", "p0", "p1", "late"])
    }

    @Test func `hosts, co-hosts and observers who come late are in main`() throws {
        let gathering = try round([["r1"]])
        let roles: [(String, Role)] = [("owner", .host), ("helper", .cohost), ("watcher", .observer)]
        for (name, role) in roles {
            try gathering.join(name, role)
            #expect(try gathering.room(of: name) == .main)
        }
    }

    @Test func `who was gone or had left when the round opened is placed on coming back, once`() throws {
        let gathering = try BreakoutTests.evening(5)
        try gathering.drop("p0")
        gathering.wait(seconds: 90)
        try gathering.ask("p1", .leave)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        for (name, seat) in [("p0", SeatID(3)), ("p1", SeatID(4))] {
            #expect(try gathering.room(of: name) == .main)
            let events = try gathering.join(name)
            let there = try gathering.room(of: name)
            #expect(there != .main)
            #expect(events.last == .moved(seat, from: .main, to: there, reason: .late, by: nil))
            // Back in main by a host's hand, they stay there however often they come back.
            try gathering.ask("host", .move(person(name), to: .main))
            try gathering.drop(name)
            gathering.wait(seconds: 200)
            try gathering.join(name)
            #expect(try gathering.room(of: name) == .main)
        }
    }

    @Test func `who goes and comes back while rooms are open lands where they were`() throws {
        let gathering = try round([["r1", "r2"], ["b1"]])
        for leaves in [true, false] {
            if leaves { try gathering.ask("r1", .leave) } else { try gathering.drop("r1") }
            gathering.wait(seconds: 300)
            try gathering.join("r1")
            #expect(try gathering.room(of: "r1") == room(1))
        }
    }

    @Test
    func `who came late is placed once: back from a drop they are where they were, though it is fuller`()
        throws
    {
        let gathering = try round([["r1"], ["b1", "b2"]])
        try gathering.join("late")
        #expect(try gathering.room(of: "late") == room(1))
        try gathering.ask("host", .move(person("b1"), to: room(1)))
        try gathering.ask("host", .move(person("b2"), to: room(1)))
        for seconds in [2, 200] {
            try gathering.drop("late")
            gathering.wait(seconds: seconds)
            try gathering.join("late")
            #expect(try gathering.room(of: "late") == room(1))
        }
    }

    @Test func `co-hosts and those who sit out are not placed on coming back`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("p0", .pass(true))
        for name in ["p0", "deputy"] { try gathering.drop(name) }
        gathering.wait(seconds: 90)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        for name in ["p0", "deputy"] {
            try gathering.join(name)
            #expect(try gathering.room(of: name) == .main)
        }
    }

    @Test func `placing one who comes late moves nobody else`() throws {
        let gathering = try round([["r1", "r2", "r3", "r4"], ["b1"], []])
        for index in 0..<6 {
            let before = gathering.state.seats.map(\.room)
            try gathering.join("late\(index)")
            #expect(gathering.state.seats.dropLast().map(\.room) == before)
        }
    }
}
