import Sessions
import Testing

@Suite struct HistoryTests {
    /// An evening in which `p0` has said so many things in `main`, a second apart.
    private func evening(saying count: Int, _ text: (Int) -> String = { "\($0)" }) throws -> Gathering {
        let gathering = try BreakoutTests.evening(2)
        for number in 1...count {
            gathering.wait(seconds: 1)
            try gathering.say("p0", text(number))
        }
        return gathering
    }

    @Test func `a hundred messages come unless fewer are wanted, and it is said whether there are more`()
        throws
    {
        let gathering = try evening(saying: 103)
        let page = try gathering.page("p1", .history(.main))
        #expect(page.messages.count == 100)
        #expect(page.more)
        let rest = try gathering.page("p1", .history(.main, before: page.messages.first?.id))
        #expect(rest.messages.map { $0.text } == ["1", "2", "3"].map { Text($0) })
        #expect(!rest.more)
        #expect(try gathering.page("p1", .history(.main, before: rest.messages.first?.id)).messages == [])
    }

    @Test func `pages of any size put together are the whole, each message once`() throws {
        let gathering = try evening(saying: 23)
        for limit in [1, 2, 7, 22, 23, 24] {
            var all: [Message] = []
            var before: MessageID?
            var more = true
            while more {
                let page = try gathering.page("viewer", .history(.main, before: before, limit: limit))
                #expect(page.messages.count == limit || !page.more)
                all = page.messages + all
                (before, more) = (page.messages.first?.id, page.more)
            }
            #expect(all == gathering.state.messages.messages)
        }
    }

    @Test func `there are no more when only messages of other places are older`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.say("deputy", "psst", in: .hosts)
        try gathering.ask("p0", .tell("p1", "psst"))
        try gathering.say("p0", "hello")
        let page = try gathering.page("p1", .history(.main, limit: 1))
        #expect(page.messages.count == 1)
        #expect(!page.more)
    }

    @Test func `any number may stand for a message that one reads back from`() throws {
        let gathering = try evening(saying: 3)
        for before in [Int.min, -1, 0, 1] {
            #expect(try gathering.words("p1", .history(.main, before: before)) == [])
        }
        #expect(try gathering.words("p1", .history(.main, before: .max)) == ["1", "2", "3"])
        let second = gathering.state.messages.messages[1].id
        #expect(try gathering.words("p1", .history(.main, before: second)) == ["1"])
        #expect(try gathering.words("p1", .history(.main, before: second + 1)) == ["1", "2"])
    }

    @Test func `a page is of 64 KiB of text, but of one message at least`() throws {
        let gathering = try evening(saying: 20) { _ in String(repeating: "a", count: 4_000) }
        let page = try gathering.page("p1", .history(.main))
        #expect(page.messages.count == (64 << 10) / 4_000)
        #expect(page.more)
        gathering.limits.historyTextBytes = 10
        let one = try gathering.page("p1", .history(.main))
        #expect(one.messages.count == 1)
        #expect(one.more)
    }

    @Test func `a text of exactly the bound is whole`() throws {
        let gathering = try evening(saying: 4) { _ in "abcd" }
        gathering.limits.historyTextBytes = 16
        let page = try gathering.page("p1", .history(.main))
        #expect(page.messages.count == 4)
        #expect(!page.more)
    }

    @Test func `deleted texts weigh nothing`() throws {
        let gathering = try evening(saying: 3) { _ in "abcd" }
        gathering.limits.historyTextBytes = 8
        #expect(try gathering.page("p1", .history(.main)).messages.count == 2)
        try gathering.ask("p0", .deleteChat(gathering.state.messages.messages[2].id))
        #expect(try gathering.page("p1", .history(.main)).messages.count == 3)
    }

    @Test func `a conversation is paged as a room is`() throws {
        let gathering = try BreakoutTests.evening(3)
        for number in 1...6 {
            gathering.wait(seconds: 1)
            try gathering.ask(
                number % 2 == 0 ? "p0" : "p1",
                .tell(number % 2 == 0 ? "p1" : "p0", "\(number)")
            )
            try gathering.ask("p2", .tell("p0", "noise"))
        }
        let newest = try gathering.page("p0", .history(with: "p1", limit: 4))
        #expect(newest.messages.map { $0.text } == ["3", "4", "5", "6"].map { Text($0) })
        #expect(newest.more)
        let oldest = newest.messages.first?.id
        #expect(try gathering.words("p0", .history(with: "p1", before: oldest, limit: 4)) == ["1", "2"])
    }

    @Test(arguments: [0, -1, 101, Int.max, Int.min])
    func `a page of no messages, or of more than a hundred, is refused`(limit: Int) throws {
        let gathering = try BreakoutTests.evening(1)
        for command in [SessionCommand.history(.main, limit: limit), .history(with: "p0", limit: limit)] {
            #expect(throws: Refusal(.badValue, field: "limit")) { try gathering.ask("host", command) }
        }
    }

    @Test func `rooms that never were are not readable`() throws {
        let gathering = try BreakoutTests.evening(1)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        for (round, number) in [(1, 2), (2, 1), (9_999, 9_999)] {
            #expect(throws: Refusal(.notReadable, field: "room")) {
                try gathering.ask("host", .history(.breakout(round: round, number: number)))
            }
        }
    }

    @Test func `late joiners read main from the beginning, and of rooms only those that they are in`() throws
    {
        let gathering = try evening(saying: 2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        try gathering.say("p0", "only us", in: try gathering.room(of: "p0"))
        try gathering.join("late", school: "s0")
        #expect(try gathering.words("late", .history(.main)) == ["1", "2"])
        let (own, other) =
            try gathering.room(of: "late") == .breakout(round: 1, number: 1)
            ? (RoomID.breakout(round: 1, number: 1), RoomID.breakout(round: 1, number: 2))
            : (.breakout(round: 1, number: 2), .breakout(round: 1, number: 1))
        let said = try gathering.room(of: "p0") == own ? ["only us"] : []
        #expect(try gathering.words("late", .history(own)) == said)
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.ask("late", .history(other)) }
    }

    @Test func `an ended session is read by its seats as before`() throws {
        let gathering = try evening(saying: 2)
        try gathering.ask("p0", .tell("p1", "psst"))
        try gathering.ask("host", .end(seconds: 0))
        #expect(try gathering.words("p1", .history(.main)) == ["1", "2"])
        #expect(try gathering.words("p1", .history(with: "p0")) == ["psst"])
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.ask("p1", .history(.hosts)) }
    }
}
