import Sessions
import Testing

struct RoundWordsTests {
    private func gathering() throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.ask("host", .start)
        return gathering
    }

    @Test func `the words of all rooms of a round are limited together`() throws {
        let gathering = try gathering()
        let task = Text(String(repeating: "x", count: 2_000))
        #expect(throws: Refusal(.tooLong, field: "task")) {
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 66, task: task)))
        }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 65, task: task)))
        #expect(gathering.state.openRooms.count == 65)
    }

    @Test func `a seed is a number that a browser can hold`() throws {
        let gathering = try gathering()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, seed: .max)))
        // Not compared as it is, optional: the address sanitizer finds fault with what the compiler makes of that.
        let breakouts = try #require(gathering.state.breakouts)
        #expect(breakouts.seed == 1 << 53 - 1)
    }
}
