import Testing

@testable import plenary_load

/// A scenario with nothing wrong in it: 2 sessions of 20 people, 15 of them participants.
private func sound() -> Scenario {
    var scenario = Scenario(
        name: "a",
        about: "",
        seconds: 600,
        people: .init(each: 20, cohosts: 2, observers: 2)
    )
    scenario.sessions = 2
    scenario.chat.perMinute = 2
    scenario.thresholds = [.init(measure: .violations, limit: 0)]
    return scenario
}

/// The problems of the sound scenario when this is changed in it.
private func problems(_ change: (inout Scenario) -> Void) -> [ScenarioProblem] {
    var scenario = sound()
    change(&scenario)
    return ScenarioRules.problems(of: scenario)
}

/// Their places.
private func places(_ change: (inout Scenario) -> Void) -> [String] { problems(change).map(\.place) }

/// A round from 100 s on.
private func round(at: Int = 100, seconds: Int = 60, rooms: Int? = 4, size: Int? = nil) -> Scenario.Round {
    Scenario.Round(at: at, seconds: seconds, rooms: rooms, size: size)
}

struct ScenarioRulesTests {
    @Test func `a sound scenario has no problems`() {
        #expect(problems { _ in } == [])
    }

    @Test func `a host, the co-hosts and the observers fit into a session`() {
        #expect(places { $0.people.observers = 18 } == ["people.each"])
        #expect(places { $0.people.observers = 17 } == [])
    }

    @Test func `a driver plays a hundred thousand people at most`() {
        #expect(places { $0.communities = 2_501 } == ["people"])
        #expect(places { $0.communities = 2_500 } == [])
    }

    @Test func `what is repeated without end has one community`() {
        #expect(places { ($0.fill, $0.communities) = (true, 2) } == ["communities"])
        #expect(places { $0.fill = true } == [])
    }

    @Test func `all people come before the evening is over and before rooms open`() {
        #expect(places { $0.arrival.seconds = 600 } == ["arrival.seconds"])
        #expect(places { $0.arrival.seconds = 599 } == [])
        #expect(places { ($0.arrival.seconds, $0.rounds) = (101, [round()]) } == ["rounds[0].at"])
        #expect(places { ($0.arrival.seconds, $0.rounds) = (100, [round()]) } == [])
        // All at once takes no time, whatever the seconds say.
        #expect(places { ($0.arrival, $0.rounds) = (.init(shape: .atOnce, seconds: 900), [round()]) } == [])
    }

    @Test func `nobody answers where nobody writes`() {
        #expect(places { ($0.chat.perMinute, $0.chat.direct) = (0, 0.1) } == ["chat.direct"])
        #expect(places { ($0.chat.perMinute, $0.chat.reactions) = (0, 0.1) } == ["chat.reactions"])
    }

    @Test func `signs stay below what the server takes and keeps`() {
        // 18 people write, 5 a second each, and everybody hears them.
        #expect(places { ($0.chat.perMinute, $0.chat.reactions) = (300, 0.2) } == ["chat.reactions"])
        #expect(
            problems { ($0.chat.perMinute, $0.chat.reactions) = (300, 0.2) }[0].sentence.contains(
                "in a second"
            )
        )
        #expect(
            problems { ($0.chat.perMinute, $0.chat.reactions) = (60, 0.5) }[0].sentence.contains(
                "the server keeps"
            )
        )
        #expect(places { ($0.chat.perMinute, $0.chat.reactions) = (2, 0.1) } == [])
    }

    @Test func `a flood that no driver hears is refused`() {
        #expect(
            places { scenario in
                scenario.people.each = 2_000
                scenario.chat.perMinute = 60
            } == ["chat.perMinute"]
        )
    }
}

struct ScenarioRoundRulesTests {
    @Test func `rooms are told by their number or by their size`() {
        #expect(places { $0.rounds = [round(rooms: nil)] } == ["rounds[0]"])
        #expect(places { $0.rounds = [round(size: 4)] } == ["rounds[0]"])
        #expect(places { $0.rounds = [round(rooms: nil, size: 4)] } == [])
    }

    @Test func `no room is empty, and none is larger than everybody`() {
        #expect(places { $0.rounds = [round(rooms: 16)] } == ["rounds[0].rooms"])
        #expect(places { $0.rounds = [round(rooms: 15)] } == [])
        #expect(places { $0.rounds = [round(rooms: nil, size: 16)] } == ["rounds[0].size"])
        #expect(places { $0.rounds = [round(rooms: nil, size: 15)] } == [])
    }

    @Test func `a size does not come to more rooms than a server opens`() {
        #expect(
            places { ($0.people.each, $0.rounds) = (1_000, [round(rooms: nil, size: 4)]) } == [
                "rounds[0].size"
            ]
        )
        #expect(places { ($0.people.each, $0.rounds) = (1_000, [round(rooms: nil, size: 5)]) } == [])
    }

    @Test func `a countdown is shorter than its round`() {
        #expect(places { $0.rounds = [round(seconds: 10)] } == ["rounds[0].closing"])
        #expect(places { $0.rounds = [round(seconds: 11)] } == [])
    }

    @Test func `rooms close before the evening is over`() {
        #expect(places { $0.rounds = [round(at: 540)] } == ["rounds[0].seconds"])
        #expect(places { $0.rounds = [round(at: 539)] } == [])
    }

    @Test func `rooms open when those before are closed, in whatever order they are told`() {
        #expect(places { $0.rounds = [round(), round(at: 160)] } == ["rounds[1].at"])
        #expect(places { $0.rounds = [round(at: 160), round()] } == ["rounds[0].at"])
        #expect(places { $0.rounds = [round(), round(at: 161)] } == [])
    }

    @Test func `somebody is there to open them`() {
        let drop = Scenario.Hosts.Drop(at: 90, seconds: 10)
        #expect(places { ($0.rounds, $0.hosts.drops) = ([round()], [drop]) } == ["rounds[0].at"])
        #expect(places { ($0.rounds, $0.hosts.drops) = ([round(at: 101)], [drop]) } == [])
        // Whoever is gone for long is replaced.
        let long = Scenario.Hosts.Drop(at: 90, seconds: 300)
        #expect(places { ($0.rounds, $0.hosts.drops) = ([round(at: 125)], [long]) } == ["rounds[0].at"])
        #expect(places { ($0.rounds, $0.hosts.drops) = ([round(at: 126)], [long]) } == [])
        #expect(places { ($0.rounds, $0.drops.storms) = ([round()], [.init(at: 95)]) } == ["rounds[0].at"])
        #expect(places { ($0.rounds, $0.restarts) = ([round()], [.init(at: 95)]) } == ["rounds[0].at"])
    }
}

struct ScenarioLossRulesTests {
    @Test func `a host drops within the evening, and with a co-host there`() {
        #expect(places { $0.hosts.drops = [.init(at: 600, seconds: 5)] } == ["hosts.drops[0].at"])
        #expect(places { $0.hosts.drops = [.init(at: 599, seconds: 5)] } == [])
        #expect(
            places { ($0.hosts.drops, $0.people.cohosts) = ([.init(at: 50, seconds: 5)], 0) } == [
                "hosts.drops[0]"
            ]
        )
    }

    @Test func `a host drops when back from the drop before`() {
        #expect(
            places { $0.hosts.drops = [.init(at: 50, seconds: 5), .init(at: 55, seconds: 5)] } == [
                "hosts.drops[1].at"
            ]
        )
        #expect(places { $0.hosts.drops = [.init(at: 56, seconds: 5), .init(at: 50, seconds: 5)] } == [])
    }

    @Test func `a storm is over before the evening is`() {
        #expect(places { $0.drops.storms = [.init(at: 600)] } == ["drops.storms[0].at"])
        #expect(places { $0.drops.storms = [.init(at: 594)] } == ["drops.storms[0].seconds"])
        #expect(places { $0.drops.storms = [.init(at: 593)] } == [])
    }

    @Test func `a restart leaves time to come back`() {
        #expect(places { $0.restarts = [.init(at: 600)] } == ["restarts[0].at"])
        #expect(places { $0.restarts = [.init(at: 585)] } == ["restarts[0].at"])
        #expect(places { $0.restarts = [.init(at: 584)] } == [])
    }

    @Test func `storms and restarts come one after the other`() {
        #expect(places { $0.drops.storms = [.init(at: 100), .init(at: 106)] } == ["drops.storms[1].at"])
        #expect(places { $0.drops.storms = [.init(at: 107), .init(at: 100)] } == [])
        #expect(
            places { ($0.drops.storms, $0.restarts) = ([.init(at: 100)], [.init(at: 90)]) } == [
                "drops.storms[0].at"
            ]
        )
    }

    @Test func `a share that comes to nobody is a slip`() {
        #expect(places { $0.people.secondDevice = 0.02 } == ["people.secondDevice"])
        #expect(places { $0.far.share = 0.02 } == ["far.share"])
        #expect(places { $0.slow.share = 0.02 } == ["slow.share"])
        #expect(places { $0.drops.storms = [.init(at: 100, share: 0)] } == ["drops.storms[0].share"])
        #expect(
            places { $0.hosts.drops = [.init(at: 50, share: 0.4, seconds: 5)] } == ["hosts.drops[0].share"]
        )
        #expect(problems { $0.far.share = 0.02 }[0].sentence.contains("0.025 or more"))
        // With fill there are many more than the file names.
        #expect(places { ($0.fill, $0.far.share) = (true, 0.001) } == [])
    }

    @Test func `nobody is far away and slow at once`() {
        #expect(places { ($0.far.share, $0.slow.share) = (0.6, 0.5) } == ["slow.share"])
        #expect(places { ($0.far.share, $0.slow.share) = (0.5, 0.5) } == [])
    }

    @Test func `cuts and sleeps need people who are far away, and these need something that hurts`() {
        #expect(places { $0.far.cuts.perHour = 1 } == ["far.cuts.perHour"])
        #expect(places { $0.far.sleeps.perHour = 1 } == ["far.sleeps.perHour"])
        #expect(places { ($0.far.share, $0.far.delayMs) = (0.5, 0) } == ["far.share"])
        #expect(places { ($0.far.share, $0.far.delayMs, $0.far.cuts.perHour) = (0.5, 0, 1) } == [])
    }

    @Test func `slow readers need something to read`() {
        #expect(places { ($0.slow.share, $0.chat.perMinute) = (0.5, 0) } == ["slow.share"])
    }

    @Test func `nobody is away for the whole evening, or for most of it`() {
        #expect(
            places { $0.drops = .init(perHour: 1, seconds: .init(from: 1, to: 600)) } == ["drops.seconds"]
        )
        #expect(places { $0.drops = .init(perHour: 0, seconds: .init(from: 1, to: 600)) } == [])
        #expect(
            places {
                $0.far = .init(share: 0.5, sleeps: .init(perHour: 1, seconds: .init(from: 60, to: 600)))
            }
                == ["far.sleeps.seconds"]
        )
        #expect(
            places { $0.drops = .init(perHour: 19, seconds: .init(from: 100, to: 100)) } == ["drops.perHour"]
        )
        #expect(places { $0.drops = .init(perHour: 18, seconds: .init(from: 100, to: 100)) } == [])
        #expect(places { $0.far = .init(share: 0.5, cuts: .init(perHour: 91)) } == ["far"])
    }
}

struct ScenarioThresholdRulesTests {
    /// The places when these are the only thresholds.
    private func places(
        _ thresholds: [Scenario.Measure: Double],
        _ change: (inout Scenario) -> Void = { _ in }
    ) -> [String] {
        problems { scenario in
            scenario.thresholds = Scenario.Measure.allCases.compactMap { measure in
                thresholds[measure].map { .init(measure: measure, limit: $0) }
            }
            change(&scenario)
        }.map(\.place)
    }

    @Test func `a run without a threshold is neither good nor bad`() {
        #expect(places([:]) == ["thresholds"])
    }

    @Test(arguments: [Scenario.Measure.p50DeliveryMs, .p99DeliveryMs, .p999DeliveryMs, .p99AckMs])
    func `nothing is delivered where nobody writes`(measure: Scenario.Measure) {
        #expect(places([measure: 250]) == [])
        #expect(places([measure: 250]) { $0.chat.perMinute = 0 } == ["thresholds.\(measure.rawValue)"])
    }

    @Test func `opening rooms is a command too`() {
        #expect(places([.p99AckMs: 250]) { ($0.chat.perMinute, $0.rounds) = (0, [round()]) } == [])
    }

    @Test func `a time to come back needs somebody who was gone`() {
        #expect(places([.p99ResumeMs: 900]) == ["thresholds.p99ResumeMs"])
        #expect(places([.p99ResumeMs: 900]) { $0.drops.perHour = 1 } == [])
        #expect(places([.p99ResumeMs: 900]) { $0.hosts.drops = [.init(at: 50, seconds: 5)] } == [])
        #expect(places([.p99ResumeMs: 900]) { ($0.far.share, $0.far.cuts.perHour) = (0.5, 1) } == [])
    }

    @Test func `being back within a time needs a storm or a restart, and time to try`() {
        #expect(places([.backWithinSeconds: 30]) == ["thresholds.backWithinSeconds"])
        #expect(places([.backWithinSeconds: 30]) { $0.restarts = [.init(at: 100)] } == [])
        #expect(places([.backWithinSeconds: 6]) { $0.drops.storms = [.init(at: 100)] } == [])
        #expect(
            places([.backWithinSeconds: 5]) { $0.drops.storms = [.init(at: 100)] } == [
                "thresholds.backWithinSeconds"
            ]
        )
    }

    @Test func `rooms are late only where there are any`() {
        #expect(places([.roomsLateMs: 500]) == ["thresholds.roomsLateMs"])
        #expect(places([.roomsLateMs: 500]) { $0.rounds = [round()] } == [])
    }

    @Test func `a time without a host needs somebody who could lead`() {
        #expect(places([.hostlessSeconds: 35]) == [])
        #expect(places([.hostlessSeconds: 35]) { $0.people.cohosts = 0 } == ["thresholds.hostlessSeconds"])
    }

    @Test func `a limit that another one hides is a slip`() {
        #expect(places([.p50DeliveryMs: 300, .p99DeliveryMs: 250]) == ["thresholds.p50DeliveryMs"])
        #expect(places([.p50DeliveryMs: 300, .p999DeliveryMs: 250]) == ["thresholds.p50DeliveryMs"])
        #expect(places([.p50DeliveryMs: 50, .p99DeliveryMs: 250, .p999DeliveryMs: 250]) == [])
    }
}

struct ScenarioDoubtTests {
    @Test(arguments: ["people.cohosts", "people", "people.each"])
    func `a rule is silent about what the reader has refused`(place: String) {
        var scenario = sound()
        scenario.people.observers = 30
        #expect(ScenarioRules.problems(of: scenario, doubtful: [place]) == [])
        #expect(ScenarioRules.problems(of: scenario, doubtful: ["seed"]).map(\.place) == ["people.each"])
    }

    @Test func `one bad round does not silence the others`() {
        var scenario = sound()
        scenario.rounds = [round(rooms: 99), round(at: 300, rooms: 99)]
        #expect(
            ScenarioRules.problems(of: scenario, doubtful: ["rounds[0].rooms"]).map(\.place) == [
                "rounds[1].rooms"
            ]
        )
        #expect(ScenarioRules.problems(of: scenario, doubtful: ["rounds"]) == [])
    }
}
