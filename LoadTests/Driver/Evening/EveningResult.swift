import Foundation

extension Evening {
    /// What it came to, but for the verdict.
    func result() -> RunResult {
        let violations = gatherings.flatMap(\.ledger.violations).sorted { $0.atSeconds < $1.atSeconds }
        meters.counts.violations = violationCount
        return RunResult(
            scenario: RunResult.Played(
                name: scenario.name,
                about: scenario.about,
                seed: scenario.seed,
                seconds: scenario.seconds,
                communities: Set(gatherings.map(\.community)).count,
                sessions: gatherings.count,
                people: people.count
            ),
            target: RunResult.Target(url: target.text, server: serverVersion, machine: Machine.sentence),
            startedAtMs: Int(options.startedAt),
            seconds: length,
            verdict: RunResult.Verdict(kind: .met, sentence: "", exitCode: 0),
            counts: meters.counts,
            latencies: meters.latencies,
            thresholds: scenario.heldThresholds.map(thresholdResult),
            violations: Array(violations.prefix(100)),
            timeline: meters.timeline,
            marks: meters.marks,
            driver: RunResult.Driver(
                lagP99Ms: Double(meters.lags.percentile(99)) / 1_000,
                cpuPeak: cpuPeak,
                memoryMB: DriverUsage.memoryMB,
                faults: []
            ),
            remarks: allRemarks + probeRemarks
        )
    }

    private func thresholdResult(_ threshold: Scenario.Threshold) -> RunResult.ThresholdResult {
        let actual = actual(threshold.measure)
        return RunResult.ThresholdResult(
            name: threshold.measure.rawValue,
            limit: threshold.limit,
            actual: actual,
            isMet: actual.map { $0 <= threshold.limit } ?? false
        )
    }

    /// Nil when there was nothing to measure.
    private func actual(_ measure: Scenario.Measure) -> Double? {
        func percentile(_ times: Histogram, _ percent: Double) -> Double? {
            times.count == 0 ? nil : Double(times.percentile(percent)) / 1_000
        }
        switch measure {
        case .violations: return Double(violationCount)
        case .p50DeliveryMs: return percentile(meters.deliveries, 50)
        case .p99DeliveryMs: return percentile(meters.deliveries, 99)
        case .p999DeliveryMs: return percentile(meters.deliveries, 99.9)
        case .p99AckMs: return percentile(meters.acknowledgements, 99)
        case .p99JoinMs: return percentile(meters.joins, 99)
        case .p99ResumeMs: return percentile(meters.resumes, 99)
        case .backWithinSeconds:
            return returns.missing > 0 ? nil : returns.longest.map { Double($0) / 1_000_000 }
        case .hostlessSeconds: return Double(gatherings.map(\.hostless).max() ?? 0) / 1_000_000
        case .roomsLateMs: return Double(gatherings.compactMap(\.ledger.roomsLate).max() ?? 0)
        case .refusals: return Double(meters.unexpectedRefusals)
        case .missingPeople: return Double(missingPeople)
        case .serverMemoryMB: return serverMemoryPeak > 0 ? serverMemoryPeak : nil
        }
    }

    /// The busiest five seconds.
    private var cpuPeak: Double {
        let shares = meters.timeline.map(\.driverCPU)
        guard shares.count >= 5 else { return shares.reduce(0, +) / Double(max(1, shares.count)) }
        return (0...shares.count - 5).map { shares[$0..<$0 + 5].reduce(0, +) / 5 }.max() ?? 0
    }

    private var probeRemarks: [String] {
        if let refusal = probe.refusal { return ["The server's metrics could not be read: \(refusal)"] }
        return probe.memoryMB == nil ? ["The server's metrics could not be read."] : []
    }
}

/// The machine that the driver runs on.
enum Machine {
    static var sentence: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(model), \(cores) cores, \(ProcessInfo.processInfo.operatingSystemVersionString)"
    }

    private static var model: String {
        guard let data = FileManager.default.contents(atPath: "/proc/cpuinfo") else {
            return "unknown processor"
        }
        let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("model name")
        }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown processor"
    }
}
