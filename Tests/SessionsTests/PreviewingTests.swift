import Sessions
import Testing

/// What a host is told before opening rooms.
@Suite struct PreviewingTests {
    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    private func room(_ number: Int) -> RoomID { .breakout(round: 1, number: number) }

    private func preview(_ gathering: Gathering, _ plan: OpenBreakouts) throws -> Preview {
        let (answer, events) = try gathering.answer("deputy", .previewBreakouts(plan))
        #expect(events == [])
        guard case .preview(let preview) = answer else { throw Refusal(.badValue) }
        return preview
    }

    /// An evening of so many people from few schools and none, some of them away, gone, sitting out.
    private func evening(_ people: Int, _ dice: inout SplitMix) throws -> Gathering {
        let gathering = try BreakoutTests.evening(0)
        for index in 0..<people {
            let school = ["", "red", "blue", "green"][dice.below(4)]
            try gathering.join("p\(index)", school: school)
        }
        for index in 0..<people {
            switch dice.below(8) {
            case 0: try gathering.drop("p\(index)")
            case 1: try gathering.ask("p\(index)", .pass(true))
            case 2: try gathering.ask("p\(index)", .leave)
            default: break
            }
        }
        return gathering
    }

    private func plan(_ dice: inout SplitMix, people: Int) -> OpenBreakouts {
        let facilitators = [[], ["deputy"], ["p0", "host"]][dice.below(people > 0 ? 3 : 2)].map(person)
        switch dice.below(3) {
        case 0: return OpenBreakouts(count: 1 + dice.below(6), facilitators: facilitators)
        case 1: return OpenBreakouts(size: 1 + dice.below(6), seconds: 300, facilitators: facilitators)
        default:
            let rooms = (0...dice.below(4)).map { index in
                RoomPlan(people: index + 1 < people ? [person("p\(index + 1)")] : [])
            }
            let mode: BreakoutMode = dice.below(2) == 0 ? .even : .manual
            return OpenBreakouts(rooms: rooms, mode: mode, facilitators: facilitators)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `opening with the seed that a preview answers does what it said, and its warnings are right`(
        seed: UInt64
    ) throws {
        var dice = SplitMix(seed: seed)
        let people = dice.below(20)
        let gathering = try evening(people, &dice)
        var plan = plan(&dice, people: people)
        let before = gathering.state
        let preview = try preview(gathering, plan)
        #expect(gathering.state == before)
        #expect(preview.opening.by == SeatID(1))
        #expect(preview.warnings == expectedWarnings(of: preview.opening, in: before))
        plan.seed = preview.opening.seed
        let opened = try gathering.ask("deputy", .openBreakouts(plan))
        #expect(opened.first == .breakoutsOpened(preview.opening))
        for placement in preview.opening.placements {
            #expect(gathering.state[placement.seat].room == placement.room)
        }
    }

    /// Counted anew, pair by pair.
    private func expectedWarnings(of opening: BreakoutsOpened, in state: SessionState) -> [PreviewWarning] {
        var warnings: [PreviewWarning] = []
        let placed = opening.placements.map(\.seat)
        let away = state.seats.indices.map(SeatID.init).filter {
            placed.contains($0) && state[$0].attachedSince == nil
        }
        if !away.isEmpty { warnings.append(.away(away)) }
        for number in 1...max(1, opening.rooms.count) {
            let there = opening.placements.filter { $0.room == room(number) }.map(\.seat).sorted()
            if there.count == 1 { warnings.append(.alone(there[0], room: room(number))) }
            var told: Set<SeatID> = []
            for seat in there where !told.contains(seat) && !state[seat].school.isEmpty {
                let colleagues = there.filter { state[$0].school == state[seat].school }
                told.formUnion(colleagues)
                if colleagues.count > 1 { warnings.append(.colleagues(colleagues, room: room(number))) }
            }
        }
        return warnings
    }

    @Test func `who is away, who would be alone and who are colleagues is said in so many words`() throws {
        let gathering = try BreakoutTests.evening(0)
        for (name, school) in [("a", "red"), ("b", "red"), ("c", "blue"), ("d", ""), ("e", "")] {
            try gathering.join(name, school: school)
        }
        try gathering.drop("c")
        let rooms = [["a", "b", "deputy"], ["c"], ["d", "e"], []].map { RoomPlan(people: $0.map(person)) }
        let preview = try preview(gathering, OpenBreakouts(rooms: rooms))
        #expect(
            preview.warnings == [
                .away([SeatID(5)]), .colleagues([SeatID(3), SeatID(4)], room: room(1)),
                .alone(SeatID(5), room: room(2)),
            ]
        )
    }

    @Test
    func `a preview may be asked for in the lobby and while rooms are open, for the round that comes next`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.join("p0")
        #expect(try preview(gathering, OpenBreakouts(count: 1)).opening.round == 1)
        try gathering.ask("host", .start)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let next = try preview(gathering, OpenBreakouts(count: 1, seed: 5)).opening
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        let opened = try gathering.ask("deputy", .openBreakouts(OpenBreakouts(count: 1, seed: 5)))
        #expect(opened == [.breakoutsOpened(next)])
    }

    @Test func `a plan that could not be opened is refused just so`() throws {
        let gathering = try BreakoutTests.evening(2)
        let plans = [
            OpenBreakouts(), OpenBreakouts(count: 0), OpenBreakouts(size: 0), OpenBreakouts(rooms: []),
            OpenBreakouts(count: 0, mode: .mix), OpenBreakouts(count: 2, seconds: 0),
            OpenBreakouts(count: 2, closing: -1), OpenBreakouts(count: 2, facilitators: [person("viewer")]),
            OpenBreakouts(rooms: [RoomPlan(people: [person("nobody")])]),
            OpenBreakouts(count: 100, task: Text(String(repeating: "x", count: 2_000))),
        ]
        for plan in plans {
            var refusals: [Refusal] = []
            for command in [SessionCommand.previewBreakouts(plan), .openBreakouts(plan)] {
                do {
                    try gathering.ask("host", command)
                    Issue.record("accepted: \(command)")
                } catch let refusal as Refusal {
                    refusals.append(refusal)
                }
            }
            #expect(Set(refusals.map(\.code)).count == 1)
            #expect(refusals.first == refusals.last)
        }
    }
}
