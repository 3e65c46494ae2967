import Testing

@testable import plenary_load

struct ComparisonTests {
    private func row(_ before: Double?, _ now: Double?) -> Comparison.Row {
        .init(name: "it", unit: .milliseconds, before: before, now: now)
    }

    @Test func `differences are in percent of the older run`() {
        #expect(row(200, 250).change == "+25 %")
        #expect(row(200, 150).change == "−25 %")
        #expect(row(3, 4_000).change == "+133,233 %")
        #expect(row(10_000, 10_001).change == "±0 %")
        #expect(row(5, 5).change == "same")
        #expect(row(0, 0).change == "same")
        #expect(row(0, 3).change == "new")
        #expect(row(nil, 3).change == "–")
        #expect(row(3, nil).nowText == "–")
    }

    @Test func `two runs of one scenario on one machine are compared without a warning`() {
        #expect(Comparison(of: .judged(), with: .judged()).warnings.isEmpty)
    }

    @Test func `what makes runs hard to compare is said`() {
        let old = RunResult.judged(isInterrupted: true) {
            $0.scenario.name = "bell"
            $0.scenario.seed = 8
            $0.target.machine = "4 cores"
        }
        let new = RunResult.judged { $0.driver.cpuPeak = 0.99 }
        let warnings = Comparison(of: new, with: old).warnings
        #expect(
            warnings == [
                "The runs differ in scenario: bell before, evening now.",
                "The runs differ in seed: 8 before, 7 now.",
                "The runs differ in machine: 4 cores before, 2 cores now.",
                "The older run was interrupted after 61.2 s.",
                "The newer run is invalid, so its figures say nothing about the server.",
            ]
        )
    }

    @Test func `what only one of them has is shown as well`() {
        let old = RunResult.judged { $0.latencies.append(.sample("resume", p50: 30)) }
        let new = RunResult.judged {
            $0.thresholds.append(.sample("refusals", 3, 2))
            $0.latencies[0] = .sample("delivery", p50: 5)
            for second in $0.timeline.indices { $0.timeline[second].serverCPU = nil }
        }
        let groups = Comparison(of: new, with: old).groups
        #expect(groups.map(\.title) == ["Thresholds", "Latencies", "Counts", "Peaks"])
        let rows = groups.flatMap(\.rows)
        #expect(rows.contains(.init(name: "refusals", unit: .number, before: nil, now: 2)))
        #expect(rows.contains(.init(name: "resume p50", unit: .milliseconds, before: 30, now: nil)))
        #expect(rows.first { $0.name == "delivery p50" }?.change == "+25 %")
        #expect(rows.first { $0.name == "server: CPU of a core in a second" }?.nowText == "–")
    }

    @Test func `as text both stand side by side`() {
        let old = RunResult.judged { $0.scenario.seed = 8 }
        let text = Comparison(of: .judged(), with: old).text
        #expect(text.hasPrefix("Compared with the run of 2026-02-02 02:40:00 UTC\n  Warning: "))
        #expect(
            text.contains(
                "\n  Thresholds     before    now  change\n  p99DeliveryMs   32 ms  32 ms    same\n"
            )
        )
        #expect(text.hasSuffix(Comparison.caution))
    }
}
