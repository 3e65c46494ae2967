/// From what a run measured to what it says about the server.
///
/// The first that applies: interrupted (exit code 130), invalid because the driver itself was the bottleneck (75), a
/// threshold not met or a rule that did not hold (99), all met (0). A driver that could not keep its own times is judged
/// before the thresholds: its delays are in every latency, so neither a good figure nor a bad one is the server's.
enum VerdictRules {
    /// What ran out on the driver's machine.
    enum Shortage: String, CaseIterable, Sendable {
        case ports
        case descriptors
    }

    /// The driver may be late by this share of the smallest latency threshold.
    static let lagShare = 0.1
    /// A lag up to this, in milliseconds, is believed whatever the thresholds are.
    static let lagAllowedMs = 10.0
    /// The share of one core that the driver's busiest five seconds may take.
    static let cpuAllowed = 0.85

    /// Why the driver was the bottleneck, in sentences; empty when it was not.
    static func faults(
        lagP99Ms: Double,
        cpuPeak: Double,
        shortages: [Shortage],
        thresholds: [RunResult.ThresholdResult]
    ) -> [String] {
        var faults: [String] = []
        if let smallest = smallestLatency(thresholds), lagP99Ms > lagLimitMs(thresholds) ?? .infinity {
            faults.append(
                "It did what was due up to \(Figure.number(lagP99Ms)) ms late (p99), which is more than a tenth of "
                    + "the smallest latency threshold (\(smallest.name), \(smallest.limitText))."
            )
        }
        if cpuPeak > cpuAllowed {
            faults.append(
                "It used \(Figure.percent(cpuPeak)) of a core for five seconds; above \(Figure.percent(cpuAllowed)) "
                    + "it cannot be told whose time a delay was."
            )
        }
        for shortage in Shortage.allCases where shortages.contains(shortage) {
            faults.append(shortage.sentence)
        }
        return faults
    }

    /// How late the driver may be, in milliseconds (p99); nil when no latency threshold is set.
    static func lagLimitMs(_ thresholds: [RunResult.ThresholdResult]) -> Double? {
        smallestLatency(thresholds).map { max(lagAllowedMs, $0.limit * lagShare) }
    }

    /// The verdict on a result whose `driver.faults` are filled; its own `verdict` is not looked at.
    static func verdict(on result: RunResult, isInterrupted: Bool) -> RunResult.Verdict {
        if isInterrupted {
            return .init(kind: .interrupted, sentence: interruption(result), exitCode: 130)
        }
        if !result.driver.faults.isEmpty {
            return .init(kind: .invalid, sentence: invalidity(result), exitCode: 75)
        }
        let failures = failures(result)
        if !failures.isEmpty {
            return .init(kind: .thresholdsNotMet, sentence: failures, exitCode: 99)
        }
        return .init(kind: .met, sentence: success(result), exitCode: 0)
    }
}

extension RunResult {
    /// Fills `driver.faults` and `verdict` from everything else; faults that are there already stay and count.
    mutating func judge(isInterrupted: Bool, shortages: [VerdictRules.Shortage] = []) {
        let found = VerdictRules.faults(
            lagP99Ms: driver.lagP99Ms,
            cpuPeak: driver.cpuPeak,
            shortages: shortages,
            thresholds: thresholds
        )
        driver.faults += found.filter { !driver.faults.contains($0) }
        verdict = VerdictRules.verdict(on: self, isInterrupted: isInterrupted)
    }
}

extension VerdictRules.Shortage {
    fileprivate var sentence: String {
        switch self {
        case .ports: "It ran out of ports for its connections."
        case .descriptors: "It ran out of descriptors for its connections."
        }
    }

    fileprivate var cure: String {
        switch self {
        case .ports: "a wider port range (net.ipv4.ip_local_port_range)"
        case .descriptors: "more descriptors (ulimit -n)"
        }
    }
}

extension VerdictRules {
    private static func smallestLatency(
        _ thresholds: [RunResult.ThresholdResult]
    ) -> RunResult.ThresholdResult? {
        thresholds.filter { Scenario.Measure(rawValue: $0.name)?.isLatency ?? false }
            .min { $0.limit < $1.limit }
    }

    private static func interruption(_ result: RunResult) -> String {
        let length = Figure.duration(Double(result.scenario.seconds))
        var sentences = [
            "Interrupted after \(Figure.duration(result.seconds)) of \(length): this is the report so far."
        ]
        if !result.driver.faults.isEmpty {
            sentences.append("The driver was the bottleneck. " + result.driver.faults.joined(separator: " "))
        }
        // What was still to come could not be measured, and is nobody's fault.
        var soFar = result
        soFar.thresholds.removeAll { $0.actual == nil }
        let failures = failures(soFar)
        sentences.append(failures.isEmpty ? "Up to then the rules held and no limit was passed." : failures)
        return sentences.joined(separator: " ")
    }

    private static func invalidity(_ result: RunResult) -> String {
        let shortages = Shortage.allCases.filter { result.driver.faults.contains($0.sentence) }
        let cures =
            shortages.map(\.cure) + ["fewer people", "another machine", "a core of its own (taskset)"]
        var sentences = ["The driver itself was the bottleneck."] + result.driver.faults
        sentences.append("So these figures say nothing about the server, whether good or bad.")
        sentences.append("Run it again with \(alternatives(cures)).")
        if result.counts.violations > 0 {
            let many = Figure.many(result.counts.violations, "violation of a rule", "violations of rules")
            sentences.append("It saw \(many) all the same: the evidence is worth a look.")
        }
        return sentences.joined(separator: " ")
    }

    /// Empty when all was met.
    private static func failures(_ result: RunResult) -> String {
        var sentences: [String] = []
        if result.counts.violations > 0 {
            let many = Figure.many(result.counts.violations, "violation", "violations")
            let first = result.violations.first.map { ", the first of the rule “\($0.rule)”" } ?? ""
            sentences.append("The rules did not hold: \(many)\(first).")
        }
        // Violations have been told; a second sentence about them would say nothing new.
        let isTold = { (name: String) in
            name == Scenario.Measure.violations.rawValue && result.counts.violations > 0
        }
        let missed = result.thresholds.filter { !$0.isMet && !isTold($0.name) }.map { threshold in
            let actual =
                threshold.actual.map { "was \(threshold.words.unit.text($0))" } ?? "could not be measured"
            return "\(threshold.name) \(actual) (limit \(threshold.limitText))"
        }
        if !missed.isEmpty { sentences.append("Not met: \(missed.joined(separator: "; ")).") }
        return sentences.joined(separator: " ")
    }

    private static func success(_ result: RunResult) -> String {
        let held =
            result.thresholds.isEmpty
            ? "The rules held; no threshold was set" : "The rules held and every threshold was met"
        let people = Figure.many(result.scenario.people, "person", "people")
        let sessions = Figure.many(result.scenario.sessions, "session", "sessions")
        let sent = Figure.many(result.counts.messagesSent, "message", "messages")
        let heard = Figure.many(result.counts.pushes, "push", "pushes")
        return
            "\(held): \(people) in \(sessions) for \(Figure.duration(result.seconds)), \(sent) sent, \(heard) heard."
    }

    private static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
