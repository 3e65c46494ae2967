import Sessions
import Testing

/// What hosts do with single people, what stands beside a name, and what the session is called.
@Suite struct PeopleTests {
    // The seats of an evening: host 0, deputy 1, viewer 2, p0 3, p1 4.
    private func evening() throws -> Gathering { try BreakoutTests.evening(2) }

    // MARK: - Labels

    @Test func `one labels oneself, hosts label anybody, and an empty label is none`() throws {
        let gathering = try evening()
        let known = gathering.state.seq
        #expect(try gathering.ask("p0", .label(nil, "maths")) == [.labelled(SeatID(3), by: SeatID(3))])
        #expect(try gathering.heardLast() == nil)
        #expect(gathering.state[SeatID(3)].label == Text("maths"))
        #expect(try gathering.ask("p0", .label("p0", "maths")) == [])
        #expect(try gathering.ask("deputy", .label("p0", "")) == [.labelled(SeatID(3), by: SeatID(1))])
        #expect(gathering.state[SeatID(3)].label.isEmpty)
        try gathering.ask("deputy", .label("viewer", "from the council"))
        #expect(try gathering.told("p1", after: known).map(\.words) == ["maths", "", "from the council"])
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `participants do not label others, observers nobody, and nobody labels who is not there`()
        throws
    {
        let gathering = try evening()
        #expect(throws: Refusal(.hostsOnly, field: "person")) { try gathering.ask("p0", .label("p1", "x")) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .label(nil, "x")) }
        #expect(throws: Refusal(.noSuchPerson, field: "person")) {
            try gathering.ask("host", .label("nobody", "x"))
        }
    }

    // MARK: - Mute

    @Test func `muting is heard by everybody, once, and undone by any host`() throws {
        let gathering = try evening()
        let muted = try gathering.ask("deputy", .mute("p0"))
        #expect(muted == [.muted(SeatID(3), muted: true, by: SeatID(1))])
        #expect(try gathering.heardLast() == nil)
        #expect(try gathering.ask("host", .mute("p0")) == [])
        try gathering.ask("host", .unmute("p0"))
        #expect(!gathering.state[SeatID(3)].isMuted)
    }

    @Test(arguments: [SessionCommand.mute, SessionCommand.unmute, SessionCommand.remove])
    func `co-hosts govern neither each other nor the host, and nobody themselves`(
        command: @Sendable (String) -> SessionCommand
    ) throws {
        let gathering = try evening()
        try gathering.ask("host", .promote("p1"))
        for name in ["p1", "host"] {
            #expect(throws: Refusal(.notHost, field: "person")) { try gathering.ask("deputy", command(name)) }
        }
        #expect(throws: Refusal(.badValue, field: "person")) {
            try gathering.ask("deputy", command("deputy"))
        }
        #expect(throws: Refusal(.hostsOnly)) { try gathering.ask("p0", command("viewer")) }
        #expect(throws: Refusal(.noSuchPerson, field: "person")) {
            try gathering.ask("host", command("nobody"))
        }
        #expect(gathering.state.seats.allSatisfy { !$0.isMuted && !$0.isRemoved })
        try gathering.ask("host", command("deputy"))
        try gathering.ask("p1", command("viewer"))
    }

    @Test func `the host does not remove or mute themselves`() throws {
        let gathering = try evening()
        for command in [SessionCommand.remove("host"), .mute("host")] {
            #expect(throws: Refusal(.badValue, field: "person")) { try gathering.ask("host", command) }
        }
    }

    // MARK: - Removal

    @Test func `a removed person is out of the room, is told to everybody, and stays out`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(try gathering.ask("deputy", .remove("p0")) == [.removed(SeatID(3), by: SeatID(1))])
        #expect(try gathering.heardLast() == nil)
        let seat = gathering.state[SeatID(3)]
        #expect(seat.isRemoved)
        #expect(seat.presence == .left)
        #expect(seat.room == .main)
        #expect(!seat.isAttached)
        for role in Role.allCases {
            #expect(throws: Refusal(.removed)) { try gathering.join("p0", role) }
        }
        gathering.wait(seconds: 300)
        #expect(gathering.state[SeatID(3)].presence == .left)
        try gathering.ask("host", .end(seconds: 0))
        #expect(throws: Refusal(.removed)) { try gathering.join("p0") }
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `what a removed person had on its way is refused`() throws {
        let gathering = try evening()
        try gathering.ask("host", .remove("deputy"))
        let commands: [SessionCommand] = [
            .write("wait"), .tell("host", "wait"), .leave, .raiseHand, .enterRoom(.main), .lock(true),
            .timeSync,
            .history(.main), .reclaimHost, .confirmRoom(.main, seen: true), .label(nil, "x"), .acceptHandoff,
        ]
        for command in commands {
            #expect(throws: Refusal(.removed)) { try gathering.ask("deputy", command) }
        }
    }

    @Test func `nobody does anything more with who was removed`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("host", .remove("p0"))
        let person = Gathering.person("p0")
        let commands: [SessionCommand] = [
            .remove("p0"), .mute("p0"), .promote("p0"), .demote("p0"), .label("p0", "x"),
            .lowerHand(of: "p0"),
            .tell("p0", "x"), .move(person, to: .main),
        ]
        for command in commands {
            #expect(throws: Refusal(.noSuchPerson, field: "person")) { try gathering.ask("host", command) }
        }
        for command in [SessionCommand.offer("p0"), .give("p0")] {
            #expect(throws: Refusal(.noSuchPerson, field: "to")) { try gathering.ask("host", command) }
        }
        #expect(throws: Refusal(.noSuchPerson, field: "order")) { try gathering.ask("host", .order("p0")) }
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        let plan = OpenBreakouts(rooms: [RoomPlan(people: [person])])
        #expect(throws: Refusal(.noSuchPerson, field: "people")) {
            try gathering.ask("host", .openBreakouts(plan))
        }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(gathering.people(in: .breakout(round: 2, number: 1)) == ["p1"])
    }

    @Test func `who has left or dropped can be removed, and then does not come back`() throws {
        let gathering = try evening()
        try gathering.ask("p0", .leave)
        try gathering.drop("p1")
        for name in ["p0", "p1"] {
            try gathering.ask("host", .remove(name))
            #expect(throws: Refusal(.removed)) { try gathering.join(name) }
        }
        #expect(gathering.state.attachedCount == 2)
        #expect(gathering.wait(seconds: 120).isEmpty)
    }

    @Test func `with a removed person goes all that they had begun`() throws {
        let gathering = try evening()
        try gathering.ask("host", .promote("p0"))
        try gathering.ask("host", .order("p0", "deputy"))
        try gathering.ask("host", .offer("p0"))
        try gathering.ask("p0", .takeFloor(seconds: 60))
        try gathering.ask("p0", .raiseHand)
        let help = try gathering.asked("p0")
        let (host, p0) = (SeatID(0), SeatID(3))
        #expect(
            try gathering.ask("host", .remove("p0")) == [
                .removed(p0, by: host), .handLowered(p0, by: host), .helpWithdrawn(help, of: p0),
                .handoffDeclined(by: p0), .floorYielded(by: host), .successionChanged([SeatID(1)], by: host),
            ]
        )
    }

    @Test func `a removal leaves what was said, and a session in which too few are here`() throws {
        let gathering = try evening()
        try gathering.say("p0", "hello")
        for name in ["p0", "p1", "deputy"] { try gathering.ask("host", .remove(name)) }
        #expect(try gathering.words("host", .history(.main)) == ["hello"])
        let since = gathering.now
        gathering.wait(seconds: 900)
        #expect(gathering.state.endedAt == since)
    }

    // MARK: - What the session is called

    @Test func `title and place change one at a time or together, for everybody`() throws {
        let gathering = try evening()
        let (deputy, evening) = (SeatID(1), Text("Evening"))
        let room = Text("Zoom: Room 3")
        #expect(
            try gathering.ask("deputy", .set(title: nil, place: room)) == [
                .changed(title: evening, place: room, by: deputy)
            ]
        )
        #expect(try gathering.heardLast() == nil)
        #expect(try gathering.ask("deputy", .set(title: evening, place: room)) == [])
        try gathering.ask("host", .set(title: Text("Night"), place: .empty))
        #expect(gathering.state.title == Text("Night"))
        #expect(gathering.state.place.isEmpty)
        #expect(throws: Refusal(.badValue, field: "title")) {
            try gathering.ask("host", .set(title: nil, place: nil))
        }
        #expect(throws: Refusal(.hostsOnly)) { try gathering.ask("p0", .set(title: evening, place: nil)) }
        #expect(gathering.replayed() == gathering.state)
    }
}
