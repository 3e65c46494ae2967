import SessionEngine
import SessionProtocol
import Sessions
import Testing

/// What an operator changes while the engine runs.
@Suite struct ChangeTests {
    let board = Switchboard()

    private func change(_ limits: (inout EngineSettings) -> Void) {
        var settings = EngineSettings()
        limits(&settings)
        board.take([.change(settings)])
    }

    @Test
    func `what is asked before a change is judged by the old limits, what comes after it by the new ones`()
        throws
    {
        let host = try board.join("host", .host)
        _ = board.hear(host)
        var settings = EngineSettings()
        settings.sessions.chatTextBytes = 3
        let four = SessionCommand.sendChat(SendChat(to: .room(.main), text: Text("four")))
        board.take([
            .command(host, id: 2, four, ifSeq: nil), .change(settings),
            .command(host, id: 3, four, ifSeq: nil),
        ])
        #expect(board.hear(host) == ["ok 2", "chat.sent", "refused 3 tooLong"])
    }

    @Test func `who has a seat keeps it when there may be fewer, and nobody else gets one`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        change { $0.engine.seats = 1 }
        board.drop(guest)
        #expect(board.hear(try board.join("guest")).first == "ok 1")
        #expect(board.hear(try board.join("late")).first == "refused 1 serverFull")
        change { $0.engine.seats = 3 }
        #expect(board.hear(try board.join("late")).first == "ok 1")
        _ = board.hear(host)
    }

    @Test
    func `a deadline that a change brings forward fires at its new time, or at once when that has passed`()
        throws
    {
        let host = try board.join("host", .host)
        let cohost = try board.join("cohost", .cohost)
        board.drop(host)
        board.wait(seconds: 10)
        _ = board.hear(cohost)
        change { $0.sessions.leaseMilliseconds = 12_000 }
        #expect(!board.hear(cohost).contains("host.changed"))
        board.wait(milliseconds: 1_999)
        #expect(!board.hear(cohost).contains("host.changed"))
        board.wait(milliseconds: 1)
        #expect(board.hear(cohost).contains("host.changed"))
        board.drop(cohost)
        let guest = try board.join("guest")
        board.wait(seconds: 10)
        _ = board.hear(guest)
        change { $0.sessions.awayMilliseconds = 0 }
        change { $0.sessions.leaseMilliseconds = 1_000 }
        board.wait(milliseconds: 1)
        #expect(board.hear(guest).contains("host.changed"))
    }

    @Test func `whoever joins after a change is told the new limits`() throws {
        try board.join("host", .host)
        change { $0.told.textBytes = 777 }
        let guest = try board.join("guest")
        let told = try #require(board.told(guest).first)
        #expect(told.json.contains("777"))
    }
}
