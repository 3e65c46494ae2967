import Sessions
import Testing

/// Sixty bytes of text, and what they take when each needs a backslash.
private let plain = String(repeating: "n", count: 60)
private let quoted = String(repeating: "\"", count: 60)

private func admission(_ person: String, name: String) -> Admission {
    Admission(person: Gathering.person(person), name: Text(name), school: .empty, role: .participant)
}

private func admit(_ person: String, name: String, to gathering: Gathering) throws(Refusal) {
    _ = try gathering.session.admit(
        admission(person, name: name),
        alreadyAttached: false,
        at: gathering.now,
        limits: gathering.limits
    )
}

struct TellingTests {
    @Test func `a session is full when its people no longer fit into a message`() throws {
        let gathering = Gathering()
        try gathering.join("a")
        // Two seats, each with 176 bytes beside its texts: "a" twice, and the newcomer's id and name.
        gathering.limits.peopleBytes = 2 * 176 + 2 + 1 + 60
        try admit("b", name: plain, to: gathering)
        #expect(throws: Refusal(.sessionFull)) { try admit("b", name: plain + "n", to: gathering) }
        #expect(throws: Refusal(.sessionFull)) { try admit("b", name: quoted, to: gathering) }
        gathering.limits.peopleBytes += 60
        try admit("b", name: quoted, to: gathering)
    }

    @Test func `two thousand people have room for 150 bytes each`() {
        let limits = SessionsLimits()
        #expect(limits.seatsPerSession * (176 + 150) <= limits.peopleBytes)
    }

    @Test func `a label is too long when people no longer fit into a message, and a shorter one is not`()
        throws
    {
        let gathering = Gathering()
        try gathering.join("a", .host)
        try gathering.join("b")
        try gathering.ask("b", .label(nil, Text("twenty bytes of text")))
        gathering.limits.peopleBytes = 2 * 176 + 4 + 20
        #expect(throws: Refusal(.tooLong, field: "text")) { try gathering.ask("a", .label(nil, Text("x"))) }
        #expect(throws: Refusal(.tooLong, field: "text")) {
            try gathering.ask("b", .label(nil, Text("twenty bytes of tex\"")))
        }
        try gathering.ask("b", .label(nil, Text("nineteen bytes of t")))
        try gathering.ask("a", .label(nil, Text("x")))
    }

    @Test func `so many people may wait for help and no more`() throws {
        let gathering = Gathering()
        gathering.limits.helpRequests = 2
        try gathering.join("host", .host)
        for name in ["a", "b", "c"] { try gathering.join(name) }
        try gathering.ask("host", .start)
        try gathering.ask("a", .askHelp(.empty, unnamed: false))
        try gathering.ask("b", .askHelp(.empty, unnamed: false))
        #expect(throws: Refusal(.tooManyRequests)) {
            try gathering.ask("c", .askHelp(.empty, unnamed: false))
        }
        // Who has asked is told so, and not that they should wait.
        #expect(throws: Refusal(.alreadyAsked)) { try gathering.ask("a", .askHelp(.empty, unnamed: false)) }
        try gathering.ask("host", .resolveHelp(try #require(gathering.state.help.first).id))
        try gathering.ask("c", .askHelp(.empty, unnamed: false))
    }
}
