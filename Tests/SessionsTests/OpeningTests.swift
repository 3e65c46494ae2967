import Sessions
import Testing

/// From a host's plan to rooms and people in them.
@Suite struct OpeningTests {
    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    private func room(_ number: Int, round: Int = 1) -> RoomID { .breakout(round: round, number: number) }

    private func opening(_ gathering: Gathering, _ plan: OpenBreakouts) throws -> BreakoutsOpened {
        guard case .preview(let preview) = try gathering.answer("host", .previewBreakouts(plan)).answer else {
            throw Refusal(.badValue)
        }
        return preview.opening
    }

    /// How many people each room begins with.
    private func sizes(_ opening: BreakoutsOpened) -> [Int] {
        var sizes = Array(repeating: 0, count: opening.rooms.count)
        for placement in opening.placements {
            guard case .breakout(_, let number) = placement.room else { continue }
            sizes[number - 1] += 1
        }
        return sizes
    }

    @Test func `rooms differ by one at most, for any number of people, rooms, sizes and facilitators`() throws
    {
        let gathering = try BreakoutTests.evening(0)
        var wrong: [String] = []
        for people in 0...60 {
            if people > 0 { try gathering.join("p\(people)") }
            let named = Array(
                [person("deputy"), person("host"), person("p1"), person("p2")].prefix(people % 5)
            )
            let facilitators = people < 2 ? [] : named
            // Facilitators who are participants are among the people.
            let all = people + min(facilitators.count, 2)
            for number in [1, 2, 3, 5, 8, 40, 61] {
                let byCount = OpenBreakouts(count: number, facilitators: facilitators)
                let counted = sizes(try opening(gathering, byCount))
                let bySize = OpenBreakouts(size: number, facilitators: facilitators)
                let sized = sizes(try opening(gathering, bySize))
                for found in [counted, sized] {
                    let isEven = (found.max() ?? 0) - (found.min() ?? 0) <= 1
                    if !isEven || found.reduce(0, +) != all { wrong.append("\(people), \(number): \(found)") }
                }
                if counted.count != number { wrong.append("\(counted.count) rooms, not \(number)") }
                if sized.contains(where: { $0 > number }) { wrong.append("\(sized) over \(number)") }
                if sized.count != max(1, (all + number - 1) / number) { wrong.append("\(sized) of \(all)") }
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [BreakoutMode.manual, .choose])
    func `a size gives rooms for all who may go, also when they are put by hand or choose`(
        mode: BreakoutMode
    )
        throws
    {
        let gathering = try BreakoutTests.evening(9)
        try gathering.ask("p8", .pass(true))
        let plan = OpenBreakouts(size: 4, mode: mode, facilitators: [person("deputy")])
        let opening = try opening(gathering, plan)
        #expect(opening.rooms.count == 3)
        #expect(opening.placements == [Placement(seat: SeatID(1), room: room(1))])
    }

    @Test func `each room has its own name, task and place, and the plan's task when it has none`() throws {
        let gathering = try BreakoutTests.evening(0)
        let plans = [
            RoomPlan(name: Text("Birds"), task: Text("Count them"), place: Text("https://video.example/1")),
            RoomPlan(task: .empty), RoomPlan(place: Text("Zoom: Room 3")),
        ]
        let plan = OpenBreakouts(rooms: plans, task: Text("Tell each other"))
        try gathering.ask("host", .openBreakouts(plan))
        #expect(
            gathering.state.openRooms.map(\.setup) == [
                RoomSetup(
                    name: Text("Birds"),
                    task: Text("Count them"),
                    place: Text("https://video.example/1")
                ),
                RoomSetup(name: Text("Room 2"), task: .empty, place: .empty),
                RoomSetup(name: Text("Room 3"), task: Text("Tell each other"), place: Text("Zoom: Room 3")),
            ]
        )
    }

    @Test func `facilitators are spread one a room in their order, hosts and absent people too`() throws {
        let gathering = try BreakoutTests.evening(4)
        try gathering.drop("p3")
        gathering.wait(seconds: 100)
        let names = ["p3", "deputy", "p0", "host"]
        let plan = OpenBreakouts(count: 3, mode: .manual, facilitators: names.map(person))
        try gathering.ask("deputy", .openBreakouts(plan))
        #expect(gathering.people(in: room(1)) == ["host", "p3"])
        #expect(gathering.people(in: room(2)) == ["deputy"])
        #expect(gathering.people(in: room(3)) == ["p0"])
        #expect(gathering.people(in: .main) == ["viewer", "p1", "p2"])
    }

    @Test func `no room has two facilitators before each has one`() throws {
        let gathering = try BreakoutTests.evening(20)
        for count in 1...8 {
            let facilitators = (0..<8).map { person("p\($0)") }
            let opening = try opening(gathering, OpenBreakouts(count: count, facilitators: facilitators))
            var inRoom = Array(repeating: 0, count: count)
            for placement in opening.placements where placement.seat < SeatID(11) {
                guard case .breakout(_, let number) = placement.room else { continue }
                inRoom[number - 1] += 1
            }
            #expect(inRoom.reduce(0, +) == 8)
            #expect((inRoom.max() ?? 0) - (inRoom.min() ?? 0) <= 1)
        }
    }

    @Test func `a facilitator is named once, is no observer, and is somebody`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .remove(person("p1")))
        let before = gathering.state
        let refused: [(OpenBreakouts, RefusalCode)] = [
            (OpenBreakouts(count: 1, facilitators: [person("p0"), person("p0")]), .badValue),
            (
                OpenBreakouts(rooms: [RoomPlan(people: [person("p0")])], facilitators: [person("p0")]),
                .badValue
            ),
            (OpenBreakouts(count: 1, facilitators: [person("viewer")]), .observersOnlyWatch),
            (OpenBreakouts(count: 1, facilitators: [person("nobody")]), .noSuchPerson),
            (OpenBreakouts(count: 1, facilitators: [person("p1")]), .noSuchPerson),
        ]
        for (plan, code) in refused {
            #expect(throws: Refusal(code, field: "facilitators")) {
                try gathering.ask("host", .openBreakouts(plan))
            }
        }
        #expect(gathering.state == before)
    }

    @Test func `a rule moves nobody but participants who are here or away and take part, unless named`()
        throws
    {
        for seed in 1...25 as ClosedRange<UInt64> {
            var dice = SplitMix(seed: seed)
            let gathering = try BreakoutTests.evening(12)
            try gathering.join("helper", .cohost)
            for index in 0..<12 {
                let name = "p\(index)"
                switch dice.below(6) {
                case 0: try gathering.ask(name, .pass(true))
                case 1: try gathering.drop(name)
                case 2: try gathering.ask(name, .leave)
                case 3: try gathering.ask("host", .addCohost(person(name)))
                case 4: if dice.below(3) == 0 { try gathering.ask("host", .remove(person(name))) }
                default: break
                }
            }
            gathering.wait(seconds: [0, 20, 200][dice.below(3)])
            for index in 0..<12 where dice.below(8) == 0 { try gathering.drop("p\(index)") }
            gathering.wait(seconds: [0, 20][dice.below(2)])
            let before = gathering.state
            let nameable = before.seats.indices.filter {
                !before.seats[$0].isRemoved && before.seats[$0].role != .observer
            }
            var named = [nameable[dice.below(nameable.count)], nameable[dice.below(nameable.count)]]
            if named[0] == named[1] { named.removeLast() }
            let plan = OpenBreakouts(
                count: 1 + dice.below(5),
                mode: [.even, .manual, .choose][dice.below(3)],
                facilitators: named.map { before.seats[$0].person }
            )
            try gathering.ask("host", .openBreakouts(plan))
            for (index, seat) in before.seats.enumerated() {
                let isHereOrAway = seat.presence == .here || seat.presence == .away
                let isByRule =
                    plan.mode == .even && seat.role == .participant && isHereOrAway && !seat.passes
                #expect(
                    (gathering.state.seats[index].room != .main) == (isByRule || named.contains(index)),
                    "seed \(seed): \(seat.person.text)"
                )
            }
        }
    }

    @Test func `two hundred rooms open and two hundred and one do not, however they are asked for`() throws {
        let gathering = try BreakoutTests.evening(9)
        let plans = [
            OpenBreakouts(count: 201), OpenBreakouts(count: .max),
            OpenBreakouts(rooms: Array(repeating: RoomPlan(), count: 201)),
        ]
        for plan in plans {
            #expect(throws: Refusal(.tooManyRooms)) { try gathering.ask("host", .openBreakouts(plan)) }
            #expect(throws: Refusal(.tooManyRooms)) { try gathering.ask("host", .previewBreakouts(plan)) }
        }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 200)))
        #expect(gathering.state.openRooms.count == 200)
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        gathering.limits.roomsPerRound = 8
        #expect(throws: Refusal(.tooManyRooms)) {
            try gathering.ask("host", .openBreakouts(OpenBreakouts(size: 1)))
        }
        try gathering.ask("p0", .pass(true))
        try gathering.ask("host", .openBreakouts(OpenBreakouts(size: 1)))
        #expect(gathering.state.openRooms.count == 8)
    }

    @Test func `fifty rounds open and a fifty-first does not`() throws {
        let gathering = try BreakoutTests.evening(1)
        let plan = OpenBreakouts(count: 1)
        for round in 1...50 {
            try gathering.ask("host", .openBreakouts(plan))
            #expect(try gathering.room(of: "p0") == room(1, round: round))
            try gathering.ask("host", round % 2 == 0 ? .undoBreakouts : .closeBreakouts(seconds: 0))
        }
        #expect(throws: Refusal(.tooManyRounds)) { try gathering.ask("host", .openBreakouts(plan)) }
        #expect(throws: Refusal(.tooManyRounds)) { try gathering.ask("host", .previewBreakouts(plan)) }
        #expect(Set(gathering.state.rooms.map(\.id)).count == 50)
    }
}
