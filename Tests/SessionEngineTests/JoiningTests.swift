import SessionEngine
import SessionProtocol
import Sessions
import Testing

/// Taking a seat, with one device or many, and being turned away.
@Suite struct JoiningTests {
    let board = Switchboard()

    @Test func `the reply to a join says where the session stands, and that the newcomer already leads`()
        throws
    {
        let host = try board.join("host", .host)
        let told = board.told(host)
        #expect(told.map(\.words) == ["ok 1", "attendance.count"])
        let reply = try #require(told.first)
        // Created, joined, and the host who arrived.
        #expect(reply.seq == 3)
        #expect(reply.json.contains(#""resumed":false"#))
        #expect(reply.json.contains(#""host":"host""#))
        #expect(reply.json.contains(#""you":{"person":"host""#))
        #expect(reply.json.contains(#""title":"Evening""#))
    }

    @Test func `the others hear of a newcomer, who does not hear of themselves`() throws {
        let host = try board.join("host", .host)
        board.wait(seconds: 2)
        _ = board.hear(host)
        let guest = try board.join("guest")
        #expect(board.hear(host) == ["participant.joined", "attendance.count"])
        #expect(board.hear(guest) == ["ok 1", "attendance.count"])
    }

    @Test func `a second device gets the same seat, and nobody hears of it`() throws {
        let host = try board.join("host", .host)
        let phone = try board.join("guest")
        board.wait(seconds: 2)
        let seq = try board.state().seq
        _ = board.hear(host)
        let laptop = try board.join("guest")
        #expect(board.hear(host) == [])
        #expect(board.told(laptop).first?.seq == seq)
        #expect(try board.state().seats.count == 2)
        board.say(host, "good evening")
        board.ask(host, .start)
        #expect(board.hear(phone).suffix(2) == ["chat.sent", "session.started"])
        #expect(board.hear(laptop) == ["chat.sent", "session.started"])
    }

    @Test func `one device of two going is not heard of; the last one is, by the session`() throws {
        try board.join("host", .host)
        let phone = try board.join("guest")
        let laptop = try board.join("guest")
        let before = try board.state().seq
        board.drop(phone)
        #expect(try board.state().seq == before)
        board.drop(laptop)
        #expect(try board.state().seq == before + 1)
        #expect(try board.state().seats[1].isAttached == false)
    }

    @Test func `the ninth device closes the oldest with 4509`() throws {
        let devices = try (1...9).map { _ in try board.join("host", .host) }
        #expect(board.hear(devices[0]).last == "closed 4509")
        #expect(board.engine.counters.madeRoom == 1)
        for device in devices.dropFirst() { #expect(!board.hear(device).contains("closed 4509")) }
        #expect(try board.state().seats[0].isAttached)
        // The loop tells of the closed one later; that is no news.
        board.drop(devices[0])
        #expect(try board.state().seats[0].isAttached)
    }

    @Test func `an expired ticket takes no seat, and makes no session`() throws {
        let late = try board.join("host", .host, expired: true)
        #expect(board.hear(late) == ["refused 1 ticketExpired", "closed 4401"])
        #expect(board.entries == [])
        try board.join("guest", .host)
        let later = try board.join("host", expired: true)
        #expect(board.hear(later) == ["refused 1 ticketExpired", "closed 4401"])
    }

    @Test func `an expired ticket is good for the seat that its holder has`() throws {
        let phone = try board.join("host", .host)
        board.drop(phone)
        let again = try board.join("host", .host, expired: true)
        #expect(board.hear(again).first == "ok 1")
    }

    @Test func `a locked session keeps out new seats, not those who have one and not those who may lead`()
        throws
    {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        board.ask(host, .lock(true))
        board.drop(guest)
        #expect(board.hear(try board.join("deputy")) == ["refused 1 locked", "closed 1013"])
        #expect(board.hear(try board.join("guest")).first == "ok 1")
        #expect(board.hear(try board.join("dee", .cohost)).first == "ok 1")
    }

    @Test func `a full server turns away who would need a new session or a new seat`() throws {
        var limits = EngineLimits()
        limits.sessions = 2
        limits.seats = 3
        let board = Switchboard(limits: limits)
        let host = try board.join("host", .host, to: "one")
        try board.join("host", .host, to: "two")
        #expect(
            board.hear(try board.join("host", .host, to: "three")) == ["refused 1 serverFull", "closed 1013"]
        )
        try board.join("guest", to: "one")
        #expect(board.hear(try board.join("deputy", to: "one")) == ["refused 1 serverFull", "closed 1013"])
        // Who has a seat needs no new one.
        board.drop(host)
        #expect(board.hear(try board.join("host", .host, to: "one")).first == "ok 1")
    }

    @Test func `deliveries go to the loop that owns the connection`() throws {
        let board = Switchboard(loops: 2)
        let host = try board.join("host", .host, loop: 0)
        let guest = try board.join("guest", loop: 1)
        board.ask(host, .start)
        #expect(board.hear(guest).last == "session.started")
    }
}
