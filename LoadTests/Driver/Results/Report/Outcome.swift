/// The parts of the report that say in words and tables how it went.
struct Outcome {
    /// So many violations are open to see; the others are behind one click.
    private static let violationsOpen = 3

    private let result: RunResult

    init(_ result: RunResult) {
        self.result = result
    }

    /// What it is about, and the verdict.
    var header: Markup {
        let verdict = result.verdict
        let word = Markup(
            "p",
            ["class": "word"],
            [
                Markup("span", ["class": "sign", "aria-hidden": "true"], text: verdict.kind.sign),
                Markup(" \(verdict.kind.word)"),
            ]
        )
        let panel = Markup(
            "section",
            ["class": "verdict \(verdict.kind.rawValue)", "aria-label": "Verdict"],
            [word, Markup("p", text: verdict.sentence)]
        )
        let about =
            result.scenario.about.isEmpty
            ? [] : [Markup("p", ["class": "about"], text: result.scenario.about)]
        let when = "Rehearsal of \(Figure.moment(result.startedAtMs))"
        return Markup(
            "header",
            [Markup("p", ["class": "when"], text: when), Markup("h1", text: result.scenario.name)] + about + [
                panel
            ]
        )
    }

    var keyFigures: Markup {
        let counts = result.counts
        var figures = [
            ("people at once, at most", Figure.count(counts.connectedPeak)),
            ("messages sent", Figure.count(counts.messagesSent)),
            ("pushes heard", Figure.count(counts.pushes)),
        ]
        if let delivery = result.latencies.first(where: { $0.name == "delivery" && $0.count > 0 }) {
            figures.append(("delivery, 99 of 100 within", "\(Figure.number(delivery.p99Ms)) ms"))
        }
        figures.append((counts.violations == 1 ? "violation" : "violations", Figure.count(counts.violations)))
        let terms = figures.map { (term: $0.0, text: [Markup($0.1)]) }
        return Markup("section", ["aria-label": "In short"], [.terms(terms, class: "key-figures")])
    }

    var thresholds: Markup {
        guard !result.thresholds.isEmpty else {
            let words = "The scenario sets none, so only the rules were judged."
            return .section("Thresholds", id: "thresholds", [Markup("p", text: words)])
        }
        let rows = result.thresholds.map { threshold -> [[Markup]] in
            let name = threshold.words.text
            let isMet = threshold.isMet
            let isMeasured = threshold.actual != nil
            return [
                [
                    Markup(name.prefix(1).uppercased() + name.dropFirst()),
                    Markup(" "), Markup("code", text: threshold.name),
                ],
                [Markup(unbroken(threshold.limitText))],
                [Markup(isMeasured ? unbroken(threshold.actualText) : threshold.actualText)],
                [
                    Markup(
                        "span",
                        ["class": isMet ? "is-met" : "is-not-met"],
                        text: isMet ? "✓ met" : "✗ not met"
                    )
                ],
            ]
        }
        let head = ["Measure", "At most", "Actual", "Verdict"]
        let table = Markup.table(
            caption: "What had to hold, and what was measured",
            head: head,
            cells: rows,
            class: "figures wide"
        )
        return .section("Thresholds", id: "thresholds", [table])
    }

    /// A figure stays beside its unit, also on a narrow screen.
    private func unbroken(_ figure: String) -> String { figure.replacing(" ", with: "\u{A0}") }

    var violations: Markup {
        guard result.counts.violations > 0 else {
            return .section(
                "Violations",
                id: "violations",
                [Markup("p", text: "None: every rule that was watched held.")]
            )
        }
        let shown = result.violations.enumerated().map { article($0.element, number: $0.offset + 1) }
        var content = Array(shown.prefix(Self.violationsOpen))
        if shown.count > Self.violationsOpen {
            let rest = Array(shown.dropFirst(Self.violationsOpen))
            let summary = Markup("summary", text: "\(rest.count) more with their evidence")
            content.append(Markup("details", [summary] + rest))
        }
        if result.counts.violations > shown.count {
            let words =
                "There were \(Figure.count(result.counts.violations)) in all; the first \(shown.count) are kept."
            content.insert(Markup("p", text: words), at: 0)
        }
        return .section("Violations", id: "violations", content)
    }

    private func article(_ violation: RunResult.Violation, number: Int) -> Markup {
        let place = "at \(Figure.clock(violation.atSeconds)), \(violation.place)"
        var content = [
            Markup("h3", [Markup("\(number). \(violation.rule) "), Markup("small", text: place)]),
            Markup("p", text: violation.sentence),
        ]
        if !violation.evidence.isEmpty {
            content.append(Markup("pre", text: violation.evidence.joined(separator: "\n")))
        }
        return Markup("article", ["class": "violation"], content)
    }

    var driver: Markup {
        let driver = result.driver
        let words =
            "What plenary-load itself needed. While it does on time what is due, the latencies are the server's."
        let terms: [(term: String, text: [Markup])] = [
            ("late with what was due, 99 of 100 within", [Markup("\(Figure.number(driver.lagP99Ms)) ms")]),
            ("of a core in its busiest five seconds", [Markup(Figure.percent(driver.cpuPeak))]),
            ("memory", [Markup("\(Figure.number(driver.memoryMB)) MB")]),
        ]
        var content = [Markup("p", text: words), .terms(terms, class: "key-figures")]
        if !driver.faults.isEmpty {
            content.append(Markup("ul", ["class": "warnings"], driver.faults.map { Markup("li", text: $0) }))
        }
        return .section("The driver", id: "driver", content)
    }

    var counts: Markup {
        let rows = result.counts.listed.map {
            [$0.name.prefix(1).uppercased() + $0.name.dropFirst(), Figure.count($0.number)]
        }
        let all = Markup.table(caption: "Everybody together", head: ["What", "Number"], rows: rows)
        let byCode = [
            ("Commands refused, by code", result.counts.refusals),
            ("Connections closed, by code", result.counts.closes),
        ].filter { !$0.1.isEmpty }.map { caption, counts in
            let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return Markup.table(
                caption: caption,
                head: ["Code", "Number"],
                rows: rows.map { [$0.key, Figure.count($0.value)] }
            )
        }
        let tables = byCode.isEmpty ? [all] : [all, Markup("div", ["class": "stack"], byCode)]
        return .section("Counts", id: "counts", [Markup("div", ["class": "tables"], tables)])
    }

    var played: Markup {
        let (scenario, target) = (result.scenario, result.target)
        let terms = [
            ("Scenario", scenario.name), ("Seed", String(scenario.seed)),
            ("Planned", Figure.duration(Double(scenario.seconds))), ("Took", Figure.duration(result.seconds)),
            ("Communities", Figure.count(scenario.communities)),
            ("Sessions", Figure.count(scenario.sessions)),
            ("People", Figure.count(scenario.people)), ("Began", Figure.moment(result.startedAtMs)),
            ("Server", target.url),
            ("Its version", target.server.isEmpty ? "unknown, nobody joined" : target.server),
            ("Driver's machine", target.machine),
        ]
        return .section(
            "What was played",
            id: "played",
            [.terms(terms.map { ($0.0, [Markup($0.1)]) }, class: "played")]
        )
    }

    var remarks: Markup {
        let content =
            result.remarks.isEmpty
            ? [Markup("p", text: "Nothing that the reader should know besides.")]
            : [Markup("ul", result.remarks.map { Markup("li", text: $0) })]
        return .section("Remarks", id: "remarks", content)
    }
}
