import Sessions
import Testing

/// One deadline, the server's: whoever may be online, and whatever their clocks say.
@Suite struct DeadlinesTests {
    private func evening(_ plan: OpenBreakouts, people: Int = 2) throws -> Gathering {
        let gathering = try BreakoutTests.evening(people)
        try gathering.ask("host", .openBreakouts(plan))
        return gathering
    }

    private func closing(_ gathering: Gathering) throws -> Milliseconds {
        try #require(gathering.state.breakouts?.closesAt)
    }

    @Test func `the warning comes ten seconds before the end, once`() throws {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 100, closing: 0))
        #expect(gathering.wait(seconds: 89) == [])
        #expect(gathering.wait(seconds: 1) == [.breakoutsWarning])
        #expect(gathering.wait(seconds: 9) == [])
    }

    @Test(arguments: [5, 30, 300])
    func `after an extension everybody is warned again, also when the countdown goes on`(more: Int) throws {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 100, closing: 60))
        #expect(gathering.wait(seconds: 95).contains(.breakoutsWarning))
        let closesAt = try closing(gathering) + Milliseconds(more) * 1_000
        var events = try gathering.ask("deputy", .extendBreakouts(seconds: more))
        #expect(events.first == .breakoutsExtended(closesAt: closesAt, by: SeatID(1)))
        events += gathering.wait(seconds: 4 + more)
        #expect(events.count { $0 == .breakoutsWarning } == 1)
        #expect(gathering.state.breakouts != nil)
        let warnedAt = gathering.entries.last { $0.event == .breakoutsWarning }?.at
        #expect(warnedAt == max(closesAt - 10_000, closesAt - Milliseconds(5 + more) * 1_000))
        gathering.wait(seconds: 1)
        #expect(gathering.state.breakouts == nil)
        #expect(gathering.entries.last?.at == closesAt)
    }

    @Test func `the countdown begins anew after an extension that outlasts it, and not after a shorter one`()
        throws
    {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 100, closing: 60))
        gathering.wait(seconds: 50)
        try gathering.ask("host", .extendBreakouts(seconds: 10))
        #expect(gathering.state.breakouts?.phase == .closing)
        try gathering.ask("host", .extendBreakouts(seconds: 1))
        #expect(gathering.state.breakouts?.phase == .open)
        let closesAt = try closing(gathering)
        #expect(gathering.wait(seconds: 1) == [.breakoutsClosing(closesAt: closesAt, by: nil)])
    }

    @Test func `a round that is shortened counts down at once, and warns at once when little is left`() throws
    {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 600))
        let closesAt = gathering.now + 8_000
        let events = try gathering.ask("host", .extendBreakouts(seconds: -592))
        #expect(
            events == [
                .breakoutsExtended(closesAt: closesAt, by: SeatID(0)),
                .breakoutsClosing(closesAt: closesAt, by: nil), .breakoutsWarning,
            ]
        )
        // Shorter still: nobody is warned twice of what comes sooner.
        try gathering.ask("host", .extendBreakouts(seconds: -3))
        let rest = gathering.wait(seconds: 5)
        #expect(rest.count == 1)
        #expect(gathering.entries.last?.at == closesAt - 3_000)
    }

    @Test(arguments: [(2, 1), (60, 30), (120, 60), (600, 60)])
    func `the countdown is a minute, but no more than half of a round, unless a host says how long`(
        seconds: Int,
        closing: Int
    ) throws {
        let gathering = try evening(OpenBreakouts(count: 2, mode: .choose, seconds: seconds))
        #expect(gathering.state.breakouts?.phase == .open)
        try gathering.ask("p0", .enterRoom(.breakout(round: 1, number: 2)))
        let open = gathering.wait(seconds: seconds - closing).filter { $0 != .breakoutsWarning }
        let closesAt = gathering.now + Milliseconds(closing) * 1_000
        #expect(open == [.breakoutsClosing(closesAt: closesAt, by: nil)])
        let long = try evening(OpenBreakouts(count: 1, seconds: seconds, closing: seconds))
        #expect(long.state.breakouts?.phase == .closing)
    }

    @Test(arguments: [-100, -101, -86_400])
    func `a round that is shortened to nothing closes in the one event`(seconds: Int) throws {
        let gathering = try evening(OpenBreakouts(count: 2, seconds: 100), people: 5)
        let events = try gathering.ask("deputy", .extendBreakouts(seconds: seconds))
        let back = (3..<8).map { Placement(seat: SeatID($0), room: .main) }
        #expect(events == [.breakoutsClosed(placements: back, by: SeatID(1))])
    }

    @Test func `a round lasts a day at most, counted from now`() throws {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 86_400))
        for seconds in [0, 1, 86_401, -86_401, .max, .min] {
            #expect(throws: Refusal(.badValue, field: "seconds")) {
                try gathering.ask("host", .extendBreakouts(seconds: seconds))
            }
        }
        gathering.wait(seconds: 60)
        #expect(try gathering.ask("host", .extendBreakouts(seconds: 60)).count == 1)
    }

    @Test func `a host brings the end nearer and never puts it off by closing`() throws {
        let gathering = try evening(OpenBreakouts(count: 1, seconds: 600))
        let sooner = gathering.now + 100_000
        let events = try gathering.ask("host", .closeBreakouts(seconds: 100))
        #expect(events == [.breakoutsClosing(closesAt: sooner, by: SeatID(0))])
        for seconds in [100, 200, nil] {
            gathering.wait(seconds: 20)
            try gathering.ask("deputy", .closeBreakouts(seconds: seconds))
            #expect(try closing(gathering) <= sooner)
        }
        #expect(try closing(gathering) == sooner)
    }

    @Test func `closing what closes by then anyway is nothing new, and makes nobody's edit stale`() throws {
        let gathering = try evening(OpenBreakouts(count: 1))
        try gathering.ask("host", .closeBreakouts(seconds: 30))
        let known = gathering.state.seq
        #expect(try gathering.ask("deputy", .closeBreakouts(seconds: 40)) == [])
        #expect(try gathering.ask("host", .extendBreakouts(seconds: 90), ifSeq: known).count == 1)
    }

    @Test
    func `rooms close on time in every mode with everybody offline, and hosts who come back are in main`()
        throws
    {
        for mode in [BreakoutMode.even, .manual, .choose] {
            let plan = OpenBreakouts(
                count: 2,
                mode: mode,
                seconds: 120,
                facilitators: ["host", "deputy"].map(Gathering.person)
            )
            let gathering = try evening(plan, people: 4)
            let closesAt = try closing(gathering)
            for seat in gathering.state.seats { try gathering.drop(seat.person.text) }
            gathering.wait(seconds: 120)
            let closed = gathering.entries.last {
                if case .breakoutsClosed(_, nil) = $0.event { true } else { false }
            }
            #expect(closed?.at == closesAt)
            try gathering.join("host", .host)
            #expect(try gathering.room(of: "host") == .main)
        }
    }

    @Test func `the same evening hours earlier or later goes by the same, as the server counts`() throws {
        let hour: Milliseconds = 3_600_000
        let told = try [-30 * hour, 0, 7 * hour, 20_000 * hour].map { offset in
            let gathering = Gathering(at: 1_790_000_000_000 + offset)
            try gathering.join("host", .host)
            try gathering.join("p0")
            try gathering.ask("host", .start)
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, seconds: 300)))
            let closesAt = try closing(gathering)
            #expect(closesAt == gathering.now + 300_000)
            gathering.wait(seconds: 250)
            try gathering.ask("host", .extendBreakouts(seconds: 60))
            #expect(try closing(gathering) == closesAt + 60_000)
            gathering.wait(seconds: 200)
            return gathering.entries.map { $0.at - offset }
        }
        for times in told { #expect(times == told[0]) }
    }

    @Test func `anybody may ask for the server's time, at any time, and nothing comes of it`() throws {
        let gathering = Gathering()
        for (name, role) in [("host", Role.host), ("p0", .participant), ("viewer", .observer)] {
            try gathering.join(name, role)
        }
        func askAll() throws {
            let before = gathering.state
            for name in ["host", "p0", "viewer"] {
                let (answer, events) = try gathering.answer(name, .timeSync)
                #expect(answer == .now)
                #expect(events == [])
            }
            #expect(gathering.state == before)
        }
        try askAll()
        try gathering.ask("host", .start)
        try askAll()
        try gathering.ask("host", .end(seconds: 0))
        try askAll()
    }
}
