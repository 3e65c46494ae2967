import Fanout
import SessionEngine
import Sessions
import Testing

/// What only hosts and the persons concerned hear, and what ends a person's stay.
@Suite struct ConcernTests {
    let board = Switchboard()
    let host: ConnectionID
    let cohost: ConnectionID
    let guest: ConnectionID
    let other: ConnectionID
    let eye: ConnectionID

    init() throws {
        host = try board.join("host", .host)
        cohost = try board.join("cohost", .cohost)
        guest = try board.join("guest")
        other = try board.join("other")
        eye = try board.join("eye", .observer)
        board.ask(host, .start)
        board.wait(seconds: 2)
        hush()
    }

    private func hush() {
        for connection in [host, cohost, guest, other, eye] { _ = board.hear(connection) }
    }

    private func person(_ name: String) throws -> PersonID { try Switchboard.person(name) }

    @Test func `a request for help is heard by hosts and by who asked, from the asking to the end`() throws {
        #expect(board.ask(guest, .askHelp(Text("stuck"), unnamed: false)) == ["ok 2", "help.asked"])
        let help = try #require(try board.state().help.first?.id)
        board.ask(cohost, .claimHelp(help))
        board.ask(host, .resolveHelp(help))
        #expect(board.hear(guest) == ["help.claimed", "help.resolved"])
        #expect(board.hear(cohost) == ["help.resolved"])
        for connection in [other, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `an offer of the host role is heard by hosts and by who it is for`() throws {
        board.ask(host, .offerHandoff(to: try person("guest")))
        #expect(board.hear(guest) == ["handoff.offered"])
        #expect(board.hear(cohost) == ["handoff.offered"])
        board.ask(guest, .declineHandoff)
        #expect(board.hear(host) == ["handoff.declined"])
        for connection in [other, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `a direct message is heard by the two, on all their devices, and by nobody else`() throws {
        let second = try board.join("other")
        board.wait(seconds: 2)
        hush()
        _ = board.hear(second)
        let direct = SessionCommand.sendChat(
            SendChat(to: .person(try person("other")), text: Text("you there?"))
        )
        #expect(board.ask(guest, direct) == ["ok 2", "chat.sent"])
        for device in [other, second] { #expect(board.hear(device) == ["chat.sent"]) }
        for connection in [host, cohost, eye] { #expect(board.hear(connection) == []) }
    }

    @Test func `who is removed hears it, is closed with 4503 on every device, and stays out`() throws {
        let second = try board.join("guest")
        hush()
        _ = board.hear(second)
        board.ask(host, .remove(try person("guest")))
        for device in [guest, second] {
            #expect(board.hear(device) == ["participant.removed", "closed 4503"])
        }
        #expect(board.hear(other).first == "participant.removed")
        let again = try board.join("guest")
        #expect(board.hear(again) == ["refused 1 removed", "closed 4503"])
        #expect(try board.state().seats.count == 5)
    }

    @Test func `a command that rests on what another has changed is refused with what and by whom`() throws {
        let known = try board.state().seq
        board.ask(host, .openBreakouts(OpenBreakouts(count: 1)), ifSeq: known)
        _ = board.hear(cohost)
        board.take([.command(cohost, id: 9, .closeBreakouts(seconds: 0), ifSeq: known)])
        let refusal = try #require(board.told(cohost).first)
        #expect(refusal.words == "refused 9 stale")
        #expect(
            refusal.json.contains(#""changed":[{"seq":\#(known + 1),"on":"breakouts.opened","by":"host"}]"#)
        )
        #expect(board.ask(cohost, .closeBreakouts(seconds: 0), ifSeq: known + 1).first == "ok 2")
    }
}
