/// Two runs side by side, the older one first.
///
/// It states differences and claims nothing about their cause: two single runs differ by chance as well.
struct Comparison {
    struct Row: Equatable {
        let name: String
        let unit: MeasureWords.Unit
        /// Nil when that run has no such figure.
        let before: Double?
        let now: Double?
    }

    struct Group {
        let title: String
        let rows: [Row]
    }

    /// Why the runs can hardly be compared, in sentences.
    let warnings: [String]
    let groups: [Group]
    /// When the older run began, in milliseconds since 1970.
    let before: Int
    let now: Int

    static let caution =
        "These are two single runs: a difference may be chance. Repeat both before believing a small one."

    init(of new: RunResult, with old: RunResult) {
        before = old.startedAtMs
        now = new.startedAtMs
        warnings = Self.warnings(old, new)
        groups = [
            Group(title: "Thresholds", rows: Self.thresholds(old, new)),
            Group(title: "Latencies", rows: Self.latencies(old, new)),
            Group(title: "Counts", rows: Self.counts(old, new)),
            Group(title: "Peaks", rows: Self.peaks(old, new)),
        ].filter { !$0.rows.isEmpty }
    }
}

extension Comparison.Row {
    var beforeText: String { before.map(unit.text) ?? "–" }
    var nowText: String { now.map(unit.text) ?? "–" }

    /// The difference in percent of the older figure, where there is such a thing.
    var change: String {
        guard let before, let now else { return "–" }
        if before == now { return "same" }
        // Of nothing there is no percentage.
        guard before != 0 else { return now > 0 ? "new" : "–" }
        let percent = ((now - before) / abs(before) * 100).rounded()
        if percent == 0 { return "±0 %" }
        return percent > 0 ? "+\(Figure.number(percent)) %" : "−\(Figure.number(-percent)) %"
    }
}

extension Comparison {
    private static func warnings(_ old: RunResult, _ new: RunResult) -> [String] {
        var warnings: [String] = []
        func differ(_ what: String, _ before: String, _ now: String) {
            guard before != now else { return }
            warnings.append("The runs differ in \(what): \(visible(before)) before, \(visible(now)) now.")
        }
        differ("scenario", old.scenario.name, new.scenario.name)
        differ("seed", String(old.scenario.seed), String(new.scenario.seed))
        differ(
            "planned length",
            Figure.duration(Double(old.scenario.seconds)),
            Figure.duration(Double(new.scenario.seconds))
        )
        differ("people", Figure.count(old.scenario.people), Figure.count(new.scenario.people))
        differ("sessions", Figure.count(old.scenario.sessions), Figure.count(new.scenario.sessions))
        differ("machine", old.target.machine, new.target.machine)
        for (run, name) in [(old, "older"), (new, "newer")] {
            switch run.verdict.kind {
            case .invalid:
                warnings.append("The \(name) run is invalid, so its figures say nothing about the server.")
            case .interrupted:
                warnings.append("The \(name) run was interrupted after \(Figure.duration(run.seconds)).")
            case .met, .thresholdsNotMet: break
            }
        }
        return warnings
    }

    private static func thresholds(_ old: RunResult, _ new: RunResult) -> [Row] {
        let names = union(new.thresholds.map(\.name), old.thresholds.map(\.name))
        return names.map { name in
            Row(
                name: name,
                unit: MeasureWords(name).unit,
                before: old.thresholds.first { $0.name == name }?.actual,
                now: new.thresholds.first { $0.name == name }?.actual
            )
        }
    }

    private static func latencies(_ old: RunResult, _ new: RunResult) -> [Row] {
        union(new.latencies.map(\.name), old.latencies.map(\.name)).flatMap { name in
            let before = old.latencies.first { $0.name == name && $0.count > 0 }
            let now = new.latencies.first { $0.name == name && $0.count > 0 }
            return RunResult.Latency.percentiles.map { label, value in
                Row(
                    name: "\(name) \(label)",
                    unit: .milliseconds,
                    before: before.map { $0[keyPath: value] },
                    now: now.map { $0[keyPath: value] }
                )
            }
        }
    }

    private static func counts(_ old: RunResult, _ new: RunResult) -> [Row] {
        zip(old.counts.listed, new.counts.listed).map { before, now in
            Row(name: now.name, unit: .number, before: Double(before.number), now: Double(now.number))
        }
    }

    private static func peaks(_ old: RunResult, _ new: RunResult) -> [Row] {
        func row(_ name: String, _ unit: MeasureWords.Unit, _ value: (RunResult) -> Double?) -> Row {
            Row(name: name, unit: unit, before: value(old), now: value(new))
        }
        return [
            row("server: CPU of a core in a second", .share) { $0.timeline.compactMap(\.serverCPU).max() },
            row("server: memory", .megabytes) { $0.timeline.compactMap(\.serverMemoryMB).max() },
            row("driver: CPU of a core in five seconds", .share) { $0.driver.cpuPeak },
            row("driver: lag p99", .milliseconds) { $0.driver.lagP99Ms },
            row("driver: memory", .megabytes) { $0.driver.memoryMB },
            row("most sent in a second", .number) { $0.timeline.map { Double($0.sent) }.max() },
            row("most heard in a second", .number) { $0.timeline.map { Double($0.heard) }.max() },
        ]
    }

    /// Those of the first in their order, then those that only the second has.
    private static func union(_ first: [String], _ second: [String]) -> [String] {
        first + second.filter { !first.contains($0) }
    }
}

extension RunResult.Latency {
    static let percentiles: [(label: String, value: any KeyPath<Self, Double> & Sendable)] = [
        ("p50", \.p50Ms), ("p90", \.p90Ms), ("p99", \.p99Ms), ("p99.9", \.p999Ms), ("p99.99", \.p9999Ms),
        ("max", \.maxMs),
    ]
}

extension RunResult.Counts {
    /// Every count that is one number, with its words.
    var listed: [(name: String, number: Int)] {
        [
            ("connected at once, at most", connectedPeak),
            ("connections", connections),
            ("joins", joins),
            ("joins that went on where they were", resumed),
            ("messages due", messagesDue),
            ("messages sent", messagesSent),
            ("pushes heard", pushes),
            ("commands", commands),
            ("commands refused", refusals.values.reduce(0, +)),
            ("connections that the server closed, or that were lost", closes.values.reduce(0, +)),
            ("violations", violations),
        ]
    }
}
