import SessionProtocol
import Sessions
import Testing
import Tickets

@testable import plenary_load

/// Pretend people for a host: who comes when.
struct PractiseTests {
    private func evening(_ people: Int, _ tell: @escaping (String) -> Void = { _ in }) throws -> Evening {
        let secret = try #require(Secret(Array("a secret of the tests, thirty-two bytes".utf8)))
        let evening = try Evening(
            Cast(practising: people, in: "hall"),
            Scenario(name: "practice", about: "", seconds: 60, people: .init(each: people)),
            TargetURL("http://127.0.0.1:1"),
            EveningOptions(secret: secret, startedAt: 1_790_000_000_000)
        )
        evening.practice = Practice(drillAfter: nil, tell: tell)
        return evening
    }

    private func joins(_ person: String, _ name: String, in evening: Evening) throws {
        let fields = "\"person\":\"\(person)\",\"name\":\"\(name)\",\"role\":\"cohost\",\"room\":\"main\""
        let push = "{\"seq\":2,\"at\":1790000000000,\"on\":\"participant.joined\",\(fields)}"
        var reading = PushReading()
        let gathering = evening.gatherings[0]
        let told = reading.read(Array(push.utf8), number: gathering.ledger.number)
        evening.practiceMeets(try #require(told), in: gathering)
    }

    @Test func `whoever could lead waits until the host is there, and somebody is there to see it`() throws {
        for people in 1...4 {
            let evening = try evening(people)
            #expect(
                evening.people.filter(evening.waitsForHost).map(\.role.name)
                    == (people > 1 ? ["Co-host (pretend)"] : [])
            )
            #expect(!evening.waitsForHost(evening.people[0]))
            #expect(Set(evening.people.map(\.role.name)).count == people)
        }
        let evening = try evening(3)
        try joins("pretend-1", "Host", in: evening)
        #expect(evening.agenda.nextDue == nil)
        try joins("host", "Somebody", in: evening)
        #expect(evening.agenda.nextDue != nil)
        #expect(!evening.people.contains(where: evening.waitsForHost))
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"), ("ws://127.0.0.1", "http://127.0.0.1/"),
        ("https://127.0.0.1:8443/", "https://127.0.0.1:8443/"), ("wss://[::1]:8443", "https://[::1]:8443/"),
    ])
    func `a link begins as browsers want it`(url: String, page: String) throws {
        #expect(try TargetURL(url).page == page)
    }

    @Test func `a link bears the name on the certificate`() throws {
        #expect(
            try TargetURL("https://127.0.0.1:8443", name: "plenary.example").page
                == "https://plenary.example:8443/"
        )
    }

    @Test(arguments: [
        (FirstJoinFault.refused("ended"), 64, "used up"), (.closed(4504), 64, "used up"),
        (.refused("rehearsalMismatch"), 64, "real session"), (.closed(4501), 64, "real session"),
        (.refused("locked"), 69, "locked"), (.closed(1013), 69, "closed with 1013"),
        (.lost("no answer within 10 s"), 69, "no answer within 10 s"),
    ])
    func `an id that will not do is said in words`(fault: FirstJoinFault, code: Int32, words: String) {
        let said = PractiseCommand.fault(fault, session: "practice-1")
        #expect(said.exitCode == code && said.sentence.contains(words))
        #expect(said.sentence.contains("practice-1"))
    }

    @Test(arguments: [
        ("lobby", ["pretend-1"], false), ("lobby", ["guest", "host", "pretend-1"], false),
        ("live", ["host", "pretend-1"], false), ("ended", ["pretend-1"], true),
        ("lobby", ["pretend-1", "pretend-2"], true),
    ])
    func `a session is used when it is over, or others pretend in it`(
        phase: String,
        people: [String],
        isUsed: Bool
    ) throws {
        let seats = people.map { "{\"person\":\"\($0)\"}" }.joined(separator: ",")
        let text =
            "{\"re\":1,\"ok\":{\"state\":{\"session\":{\"phase\":\"\(phase)\"},\"participants\":[\(seats)]}}}"
        var reader = ServerMessageReader()
        let message = try reader.read(Array(text.utf8))
        let reply = try #require(message.ok)
        let cast = Cast(practising: 3, in: "hall").troupes[0].people
        #expect(PractiseCommand.isUsed(reply, by: cast) == isUsed)
    }

    @Test func `who leads is told by name, and by id as long as no name is known`() throws {
        var lines: [String] = []
        let evening = try evening(2) { lines.append($0) }
        try joins("p-17", "Guest", in: evening)
        let gathering = evening.gatherings[0]
        for person in ["p-17", "p-18"] {
            evening.practiceHears(host: gathering.ledger.number(person), in: gathering)
        }
        evening.practiceHears(host: nil, in: gathering)
        #expect(lines == ["Guest leads now.", "p-18 leads now.", "Nobody leads now."])
    }

    @Test func `in an evening of a scenario nobody waits for a host`() throws {
        let evening = try evening(3)
        evening.practice = nil
        #expect(!evening.people.contains(where: evening.waitsForHost))
    }
}
