import Fanout
import SessionEngine
import SessionProtocol
import Sessions
import Testing

/// `you`: a seat's own part of the state anew, when pushes alone could not tell it.
@Suite struct OwnPartTests {
    let board = Switchboard()
    let host: ConnectionID
    let guest: ConnectionID
    let deputy: ConnectionID
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    init() throws {
        host = try board.join("host", .host)
        guest = try board.join("guest")
        deputy = try board.join("deputy")
        board.ask(host, .start)
        board.wait(seconds: 2)
        hush()
    }

    private func hush() {
        for connection in [host, guest, deputy] { _ = board.hear(connection) }
    }

    private func epoch() throws -> Epoch { try board.state().epoch }

    @Test func `who becomes a co-host is told the hosts' words and the requests for help, right behind`()
        throws
    {
        board.say(host, "before", in: .hosts)
        board.ask(deputy, .askHelp(Text("stuck"), unnamed: true))
        hush()
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        let told = board.told(guest)
        #expect(told.map(\.words) == ["role.changed", "you"])
        #expect(told.last?.json.contains(#""text":"before""#) == true)
        #expect(told.last?.json.contains(#""text":"stuck""#) == true)
        #expect(told.last?.json.contains("deputy") == false)
        #expect(board.hear(deputy) == ["role.changed"])
    }

    @Test func `who is a co-host no longer is told what is left`() throws {
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        board.say(host, "among hosts", in: .hosts)
        hush()
        board.ask(host, .removeCohost(try Switchboard.person("guest")))
        let told = board.told(guest)
        #expect(told.map(\.words) == ["role.changed", "you"])
        #expect(told.last?.json.contains("among hosts") == false)
    }

    @Test func `a participant who is given the session is told what hosts know`() throws {
        board.ask(host, .giveHost(to: try Switchboard.person("guest")))
        #expect(board.hear(guest) == ["host.changed", "you"])
        hush()
        board.ask(guest, .giveHost(to: try Switchboard.person("host")))
        #expect(board.hear(host) == ["host.changed"], "a co-host knows it all")
    }

    @Test func `who comes into a room where something was said is told it, into a silent one not`() throws {
        board.ask(host, .openBreakouts(OpenBreakouts(count: 2, mode: .choose, late: .main)))
        board.ask(guest, .enterRoom(first))
        board.say(guest, "first words", in: first)
        hush()
        #expect(board.ask(deputy, .enterRoom(second)) == ["ok 2", "participant.moved"])
        hush()
        #expect(board.ask(deputy, .enterRoom(first)) == ["ok 3", "participant.moved", "you"])
        hush()
        board.ask(host, .closeBreakouts(seconds: 0))
        #expect(board.hear(deputy) == ["breakouts.closed"])
    }

    @Test func `a resume over such a change ends with one's own part`() throws {
        let before = try board.state().seq
        board.drop(guest)
        board.wait(seconds: 1)
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        board.wait(seconds: 1)
        let back = try board.join("guest", resume: Resume(epoch: try epoch(), after: before))
        #expect(board.hear(back).prefix(3) == ["ok 1", "role.changed", "you"])
    }

    /// Found by the simulation.
    @Test func `whose line was cut within what a resume brings is told again, however far that was`() throws {
        let before = try board.state().seq
        board.drop(guest)
        board.wait(seconds: 1)
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        board.wait(seconds: 1)
        board.say(host, "later", in: .main)
        let said = try board.state().seq
        let back = try board.join("guest", resume: Resume(epoch: try epoch(), after: before))
        #expect(board.hear(back).prefix(4) == ["ok 1", "role.changed", "chat.sent", "you"])
        board.drop(back)
        let again = try board.join("guest", resume: Resume(epoch: try epoch(), after: said))
        #expect(board.hear(again).prefix(2) == ["ok 1", "you"])
    }

    @Test func `whose line was cut between the push and the notice is told again`() throws {
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        let heard = try board.state().seq
        board.wait(seconds: 1)
        board.drop(guest)
        let back = try board.join("guest", resume: Resume(epoch: try epoch(), after: heard))
        #expect(board.hear(back).prefix(2) == ["ok 1", "you"])
    }

    @Test func `who came into a silent room while away, or was a host all along, just goes on`() throws {
        let before = try board.state().seq
        for device in [host, guest] { board.drop(device) }
        let deputised = try board.join("lead", .cohost)
        board.wait(seconds: 40)
        board.ask(deputised, .openBreakouts(OpenBreakouts(count: 2, mode: .choose, late: .main)))
        board.ask(deputised, .move(try Switchboard.person("guest"), to: first))
        board.say(deputised, "to all", in: .main)
        let (hosting, guesting) = (
            try board.join("host", .host, resume: Resume(epoch: try epoch(), after: before)),
            try board.join("guest", resume: Resume(epoch: try epoch(), after: before))
        )
        for device in [hosting, guesting] { #expect(!board.hear(device).contains("you")) }
    }

    @Test func `each of a person's devices is told`() throws {
        let other = try board.join("guest")
        board.ask(host, .addCohost(try Switchboard.person("guest")))
        for device in [guest, other] { #expect(board.hear(device).suffix(2) == ["role.changed", "you"]) }
    }
}
