import Sessions
import Testing

/// Breakout rooms in the mode `mix`: who is kept apart, who counts as having met, what a preview says.
@Suite struct MixedRoundsTests {
    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    /// A live session with a host, a co-host and participants `p0`, `p1`, … of these schools.
    private func evening(_ schools: [String]) throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host, school: "s0")
        try gathering.join("deputy", .cohost, school: "s1")
        for (index, school) in schools.enumerated() { try gathering.join("p\(index)", school: school) }
        try gathering.ask("host", .start)
        return gathering
    }

    private func preview(_ gathering: Gathering, _ plan: OpenBreakouts) throws -> Preview {
        let (answer, events) = try gathering.answer("deputy", .previewBreakouts(plan))
        #expect(events == [])
        guard case .preview(let preview) = answer else { throw Refusal(.badValue) }
        return preview
    }

    /// Opens rooms, tells who is in them, by seat, and closes or undoes them.
    @discardableResult
    private func round(
        _ gathering: Gathering,
        _ plan: OpenBreakouts,
        undone: Bool = false
    ) throws -> [[SeatID]] {
        try gathering.ask("host", .openBreakouts(plan))
        let rooms = gathering.state.openRooms.map { room in
            gathering.state.seats.indices.map(SeatID.init).filter { gathering.state[$0].room == room.id }
        }
        try gathering.ask("host", undone ? .undoBreakouts : .closeBreakouts(seconds: 0))
        return rooms
    }

    /// Each two who are in one room, the lower first.
    private func pairs(_ rooms: [[SeatID]]) -> Set<[SeatID]> {
        Set(rooms.flatMap { room in room.flatMap { one in room.filter { one < $0 }.map { [one, $0] } } })
    }

    private func colleagues(_ rooms: [[SeatID]], _ gathering: Gathering) -> Int {
        pairs(rooms).count { pair in
            let keys = pair.map { gathering.state[$0].schoolKey }
            return keys[0] == keys[1] && !keys[0].isEmpty
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `over four rounds 48 people of 20 schools meet no colleague and nobody twice`(seed: UInt64) throws {
        let gathering = try evening((0..<48).map { "s\($0 % 20)" })
        var met: Set<[SeatID]> = []
        for number in 0..<4 {
            let plan = OpenBreakouts(size: 4, mode: .mix, seed: seed &* 100 &+ UInt64(number))
            #expect(try preview(gathering, plan).warnings == [])
            let rooms = try round(gathering, plan)
            #expect(rooms.count == 12 && rooms.allSatisfy { $0.count == 4 })
            #expect(colleagues(rooms, gathering) == 0)
            #expect(met.isDisjoint(with: pairs(rooms)))
            met.formUnion(pairs(rooms))
        }
    }

    @Test
    func `a preview says how many of one school there are, and opening with its seed does what it said`()
        throws
    {
        let gathering = try evening((0..<48).map { $0 < 24 ? "Large" : "s\($0 % 20)" })
        for _ in 0..<3 {
            var plan = OpenBreakouts(count: 12, mode: .mix)
            let preview = try preview(gathering, plan)
            let large = SchoolPairs(school: Text("Large"), pairs: 12, fewest: 12, people: 24, of: 48)
            #expect(preview.warnings.first == .sameSchool(large))
            // Who it is that shares a room with a colleague is said as in every mode.
            #expect(preview.warnings.count == 13)
            plan.seed = preview.opening.seed
            let events = try gathering.ask("deputy", .openBreakouts(plan))
            #expect(events == [.breakoutsOpened(preview.opening)])
            try gathering.ask("host", .closeBreakouts(seconds: 0))
        }
    }

    @Test func `who cannot but meet again is counted, and whether a longer search might have helped`() throws
    {
        let gathering = try evening(["", "", "", ""])
        let plan = OpenBreakouts(count: 1, mode: .mix)
        #expect(try preview(gathering, plan).warnings == [])
        try round(gathering, plan)
        #expect(try preview(gathering, plan).warnings == [.metBefore(pairs: 6, isBudgetUsed: false)])
        // Two by two, four people have met after three rounds.
        let four = try evening((0..<4).map { _ in "" })
        let twos = OpenBreakouts(count: 2, mode: .mix)
        for _ in 0..<3 {
            #expect(try preview(four, twos).warnings == [])
            try round(four, twos)
        }
        #expect(try preview(four, twos).warnings == [.metBefore(pairs: 2, isBudgetUsed: false)])
    }

    @Test func `rounds that were undone have brought nobody together`() throws {
        let gathering = try evening(["", "", "", ""])
        let plan = OpenBreakouts(count: 2, mode: .mix)
        for _ in 0..<5 { try round(gathering, plan, undone: true) }
        var met: Set<[SeatID]> = []
        for _ in 0..<3 { met.formUnion(pairs(try round(gathering, plan))) }
        #expect(met.count == 6)
    }

    @Test func `who was moved or came late has met those in the room, and a round by hand counts, too`()
        throws
    {
        let gathering = try evening(["", "", ""])
        try gathering.ask(
            "host",
            .openBreakouts(
                OpenBreakouts(rooms: [RoomPlan(people: [person("p0")]), RoomPlan(people: [person("p1")])])
            )
        )
        try gathering.ask("host", .move(person("p2"), to: .breakout(round: 1, number: 1)))
        try gathering.join("p3")
        let late = try gathering.room(of: "p3")
        #expect(late == .breakout(round: 1, number: 2))
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        for seed in 1...20 as ClosedRange<UInt64> {
            let mixed = try preview(gathering, OpenBreakouts(count: 2, mode: .mix, seed: seed)).opening
            let rooms = (1...2).map { number in
                mixed.placements.filter { $0.room == .breakout(round: 2, number: number) }.map(\.seat.index)
            }
            // p0 has met p2, and p1 has met p3; they are the seats from 2 on.
            #expect(!rooms.contains([2, 4]) && !rooms.contains([3, 5]))
        }
    }

    @Test func `schools spelled differently are one, and people without a school are colleagues of nobody`()
        throws
    {
        let gathering = try evening([
            "School A", "school a", "ＳＣＨＯＯＬ　Ａ", " School  A", "", "", " ", "\u{3000}",
        ])
        let plan = OpenBreakouts(count: 4, mode: .mix)
        for _ in 0..<2 {
            #expect(try preview(gathering, plan).warnings == [])
            #expect(colleagues(try round(gathering, plan), gathering) == 0)
        }
        let two = try preview(gathering, OpenBreakouts(count: 2, mode: .mix))
        let school = SchoolPairs(school: Text("School A"), pairs: 2, fewest: 2, people: 4, of: 8)
        #expect(two.warnings.first == .sameSchool(school))
    }

    @Test func `late comers go where the fewest of their school are, however it is spelled`() throws {
        let gathering = try evening(["School A", "School B"])
        let rooms = ["p0", "p1"].map { RoomPlan(people: [person($0)]) }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: rooms)))
        try gathering.join("late", school: "SCHOOL a")
        #expect(try gathering.room(of: "late") == .breakout(round: 1, number: 2))
    }

    @Test func `colleagues in one room are told in every mode, however their school is spelled`() throws {
        let gathering = try evening(["School A", "school  a", "School B"])
        let rooms = [RoomPlan(people: ["p0", "p1", "p2"].map(person))]
        let warnings = try preview(gathering, OpenBreakouts(rooms: rooms)).warnings
        #expect(warnings == [.colleagues([SeatID(2), SeatID(3)], room: .breakout(round: 1, number: 1))])
    }

    @Test func `facilitators are one a room, count for their school, and meet new people, too`() throws {
        let gathering = try evening((0..<10).map { "s\($0 % 5)" })
        var plan = OpenBreakouts(count: 4, mode: .mix)
        plan.facilitators = [person("host"), person("deputy"), person("p7")]
        var met: Set<[SeatID]> = []
        for _ in 0..<2 {
            let rooms = try round(gathering, plan)
            #expect(rooms.map(\.count) == [3, 3, 3, 3])
            for (room, name) in ["host", "deputy", "p7"].enumerated() {
                let seat = try gathering.seat(name)
                #expect(rooms[room].contains(seat))
            }
            #expect(colleagues(rooms, gathering) == 0)
            #expect(met.isDisjoint(with: pairs(rooms)))
            met.formUnion(pairs(rooms))
        }
    }

    @Test func `whom a plan names stays there, and the others make up for it`() throws {
        let gathering = try evening((0..<9).map { "s\($0 % 3)" })
        let crowd = ["p0", "p3", "p6", "p1", "deputy"]
        let plan = OpenBreakouts(
            rooms: [RoomPlan(people: crowd.map(person)), RoomPlan(), RoomPlan()],
            mode: .mix
        )
        let rooms = try round(gathering, plan)
        #expect(rooms[0].map { gathering.state[$0].person.text }.sorted() == crowd.sorted())
        #expect(Set(rooms[1...].map(\.count)) == [2, 3])
        #expect(gathering.people(in: .main).contains("host"))
        #expect(colleagues([rooms[1], rooms[2]], gathering) == 1)
    }

    @Test func `more people than the tables are made for are not mixed`() throws {
        let gathering = try evening((0..<6).map { "s\($0)" })
        gathering.limits.mixPeople = 6
        gathering.limits.mixRooms = 2
        for (count, works) in [(2, true), (3, false)] {
            let plan = OpenBreakouts(count: count, mode: .mix)
            if works {
                _ = try preview(gathering, plan)
            } else {
                let refusal = Refusal(.badValue, field: "mode")
                #expect(throws: refusal) { try gathering.ask("host", .openBreakouts(plan)) }
            }
        }
        gathering.limits.mixPeople = 5
        let plan = OpenBreakouts(count: 1, mode: .mix)
        #expect(throws: Refusal(.badValue, field: "mode")) { try preview(gathering, plan) }
    }

    @Test func `the journal replays a mixed round without mixing`() throws {
        let gathering = try evening((0..<12).map { "s\($0 % 4)" })
        try round(gathering, OpenBreakouts(count: 3, mode: .mix))
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 3, mode: .mix)))
        #expect(gathering.replayed() == gathering.state)
    }
}
