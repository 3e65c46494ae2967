import Sessions
import Testing

@testable import plenary_load

/// Each judge is shown an evening in which its rule holds, and one in which it does not.
struct LedgerTests {
    @Test func `an evening in which everybody hears what is for them has no violation`() {
        let hall = Hall(["h", "p1", "p2", "p3"])
        hall.hear(hall.opened(["p1": "b1-1", "p2": "b1-1", "p3": "b1-2"]))
        hall.say("p1", count: 1, due: 7)
        hall.hear(hall.chat("p1", "b1-1", "#1 hello"), by: ["p1", "p2"])
        hall.hear(
            hall.push("help.asked", #""help":9,"person":"p3","room":"b1-2","text":"","unnamed":false"#),
            by: ["h", "p3"]
        )
        hall.hear(hall.closed(["p1", "p2", "p3"], at: 60_000))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == [])
        #expect(hall.ledger.account.rooms.values.allSatisfy { $0 == .main })
    }

    @Test func `who does not hear what their room was told is named`() throws {
        let hall = Hall(["h", "p1", "p2", "p3"])
        hall.hear(hall.opened(["p1": "b1-1", "p2": "b1-1", "p3": "b1-2"]))
        hall.say("p1", count: 1, due: 7)
        hall.hear(hall.chat("p1", "b1-1", "#1 hello"), by: ["p1"])
        hall.hear(hall.push("hand.raised", #""person":"p1""#))
        hall.ledger.settle(isLast: true)
        let violation = try #require(hall.ledger.violations.first)
        #expect(hall.ledger.violationCount == 1)
        #expect(violation.rule == "missed")
        #expect(violation.person == "p2")
        #expect(violation.evidence.first?.contains("#1 hello") == true)
    }

    @Test(arguments: ["p3", "h"])
    func `who hears what was said in another room is named`(_ eavesdropper: String) {
        let hall = Hall(["h", "p1", "p2", "p3"])
        hall.hear(hall.opened(["p1": "b1-1", "p2": "b1-1", "p3": "b1-2"]))
        hall.say("p1", count: 1, due: 7)
        hall.hear(hall.chat("p1", "b1-1", "#1 hello"), by: ["p1", "p2", eavesdropper])
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == ["audience \(eavesdropper)"])
    }

    @Test func `a direct message is for the two alone`() {
        let hall = Hall(["h", "p1", "p2"])
        hall.say("p1", count: 1, due: 7)
        hall.hear(
            hall.push("chat.sent", ##""message":1,"to":"p2","from":"p1","text":"#1 you""##),
            by: ["p1", "p2", "h"]
        )
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == ["audience h"])
    }

    @Test func `a number that does not rise is not taken`() {
        let hall = Hall(["h"])
        let hearing = hall.hearings["h"]
        #expect(hearing?.hear(hall.first + 2) == true)
        #expect(hearing?.hear(hall.first + 2) == false)
        #expect(hearing?.hear(hall.first + 1) == false)
        #expect(hearing?.hear(hall.first + 200) == true)
        #expect(hearing?.hasHeard(hall.first + 2) == true)
        #expect(hearing?.hasHeard(hall.first + 1) == false)
        #expect(hearing?.hasHeard(hall.first + 200) == true)
    }

    @Test func `one's own message comes once, and none that nobody wrote`() {
        let hall = Hall(["h", "p1"])
        hall.say("p1", count: 1, due: 7)
        hall.hear(hall.chat("p1", "main", "#1 hello"))
        hall.hear(hall.chat("p1", "main", "#1 hello"))
        hall.hear(hall.chat("h", "main", "#5 hello"))
        #expect(hall.violations == ["own p1", "own h"])
    }

    @Test func `two people are told the same under one number`() {
        let hall = Hall(["h", "p1"])
        let push = hall.push("hand.raised", #""person":"p1""#)
        let other = Array(String(decoding: push.bytes, as: UTF8.self).replacing("p1", with: "h").utf8)
        hall.hear(push, by: ["h"])
        hall.hear((push.seq, other), by: ["p1"])
        #expect(hall.violations == ["same p1"])
    }

    @Test func `the room and role that one is told are those of the pushes`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        let right = Ledger.Claim(person: 1, room: .breakout(round: 1, number: 1), role: "participant")
        hall.ledger.claim(right, at: hall.newest)
        hall.ledger.claim(Ledger.Claim(person: 1, room: .main, role: "cohost"), at: hall.newest)
        // As of a moment before the round opened it was true.
        hall.ledger.claim(Ledger.Claim(person: 1, room: .main, role: "participant"), at: hall.newest - 1)
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == ["room p1", "role p1"])
    }

    @Test func `the host role passes on from who has it`() {
        let hall = Hall(["h", "p1", "p2"])
        hall.hear(hall.push("host.changed", #""from":"h","to":"p1","reason":"given""#))
        hall.hear(hall.push("host.changed", #""from":"h","to":"p2","reason":"given""#))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == ["host "])
        #expect(hall.ledger.account.host == 2)
    }

    @Test(arguments: [(0, true), (900, true), (1_500, false), (-1_500, false)])
    func `a round closes at its time`(_ late: Int64, _ isRight: Bool) {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        hall.hear(hall.closed(["p1"], at: 60_000 + late))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == (isRight ? [] : ["rooms "]))
        #expect(hall.ledger.roomsLate == abs(late))
    }

    @Test func `a round that closes early because the session ends is right`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        hall.hear(hall.closed(["p1"], at: 20_000))
        hall.hear(hall.push("session.ended", #""reason":"ended""#, at: 20_000))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == [])
    }

    @Test func `a round that ended while the server was down is excused`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        hall.ledger.outages = [Hall.start + 30_000...Hall.start + 95_000]
        hall.hear(hall.closed(["p1"], at: 95_200))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == [])
    }

    @Test func `rooms that stay open beyond their time are named when something else is told`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        hall.hear(hall.push("hand.raised", #""person":"p1""#, at: 60_900))
        hall.hear(hall.push("hand.lowered", #""person":"p1""#, at: 61_500))
        hall.hear(hall.push("hand.raised", #""person":"p1""#, at: 62_000))
        hall.ledger.settle(isLast: true)
        // Once, however much is said after it.
        #expect(hall.violations == ["rooms "])
        #expect(hall.ledger.roomsLate == 1_500)
    }

    @Test func `rooms with more time, and those that the server was down for, are not late`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.opened(["p1": "b1-1"]))
        let later = #""by":"h","closesAt":\#(Hall.start + 90_000)"#
        hall.hear(hall.push("breakouts.extended", later, at: 50_000))
        hall.hear(hall.push("hand.raised", #""person":"p1""#, at: 80_000))
        hall.ledger.outages = [Hall.start + 85_000...Hall.start + 100_000]
        hall.hear(hall.push("hand.lowered", #""person":"p1""#, at: 100_500))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == [])
    }

    @Test func `nothing is judged that somebody is still to hear`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.push("hand.raised", #""person":"p1""#), by: ["h"])
        hall.ledger.settle()
        #expect(hall.violations == [])
        // Behind it something else: now it is certain that it was missed.
        hall.hear(hall.push("hand.lowered", #""person":"p1""#))
        hall.ledger.settle()
        #expect(hall.violations == ["missed p1"])
    }

    @Test func `who comes late is not held to what was said before`() {
        let hall = Hall(["h", "p1"])
        hall.hear(hall.push("hand.raised", #""person":"p1""#), by: ["h", "p1"])
        hall.hear(
            hall.push("participant.joined", #""person":"p2","role":"participant","room":"main""#),
            by: ["h", "p1"]
        )
        hall.join("p2")
        hall.hear(hall.push("hand.lowered", #""person":"p1""#))
        hall.ledger.settle(isLast: true)
        #expect(hall.violations == [])
    }
}
