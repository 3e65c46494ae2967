import Testing

@testable import plenary_load

struct LiveDisplayTests {
    private let progress = Progress(
        elapsed: 252,
        plannedSeconds: 600,
        connected: 1_180,
        plannedPeople: 1_200,
        sentPerSecond: 240,
        heardPerSecond: 7_199.6,
        p50Ms: 3.14,
        p99Ms: 24,
        violations: 0,
        phase: "round 1 open"
    )

    @Test func `a line has everything, for a log`() {
        #expect(
            LiveDisplay.line(progress)
                == "4:12 of 10:00, round 1 open, 1,180 of 1,200 people, sent 240/s, heard 7,200/s, "
                + "p50 3.14 ms, p99 24 ms, 0 violations"
        )
        #expect(
            LiveDisplay.line(Progress(violations: 1))
                == "0:00 of 0:00, 0 of 0 people, sent 0/s, heard 0/s, p50 –, p99 –, 1 violation"
        )
    }

    @Test func `a block has a bar, and its fields in as many lines as they need`() {
        #expect(
            LiveDisplay.render(progress, width: 100, colour: false)
                == String(repeating: "█", count: 16) + String(repeating: "░", count: 24)
                + "  42 %  5:48 left\n"
                + "round 1 open   1,180 of 1,200 people   sent 240/s   heard 7,200/s   p50 3.14 ms   p99 24 ms\n"
                + "0 violations"
        )
    }

    @Test(arguments: [1, 20, 33, 40, 64, 80, 200])
    func `no line is wider than the terminal, and nothing is lost`(width: Int) {
        var progress = progress
        progress.phase = "a storm\nof \u{1B}[31m reconnects"
        let block = LiveDisplay.render(progress, width: width, colour: false)
        let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= max(20, width) })
        #expect(!block.contains("\u{1B}"))
        for words in ["5:48 left", "a storm of <1B>[31m", "heard 7,200/s", "p99 24 ms", "0 violations"] {
            #expect(block.contains(words))
        }
    }

    @Test func `colour adds only colour`() {
        var progress = progress
        progress.violations = 2
        let coloured = LiveDisplay.render(progress, width: 60, colour: true)
        #expect(coloured.contains("\u{1B}[1;31m2 violations\u{1B}[0m"))
        let bare = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(bare == LiveDisplay.render(progress, width: 60, colour: false))
    }

    @Test func `after the planned time the last answers are awaited`() {
        var progress = progress
        progress.elapsed = 603
        let block = LiveDisplay.render(progress, width: 60, colour: false)
        #expect(
            block.hasPrefix(String(repeating: "█", count: 38) + "  100 %  last answers")
                || block.contains("100 %  last answers\n")
        )
        #expect(!block.contains("░"))
    }

    @Test func `colours and the block are for terminals that have them`() {
        #expect(LiveDisplay.manner(isTerminal: true, environment: ["TERM": "xterm"]) == .block(colour: true))
        #expect(LiveDisplay.manner(isTerminal: true, environment: ["NO_COLOR": "1"]) == .block(colour: false))
        #expect(LiveDisplay.manner(isTerminal: true, environment: ["NO_COLOR": ""]) == .block(colour: true))
        #expect(LiveDisplay.manner(isTerminal: true, environment: ["TERM": "dumb"]) == .lines)
        #expect(LiveDisplay.manner(isTerminal: false, environment: ["TERM": "xterm"]) == .lines)
    }

    @Test func `without a terminal there is a line every five seconds, however often it is told`() {
        let screen = Screen()
        var display = LiveDisplay(.lines, width: { 80 }, write: { screen.written.append($0) })
        for now in stride(from: Int64(7), through: 20_000, by: 10) { display.show(progress, at: now) }
        display.end()
        #expect(screen.written == Array(repeating: LiveDisplay.line(progress) + "\n", count: 3))
    }

    @Test func `on a terminal it draws four times a second over what it drew, and leaves nothing behind`() {
        let screen = Screen()
        var display = LiveDisplay(.block(colour: false), width: { 81 }, write: { screen.written.append($0) })
        for now in stride(from: Int64(0), through: 1_000, by: 10) { display.show(progress, at: now) }
        let block = LiveDisplay.render(progress, width: 80, colour: false) + "\n"
        let again = "\u{1B}[3F\u{1B}[J" + block
        #expect(screen.written == [block, again, again, again, again])
        display.end()
        display.end()
        #expect(screen.written.dropFirst(5) == ["\u{1B}[3F\u{1B}[J"])
    }
}

/// What was written, in order.
private final class Screen {
    var written: [String] = []
}
