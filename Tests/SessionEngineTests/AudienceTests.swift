import Fanout
import SessionEngine
import Sessions
import Testing

/// From the audience table to groups: who hears what, and when a change of group counts.
@Suite struct AudienceTests {
    let board = Switchboard()
    let host: ConnectionID
    let guest: ConnectionID
    let deputy: ConnectionID
    let eye: ConnectionID

    /// The host leads; guest and deputy take part, eye watches; two rooms are open that one may choose.
    init() throws {
        host = try board.join("host", .host)
        guest = try board.join("guest")
        deputy = try board.join("deputy")
        eye = try board.join("eye", .observer)
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 2, mode: .choose, late: .main)))
        board.wait(seconds: 2)
        hush()
    }

    private func hush() {
        for connection in [host, guest, deputy, eye] { _ = board.hear(connection) }
    }

    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    @Test func `everybody hears main, also who is in a breakout room`() throws {
        board.ask(guest, .enterRoom(first))
        hush()
        board.say(deputy, "to all")
        for connection in [host, guest, eye] { #expect(board.hear(connection) == ["chat.sent"]) }
    }

    @Test func `a breakout room is heard by those in it alone`() throws {
        board.ask(guest, .enterRoom(first))
        board.ask(deputy, .enterRoom(second))
        hush()
        #expect(board.say(guest, "among us", in: first) == ["ok 3", "chat.sent"])
        for connection in [host, deputy, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `a host who has entered hears the room, and none of it after going`() throws {
        board.ask(guest, .enterRoom(first))
        board.ask(host, .enterRoom(first))
        hush()
        board.say(guest, "with a host", in: first)
        #expect(board.hear(host) == ["chat.sent"])
        board.ask(host, .enterRoom(.main))
        hush()
        board.say(guest, "without", in: first)
        #expect(board.hear(host) == [])
    }

    @Test func `the hosts' room is heard by hosts, wherever they are`() throws {
        let dee = try board.join("dee", .cohost)
        board.ask(dee, .enterRoom(second))
        board.wait(seconds: 2)
        hush()
        board.say(host, "among hosts", in: .hosts)
        #expect(board.hear(dee).last == "chat.sent")
        for connection in [guest, deputy, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `a move is heard before the new room's words, in the same batch`() throws {
        board.ask(guest, .enterRoom(first))
        hush()
        board.take([
            .command(deputy, id: 50, .enterRoom(first)),
            .command(guest, id: 51, .sendChat(SendChat(to: .room(first), text: Text("welcome")))),
            .command(deputy, id: 52, .enterRoom(second)),
            .command(guest, id: 53, .sendChat(SendChat(to: .room(first), text: Text("gone already")))),
        ])
        #expect(
            board.hear(deputy) == ["ok 50", "participant.moved", "chat.sent", "ok 52", "participant.moved"]
        )
    }

    @Test func `who has just been moved still sees their own words arrive where they were meant`() throws {
        board.ask(guest, .enterRoom(first))
        board.ask(deputy, .enterRoom(first))
        board.ask(host, .move(try Switchboard.person("guest"), to: second))
        hush()
        #expect(board.say(guest, "as I was saying", in: first) == ["ok 3", "chat.sent"])
        #expect(board.hear(deputy) == ["chat.sent"])
        #expect(board.hear(host) == [])
    }

    @Test func `words for a room that has just closed reach those who were in it`() throws {
        board.ask(guest, .enterRoom(first))
        board.ask(deputy, .enterRoom(first))
        board.ask(host, .closeBreakouts(seconds: 0))
        hush()
        #expect(board.say(guest, "one more thing", in: first) == ["ok 3", "chat.sent"])
        #expect(board.hear(deputy) == ["chat.sent"])
        #expect(board.hear(host) == [])
        #expect(board.hear(eye) == [])
    }

    @Test func `who becomes a co-host hears the hosts' room from then on, and until it is taken back`() throws
    {
        board.say(host, "before", in: .hosts)
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        hush()
        board.say(host, "now", in: .hosts)
        #expect(board.hear(guest) == ["chat.sent"])
        board.ask(host, .removeCohost(try Switchboard.person("guest")))
        hush()
        board.say(host, "after", in: .hosts)
        #expect(board.hear(guest) == [])
    }

    @Test func `every device of a seat goes with it from room to room`() throws {
        let tablet = try board.join("guest")
        board.ask(guest, .enterRoom(first))
        _ = board.hear(tablet)
        board.say(guest, "from my phone", in: first)
        #expect(board.hear(tablet) == ["chat.sent"])
    }
}
