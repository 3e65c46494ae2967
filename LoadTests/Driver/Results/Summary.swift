import Foundation

/// What is printed when a run is over: the verdict, the figures, and where the rest is.
enum Summary {
    /// So many violations are told in full; the rest is in the report.
    private static let violationsTold = 5
    private static let evidenceTold = 4

    /// The text, without a line feed at its end.
    ///
    /// `files` are the paths of what was written.
    static func text(
        _ result: RunResult,
        files: [String],
        comparison: Comparison? = nil,
        colour: Bool = false
    ) -> String {
        var parts = [[headline(result.verdict, colour: colour), visible(result.verdict.sentence)]]
        parts.append(latencies(result.latencies))
        parts.append(thresholds(result.thresholds))
        parts.append(counts(result.counts))
        parts.append(violations(result))
        parts.append(result.remarks.map { "Note: \(visible($0))" })
        if let comparison { parts.append([comparison.text]) }
        parts.append(files.enumerated().map { ($0.offset == 0 ? "Written: " : "         ") + $0.element })
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private static func headline(_ verdict: RunResult.Verdict, colour: Bool) -> String {
        let word = "\(verdict.kind.sign) \(verdict.kind.word)"
        guard colour else { return word }
        let code =
            switch verdict.kind {
            case .met: "32"
            case .thresholdsNotMet: "31"
            case .invalid, .interrupted: "33"
            }
        return "\u{1B}[1;\(code)m\(word)\u{1B}[0m"
    }

    private static func latencies(_ latencies: [RunResult.Latency]) -> [String] {
        let measured = latencies.filter { $0.count > 0 }
        guard !measured.isEmpty else { return ["No latency was measured."] }
        let rows = measured.map { latency in
            [visible(latency.name), Figure.count(latency.count)]
                + RunResult.Latency.percentiles.map { Figure.number(latency[keyPath: $0.value]) }
        }
        return TextTable([["Latency, ms", "count"] + RunResult.Latency.percentiles.map(\.label)] + rows).lines
            + measured.map { "  \(visible($0.name)): \(visible($0.meaning))" }
    }

    private static func thresholds(_ thresholds: [RunResult.ThresholdResult]) -> [String] {
        guard !thresholds.isEmpty else { return ["No threshold was set."] }
        let rows = thresholds.map {
            [visible($0.name), $0.limitText, $0.actualText, $0.isMet ? "met" : "NOT MET"]
        }
        return TextTable([["Threshold", "limit", "actual", ""]] + rows).lines
    }

    private static func counts(_ counts: RunResult.Counts) -> [String] {
        let rows = counts.listed.map { [$0.name, Figure.count($0.number)] }
        let codes = counts.refusals.sorted { $0.key < $1.key }.map {
            ["refused: \(visible($0.key))", Figure.count($0.value)]
        }
        let closes = counts.closes.sorted { $0.key < $1.key }.map {
            ["closed: \(visible($0.key))", Figure.count($0.value)]
        }
        return TextTable([["Counts"]] + rows + codes + closes).lines
    }

    private static func violations(_ result: RunResult) -> [String] {
        guard result.counts.violations > 0 else { return [] }
        var lines = [Figure.many(result.counts.violations, "violation", "violations") + ":"]
        for violation in result.violations.prefix(violationsTold) {
            lines.append(
                "  \(visible(violation.rule)) at \(Figure.clock(violation.atSeconds)), \(visible(violation.place)): "
                    + visible(violation.sentence)
            )
            lines += violation.evidence.prefix(evidenceTold).map { "    \(oneLine($0))" }
            if violation.evidence.count > evidenceTold {
                lines.append("    and \(violation.evidence.count - evidenceTold) more lines")
            }
        }
        let rest = result.counts.violations - min(result.violations.count, violationsTold)
        if rest > 0 { lines.append("  and \(Figure.count(rest)) more") }
        return lines
    }

    /// Evidence may be a whole message; the report has it in full.
    private static func oneLine(_ text: String) -> String {
        let line = visible(text).replacingOccurrences(of: "\n", with: " ")
        return line.count > 160 ? line.prefix(159) + "…" : line
    }
}

extension RunResult.Verdict.Kind {
    /// A word that says it without colour.
    var word: String {
        switch self {
        case .met: "Met"
        case .thresholdsNotMet: "Not met"
        case .invalid: "Invalid"
        case .interrupted: "Interrupted"
        }
    }

    var sign: String {
        switch self {
        case .met: "✓"
        case .thresholdsNotMet: "✗"
        case .invalid: "!"
        case .interrupted: "■"
        }
    }
}

extension RunResult.Violation {
    /// Where it happened: the session, and who noticed.
    var place: String { person.map { "session \(session), \($0)" } ?? "session \(session)" }
}
