import Sessions
import Testing

@Suite struct HelpTests {
    // The seats of an evening: host 0, deputy 1, viewer 2, p0 3, p1 4, p2 5.
    private func evening() throws -> Gathering { try BreakoutTests.evening(3) }

    private func askers(_ gathering: Gathering) -> [String] {
        gathering.state.help.map { gathering.state[$0.from].person.text }
    }

    // MARK: - Help

    @Test func `requests queue in the order of asking, with their age, place and words`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let first = try gathering.asked("p1", "the link is dead")
        let at = gathering.now
        gathering.wait(seconds: 50)
        let second = try gathering.asked("p0")
        #expect(gathering.state.help.map(\.id) == [first, second])
        #expect(gathering.state.help.map(\.at) == [at, at + 50_000])
        #expect(
            gathering.state.help.map(\.room) == [
                .breakout(round: 1, number: 1), .breakout(round: 1, number: 1),
            ]
        )
        #expect(gathering.state.help.map(\.text) == [Text("the link is dead"), nil])
        #expect(first == gathering.entries.first { $0.text == Text("the link is dead") }?.seq)
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        #expect(gathering.state.help.map(\.id) == [first, second])
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `every host and the asker hear of a request and of what becomes of it, and nobody else`()
        throws
    {
        let gathering = try evening()
        let id = try gathering.asked("p0", "?")
        #expect(try gathering.heardLast() == ["host", "deputy", "p0"])
        try gathering.ask("deputy", .claimHelp(id))
        #expect(try gathering.heardLast() == ["host", "deputy", "p0"])
        try gathering.ask("deputy", .resolveHelp(id))
        #expect(try gathering.heardLast() == ["host", "deputy", "p0"])
        try gathering.ask("p1", .withdrawHelp(try gathering.asked("p1")))
        #expect(try gathering.heardLast() == ["host", "deputy", "p1"])
    }

    @Test func `an unnamed request is marked as such, and its words are told with it`() throws {
        let gathering = try evening()
        let known = gathering.state.seq
        let id = try gathering.asked("p0", "I am lost", unnamed: true)
        #expect(gathering.state.help.first?.unnamed == true)
        let asked = HelpAsked(from: SeatID(3), room: .main, unnamed: true)
        #expect(try gathering.told("deputy", after: known).map(\.event) == [.helpAsked(asked)])
        #expect(try gathering.told("deputy", after: known).map(\.words) == ["I am lost"])
        #expect(try gathering.told("p1", after: known).isEmpty)
        try gathering.ask("p0", .withdrawHelp(id))
    }

    @Test func `one has one request at a time`() throws {
        let gathering = try evening()
        let id = try gathering.asked("p0", "?")
        #expect(throws: Refusal(.alreadyAsked)) { try gathering.asked("p0", "??") }
        try gathering.ask("deputy", .claimHelp(id))
        #expect(throws: Refusal(.alreadyAsked)) { try gathering.asked("p0", "??") }
        try gathering.ask("deputy", .resolveHelp(id))
        let next = try gathering.asked("p0", "and another thing")
        #expect(next > id)
    }

    @Test func `a request is one host's to see to; only the host takes it over from who is here`() throws {
        let gathering = try evening()
        try gathering.ask("host", .promote("p2"))
        let id = try gathering.asked("p0")
        #expect(
            try gathering.ask("deputy", .claimHelp(id)) == [.helpClaimed(id, of: SeatID(3), by: SeatID(1))]
        )
        #expect(try gathering.ask("deputy", .claimHelp(id)) == [])
        #expect(throws: Refusal(.alreadyClaimed)) { try gathering.ask("p2", .claimHelp(id)) }
        try gathering.ask("host", .claimHelp(id))
        #expect(gathering.state.help.first?.claimedBy == SeatID(0))
        #expect(throws: Refusal(.alreadyClaimed)) { try gathering.ask("deputy", .claimHelp(id)) }
    }

    @Test func `any host takes a request over from who is not here`() throws {
        let gathering = try evening()
        try gathering.ask("host", .promote("p2"))
        let id = try gathering.asked("p0")
        try gathering.ask("deputy", .claimHelp(id))
        try gathering.drop("deputy")
        try gathering.ask("p2", .claimHelp(id))
        #expect(gathering.state.help.first?.claimedBy == SeatID(5))
        try gathering.join("deputy", .cohost)
        #expect(throws: Refusal(.alreadyClaimed)) { try gathering.ask("deputy", .claimHelp(id)) }
    }

    @Test func `any host takes a request over from who is no longer a host`() throws {
        let gathering = try evening()
        try gathering.ask("host", .promote("p2"))
        let id = try gathering.asked("p0")
        try gathering.ask("p2", .claimHelp(id))
        try gathering.ask("host", .demote("p2"))
        try gathering.ask("deputy", .claimHelp(id))
        #expect(gathering.state.help.first?.claimedBy == SeatID(1))
    }

    @Test func `a request is resolved by the asker or by any host, claimed or not`() throws {
        let gathering = try evening()
        for name in ["p0", "host", "deputy"] {
            let id = try gathering.asked("p0")
            let by = try gathering.seat(name)
            #expect(try gathering.ask(name, .resolveHelp(id)) == [.helpResolved(id, of: SeatID(3), by: by)])
            #expect(gathering.state.help.isEmpty)
            #expect(throws: Refusal(.noSuchHelp, field: "help")) {
                try gathering.ask("host", .resolveHelp(id))
            }
        }
        let claimed = try gathering.asked("p0")
        try gathering.ask("deputy", .claimHelp(claimed))
        try gathering.ask("host", .resolveHelp(claimed))
    }

    @Test func `a request is withdrawn by the asker alone`() throws {
        let gathering = try evening()
        let id = try gathering.asked("p0")
        #expect(throws: Refusal(.notYours, field: "help")) { try gathering.ask("host", .withdrawHelp(id)) }
        #expect(try gathering.ask("p0", .withdrawHelp(id)) == [.helpWithdrawn(id, of: SeatID(3))])
        #expect(throws: Refusal(.noSuchHelp, field: "help")) { try gathering.ask("p0", .withdrawHelp(id)) }
    }

    @Test func `of others' requests participants know nothing`() throws {
        let gathering = try evening()
        let id = try gathering.asked("p0")
        for command in [SessionCommand.resolveHelp(id), .withdrawHelp(id)] {
            #expect(throws: Refusal(.noSuchHelp, field: "help")) { try gathering.ask("p1", command) }
        }
        #expect(throws: Refusal(.hostsOnly)) { try gathering.ask("p1", .claimHelp(id)) }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .ask("?")) }
        for unknown in [0, -1, id + 1, Int.max] {
            #expect(throws: Refusal(.noSuchHelp, field: "help")) {
                try gathering.ask("host", .claimHelp(unknown))
            }
        }
    }

    @Test func `a request ends when its asker leaves or is removed, and waits for who has dropped`() throws {
        let gathering = try evening()
        let ids = try ["p0", "p1", "p2"].map { try gathering.asked($0) }
        #expect(try gathering.ask("p0", .leave) == [.left(SeatID(3)), .helpWithdrawn(ids[0], of: SeatID(3))])
        #expect(
            try gathering.ask("host", .remove("p1")) == [
                .removed(SeatID(4), by: SeatID(0)), .helpWithdrawn(ids[1], of: SeatID(4)),
            ]
        )
        try gathering.drop("p2")
        gathering.wait(seconds: 300)
        #expect(gathering.state.help.map(\.id) == [ids[2]])
    }

    @Test func `the queue outlives its hosts: their absence, their change, and a restart`() throws {
        let gathering = try evening()
        let id = try gathering.asked("p0", "?")
        try gathering.ask("host", .claimHelp(id))
        try gathering.drop("host")
        gathering.wait(seconds: 30)
        #expect(gathering.hostName == "deputy")
        try gathering.ask("deputy", .claimHelp(id))
        gathering.crash(downFor: 20)
        try gathering.join("host", .host)
        #expect(gathering.state.help.map(\.id) == [id])
        #expect(gathering.state.help.first?.text == Text("?"))
        gathering.wait(seconds: 31)
        #expect(gathering.hostName == "host")
        try gathering.ask("host", .resolveHelp(id))
    }

    // MARK: - Hands

    private func raised(_ gathering: Gathering) -> [String] {
        gathering.state.seats.filter { $0.handRaisedSeq != nil }
            .sorted { ($0.handRaisedSeq ?? 0) < ($1.handRaisedSeq ?? 0) }.map(\.person.text)
    }

    @Test func `hands keep their order, and everybody sees them`() throws {
        let gathering = try evening()
        for name in ["p2", "p0", "p1"] {
            try gathering.ask(name, .raiseHand)
            #expect(try gathering.heardLast() == nil)
        }
        #expect(try gathering.ask("p2", .raiseHand) == [])
        #expect(raised(gathering) == ["p2", "p0", "p1"])
        try gathering.ask("p0", .lowerHand(nil))
        try gathering.ask("p0", .raiseHand)
        #expect(raised(gathering) == ["p2", "p1", "p0"])
        gathering.crash(downFor: 5)
        for name in ["p0", "p1"] { try gathering.join(name) }
        #expect(raised(gathering) == ["p2", "p1", "p0"])
        #expect(gathering.replayed() == gathering.state)
    }

    @Test func `a hand is lowered by its owner, by any host, or by leaving`() throws {
        let gathering = try evening()
        for name in ["p0", "p1", "p2"] { try gathering.ask(name, .raiseHand) }
        #expect(throws: Refusal(.hostsOnly, field: "person")) {
            try gathering.ask("p0", .lowerHand(of: "p1"))
        }
        #expect(try gathering.ask("p0", .lowerHand(of: "p0")) == [.handLowered(SeatID(3), by: SeatID(3))])
        #expect(try gathering.ask("p0", .lowerHand(nil)) == [])
        #expect(try gathering.ask("deputy", .lowerHand(of: "p1")) == [.handLowered(SeatID(4), by: SeatID(1))])
        #expect(try gathering.ask("deputy", .lowerHand(of: "p1")) == [])
        #expect(
            try gathering.ask("p2", .leave) == [.left(SeatID(5)), .handLowered(SeatID(5), by: SeatID(5))]
        )
        try gathering.ask("p0", .raiseHand)
        try gathering.ask("host", .remove("p0"))
        #expect(raised(gathering) == [])
        #expect(throws: Refusal(.noSuchPerson, field: "person")) {
            try gathering.ask("host", .lowerHand(of: "p0"))
        }
    }

    @Test func `a hand stays up in a breakout room, during an absence and when its owner becomes a co-host`()
        throws
    {
        let gathering = try evening()
        try gathering.ask("p0", .raiseHand)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.drop("p0")
        gathering.wait(seconds: 200)
        try gathering.join("p0")
        try gathering.ask("host", .promote("p0"))
        #expect(raised(gathering) == ["p0"])
    }

    @Test func `hands and help wait until the session is live`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        for command in [
            SessionCommand.raiseHand, .lowerHand(nil), .ask("?"), .resolveHelp(1), .withdrawHelp(1),
        ] {
            #expect(throws: Refusal(.notLive)) { try gathering.ask("guest", command) }
        }
    }
}
