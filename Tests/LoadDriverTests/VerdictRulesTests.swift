import Testing

@testable import plenary_load

struct VerdictRulesTests {
    private func outcome(_ result: RunResult) -> String {
        "\(result.verdict.kind) \(result.verdict.exitCode)"
    }

    @Test func `all met is said with who, how long and how much`() {
        let result = RunResult.judged()
        #expect(outcome(result) == "met 0")
        #expect(
            result.verdict.sentence
                == "The rules held and every threshold was met: 1,200 people in 40 sessions for 61.2 s, "
                + "4,800 messages sent, 140,000 pushes heard."
        )
        #expect(RunResult.judged { $0.thresholds = [] }.verdict.sentence.contains("no threshold was set"))
    }

    @Test func `a threshold that is not met is told with its limit, one without a figure as well`() {
        let result = RunResult.judged {
            $0.thresholds = [
                .sample("p99DeliveryMs", 250, 412), .sample("p99AckMs", 100, 100),
                .sample("backWithinSeconds", 5, nil),
            ]
        }
        #expect(outcome(result) == "thresholdsNotMet 99")
        #expect(
            result.verdict.sentence
                == "Not met: p99DeliveryMs was 412 ms (limit 250 ms); "
                + "backWithinSeconds could not be measured (limit 5 s)."
        )
    }

    @Test func `what was still to come when it was interrupted is not held against anybody`() {
        var result = RunResult.judged {
            $0.thresholds = [.sample("p99DeliveryMs", 250, 412), .sample("backWithinSeconds", 5, nil)]
        }
        result.judge(isInterrupted: true)
        #expect(outcome(result) == "interrupted 130")
        #expect(result.verdict.sentence.hasSuffix("Not met: p99DeliveryMs was 412 ms (limit 250 ms)."))
    }

    @Test func `any violation fails the run, whatever the thresholds allow`() {
        let result = RunResult.judged {
            $0.thresholds = [.sample("violations", 5, 2)]
            $0.counts.violations = 2
            $0.violations = [.sample("order"), .sample("audience")]
        }
        #expect(outcome(result) == "thresholdsNotMet 99")
        #expect(
            result.verdict.sentence == "The rules did not hold: 2 violations, the first of the rule “order”."
        )
    }

    @Test(arguments: [
        // A tenth of 250 is 25.
        ("p99DeliveryMs", 250, 25.0, false), ("p99DeliveryMs", 250, 25.1, true),
        // A tenth of 50 is 5, and 10 is believed all the same.
        ("p99AckMs", 50, 10, false), ("p99AckMs", 50, 10.1, true),
        ("p99JoinMs", 1_000, 100.5, true), ("p99ResumeMs", 1_000, 99, false),
        // These are not latencies that a late driver makes larger.
        ("roomsLateMs", 50, 900, false), ("hostlessSeconds", 1, 900, false), ("violations", 0, 900, false),
    ])
    func `a driver that is late by more than a tenth of the smallest latency threshold is the bottleneck`(
        name: String,
        limit: Double,
        lag: Double,
        isInvalid: Bool
    ) {
        let result = RunResult.judged {
            $0.thresholds = [.sample(name, limit, 0), .sample("p999DeliveryMs", 10_000, 0)]
            $0.driver.lagP99Ms = lag
        }
        #expect(outcome(result) == (isInvalid ? "invalid 75" : "met 0"))
        #expect(result.driver.faults.count == (isInvalid ? 1 : 0))
    }

    @Test func `without a latency threshold no lag is too much`() {
        #expect(outcome(.judged { ($0.thresholds, $0.driver.lagP99Ms) = ([], 5_000) }) == "met 0")
    }

    @Test func `more than 85 percent of a core for five seconds is the bottleneck`() {
        #expect(outcome(.judged { $0.driver.cpuPeak = 0.85 }) == "met 0")
        let result = RunResult.judged { $0.driver.cpuPeak = 0.86 }
        #expect(outcome(result) == "invalid 75")
        #expect(result.verdict.sentence.contains("86 % of a core for five seconds"))
    }

    @Test(arguments: VerdictRules.Shortage.allCases)
    func `what ran out is named, with its cure`(shortage: VerdictRules.Shortage) {
        let result = RunResult.judged(shortages: [shortage])
        #expect(outcome(result) == "invalid 75")
        #expect(result.verdict.sentence.contains("It ran out of \(shortage)"))
        #expect(result.verdict.sentence.contains(shortage == .ports ? "ip_local_port_range" : "ulimit -n"))
    }

    @Test func `an invalid run says that it says nothing, and what to do`() {
        let result = RunResult.judged {
            $0.driver.cpuPeak = 0.99
            $0.thresholds = [.sample("p99DeliveryMs", 250, 412)]
            $0.counts.violations = 1
        }
        #expect(outcome(result) == "invalid 75")
        let sentence = result.verdict.sentence
        #expect(sentence.hasPrefix("The driver itself was the bottleneck."))
        #expect(sentence.contains("these figures say nothing about the server"))
        #expect(sentence.contains("fewer people, another machine or a core of its own (taskset)"))
        #expect(sentence.contains("It saw 1 violation of a rule all the same"))
        #expect(!sentence.contains("412"))
    }

    @Test func `what the runner found by itself counts, and judging twice says nothing twice`() {
        var result = RunResult.judged {
            $0.driver.faults = ["It was stopped for a while."]
            $0.driver.cpuPeak = 0.99
        }
        let faults = result.driver.faults
        #expect(faults.count == 2)
        result.judge(isInterrupted: false)
        #expect(result.driver.faults == faults)
    }

    @Test func `interrupted comes before everything else and tells how it stood`() {
        let good = RunResult.judged(isInterrupted: true) { $0.seconds = 34 }
        #expect(outcome(good) == "interrupted 130")
        #expect(
            good.verdict.sentence
                == "Interrupted after 34 s of 60 s: this is the report so far. "
                + "Up to then the rules held and no limit was passed."
        )
        let bad = RunResult.judged(isInterrupted: true) {
            $0.driver.cpuPeak = 0.99
            $0.thresholds = [.sample("p99DeliveryMs", 250, 412)]
        }
        #expect(outcome(bad) == "interrupted 130")
        #expect(bad.verdict.sentence.contains("The driver was the bottleneck."))
        #expect(bad.verdict.sentence.contains("p99DeliveryMs was 412 ms"))
    }
}
