import Sessions
import Testing

@Suite struct HostingTests {
    @Test func `the first eligible person leads at once`() throws {
        let gathering = Gathering()
        let events = try gathering.join("ada", .host)
        #expect(events.last == .hostChanged(from: nil, to: SeatID(0), reason: .arrived))
        #expect(gathering.hostName == "ada")
    }

    @Test func `a participant alone leads nobody`() throws {
        let gathering = Gathering()
        try gathering.join("ben")
        #expect(gathering.hostName == nil)
    }

    @Test func `a host ticket while there is a host gives a co-host`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("eve", .host)
        #expect(try gathering.role(of: "eve") == .cohost)
    }

    @Test func `a host who drops is replaced when the lease runs out, not before`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        try gathering.drop("ada", .silent)
        gathering.wait(seconds: 29)
        #expect(gathering.hostName == "ada")
        let events = gathering.wait(seconds: 1)
        #expect(events.contains(.hostChanged(from: SeatID(0), to: SeatID(1), reason: .dropped)))
        #expect(gathering.hostName == "cleo")
        #expect(try gathering.role(of: "ada") == .cohost)
    }

    @Test func `a host who is back within the lease stays host`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        try gathering.drop("ada")
        gathering.wait(seconds: 29)
        try gathering.join("ada", .host)
        gathering.wait(seconds: 60)
        #expect(gathering.hostName == "ada")
    }

    @Test func `a host who leaves hands over at once`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        let events = try gathering.ask("ada", .leave)
        #expect(events == [.left(SeatID(0)), .hostChanged(from: SeatID(0), to: SeatID(1), reason: .left)])
    }

    @Test func `the succession goes before co-hosts, and skips who is not here`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        for name in ["ben", "dan"] { try gathering.join(name) }
        try gathering.ask("ada", .setSuccession(["ben", "dan"].map(Gathering.person)))
        try gathering.drop("ben")
        try gathering.drop("ada")
        gathering.wait(seconds: 30)
        #expect(gathering.hostName == "dan")
    }

    @Test
    func `with nobody eligible the session says that nobody leads, and the first eligible arrival leads`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("ben")
        try gathering.drop("ada")
        let events = gathering.wait(seconds: 30)
        #expect(events.contains(.hostChanged(from: SeatID(0), to: nil, reason: .dropped)))
        #expect(gathering.hostName == nil)
        try gathering.join("cleo", .cohost)
        #expect(gathering.hostName == "cleo")
    }

    @Test func `an owner who returns is first co-host and may reclaim at once`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        try gathering.drop("ada")
        gathering.wait(seconds: 31)
        try gathering.join("ada", .host)
        #expect(try gathering.role(of: "ada") == .cohost)
        let events = try gathering.ask("ada", .reclaimHost)
        #expect(events == [.hostChanged(from: SeatID(1), to: SeatID(0), reason: .reclaimed)])
        #expect(throws: Refusal(.notOwner)) { try gathering.ask("cleo", .reclaimHost) }
    }

    @Test func `hosting is given only to somebody who is here`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("ben")
        try gathering.join("otto", .observer)
        #expect(throws: Refusal(.observersOnlyWatch, field: "to")) {
            try gathering.ask("ada", .giveHost(to: Gathering.person("otto")))
        }
        try gathering.drop("ben")
        #expect(throws: Refusal(.personNotHere, field: "to")) {
            try gathering.ask("ada", .giveHost(to: Gathering.person("ben")))
        }
        try gathering.join("ben")
        try gathering.ask("ada", .giveHost(to: Gathering.person("ben")))
        #expect(gathering.hostName == "ben")
        #expect(try gathering.role(of: "ada") == .cohost)
    }

    @Test func `a co-host is made and unmade by the host alone, and leaves the succession`() throws {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        try gathering.join("ben")
        #expect(throws: Refusal(.notHost)) { try gathering.ask("cleo", .addCohost(Gathering.person("ben"))) }
        try gathering.ask("ada", .addCohost(Gathering.person("ben")))
        try gathering.ask("ada", .setSuccession([Gathering.person("ben")]))
        try gathering.ask("ada", .removeCohost(Gathering.person("ben")))
        #expect(try gathering.role(of: "ben") == .participant)
        #expect(gathering.state.succession == [])
        #expect(!gathering.state.isEligible(try gathering.seat("ben")))
    }

    @Test func `leases count from the restart, so that nobody loses the role while the server was down`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("ada", .host)
        try gathering.join("cleo", .cohost)
        gathering.crash(downFor: 120)
        try gathering.join("cleo", .cohost)
        gathering.wait(seconds: 20)
        try gathering.join("ada", .host)
        gathering.wait(seconds: 60)
        #expect(gathering.hostName == "ada")
    }
}
