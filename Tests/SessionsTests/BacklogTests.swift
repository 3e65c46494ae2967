import Sessions
import Testing

/// What a session keeps for those who were away for a moment.
@Suite struct BacklogTests {
    let evening = Gathering()

    init() throws {
        try evening.join("host", .host)
        try evening.ask("host", .start)
    }

    private func say(_ count: Int, bytes: Int) throws {
        for _ in 0..<count {
            try evening.say("host", String(repeating: "x", count: bytes))
            evening.wait(seconds: 1)
        }
    }

    @Test func `it goes back a thousand events`() throws {
        try say(StateBounds.backlogEvents - 10, bytes: 1)
        #expect(evening.state.backlog.after(1) != nil)
        try say(20, bytes: 1)
        #expect(evening.state.backlog.after(1) == nil)
        #expect(evening.state.backlog.after(evening.state.seq - 800)?.count == 800)
    }

    /// Kept from the simulation: 33 long messages emptied it, and who had missed one event was given the whole state.
    @Test func `long messages push out the oldest and never the newest`() throws {
        for _ in 0..<80 {
            try say(1, bytes: 4_000)
            let backlog = evening.state.backlog
            #expect(backlog.bytes <= StateBounds.backlogBytes)
            #expect(backlog.after(evening.state.seq - 1)?.count == 1)
        }
        #expect(evening.state.backlog.entries.count >= 26)
        #expect(evening.state.backlog.after(1) == nil)
    }
}
