import Testing

@testable import plenary_load

struct SummaryTests {
    @Test func `a good run is told with its verdict first and its files last`() {
        let text = Summary.text(.judged(), files: ["out/result.json", "out/report.html"])
        #expect(text.hasPrefix("✓ Met\nThe rules held and every threshold was met"))
        #expect(text.hasSuffix("\nWritten: out/result.json\n         out/report.html"))
        #expect(
            text.contains(
                """
                  Latency, ms  count  p50  p90  p99  p99.9  p99.99    max
                  delivery     4,800    4    8   32     80     240    360
                  join         4,800   12   24   96    240     720  1,080
                """
            )
        )
        #expect(text.contains("  p99DeliveryMs  250 ms   32 ms  met\n"))
        #expect(text.contains("refused: slowDown"))
        #expect(text.contains("Note: The server's clock was not looked at."))
        #expect(!text.contains("\u{1B}"))
        #expect(text.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `the first violations are told with evidence that cannot colour the terminal`() {
        let result = RunResult.judged {
            $0.counts.violations = 140
            let evidence = ["\u{1B}[2Jone", "two\nlines", String(repeating: "x", count: 500), "4", "5", "6"]
            $0.violations = Array(repeating: .sample("order", evidence: evidence), count: 100)
        }
        let text = Summary.text(result, files: [])
        #expect(
            text.contains(
                "140 violations:\n  order at 0:12, session c1-s2, guest 3: seq 41 came after seq 42.\n"
            )
        )
        #expect(text.contains("\n    <1B>[2Jone\n    two lines\n"))
        #expect(text.contains("\n    and 2 more lines\n"))
        #expect(text.contains("\n  and 135 more"))
        #expect(!text.contains("\u{1B}"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 200 })
    }

    @Test func `colour is only that of the verdict`() {
        let plain = Summary.text(.judged(), files: [])
        let coloured = Summary.text(.judged(), files: [], colour: true)
        #expect(coloured == "\u{1B}[1;32m✓ Met\u{1B}[0m" + plain.dropFirst("✓ Met".count))
    }

    @Test func `a run without figures says so, and a comparison follows`() {
        let bare = RunResult.judged { ($0.latencies, $0.thresholds) = ([], []) }
        let text = Summary.text(bare, files: [], comparison: Comparison(of: bare, with: .judged()))
        #expect(text.contains("No latency was measured."))
        #expect(text.contains("No threshold was set."))
        #expect(text.contains("Compared with the run of"))
    }
}

struct FigureTests {
    @Test(arguments: [
        (0.0, "0"), (-0.000_1, "0"), (0.4123, "0.412"), (0.9999, "1"), (4.126, "4.13"), (9.6, "9.6"),
        (41.26, "41.3"),
        (99.96, "100"), (412.4, "412"), (1_234_567.8, "1,234,568"), (-1_234, "-1,234"), (.infinity, "–"),
        (.nan, "–"), (1e300, "1e+300"),
    ])
    func `a number has three digits or more`(number: Double, text: String) {
        #expect(Figure.number(number) == text)
    }

    @Test func `times are those of a clock, lengths are in words`() {
        #expect([0, 7.9, 252, 3_852].map(Figure.clock) == ["0:00", "0:07", "4:12", "1:04:12"])
        #expect(
            [0.04, 61.24, 252, 600, 3_852, 7_200].map(Figure.duration)
                == ["0 s", "61.2 s", "4 min 12 s", "10 min", "1 h 4 min", "2 h"]
        )
        #expect(Figure.clock(-1) == "–")
        #expect(Figure.moment(1_770_000_000_999) == "2026-02-02 02:40:00 UTC")
    }

    @Test func `every measure has words of its own, and an unknown one is shown as it is`() {
        let words = Scenario.Measure.allCases.map { MeasureWords($0.rawValue) }
        #expect(Set(words.map(\.text)).count == words.count)
        for (measure, words) in zip(Scenario.Measure.allCases, words) {
            #expect((words.unit == .milliseconds) == measure.rawValue.hasSuffix("Ms"))
            #expect((words.unit == .seconds) == measure.rawValue.hasSuffix("Seconds"))
            #expect((words.unit == .megabytes) == measure.rawValue.hasSuffix("MB"))
        }
        #expect(MeasureWords("p98Whatever").text == "p98Whatever")
    }

    @Test func `what could mislead a reader is shown as its number`() {
        #expect(visible("a\tb\nc") == "a\tb\nc")
        #expect(
            visible("\u{0}\u{1B}\u{7F}\u{9B}\u{202E}\u{2066}\u{FFFF}") == "<0><1B><7F><9B><202E><2066><FFFF>"
        )
        #expect(visible("Grüße 👩‍🏫") == "Grüße 👩‍🏫")
    }
}
