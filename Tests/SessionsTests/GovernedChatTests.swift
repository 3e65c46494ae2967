import Sessions
import Testing

/// What holds people back in the chat: lock, slow mode, mute, and where they are.
@Suite struct GovernedChatTests {
    private let first = RoomID.breakout(round: 1, number: 1)
    private let second = RoomID.breakout(round: 1, number: 2)

    private func evening() throws -> Gathering { try BreakoutTests.evening(3) }

    // MARK: - Lock and slow mode

    @Test func `in a locked chat only hosts write, and to them anybody`() throws {
        let gathering = try evening()
        let events = try gathering.ask("deputy", .chatSettings(locked: true, slowSeconds: nil))
        #expect(events == [.chatSettings(locked: true, slowSeconds: 0, by: SeatID(1))])
        #expect(try gathering.heardLast() == nil)
        #expect(throws: Refusal(.chatLocked)) { try gathering.say("p0", "hello") }
        #expect(throws: Refusal(.chatLocked)) { try gathering.ask("p0", .tell("p1", "hello")) }
        for name in ["host", "deputy"] {
            try gathering.ask("p0", .tell(name, "hello"))
            try gathering.ask(name, .tell("p0", "hello"))
            try gathering.say(name, "hello")
        }
        try gathering.ask("host", .chatSettings(locked: false, slowSeconds: nil))
        try gathering.say("p0", "hello")
    }

    @Test func `a lock holds in breakout rooms, too`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("host", .chatSettings(locked: true, slowSeconds: nil))
        #expect(throws: Refusal(.chatLocked)) { try gathering.say("p0", "hello", in: first) }
    }

    @Test func `settings change one at a time, and the same again is no event`() throws {
        let gathering = try evening()
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 20))
        #expect(try gathering.ask("host", .chatSettings(locked: false, slowSeconds: 20)) == [])
        try gathering.ask("host", .chatSettings(locked: true, slowSeconds: nil))
        #expect(gathering.state.chatLocked)
        #expect(gathering.state.slowSeconds == 20)
        #expect(throws: Refusal(.badValue, field: "locked")) {
            try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: nil))
        }
        for seconds in [-1, 3_601, Int.max, Int.min] {
            #expect(throws: Refusal(.badValue, field: "slowSeconds")) {
                try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: seconds))
            }
        }
    }

    @Test func `in slow mode each participant waits between two messages, and is told how long`() throws {
        let gathering = try evening()
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 20))
        try gathering.say("p0", "first")
        try gathering.say("p1", "mine")
        #expect(throws: Refusal(.slowDown, retryAfter: 20_000)) { try gathering.say("p0", "second") }
        gathering.wait(seconds: 13)
        #expect(throws: Refusal(.slowDown, retryAfter: 7_000)) {
            try gathering.ask("p0", .tell("p1", "second"))
        }
        gathering.wait(seconds: 7)
        try gathering.say("p0", "second")
        #expect(throws: Refusal(.slowDown, retryAfter: 20_000)) { try gathering.say("p0", "third") }
    }

    @Test func `slow mode comes neither between hosts and others, nor between anybody and a host`() throws {
        let gathering = try evening()
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 3_600))
        for number in 0..<5 { try gathering.say("host", "\(number)") }
        try gathering.say("p0", "hello")
        for number in 0..<5 { try gathering.ask("p0", .tell("deputy", "\(number)")) }
    }

    @Test func `a wait that was named is enough, though messages came fast before`() throws {
        let gathering = try evening()
        for number in 0..<6 { try gathering.say("p0", "\(number)") }
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 5))
        let refusal = #expect(throws: Refusal.self) { try gathering.say("p0", "more") }
        let wait = try #require(refusal?.retryAfter)
        #expect((5_000...6_000).contains(wait))
        gathering.wait(seconds: Int(wait / 1_000))
        try gathering.say("p0", "more")
    }

    @Test func `slow mode taken off is off at once`() throws {
        let gathering = try evening()
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 600))
        try gathering.say("p0", "first")
        try gathering.ask("host", .chatSettings(locked: nil, slowSeconds: 0))
        try gathering.say("p0", "second")
    }

    // MARK: - Mute

    @Test func `a muted person writes to hosts alone, in every room, until it is lifted`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("deputy", .mute("p0"))
        #expect(throws: Refusal(.muted)) { try gathering.say("p0", "hello", in: first) }
        #expect(throws: Refusal(.muted)) { try gathering.ask("p0", .tell("p1", "hello")) }
        #expect(throws: Refusal(.muted)) { try gathering.ask("p0", .typing(nil)) }
        try gathering.ask("p0", .tell("deputy", "why?"))
        try gathering.ask("host", .closeBreakouts(seconds: 0))
        #expect(throws: Refusal(.muted)) { try gathering.say("p0", "hello") }
        try gathering.drop("p0")
        try gathering.join("p0")
        #expect(throws: Refusal(.muted)) { try gathering.say("p0", "hello") }
        try gathering.ask("host", .unmute("p0"))
        try gathering.say("p0", "hello")
    }

    @Test func `a muted co-host writes among the hosts and to them, and nowhere else`() throws {
        let gathering = try evening()
        try gathering.ask("host", .mute("deputy"))
        try gathering.say("deputy", "why?", in: .hosts)
        try gathering.ask("deputy", .tell("host", "why?"))
        #expect(throws: Refusal(.muted)) { try gathering.say("deputy", "hello") }
        #expect(throws: Refusal(.muted)) { try gathering.ask("deputy", .tell("p0", "hello")) }
    }

    @Test func `who is muted and comes to lead has a voice, and may lift the mute`() throws {
        let gathering = try evening()
        try gathering.ask("host", .mute("p0"))
        try gathering.ask("host", .give("p0"))
        try gathering.say("p0", "hello")
        #expect(throws: Refusal(.notHost, field: "person")) { try gathering.ask("deputy", .unmute("p0")) }
        #expect(throws: Refusal(.badValue, field: "person")) { try gathering.ask("p0", .mute("p0")) }
        #expect(try gathering.ask("p0", .unmute("p0")) == [.muted(SeatID(3), muted: false, by: SeatID(3))])
        try gathering.ask("p0", .give("host"))
        try gathering.say("p0", "still here")
    }

    // MARK: - Where one is

    @Test
    func `the ten seconds hold for being moved and for a removed room, and only for the room just left`()
        throws
    {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        let (from, to) = try gathering.room(of: "p0") == first ? (first, second) : (second, first)
        try gathering.ask("host", .move(Gathering.person("p0"), to: to))
        try gathering.say("p0", "bye", in: from)
        try gathering.ask("host", .removeRoom(to))
        try gathering.say("p0", "they took our room", in: to)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.say("p0", "bye", in: from) }
        gathering.wait(seconds: 11)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.say("p0", "bye", in: to) }
    }

    @Test func `whoever is sent to a room may finish a sentence in main, and it is an ordinary one`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.say("p0", "see you")
        #expect(try gathering.heardLast() == nil)
        gathering.wait(seconds: 11)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.say("p0", "hello?") }
    }

    @Test func `hosts write among themselves from any room, and whoever becomes one reads what was said`()
        throws
    {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("deputy", .enterRoom(first))
        try gathering.say("deputy", "they need more time", in: .hosts)
        #expect(try gathering.heardLast() == ["host", "deputy"])
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.page("p0", .history(.hosts)) }
        #expect(throws: Refusal(.hostsOnly, field: "room")) { try gathering.say("p0", "psst", in: .hosts) }
        try gathering.ask("host", .promote("p0"))
        #expect(try gathering.words("p0", .history(.hosts)) == ["they need more time"])
        try gathering.say("p0", "thank you", in: .hosts)
        try gathering.ask("host", .demote("p0"))
        #expect(throws: Refusal(.notReadable, field: "room")) { try gathering.page("p0", .history(.hosts)) }
    }

    @Test func `that somebody writes is told of where they may write, and of nowhere else`() throws {
        let gathering = try evening()
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let places: [(ChatTarget?, ChatPlace)] = [
            (nil, .room(first)), (.room(first), .room(first)),
            (.person(Gathering.person("p1")), .direct(to: SeatID(4))),
        ]
        for (target, place) in places {
            let said = try gathering.answer("p0", .typing(target))
            #expect(said.answer == .typing(place))
            #expect(said.events == [])
        }
        gathering.wait(seconds: 11)
        #expect(throws: Refusal(.notInRoom, field: "room")) { try gathering.ask("p0", .typing(.room(.main))) }
        #expect(throws: Refusal(.hostsOnly, field: "room")) {
            try gathering.ask("p0", .typing(.room(.hosts)))
        }
        #expect(throws: Refusal(.observersOnlyWatch)) { try gathering.ask("viewer", .typing(nil)) }
    }
}
