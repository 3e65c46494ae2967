import Sessions
import Testing

@Suite struct HostingTests {
    @Test func `the first eligible person leads at once`() throws {
        let gathering = Gathering()
        let events = try gathering.join("host", .host)
        #expect(events.last == .hostChanged(from: nil, to: SeatID(0), reason: .arrived))
        #expect(gathering.hostName == "host")
    }

    @Test func `a participant alone leads nobody`() throws {
        let gathering = Gathering()
        try gathering.join("guest")
        #expect(gathering.hostName == nil)
    }

    @Test func `a host ticket while there is a host gives a co-host`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("colleague", .host)
        #expect(try gathering.role(of: "colleague") == .cohost)
    }

    @Test func `a host who drops is replaced when the lease runs out, not before`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.drop("host", .silent)
        gathering.wait(seconds: 29)
        #expect(gathering.hostName == "host")
        let events = gathering.wait(seconds: 1)
        #expect(events.contains(.hostChanged(from: SeatID(0), to: SeatID(1), reason: .dropped)))
        #expect(gathering.hostName == "deputy")
        #expect(try gathering.role(of: "host") == .cohost)
    }

    @Test func `a host who is back within the lease stays host`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.drop("host")
        gathering.wait(seconds: 29)
        try gathering.join("host", .host)
        gathering.wait(seconds: 60)
        #expect(gathering.hostName == "host")
    }

    @Test func `a host who leaves hands over at once`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        let events = try gathering.ask("host", .leave)
        #expect(events == [.left(SeatID(0)), .hostChanged(from: SeatID(0), to: SeatID(1), reason: .left)])
    }

    @Test func `the succession goes before co-hosts, and skips who is not here`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        for name in ["guest", "friend"] { try gathering.join(name) }
        try gathering.ask("host", .setSuccession(["guest", "friend"].map(Gathering.person)))
        try gathering.drop("guest")
        try gathering.drop("host")
        gathering.wait(seconds: 30)
        #expect(gathering.hostName == "friend")
    }

    @Test
    func `with nobody eligible the session says that nobody leads, and the first eligible arrival leads`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.drop("host")
        let events = gathering.wait(seconds: 30)
        #expect(events.contains(.hostChanged(from: SeatID(0), to: nil, reason: .dropped)))
        #expect(gathering.hostName == nil)
        try gathering.join("deputy", .cohost)
        #expect(gathering.hostName == "deputy")
    }

    @Test func `an owner who returns is first co-host and may reclaim at once`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.drop("host")
        gathering.wait(seconds: 31)
        try gathering.join("host", .host)
        #expect(try gathering.role(of: "host") == .cohost)
        let events = try gathering.ask("host", .reclaimHost)
        #expect(events == [.hostChanged(from: SeatID(1), to: SeatID(0), reason: .reclaimed)])
        #expect(throws: Refusal(.notOwner)) { try gathering.ask("deputy", .reclaimHost) }
    }

    @Test func `hosting is given only to somebody who is here`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("guest")
        try gathering.join("viewer", .observer)
        #expect(throws: Refusal(.observersOnlyWatch, field: "to")) {
            try gathering.ask("host", .giveHost(to: Gathering.person("viewer")))
        }
        try gathering.drop("guest")
        #expect(throws: Refusal(.personNotHere, field: "to")) {
            try gathering.ask("host", .giveHost(to: Gathering.person("guest")))
        }
        try gathering.join("guest")
        try gathering.ask("host", .giveHost(to: Gathering.person("guest")))
        #expect(gathering.hostName == "guest")
        #expect(try gathering.role(of: "host") == .cohost)
    }

    @Test func `a co-host is made and unmade by the host alone, and leaves the succession`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        try gathering.join("guest")
        #expect(throws: Refusal(.notHost)) {
            try gathering.ask("deputy", .addCohost(Gathering.person("guest")))
        }
        try gathering.ask("host", .addCohost(Gathering.person("guest")))
        try gathering.ask("host", .setSuccession([Gathering.person("guest")]))
        try gathering.ask("host", .removeCohost(Gathering.person("guest")))
        #expect(try gathering.role(of: "guest") == .participant)
        #expect(gathering.state.succession == [])
        #expect(!gathering.state.isEligible(try gathering.seat("guest")))
    }

    @Test func `leases count from the restart, so that nobody loses the role while the server was down`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("deputy", .cohost)
        gathering.crash(downFor: 120)
        try gathering.join("deputy", .cohost)
        gathering.wait(seconds: 20)
        try gathering.join("host", .host)
        gathering.wait(seconds: 60)
        #expect(gathering.hostName == "host")
    }
}
