import Sessions
import Testing

@Suite struct BreakoutTests {
    /// A live session with a host, a co-host, an observer and so many participants `p0`, `p1`, ….
    static func evening(_ participants: Int) throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.join("viewer", .observer)
        for index in 0..<participants { try gathering.join("p\(index)", school: "s\(index % 3)") }
        try gathering.ask("host", .start)
        return gathering
    }

    private func room(_ number: Int, round: Int = 1) -> RoomID { .breakout(round: round, number: number) }

    @Test(arguments: [1, 2, 3, 7, 30], [1, 2, 3, 5])
    func `even rooms differ by at most one, and hosts and observers stay in main`(
        people: Int,
        rooms: Int
    ) throws {
        let gathering = try Self.evening(people)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: rooms)))
        let sizes = (1...rooms).map { gathering.people(in: room($0)).count }
        #expect(sizes.reduce(0, +) == people)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        #expect(gathering.people(in: .main) == ["host", "deputy", "viewer"])
    }

    @Test func `a size gives as many rooms as are needed for nobody to sit in a larger one`() throws {
        let gathering = try Self.evening(10)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(size: 4)))
        #expect((1...3).map { gathering.people(in: room($0)).count }.sorted() == [3, 3, 4])
        #expect(gathering.state.openRooms.count == 3)
    }

    @Test func `the same seed deals the same people to the same rooms`() throws {
        let placements = try (0..<2).map { _ in
            let gathering = try Self.evening(12)
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 4, seed: 99)))
            return gathering.state.seats.map(\.room)
        }
        #expect(placements[0] == placements[1])
    }

    @Test func `by hand only the named go, hosts too, and the others stay in main`() throws {
        let gathering = try Self.evening(3)
        let plan = OpenBreakouts(rooms: [
            RoomPlan(name: Text("Birds"), people: [Gathering.person("p0"), Gathering.person("deputy")]),
            RoomPlan(people: [Gathering.person("p2")], place: Text("Zoom: Room 3")),
        ])
        try gathering.ask("host", .openBreakouts(plan))
        #expect(gathering.people(in: room(1)) == ["deputy", "p0"])
        #expect(gathering.people(in: room(2)) == ["p2"])
        #expect(gathering.people(in: .main) == ["host", "viewer", "p1"])
        #expect(gathering.state.openRooms.map(\.setup.name) == [Text("Birds"), Text("Room 2")])
    }

    @Test func `a plan that cannot be is refused and changes nothing`() throws {
        let gathering = try Self.evening(2)
        let before = gathering.state
        let twice = [RoomPlan(people: [Gathering.person("p0")]), RoomPlan(people: [Gathering.person("p0")])]
        let plans: [(OpenBreakouts, Refusal)] = [
            (OpenBreakouts(), Refusal(.badValue, field: "rooms")),
            (OpenBreakouts(count: 2, size: 2), Refusal(.badValue, field: "rooms")),
            (OpenBreakouts(count: 0), Refusal(.badValue, field: "count")),
            (OpenBreakouts(count: 201), Refusal(.tooManyRooms)),
            (OpenBreakouts(size: 0), Refusal(.badValue, field: "size")),
            (OpenBreakouts(rooms: []), Refusal(.badValue, field: "rooms")),
            (OpenBreakouts(rooms: twice), Refusal(.badValue, field: "people")),
            (
                OpenBreakouts(rooms: [RoomPlan(people: [Gathering.person("nobody")])]),
                Refusal(.noSuchPerson, field: "people")
            ),
            (
                OpenBreakouts(rooms: [RoomPlan(people: [Gathering.person("viewer")])]),
                Refusal(.observersOnlyWatch, field: "people")
            ),
            (OpenBreakouts(count: 2, seconds: 0), Refusal(.badValue, field: "seconds")),
            (OpenBreakouts(count: 2, closing: -1), Refusal(.badValue, field: "closing")),
        ]
        for (plan, refusal) in plans {
            #expect(throws: refusal) { try gathering.ask("host", .openBreakouts(plan)) }
        }
        #expect(gathering.state == before)
    }

    @Test func `rooms close at the deadline with every host offline, after a warning and a countdown`() throws
    {
        let gathering = try Self.evening(4)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, seconds: 180)))
        let closesAt = try #require(gathering.state.breakouts?.closesAt)
        try gathering.drop("host")
        try gathering.drop("deputy")
        gathering.wait(seconds: 119)
        #expect(gathering.state.breakouts?.phase == .open)
        #expect(gathering.wait(seconds: 1).contains(.breakoutsClosing(closesAt: closesAt, by: nil)))
        #expect(gathering.wait(seconds: 50) == [.breakoutsWarning])
        let end = gathering.wait(seconds: 10)
        let back = (0..<4).map { Placement(seat: SeatID(3 + $0), room: .main) }
        #expect(end == [.breakoutsClosed(placements: back, by: nil)])
        #expect(gathering.state.breakouts == nil)
        #expect(gathering.entries.last?.at == closesAt)
    }

    @Test func `a deadline that passed while the server was down fires at once`() throws {
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, seconds: 60)))
        let events = gathering.crash(downFor: 600)
        #expect(events.contains { if case .breakoutsClosed = $0 { true } else { false } })
        #expect(gathering.people(in: .main).count == 5)
    }

    @Test func `extending gives time, a negative one takes it, and back from the countdown it is open again`()
        throws
    {
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, seconds: 120)))
        let first = try #require(gathering.state.breakouts?.closesAt)
        gathering.wait(seconds: 70)
        #expect(gathering.state.breakouts?.phase == .closing)
        let longer = try gathering.ask("deputy", .extendBreakouts(seconds: 300))
        #expect(longer == [.breakoutsExtended(closesAt: first + 300_000, by: SeatID(1))])
        #expect(gathering.state.breakouts?.phase == .open)
        let shorter = try gathering.ask("host", .extendBreakouts(seconds: -3_600))
        let back = [3, 4].map { Placement(seat: SeatID($0), room: .main) }
        #expect(shorter == [.breakoutsClosed(placements: back, by: SeatID(0))])
    }

    @Test func `without a deadline there is nothing to extend, and closing counts down from now`() throws {
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(throws: Refusal(.noDeadline)) { try gathering.ask("host", .extendBreakouts(seconds: 10)) }
        let at = gathering.now + 5_000
        let events = try gathering.ask("host", .closeBreakouts(seconds: 5))
        #expect(events == [.breakoutsClosing(closesAt: at, by: SeatID(0)), .breakoutsWarning])
        gathering.wait(seconds: 5)
        #expect(gathering.state.breakouts == nil)
    }

    @Test func `undo brings everybody back within fifteen seconds and not later`() throws {
        let gathering = try Self.evening(3)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        gathering.wait(seconds: 15)
        try gathering.ask("deputy", .undoBreakouts)
        #expect(gathering.people(in: .main).count == 6)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        #expect(gathering.state.breakouts?.round == 2)
        gathering.wait(seconds: 16)
        #expect(throws: Refusal(.tooLate)) { try gathering.ask("host", .undoBreakouts) }
    }

    @Test
    func `a late comer is placed in the event of joining, where the fewest are, then the fewest colleagues`()
        throws
    {
        let gathering = try Self.evening(0)
        try gathering.join("x1", school: "blue")
        try gathering.join("x2", school: "red")
        let plan = OpenBreakouts(rooms: [
            RoomPlan(people: [Gathering.person("x1")]), RoomPlan(people: [Gathering.person("x2")]),
        ])
        try gathering.ask("host", .openBreakouts(plan))
        let events = try gathering.join("late", school: "blue")
        guard case .joined(let joined)? = events.first else {
            Issue.record("no join in \(events)")
            return
        }
        #expect(joined.room == room(2))
        try gathering.join("later", school: "green")
        #expect(try gathering.room(of: "later") == room(1))
        try gathering.join("cohost", .cohost)
        try gathering.join("watcher", .observer)
        #expect(try gathering.room(of: "cohost") == .main)
        #expect(try gathering.room(of: "watcher") == .main)
    }

    @Test func `a room whose people are away counts as empty for who comes late`() throws {
        let gathering = try Self.evening(3)
        let plan = OpenBreakouts(rooms: [
            RoomPlan(people: [Gathering.person("p0")]),
            RoomPlan(people: [Gathering.person("p1"), Gathering.person("p2")]),
        ])
        try gathering.ask("host", .openBreakouts(plan))
        for name in ["p1", "p2"] { try gathering.drop(name) }
        gathering.wait(seconds: 5)
        try gathering.join("late")
        #expect(try gathering.room(of: "late") == room(2))
    }

    @Test func `late comers stay in main when the round says so, when it closes, and when people choose`()
        throws
    {
        for plan in [OpenBreakouts(count: 2, late: .main), OpenBreakouts(count: 2, mode: .choose)] {
            let gathering = try Self.evening(2)
            try gathering.ask("host", .openBreakouts(plan))
            try gathering.join("late")
            #expect(try gathering.room(of: "late") == .main)
        }
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        try gathering.ask("host", .closeBreakouts(seconds: 30))
        try gathering.join("late")
        #expect(try gathering.room(of: "late") == .main)
    }

    @Test func `who was gone at the opening is placed on coming back, who was away goes with the others`()
        throws
    {
        let gathering = try Self.evening(4)
        try gathering.drop("p0")
        gathering.wait(seconds: 90)
        try gathering.drop("p1")
        gathering.wait(seconds: 6)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        #expect(try gathering.room(of: "p0") == .main)
        #expect(try gathering.room(of: "p1") != .main)
        let there = try gathering.room(of: "p1")
        let events = try gathering.join("p0")
        #expect(
            events.contains { if case .moved(SeatID(3), .main, _, .late, nil) = $0 { true } else { false } }
        )
        try gathering.join("p1")
        #expect(try gathering.room(of: "p1") == there)
    }

    @Test func `participants choose rooms when they may, hosts walk always, and moving keeps the role`()
        throws
    {
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, mode: .choose)))
        try gathering.ask("p0", .enterRoom(room(2)))
        try gathering.ask("deputy", .enterRoom(room(2)))
        #expect(gathering.people(in: room(2)) == ["deputy", "p0"])
        #expect(try gathering.role(of: "deputy") == .cohost)
        #expect(throws: Refusal(.noSuchRoom, field: "room")) { try gathering.ask("p0", .enterRoom(room(3))) }
        #expect(throws: Refusal(.noSuchRoom, field: "room")) { try gathering.ask("p0", .enterRoom(.hosts)) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .enterRoom(room(1))) }
        try gathering.ask("p0", .enterRoom(.main))
        #expect(try gathering.room(of: "p0") == .main)
    }

    @Test func `in rooms that were dealt only hosts walk and move`() throws {
        let gathering = try Self.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        #expect(throws: Refusal(.hostsOnly)) { try gathering.ask("p0", .enterRoom(room(1))) }
        #expect(throws: Refusal(.hostsOnly)) {
            try gathering.ask("p0", .move(Gathering.person("p1"), to: .main))
        }
        let events = try gathering.ask("deputy", .move(Gathering.person("p0"), to: .main))
        let from = room(gathering.people(in: room(1)).isEmpty ? 1 : 2)
        #expect(events == [.moved(SeatID(3), from: from, to: .main, reason: .moved, by: SeatID(1))])
        #expect(try gathering.ask("deputy", .move(Gathering.person("p0"), to: .main)) == [])
        #expect(throws: Refusal(.observersOnlyWatch, field: "person")) {
            try gathering.ask("deputy", .move(Gathering.person("viewer"), to: room(1)))
        }
    }

    @Test func `a confirmation is for the room one is in, and told once`() throws {
        let gathering = try Self.evening(1)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(throws: Refusal(.notInRoom, field: "room")) {
            try gathering.ask("p0", .confirmRoom(.main, seen: true))
        }
        let hidden = try gathering.ask("p0", .confirmRoom(room(1), seen: false))
        #expect(hidden == [.confirmed(SeatID(3), room: room(1), seen: false)])
        #expect(try gathering.ask("p0", .confirmRoom(room(1), seen: false)) == [])
        #expect(try gathering.ask("p0", .confirmRoom(room(1), seen: true)).count == 1)
        #expect(try gathering.ask("p0", .confirmRoom(room(1), seen: false)) == [])
    }

    @Test func `rooms open once at a time and fifty times in all`() throws {
        let gathering = try Self.evening(1)
        gathering.limits.roundsPerSession = 2
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(throws: Refusal(.breakoutsOpen)) {
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        }
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        #expect(throws: Refusal(.tooManyRounds)) {
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        }
        for command in [
            SessionCommand.undoBreakouts, .closeBreakouts(seconds: nil), .extendBreakouts(seconds: 1),
        ] {
            #expect(throws: Refusal(.noBreakouts)) { try gathering.ask("host", command) }
        }
    }
}
