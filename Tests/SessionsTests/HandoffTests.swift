import Sessions
import Testing

@Suite struct HandoffTests {
    // The seats of an evening: host 0 (owner), deputy 1 (co-host), viewer 2 (observer), p0 3, p1 4.
    private let host = SeatID(0)
    private let deputy = SeatID(1)
    private let p0 = SeatID(3)
    private let p1 = SeatID(4)

    private func evening() throws -> Gathering { try BreakoutTests.evening(2) }

    @Test func `an offer changes nothing until it is accepted, and then the one who offered is a co-host`()
        throws
    {
        let gathering = try evening()
        #expect(try gathering.ask("host", .offer("p0")) == [.handoffOffered(from: host, to: p0)])
        #expect(gathering.hostName == "host")
        #expect(try gathering.role(of: "p0") == .participant)
        let events = try gathering.ask("p0", .acceptHandoff)
        #expect(events == [.hostChanged(from: host, to: p0, reason: .accepted)])
        #expect(try gathering.role(of: "p0") == .host)
        #expect(try gathering.role(of: "host") == .cohost)
        #expect(gathering.state.offer == nil)
    }

    @Test func `an offer is heard by the hosts and by the one whom it is made to, and so is its end`() throws
    {
        let gathering = try evening()
        let heard = ["host", "deputy", "p0"]
        try gathering.ask("host", .offer("p0"))
        #expect(try gathering.heardLast() == heard)
        try gathering.ask("p0", .declineHandoff)
        #expect(try gathering.heardLast() == heard)
        try gathering.ask("host", .offer("p0"))
        try gathering.ask("host", .withdrawHandoff)
        #expect(try gathering.heardLast() == heard)
    }

    @Test func `an offer can be declined by the one whom it was made to, and by nobody else`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        for name in ["host", "deputy", "p1"] {
            #expect(throws: Refusal(.noOffer)) { try gathering.ask(name, .declineHandoff) }
            #expect(throws: Refusal(.noOffer)) { try gathering.ask(name, .acceptHandoff) }
        }
        #expect(try gathering.ask("p0", .declineHandoff) == [.handoffDeclined(by: p0)])
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
        #expect(gathering.hostName == "host")
    }

    @Test func `an offer can be withdrawn by the host, and then no longer be accepted`() throws {
        let gathering = try evening()
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("host", .withdrawHandoff) }
        try gathering.ask("host", .offer("p0"))
        #expect(throws: Refusal(.notHost)) { try gathering.ask("deputy", .withdrawHandoff) }
        #expect(try gathering.ask("host", .withdrawHandoff) == [.handoffWithdrawn(by: host, to: p0)])
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
    }

    @Test func `there is one offer at a time: another replaces it, the same again changes nothing`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        #expect(try gathering.ask("host", .offer("p0")) == [])
        let events = try gathering.ask("host", .offer("p1"))
        #expect(events == [.handoffWithdrawn(by: host, to: p0), .handoffOffered(from: host, to: p1)])
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
        try gathering.ask("p1", .acceptHandoff)
        #expect(gathering.hostName == "p1")
    }

    @Test(arguments: [SessionCommand.offer, SessionCommand.give])
    func `the role is passed only to somebody else who is here and takes part`(
        pass: @Sendable (String) -> SessionCommand
    ) throws {
        let gathering = try evening()
        try gathering.drop("p0")
        try gathering.ask("host", .remove("p1"))
        let refusals: [(String, RefusalCode)] = [
            ("host", .alreadyHost), ("viewer", .observersOnlyWatch), ("p0", .personNotHere),
            ("p1", .noSuchPerson), ("nobody", .noSuchPerson),
        ]
        for (name, code) in refusals {
            #expect(throws: Refusal(code, field: "to")) { try gathering.ask("host", pass(name)) }
        }
        for name in ["deputy", "p0"] {
            #expect(throws: Refusal(.notHost)) { try gathering.ask(name, pass("deputy")) }
        }
    }

    @Test func `an offer ends when the one whom it was made to leaves`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        #expect(try gathering.ask("p0", .leave) == [.left(p0), .handoffDeclined(by: p0)])
        try gathering.join("p0")
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
    }

    @Test func `an offer ends when the one whom it was made to is removed`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        let events = try gathering.ask("deputy", .remove("p0"))
        #expect(events == [.removed(p0, by: deputy), .handoffDeclined(by: p0)])
        #expect(gathering.state.offer == nil)
    }

    @Test func `an offer waits for somebody who has dropped, and can be withdrawn meanwhile`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        try gathering.drop("p0", .silent)
        gathering.wait(seconds: 120)
        try gathering.join("p0")
        try gathering.ask("p0", .acceptHandoff)
        #expect(gathering.hostName == "p0")
        try gathering.ask("p0", .offer("p1"))
        try gathering.drop("p1")
        #expect(try gathering.ask("p0", .withdrawHandoff) == [.handoffWithdrawn(by: p0, to: p1)])
    }

    @Test func `a host who leaves during an offer hands over by the succession, and the offer is gone`()
        throws
    {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        let events = try gathering.ask("host", .leave)
        #expect(events == [.left(host), .hostChanged(from: host, to: deputy, reason: .left)])
        #expect(gathering.state.offer == nil)
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
    }

    @Test func `the offer of a host who dropped can be accepted while the lease runs`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        try gathering.drop("host")
        gathering.wait(seconds: 29)
        try gathering.ask("p0", .acceptHandoff)
        gathering.wait(seconds: 60)
        #expect(gathering.hostName == "p0")
    }

    @Test func `the offer of a host who dropped ends with the lease`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        try gathering.drop("host")
        gathering.wait(seconds: 30)
        #expect(gathering.hostName == "deputy")
        #expect(gathering.state.offer == nil)
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
    }

    @Test func `an offer does not outlive the host's giving the role away, nor its being reclaimed`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        #expect(try gathering.ask("host", .give("p1")) == [.hostChanged(from: host, to: p1, reason: .given)])
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
        try gathering.ask("p1", .offer("p0"))
        try gathering.ask("host", .reclaimHost)
        #expect(throws: Refusal(.noOffer)) { try gathering.ask("p0", .acceptHandoff) }
        #expect(gathering.hostName == "host")
    }

    @Test func `an owner reclaims during the offer that was made to them, and the offer is gone`() throws {
        let gathering = try evening()
        try gathering.ask("host", .give("deputy"))
        try gathering.ask("deputy", .offer("host"))
        let events = try gathering.ask("host", .reclaimHost)
        #expect(events == [.hostChanged(from: deputy, to: host, reason: .reclaimed)])
        #expect(gathering.state.offer == nil)
        #expect(throws: Refusal(.alreadyHost)) { try gathering.ask("host", .reclaimHost) }
    }

    @Test func `who has given the role away is a co-host, and leads again when given it back`() throws {
        let gathering = try evening()
        try gathering.ask("host", .give("p0"))
        #expect(throws: Refusal(.notHost)) { try gathering.ask("host", .give("p1")) }
        try gathering.ask("host", .lock(true))
        try gathering.ask("p0", .give("host"))
        #expect(gathering.hostName == "host")
        #expect(try gathering.role(of: "p0") == .cohost)
    }

    @Test func `a restart keeps an offer`() throws {
        let gathering = try evening()
        try gathering.ask("host", .offer("p0"))
        gathering.crash(downFor: 20)
        try gathering.join("p0")
        try gathering.ask("p0", .acceptHandoff)
        #expect(gathering.hostName == "p0")
        #expect(gathering.replayed() == gathering.state)
    }
}
