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

    private func joins(_ person: String, in evening: Evening) -> Told {
        let number = evening.gatherings[0].ledger.number(person)
        let change = Told.Change.joined(number, role: "cohost", room: .main)
        return Told(seq: 2, at: 1_790_000_000_000, bytes: [], name: "participant.joined", change: change)
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
        evening.practiceMeets(joins("pretend-1", in: evening), in: evening.gatherings[0])
        #expect(evening.agenda.nextDue == nil)
        evening.practiceMeets(joins("host", in: evening), in: evening.gatherings[0])
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

    @Test func `in an evening of a scenario nobody waits for a host`() throws {
        let evening = try evening(3)
        evening.practice = nil
        #expect(!evening.people.contains(where: evening.waitsForHost))
    }
}
