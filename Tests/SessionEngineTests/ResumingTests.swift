import Fanout
import SessionEngine
import SessionProtocol
import Sessions
import Testing

/// Coming back with the last number that one has heard.
@Suite struct ResumingTests {
    let board = Switchboard()

    /// The host leads a live session in which guest has heard everything up to the answer, and is gone.
    private func meet() throws -> (host: ConnectionID, resume: Resume) {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        board.ask(host, .start)
        let state = try board.state()
        board.drop(guest)
        return (host, Resume(epoch: state.epoch, after: state.seq))
    }

    @Test func `inside the backlog, exactly what was missed follows, and no state`() throws {
        let (host, resume) = try meet()
        board.say(host, "one")
        board.say(host, "two")
        let back = try board.join("guest", resume: resume)
        let told = board.told(back)
        #expect(told.map(\.words) == ["ok 1", "chat.sent", "chat.sent"])
        #expect(told[0].json.contains(#""resumed":true"#))
        #expect(!told[0].json.contains(#""state""#))
        #expect(told[1].json.contains(#""text":"one""#))
        #expect(told[2].json.contains(#""text":"two""#))
        #expect(told[1].seq ?? 0 < told[2].seq ?? 0)
    }

    @Test func `what is told again is byte for byte what was told`() throws {
        let (host, resume) = try meet()
        _ = board.told(host)
        board.take([
            .command(host, id: 90, .sendChat(SendChat(to: .room(.main), text: Text("once \"more\"\n")))),
            .command(host, id: 91, .openBreakouts(OpenBreakouts(count: 2, seconds: 600, seed: 5))),
        ])
        let live = board.told(host).filter { !$0.words.hasPrefix("ok") && $0.seq != nil }.map(\.json)
        let back = try board.join("guest", resume: resume)
        #expect(board.told(back).dropFirst().filter { $0.seq != nil }.map(\.json) == live)
        #expect(live.count == 2)
    }

    @Test func `who has heard everything is told nothing but the seq`() throws {
        let (host, resume) = try meet()
        _ = board.told(host)
        let back = try board.join("guest", resume: resume)
        #expect(board.hear(back) == ["ok 1"])
    }

    @Test func `what was for others is not told afterwards either`() throws {
        let (host, resume) = try meet()
        board.say(host, "among us", in: .hosts)
        board.say(host, "to all")
        let back = try board.join("guest", resume: resume)
        let told = board.told(back)
        #expect(told.map(\.words) == ["ok 1", "chat.sent"])
        #expect(told[1].json.contains("to all"))
    }

    @Test(arguments: ["future", "another epoch"])
    func `from elsewhere one gets the whole state`(_ place: String) throws {
        let (host, known) = try meet()
        board.say(host, "hello")
        let resume =
            place == "future"
            ? Resume(epoch: known.epoch, after: known.after + 1_000)
            : Resume(epoch: Epoch(bits: known.epoch.bits + 1), after: known.after)
        let told = board.told(try board.join("guest", resume: resume))
        #expect(told.first?.json.contains(#""resumed":false"#) == true)
        #expect(told.first?.json.contains("hello") == true)
        #expect(!told.map(\.words).contains("chat.sent"))
    }

    @Test func `from before the backlog one gets the whole state`() throws {
        let (host, resume) = try meet()
        for number in 0...StateBounds.backlogEvents {
            board.say(host, "message \(number)")
            board.wait(milliseconds: 200)
        }
        let told = board.told(try board.join("guest", resume: resume))
        #expect(told.first?.json.contains(#""resumed":false"#) == true)
        #expect(told.first?.json.contains("message \(StateBounds.backlogEvents)") == true)
    }

    @Test func `a restart leaves the numbering, and one goes on across it`() throws {
        let (host, resume) = try meet()
        board.say(host, "before")
        board.restart(downFor: 20)
        let told = board.told(try board.join("guest", resume: resume))
        #expect(told.map(\.words).prefix(2) == ["ok 1", "chat.sent"])
        #expect(told[0].json.contains(#""resumed":true"#))
        #expect(told[1].json.contains("before"))
    }

    @Test func `after an end that may have forgotten something the numbering is a new one`() throws {
        let (_, resume) = try meet()
        board.restart(downFor: 20, mayHaveForgotten: true)
        #expect(try board.state().epoch != resume.epoch)
        let told = board.told(try board.join("guest", resume: resume))
        #expect(told.first?.json.contains(#""resumed":false"#) == true)
    }
}
