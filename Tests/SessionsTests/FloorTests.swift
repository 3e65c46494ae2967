import Sessions
import Testing

@Suite struct FloorTests {
    private let deputy = SeatID(1)

    @Test func `stepping in ends by itself after so many seconds`() throws {
        let gathering = try BreakoutTests.evening(1)
        let until = gathering.now + 90_000
        #expect(try gathering.ask("deputy", .takeFloor(seconds: 90)) == [.floorTaken(deputy, until: until)])
        #expect(try gathering.heardLast() == nil)
        #expect(gathering.wait(seconds: 89) == [])
        #expect(gathering.wait(seconds: 1) == [.floorYielded(by: nil)])
        #expect(gathering.state.floor == nil)
    }

    @Test func `stepping in works in the lobby, and the deadline holds with nobody connected`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.ask("deputy", .takeFloor(seconds: 10))
        try gathering.drop("host")
        try gathering.drop("deputy")
        #expect(gathering.wait(seconds: 20).contains(.floorYielded(by: nil)))
    }

    @Test func `stepping in is a sign and gives no rights`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        #expect(gathering.hostName == "host")
        #expect(try gathering.role(of: "deputy") == .cohost)
        for command in [SessionCommand.give("deputy"), .promote("p0"), .order("deputy"), .offer("p0")] {
            #expect(throws: Refusal(.notHost)) { try gathering.ask("deputy", command) }
        }
    }

    @Test func `whoever steps in takes the place of who had, and only that one and the host end it`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        try gathering.ask("host", .promote("p0"))
        try gathering.ask("p0", .takeFloor(seconds: 60))
        #expect(gathering.state.floor?.seat == SeatID(3))
        #expect(throws: Refusal(.noFloor)) { try gathering.ask("deputy", .yieldFloor) }
        #expect(try gathering.ask("p0", .yieldFloor) == [.floorYielded(by: SeatID(3))])
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        #expect(try gathering.ask("host", .yieldFloor) == [.floorYielded(by: SeatID(0))])
        #expect(throws: Refusal(.noFloor)) { try gathering.ask("host", .yieldFloor) }
        #expect(throws: Refusal(.hostsOnly)) {
            try gathering.join("p1")
            try gathering.ask("p1", .takeFloor(seconds: 5))
        }
    }

    @Test(arguments: [0, -1, 3_601, Int.max, Int.min])
    func `stepping in for no time or for more than an hour is refused`(seconds: Int) throws {
        let gathering = try BreakoutTests.evening(0)
        #expect(throws: Refusal(.badValue, field: "seconds")) {
            try gathering.ask("deputy", .takeFloor(seconds: seconds))
        }
        #expect(gathering.state.floor == nil)
    }

    @Test func `stepping in ends with leaving`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        #expect(try gathering.ask("deputy", .leave) == [.left(deputy), .floorYielded(by: deputy)])
    }

    @Test func `stepping in ends with being removed`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        #expect(
            try gathering.ask("host", .remove("deputy")) == [
                .removed(deputy, by: SeatID(0)), .floorYielded(by: SeatID(0)),
            ]
        )
    }

    @Test func `stepping in ends before one is a co-host no longer`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("host", .order("deputy"))
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        #expect(
            try gathering.ask("host", .demote("deputy")) == [
                .floorYielded(by: SeatID(0)), .roleChanged(deputy, role: .participant, by: SeatID(0)),
                .successionChanged([], by: SeatID(0)),
            ]
        )
    }

    @Test func `stepping in outlasts a short absence and a change of host`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("deputy", .takeFloor(seconds: 100))
        try gathering.drop("deputy")
        gathering.wait(seconds: 40)
        try gathering.join("deputy", .cohost)
        try gathering.ask("host", .leave)
        #expect(gathering.hostName == "deputy")
        #expect(gathering.state.floor?.seat == deputy)
        #expect(gathering.replayed() == gathering.state)
    }
}
