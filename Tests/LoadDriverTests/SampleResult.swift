@testable import plenary_load

extension RunResult {
    /// Made up for the tests: a run in which all was well, and nothing was measured by anybody.
    static var sample: RunResult {
        RunResult(
            scenario: .init(
                name: "evening",
                about: "Many communities meet at once.",
                seed: 7,
                seconds: 60,
                communities: 4,
                sessions: 40,
                people: 1_200
            ),
            target: .init(url: "ws://127.0.0.1:8080", server: "plenary 1", machine: "2 cores"),
            startedAtMs: 1_770_000_000_000,
            seconds: 61.2,
            verdict: .init(kind: .met, sentence: "", exitCode: 0),
            counts: .init(
                connectedPeak: 1_200,
                messagesSent: 4_800,
                pushes: 140_000,
                refusals: ["slowDown": 3],
                closes: ["1001": 4, "lost": 11]
            ),
            latencies: [.sample("delivery", p50: 4), .sample("join", p50: 12)],
            thresholds: [.sample("p99DeliveryMs", 250, 32), .sample("violations", 0, 0)],
            violations: [],
            timeline: (0..<60).map { .sample(at: $0) },
            marks: [.init(at: 20, text: "round 1 opens"), .init(at: 40.5, text: "hosts drop")],
            driver: .init(lagP99Ms: 0.9, cpuPeak: 0.31, memoryMB: 91, faults: []),
            remarks: ["The server's clock was not looked at."]
        )
    }

    /// The sample with changes, and the verdict that follows from them.
    static func judged(
        isInterrupted: Bool = false,
        shortages: [VerdictRules.Shortage] = [],
        _ change: (inout RunResult) -> Void = { _ in }
    ) -> RunResult {
        var result = sample
        change(&result)
        result.judge(isInterrupted: isInterrupted, shortages: shortages)
        return result
    }
}

extension RunResult.Latency {
    static func sample(_ name: String, p50: Double) -> Self {
        .init(
            name: name,
            meaning: "From one moment to another.",
            count: 4_800,
            meanMs: p50 * 1.3,
            p50Ms: p50,
            p90Ms: p50 * 2,
            p99Ms: p50 * 8,
            p999Ms: p50 * 20,
            p9999Ms: p50 * 60,
            maxMs: p50 * 90
        )
    }
}

extension RunResult.ThresholdResult {
    static func sample(_ name: String, _ limit: Double, _ actual: Double?) -> Self {
        .init(name: name, limit: limit, actual: actual, isMet: actual.map { $0 <= limit } ?? false)
    }
}

extension RunResult.Violation {
    static func sample(_ rule: String, evidence: [String] = []) -> Self {
        .init(
            rule: rule,
            atSeconds: 12.4,
            session: "c1-s2",
            person: "guest 3",
            sentence: "seq 41 came after seq 42.",
            evidence: evidence
        )
    }
}

extension RunResult.Second {
    static func sample(at second: Int) -> Self {
        .init(
            at: second,
            connected: min(1_200, second * 40),
            sent: 80,
            heard: 2_400,
            joined: 40,
            p50Ms: 4,
            p99Ms: 20 + Double(second % 7),
            maxMs: 31,
            serverCPU: 0.4,
            serverMemoryMB: 120,
            driverCPU: 0.3,
            lagP99Ms: 0.8
        )
    }
}
