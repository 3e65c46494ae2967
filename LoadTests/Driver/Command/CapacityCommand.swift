/// `plenary-load --find-capacity SCENARIO.json`: how many such sessions this machine carries, in one sentence.
struct CapacityCommand {
    private let rehearsal: Rehearsal
    private let first: Int
    private let most: Int

    static let options = """
          --from N             sessions of the first run (default 4)
          --most N             sessions of the largest run (default 10000)
        """

    /// - Throws: `.usage` for wrong arguments, `.data` for files with mistakes.
    init(_ arguments: inout Arguments) throws(LoadFault) {
        first = try arguments.number("--from", in: 1...10_000) ?? 4
        most = try arguments.number("--most", in: 1...10_000) ?? 10_000
        rehearsal = try Rehearsal(&arguments)
        try arguments.end()
        guard !rehearsal.scenario.thresholds.isEmpty else {
            throw .usage("a scenario without thresholds has no limit to be found")
        }
    }

    /// Tries and answers the exit code.
    func run(_ say: (String) -> Void) throws(LoadFault) -> Int32 {
        let interruption = Interruption()
        var search = CapacitySearch(from: first, most: most)
        while let sessions = search.next {
            let trial = try self.trial(sessions, interruption)
            guard !interruption.hasCome else {
                say("Interrupted: nothing is known but what stands above.")
                return 130
            }
            let count = Wording.count(sessions, "session", "sessions")
            say("\(count) of \(rehearsal.scenario.people.each): \(trial.words)")
            search.take(trial)
        }
        guard let outcome = search.outcome else { return 1 }
        say(outcome.sentence(peopleEach: rehearsal.scenario.people.each))
        if case .none = outcome { return 99 }
        return 0
    }

    private func trial(
        _ sessions: Int,
        _ interruption: Interruption
    ) throws(LoadFault) -> CapacitySearch.Trial {
        var rehearsal = rehearsal
        rehearsal.scenario.communities = sessions
        rehearsal.scenario.sessions = 1
        rehearsal.scenario.fill = false
        var display = LiveDisplay.standard()
        let result: RunResult
        do throws(LoadFault) {
            result = try rehearsal.play(interruption) { display.show($0, at: $1) }
        } catch {
            display.end()
            if case .invalid(let why) = error { return .invalid(why) }
            throw error
        }
        display.end()
        switch result.verdict.kind {
        case .met: return .met
        case .invalid: return .invalid(result.driver.faults.joined(separator: " "))
        case .interrupted: return .broken("interrupted")
        case .thresholdsNotMet:
            let missed = result.thresholds.first { !$0.isMet }
            return .broken(
                missed.map {
                    "\($0.name) was \($0.actual.map(Figure.number) ?? "not measured"), limit \(Figure.number($0.limit))"
                }
                    ?? "rules that did not hold"
            )
        }
    }
}

extension CapacitySearch.Trial {
    fileprivate var words: String {
        switch self {
        case .met: "every threshold was met"
        case .broken(let why): "not met: \(why)"
        case .invalid(let why): "invalid: \(why)"
        }
    }
}
