import Fanout
import SessionEngine
import Sessions
import Testing

/// From the audience table to groups: who hears what, and when a change of group counts.
@Suite struct AudienceTests {
    let board = Switchboard()
    let ada: ConnectionID
    let bo: ConnectionID
    let cy: ConnectionID
    let eye: ConnectionID

    /// Ada leads; bo and cy take part, eye watches; two rooms are open that one may choose.
    init() throws {
        ada = try board.join("ada", .host)
        bo = try board.join("bo")
        cy = try board.join("cy")
        eye = try board.join("eye", .observer)
        board.ask(ada, .start)
        board.ask(ada, .openBreakouts(OpenBreakouts(count: 2, mode: .choose, late: .main)))
        board.wait(seconds: 2)
        hush()
    }

    private func hush() {
        for connection in [ada, bo, cy, eye] { _ = board.hear(connection) }
    }

    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    @Test func `everybody hears main, also who is in a breakout room`() throws {
        board.ask(bo, .enterRoom(first))
        hush()
        board.say(cy, "to all")
        for connection in [ada, bo, eye] { #expect(board.hear(connection) == ["chat.sent"]) }
    }

    @Test func `a breakout room is heard by those in it alone`() throws {
        board.ask(bo, .enterRoom(first))
        board.ask(cy, .enterRoom(second))
        hush()
        #expect(board.say(bo, "among us", in: first) == ["ok 3", "chat.sent"])
        for connection in [ada, cy, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `a host who has entered hears the room, and none of it after going`() throws {
        board.ask(bo, .enterRoom(first))
        board.ask(ada, .enterRoom(first))
        hush()
        board.say(bo, "with a host", in: first)
        #expect(board.hear(ada) == ["chat.sent"])
        board.ask(ada, .enterRoom(.main))
        hush()
        board.say(bo, "without", in: first)
        #expect(board.hear(ada) == [])
    }

    @Test func `the hosts' room is heard by hosts, wherever they are`() throws {
        let dee = try board.join("dee", .cohost)
        board.ask(dee, .enterRoom(second))
        board.wait(seconds: 2)
        hush()
        board.say(ada, "among hosts", in: .hosts)
        #expect(board.hear(dee).last == "chat.sent")
        for connection in [bo, cy, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `a move is heard before the new room's words, in the same batch`() throws {
        board.ask(bo, .enterRoom(first))
        hush()
        board.take([
            .command(cy, id: 50, .enterRoom(first)),
            .command(bo, id: 51, .sendChat(SendChat(room: first, text: Text("welcome")))),
            .command(cy, id: 52, .enterRoom(second)),
            .command(bo, id: 53, .sendChat(SendChat(room: first, text: Text("gone already")))),
        ])
        #expect(
            board.hear(cy) == ["ok 50", "participant.moved", "chat.sent", "ok 52", "participant.moved"]
        )
    }

    @Test func `who has just been moved still sees their own words arrive where they were meant`() throws {
        board.ask(bo, .enterRoom(first))
        board.ask(cy, .enterRoom(first))
        board.ask(ada, .move(try Switchboard.person("bo"), to: second))
        hush()
        #expect(board.say(bo, "as I was saying", in: first) == ["ok 3", "chat.sent"])
        #expect(board.hear(cy) == ["chat.sent"])
        #expect(board.hear(ada) == [])
    }

    @Test func `words for a room that has just closed reach those who were in it`() throws {
        board.ask(bo, .enterRoom(first))
        board.ask(cy, .enterRoom(first))
        board.ask(ada, .closeBreakouts(seconds: 0))
        hush()
        #expect(board.say(bo, "one more thing", in: first) == ["ok 3", "chat.sent"])
        #expect(board.hear(cy) == ["chat.sent"])
        #expect(board.hear(ada) == [])
        #expect(board.hear(eye) == [])
    }

    @Test func `who becomes a co-host hears the hosts' room from then on, and until it is taken back`() throws
    {
        board.say(ada, "before", in: .hosts)
        board.ask(ada, .addCohost(try Switchboard.person("bo")))
        hush()
        board.say(ada, "now", in: .hosts)
        #expect(board.hear(bo) == ["chat.sent"])
        board.ask(ada, .removeCohost(try Switchboard.person("bo")))
        hush()
        board.say(ada, "after", in: .hosts)
        #expect(board.hear(bo) == [])
    }

    @Test func `every device of a seat goes with it from room to room`() throws {
        let tablet = try board.join("bo")
        board.ask(bo, .enterRoom(first))
        _ = board.hear(tablet)
        board.say(bo, "from my phone", in: first)
        #expect(board.hear(tablet) == ["chat.sent"])
    }
}
