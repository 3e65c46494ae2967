import SessionEngine
import Sessions
import Testing

/// What a command is answered, and in which order things are heard.
@Suite struct CommandTests {
    let board = Switchboard()

    @Test func `the reply comes before the pushes of its command, and the asker gets these too`() throws {
        let host = try board.join("host", .host)
        let told = board.ask(host, .start)
        #expect(told == ["ok 2", "session.started"])
    }

    @Test func `the reply carries the number of the last event that the command caused`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest", .cohost)
        board.ask(host, .setSuccession([try Switchboard.person("guest")]))
        _ = board.told(host)
        board.take([.command(host, id: 9, .removeCohost(try Switchboard.person("guest")))])
        let told = board.told(host)
        #expect(told.map(\.words) == ["ok 9", "role.changed", "succession.changed"])
        #expect(told[0].seq == told[2].seq)
        #expect(board.hear(guest).suffix(3) == ["role.changed", "succession.changed", "you"])
    }

    @Test func `the events of one command continue each other, those of two do not`() throws {
        let host = try board.join("host", .host)
        try board.join("guest", .cohost)
        let commit = board.take([.command(host, id: 2, .start), .command(host, id: 3, .leave)])
        let continued = commit.entries.compactMap { entry -> Bool? in
            if case .session(let entry) = entry { entry.continues } else { nil }
        }
        // Started; left, and the host's change that goes with it.
        #expect(continued == [false, true, false])
    }

    @Test func `a refusal is told to the asker alone and changes nothing`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        board.wait(seconds: 2)
        _ = board.told(host)
        let before = try board.state()
        #expect(board.ask(guest, .start) == ["refused 2 notEligible"])
        #expect(board.hear(host) == [])
        #expect(try board.state() == before)
    }

    @Test func `whoever is told to slow down fifty times within ten seconds and goes on is sent away`() throws
    {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        board.ask(host, .start)
        let message = SessionCommand.sendChat(SendChat(to: .room(.main), text: Text("x")))
        for _ in 0..<10 { #expect(board.ask(guest, message).first?.hasPrefix("ok") == true) }
        for _ in 0..<50 { #expect(board.ask(guest, message).last?.hasSuffix("slowDown") == true) }
        #expect(board.ask(guest, message).last == "closed 4429")
        _ = board.hear(host)
        board.wait(seconds: 5)
        #expect(board.hear(host).contains("participant.away"))
    }

    @Test func `a command that causes nothing is answered without a number`() throws {
        let host = try board.join("host", .host)
        _ = board.told(host)
        board.take([.command(host, id: 2, .lock(false)), .command(host, id: 3, .timeSync)])
        let told = board.told(host)
        #expect(told.map(\.words) == ["ok 2", "ok 3"])
        #expect(told[0].seq == nil)
        #expect(told[1].json == #"{"re":3,"ok":{"now":1000000}}"#)
    }

    @Test func `the same key again is answered with the first message, and nobody hears twice`() throws {
        let host = try board.join("host", .host)
        #expect(board.say(host, "hello", key: "k1") == ["ok 2", "chat.sent"])
        board.take([
            .command(host, id: 3, .sendChat(SendChat(to: .room(.main), text: Text("hello"), key: Text("k1"))))
        ])
        let again = board.told(host)
        #expect(again.map(\.words) == ["ok 3"])
        #expect(again[0].json.contains(#""repeated":true"#))
    }

    @Test func `who leaves is answered, hears it, and then all their devices are closed with 1000`() throws {
        let host = try board.join("host", .host)
        let phone = try board.join("guest")
        let laptop = try board.join("guest")
        _ = board.hear(laptop)
        #expect(board.ask(phone, .leave) == ["ok 2", "participant.left", "closed 1000"])
        #expect(board.hear(laptop) == ["participant.left", "closed 1000"])
        #expect(board.hear(host).contains("participant.left"))
        // What crossed the close on its way is not answered, and the loop's own news is none.
        #expect(board.ask(laptop, .timeSync) == [])
        board.drop(phone, laptop)
        #expect(try board.state().seats[1].presence == .left)
    }

    @Test func `a host who leaves hands over in the same breath`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest", .cohost)
        board.ask(host, .leave)
        #expect(board.hear(guest).suffix(2) == ["participant.left", "host.changed"])
        #expect(try board.state().host == SeatID(1))
    }

    @Test func `a command on a connection that never joined is not answered`() throws {
        try board.join("host", .host)
        #expect(board.ask(board.connect(), .timeSync) == [])
    }

    @Test func `a batch that asks for very much is answered in several commits, in order`() throws {
        var limits = EngineLimits()
        limits.commitBytes = 10_000
        let board = Switchboard(limits: limits)
        let host = try board.join("host", .host)
        for number in 0..<8 { board.say(host, String(repeating: "\(number)", count: 1_000)) }
        let history = SessionCommand.chatHistory(.room(.main), before: nil, limit: nil)
        let batch = (0..<5).map { Inbound.command(host, id: 100 + $0, history) }
        var rest = batch[...]
        var replies = 0
        var commits = 0
        while !rest.isEmpty {
            let commit = board.engine.process(&rest, at: board.now, entropy: 1)
            commits += 1
            replies += commit.deliveries[0].count
            // Over the limit by one answer at most.
            #expect(commit.deliveries[0].count <= 2)
        }
        #expect(commits == 3)
        #expect(replies == 5)
        _ = board.hear(host)
        board.take(batch)
        #expect(board.hear(host) == ["ok 100", "ok 101", "ok 102", "ok 103", "ok 104"])
    }

    @Test func `a server that keeps as much as it may takes no more until a session is archived`()
        throws
    {
        var limits = EngineLimits()
        // A message counts as more than its words.
        limits.heldBytes = 300
        let board = Switchboard(limits: limits)
        let host = try board.join("host", .host)
        let guest = try board.join("guest", .host, to: "other")
        board.ask(host, .start)
        #expect(board.say(host, String(repeating: "a", count: 100), key: "k") == ["ok 3", "chat.sent"])
        #expect(board.say(guest, "me too") == ["refused 2 serverFull"])
        #expect(board.say(host, "again", key: "k") == ["ok 4"])
        #expect(board.ask(host, .openBreakouts(OpenBreakouts(count: 2))) == ["refused 5 serverFull"])
        #expect(board.ask(host, .lock(true)) == ["ok 6", "session.locked"])
        board.restart(downFor: 1)
        let back = try board.join("host", .host)
        #expect(board.say(back, "still full") == ["refused 2 serverFull"])
        board.ask(back, .end(seconds: 0))
        board.wait(seconds: 3_600)
        #expect(board.say(try board.join("guest", .host, to: "other"), "at last") == ["ok 2", "chat.sent"])
    }

    @Test func `what falls due comes before the commands of the same batch`() throws {
        let host = try board.join("host", .host)
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 2, seconds: 60)))
        board.wait(milliseconds: 59_999)
        _ = board.hear(host)
        board.wait(milliseconds: 1)
        #expect(board.hear(host).contains("breakouts.closed"))
        #expect(board.ask(host, .extendBreakouts(seconds: 60)) == ["refused 4 noBreakouts"])
    }
}
