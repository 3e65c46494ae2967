import Testing

@testable import plenary_load

struct PlanTests {
    private func scenario(_ seed: UInt64 = 1) -> Scenario {
        var scenario = Scenario(name: "test", about: "", seed: seed, seconds: 60, people: .init(each: 20))
        scenario.communities = 3
        scenario.people.observers = 2
        scenario.people.secondDevice = 0.3
        scenario.far.share = 0.2
        scenario.slow.share = 0.2
        return scenario
    }

    private func figures(_ cast: Cast) -> [String] {
        cast.troupes.flatMap { troupe in
            troupe.people.map {
                "\($0.person) \($0.role) \($0.arrives) \($0.devices) \($0.link) \($0.school)"
            }
        }
    }

    @Test func `the same seed brings the same people at the same moments, whatever the run is called`() {
        #expect(figures(Cast(scenario(), run: "a")) == figures(Cast(scenario(), run: "b")))
        #expect(figures(Cast(scenario(), run: "a")) != figures(Cast(scenario(2), run: "a")))
    }

    @Test func `everybody of the scenario is there once, with the host first`() {
        let cast = Cast(scenario(), run: "a")
        #expect(cast.people == 60)
        #expect(Set(cast.troupes.map(\.session)).count == 3)
        for troupe in cast.troupes {
            #expect(Set(troupe.people.map(\.person)).count == 20)
            #expect(troupe.people.count { $0.isHost } == 1)
            #expect(troupe.people.count { $0.mayLead && !$0.isHost } == 1)
            #expect(troupe.people.count { !$0.writes } == 2)
            #expect(troupe.people.allSatisfy { $0.isHost || $0.arrives > troupe.people[0].arrives })
            #expect(troupe.people.allSatisfy { $0.arrives <= 10_000_000 })
            // Who leads has a good link.
            #expect(troupe.people.allSatisfy { !$0.mayLead || $0.link == .near })
        }
        #expect(cast.troupes.flatMap(\.people).contains { $0.link == .far })
        #expect(cast.troupes.flatMap(\.people).contains { $0.devices == 2 })
    }

    @Test func `with fill there are as many sessions as connections allow`() {
        var scenario = scenario()
        scenario.communities = 1
        scenario.fill = true
        #expect(Cast(scenario, run: "a", most: 1_000).troupes.count == 50)
        #expect(Cast(scenario, run: "a", most: 5).troupes.count == 1)
    }

    @Test func `acts come in the order of their moments, and of one moment in the order they were noted`() {
        var agenda = Agenda()
        var draws = Draws(7, .talk)
        var moments: [Int64] = []
        for number in 0..<2_000 {
            let due = Int64(draws.number(below: 300))
            moments.append(due)
            agenda.note(.storm(number), at: due)
        }
        var taken: [(Int64, Int)] = []
        while let (act, due) = agenda.take(dueBy: 250) {
            guard case .storm(let number) = act else { continue }
            taken.append((due, number))
        }
        #expect(taken.map(\.0) == moments.filter { $0 <= 250 }.sorted())
        #expect(zip(taken, taken.dropFirst()).allSatisfy { $0 < $1 })
        #expect(agenda.nextDue == moments.filter { $0 > 250 }.min())
    }

    @Test func `gaps are as long as the rate says, on average`() {
        var draws = Draws(3, .talk, 5)
        let gaps = (0..<20_000).map { _ in Double(draws.gap(perHour: 120)) / 1_000_000 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        #expect(abs(mean - 30) < 1)
        #expect(gaps.allSatisfy { $0 >= 0 })
    }

    @Test(arguments: [1, 2, 9, 20, 200, 3_999])
    func `a message is as long as it should be, and is known again`(_ bytes: Int) {
        let text = OwnMessage.text(42, bytes: bytes)
        #expect(text.count == max(bytes, 4))
        #expect(OwnMessage.count(text) == 42)
        #expect(OwnMessage.count(Array("hello".utf8)) == nil)
    }
}
