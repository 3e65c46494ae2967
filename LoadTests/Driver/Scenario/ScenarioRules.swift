/// What must fit together in a scenario, beside each value being in its range; all that does not is listed.
///
/// A rule that looks at a doubtful place says nothing: there the reader has already said what is wrong.
struct ScenarioRules {
    let scenario: Scenario
    private let doubtful: [String]
    private(set) var problems: [ScenarioProblem] = []

    private init(_ scenario: Scenario, doubtful: [String]) {
        self.scenario = scenario
        self.doubtful = doubtful
    }

    /// Every problem of a scenario, in the order of the file's keys.
    static func problems(of scenario: Scenario, doubtful: [String] = []) -> [ScenarioProblem] {
        var rules = ScenarioRules(scenario, doubtful: doubtful)
        rules.checkPeople()
        rules.checkArrival()
        rules.checkChat()
        rules.checkRounds()
        rules.checkHosts()
        rules.checkDrops()
        rules.checkPoorLinks()
        rules.checkRestarts()
        rules.checkThresholds()
        return rules.problems
    }
}

/// What the server and the driver hold, as far as a scenario has to know.
enum ScenarioBounds {
    /// Of one process of the driver.
    static let people = 100_000
    /// A session's roster has an end at which the server refuses.
    static let seatsPerSession = 2_000
    static let rooms = 200
    /// The server lets a connection give 20 commands a second; half of them may be signs.
    static let signsPerSecond = 10.0
    /// The server keeps so many of a session.
    static let signsPerSession = 50_000
    /// No driver hears more than that.
    static let deliveriesPerSecond = 1_000_000
    /// Stopping, starting, and the wait that the server asks of those who come back.
    static let restartSeconds = 15
    /// Until the server makes somebody else the host, and a little for them to notice.
    static let takeoverSeconds = 35
}

extension ScenarioRules {
    /// Complains, unless the place or another one that the rule has looked at is doubtful.
    mutating func refuse(_ place: String, seeing others: [String] = [], _ sentence: String) {
        guard !([place] + others).contains(where: isDoubtful) else { return }
        problems.append(ScenarioProblem(place: place, sentence: sentence))
    }

    /// Whether something at the place, around it or in it is not what was meant.
    private func isDoubtful(_ place: String) -> Bool {
        doubtful.contains { $0 == place || Self.is($0, within: place) || Self.is(place, within: $0) }
    }

    private static func `is`(_ inner: String, within outer: String) -> Bool {
        inner.hasPrefix(outer + ".") || inner.hasPrefix(outer + "[")
    }

    /// A share that comes to less than one is a slip: nobody would notice that nothing happens.
    ///
    /// Of people where `whole` is their number, and of sessions for hosts.
    mutating func refuseNobody(_ share: Double, of whole: Int, _ many: String, at place: String) {
        // With `fill` nobody knows yet how many there are.
        guard share * Double(whole) < 1, !scenario.fill || share == 0 else { return }
        refuse(
            place,
            seeing: ["people.each", "communities", "sessions", "fill"],
            "\(share.short) of \(whole.grouped) \(many) is less than one; it takes \((1 / Double(max(1, whole))).short)"
                + " or more to hit anybody."
        )
    }
}

// MARK: - Who comes, and what they write

extension ScenarioRules {
    private mutating func checkPeople() {
        let people = scenario.people
        let leading = 1 + people.cohosts + people.observers
        if leading > people.each {
            refuse(
                "people.each",
                seeing: ["people.cohosts", "people.observers"],
                "One host, \(people.cohosts) co-hosts and \(people.observers) observers are more than "
                    + "\(people.each.grouped); make it \(leading.grouped) or more."
            )
        }
        if people.secondDevice > 0 {
            refuseNobody(people.secondDevice, of: scenario.everybody, "people", at: "people.secondDevice")
        }
        if scenario.everybody > ScenarioBounds.people {
            refuse(
                "people",
                seeing: ["communities", "sessions"],
                "\(scenario.everybody.grouped) people in \(scenario.allSessions.grouped) sessions are more than one driver "
                    + "plays (\(ScenarioBounds.people.grouped)); take fewer communities, sessions or people in each."
            )
        }
        if scenario.fill, scenario.communities != 1 {
            refuse(
                "communities",
                seeing: ["fill"],
                "With \"fill\": true the community is repeated until descriptors run out; leave communities at 1."
            )
        }
    }

    private mutating func checkArrival() {
        let end = scenario.arrivalEnd
        let places = ["arrival", "seconds"]
        if end >= scenario.seconds {
            refuse(
                "arrival.seconds",
                seeing: places,
                "People come for \(end) s, and the evening is over after \(scenario.seconds) s; "
                    + "let it last longer, or them come faster."
            )
        }
        if let first = scenario.rounds.indices.min(by: { scenario.rounds[$0].at < scenario.rounds[$1].at }),
            end > scenario.rounds[first].at
        {
            refuse(
                "rounds[\(first)].at",
                seeing: places,
                "Rooms open at \(scenario.rounds[first].at) s, and the last people come at \(end) s; open them later."
            )
        }
    }

    private mutating func checkChat() {
        let chat = scenario.chat
        for (name, share) in [("direct", chat.direct), ("reactions", chat.reactions)]
        where share > 0 && chat.perMinute == 0 {
            refuse(
                "chat.\(name)",
                seeing: ["chat.perMinute"],
                "Nobody writes anything: set chat.perMinute, or leave \(name) out."
            )
        }
        let estimate = ScenarioEstimate(scenario)
        let places = ["people", "seconds", "arrival", "rounds", "communities", "sessions"]
        if estimate.signsPerSecond > ScenarioBounds.signsPerSecond {
            refuse(
                "chat.reactions",
                seeing: places + ["chat"],
                "Each person would put \(Int(estimate.signsPerSecond)) signs on messages in a second, and the server takes "
                    + "20 commands a second of one connection; take a smaller share."
            )
        } else if estimate.signsPerSession > ScenarioBounds.signsPerSession {
            refuse(
                "chat.reactions",
                seeing: places + ["chat"],
                "A session would come to \(estimate.signsPerSession.grouped) signs, and the server keeps "
                    + "\(ScenarioBounds.signsPerSession.grouped); take a smaller share."
            )
        }
        if estimate.deliveriesPerSecond > ScenarioBounds.deliveriesPerSecond {
            refuse(
                "chat.perMinute",
                seeing: places + ["chat"],
                "This comes to \(estimate.deliveriesPerSecond.grouped) deliveries a second, more than any driver hears "
                    + "(\(ScenarioBounds.deliveriesPerSecond.grouped)); let people write less."
            )
        }
    }
}

// MARK: - Poor links

extension ScenarioRules {
    private mutating func checkPoorLinks() {
        let (far, slow) = (scenario.far, scenario.slow)
        if far.share > 0 { refuseNobody(far.share, of: scenario.everybody, "people", at: "far.share") }
        if slow.share > 0 { refuseNobody(slow.share, of: scenario.everybody, "people", at: "slow.share") }
        if far.share + slow.share > 1 {
            refuse(
                "slow.share",
                seeing: ["far.share"],
                "Nobody is far away and slow at once, and \(far.share.short) and \(slow.share.short) are together more "
                    + "than 1; make one of them smaller."
            )
        }
        for (name, pause) in [("cuts", far.cuts), ("sleeps", far.sleeps)] where pause.perHour > 0 {
            if far.share == 0 {
                refuse(
                    "far.\(name).perHour",
                    seeing: ["far.share"],
                    "Nobody is far away whom this could befall; set far.share."
                )
            }
            refuseTooLong(pause.seconds, at: "far.\(name).seconds", seeing: ["far.\(name).perHour"])
        }
        if far.share > 0, far.delayMs == 0, far.cuts.perHour == 0, far.sleeps.perHour == 0 {
            refuse(
                "far.share",
                seeing: ["far"],
                "Those who are far away have no delay, no cuts and no sleeps; set one of these."
            )
        }
        if slow.share > 0, scenario.chat.perMinute == 0 {
            refuse(
                "slow.share",
                seeing: ["chat.perMinute"],
                "Nobody writes anything that could be read slowly; set chat.perMinute."
            )
        }
        let minutes =
            scenario.drops.perHour * scenario.drops.seconds.mean / 60
            + (far.cuts.perHour * far.cuts.seconds.mean + far.sleeps.perHour * far.sleeps.seconds.mean) / 60
        if minutes > 30 {
            refuse(
                far.share > 0 ? "far" : "drops.perHour",
                seeing: ["far", "drops"],
                "Drops, cuts and sleeps come to \(Int(minutes)) minutes of an hour, and whoever is hardly ever there "
                    + "shows nothing; keep them below 30."
            )
        }
    }

    /// Whoever is away for longer than the evening is simply not there.
    mutating func refuseTooLong(_ span: Scenario.Span, at place: String, seeing others: [String]) {
        guard span.to >= scenario.seconds else { return }
        refuse(
            place,
            seeing: others + ["seconds"],
            "Up to \(span.to) s are as long as the whole evening (\(scenario.seconds) s); nobody would come back. "
                + "Make it shorter."
        )
    }
}

extension Scenario {
    /// Sessions of all communities; with `fill` those that are repeated.
    var allSessions: Int { communities * sessions }

    /// People of all sessions.
    var everybody: Int { allSessions * people.each }

    /// When the last one has come.
    var arrivalEnd: Int { arrival.shape == .atOnce ? 0 : arrival.seconds }

    /// Whom a rule puts into a room: neither hosts nor observers.
    var participants: Int { max(0, people.each - 1 - people.cohosts - people.observers) }
}

extension Scenario.Span {
    /// What it comes to on average.
    var mean: Double { Double(from + to) / 2 }
}
