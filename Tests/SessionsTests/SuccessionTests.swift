import Sessions
import Testing

@Suite struct SuccessionTests {
    @Test func `the order of the succession decides, then owners, then co-hosts as they came`() throws {
        let gathering = try BreakoutTests.evening(3)
        try gathering.join("owner", .host)
        try gathering.ask("host", .order("p1", "p0"))
        var leaders: [String?] = []
        for _ in 0..<5 {
            try gathering.ask(try #require(gathering.hostName), .leave)
            leaders.append(gathering.hostName)
        }
        #expect(leaders == ["p1", "p0", "owner", "deputy", nil])
    }

    @Test func `a replaced host is a co-host, and so is everybody who led and did not lead any more`() throws
    {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .order("p0"))
        try gathering.drop("host")
        gathering.wait(seconds: 30)
        try gathering.drop("p0")
        gathering.wait(seconds: 30)
        #expect(gathering.hostName == "deputy")
        #expect(try ["host", "p0"].map { try gathering.role(of: $0) } == [.cohost, .cohost])
    }

    @Test func `the succession is heard by everybody, may be emptied, and names nobody twice`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .order("p0", "deputy"))
        #expect(try gathering.heardLast() == nil)
        #expect(gathering.state.succession == [SeatID(3), SeatID(1)])
        #expect(try gathering.ask("host", .order("p0", "deputy")) == [])
        #expect(throws: Refusal(.badValue, field: "order")) { try gathering.ask("host", .order("p0", "p0")) }
        #expect(throws: Refusal(.observersOnlyWatch, field: "order")) {
            try gathering.ask("host", .order("viewer"))
        }
        #expect(throws: Refusal(.noSuchPerson, field: "order")) {
            try gathering.ask("host", .order("nobody"))
        }
        #expect(throws: Refusal(.notHost)) { try gathering.ask("deputy", .order("deputy")) }
        try gathering.ask("host", .order())
        #expect(gathering.state.succession == [])
    }

    @Test func `who is in the succession may start the session, and not any more when taken out`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        #expect(throws: Refusal(.notEligible)) { try gathering.ask("guest", .start) }
        try gathering.ask("host", .order("guest"))
        try gathering.ask("host", .order())
        #expect(throws: Refusal(.notEligible)) { try gathering.ask("guest", .start) }
        try gathering.ask("host", .order("guest"))
        #expect(try gathering.ask("guest", .start) == [.started(by: SeatID(1))])
    }

    @Test func `a lease that runs out and a host who comes back at that moment make one host`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.drop("host")
        gathering.wait(seconds: 30)
        try gathering.join("host", .host)
        #expect(gathering.hostName == "deputy")
        #expect(gathering.state.seats.count { $0.role == .host } == 1)
    }

    @Test func `each lease counts from its own drop`() throws {
        let gathering = try BreakoutTests.evening(0)
        for _ in 0..<3 {
            try gathering.drop("host")
            gathering.wait(seconds: 29)
            try gathering.join("host", .host)
            gathering.wait(seconds: 5)
        }
        #expect(gathering.hostName == "host")
    }

    @Test func `when both leaders drop the second lease counts from when the role came`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("host", .order("p0"))
        try gathering.drop("host")
        gathering.wait(seconds: 20)
        try gathering.drop("deputy")
        gathering.wait(seconds: 10)
        #expect(gathering.hostName == "p0")
        try gathering.drop("p0")
        #expect(
            gathering.wait(seconds: 30).contains(.hostChanged(from: SeatID(3), to: nil, reason: .dropped))
        )
    }

    @Test
    func
        `when the last host leaves it is said that nobody leads, and a participant's return changes nothing`()
        throws
    {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("deputy", .leave)
        let events = try gathering.ask("host", .leave)
        #expect(events == [.left(SeatID(0)), .hostChanged(from: SeatID(0), to: nil, reason: .left)])
        #expect(try gathering.heardLast() == nil)
        try gathering.drop("p0")
        try gathering.join("p0")
        #expect(gathering.hostName == nil)
        try gathering.say("p0", "is anybody there?")
        #expect(throws: Refusal(.notOwner)) { try gathering.ask("p0", .reclaimHost) }
        let back = try gathering.join("deputy", .cohost)
        #expect(back.last == .hostChanged(from: nil, to: SeatID(1), reason: .arrived))
    }

    @Test func `while nobody leads an owner who comes back leads at once`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.drop("deputy")
        try gathering.drop("host")
        gathering.wait(seconds: 45)
        #expect(gathering.hostName == nil)
        try gathering.join("host", .host)
        #expect(gathering.hostName == "host")
    }

    @Test func `an owner who left comes back as co-host and reclaims at once`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("host", .leave)
        try gathering.join("host", .host)
        #expect(try gathering.role(of: "host") == .cohost)
        try gathering.ask("host", .reclaimHost)
        #expect(gathering.hostName == "host")
        #expect(try gathering.role(of: "deputy") == .cohost)
    }

    @Test func `co-hosts of other schools come by ticket, and lead when it is their turn`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host, school: "North")
        try gathering.join("deputy", .cohost, school: "South")
        #expect(try gathering.role(of: "deputy") == .cohost)
        try gathering.ask("host", .leave)
        #expect(gathering.hostName == "deputy")
    }

    @Test func `a co-host is added once, wherever they are, and a host or observer never`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.drop("p0")
        #expect(
            try gathering.ask("host", .promote("p0")) == [
                .roleChanged(SeatID(3), role: .cohost, by: SeatID(0))
            ]
        )
        let refusals: [(String, RefusalCode)] = [
            ("p0", .alreadyCohost), ("deputy", .alreadyCohost), ("host", .alreadyHost),
            ("viewer", .observersOnlyWatch), ("nobody", .noSuchPerson),
        ]
        for (name, code) in refusals {
            #expect(throws: Refusal(code, field: "person")) { try gathering.ask("host", .promote(name)) }
        }
        for name in ["p1", "host", "viewer"] {
            #expect(throws: Refusal(.notCohost, field: "person")) { try gathering.ask("host", .demote(name)) }
        }
    }

    @Test func `a removed co-host is not eligible, whatever the ticket says, and comes back a participant`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.ask("host", .demote("deputy"))
        #expect(throws: Refusal(.notEligible)) { try gathering.ask("deputy", .start) }
        try gathering.drop("deputy")
        try gathering.join("deputy", .cohost)
        #expect(try gathering.role(of: "deputy") == .participant)
        try gathering.ask("host", .leave)
        #expect(gathering.hostName == nil)
    }

    @Test func `an owner who is no longer co-host reclaims all the same`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("host", .give("deputy"))
        try gathering.ask("deputy", .demote("host"))
        #expect(try gathering.role(of: "host") == .participant)
        try gathering.ask("host", .reclaimHost)
        #expect(gathering.hostName == "host")
    }

    @Test func `moving never changes a role, and a role never a room`() throws {
        let gathering = try BreakoutTests.evening(2)
        let room = RoomID.breakout(round: 1, number: 1)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("host", .promote("p0"))
        try gathering.ask("host", .give("p1"))
        #expect(try ["p0", "p1"].map { try gathering.room(of: $0) } == [room, room])
        try gathering.ask("p1", .closeBreakouts(seconds: 0))
        #expect(try ["p0", "p1", "host"].map { try gathering.role(of: $0) } == [.cohost, .host, .cohost])
    }
}
