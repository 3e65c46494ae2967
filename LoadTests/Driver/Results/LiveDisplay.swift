import Foundation

/// Shows the progress while a run goes on: a block that is drawn in place on a terminal, else a line every five seconds.
///
/// The caller tells it as often as it likes and says what time it is; most calls draw nothing.
struct LiveDisplay {
    /// How standard output is to be used.
    enum Manner: Equatable {
        case block(colour: Bool)
        case lines
    }

    private static let blockEveryMs: Int64 = 250
    private static let lineEveryMs: Int64 = 5_000

    private let manner: Manner
    private let width: () -> Int
    private let write: (String) -> Void
    /// Milliseconds; nil before the first.
    private var drawnAt: Int64?
    private var linesDrawn = 0

    init(_ manner: Manner, width: @escaping () -> Int, write: @escaping (String) -> Void) {
        self.manner = manner
        self.width = width
        self.write = write
    }

    /// On standard output.
    static func standard() -> LiveDisplay {
        let manner = manner(isTerminal: isatty(1) == 1, environment: ProcessInfo.processInfo.environment)
        return LiveDisplay(manner, width: terminalWidth) { text in
            try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        }
    }

    /// A terminal that cannot move its cursor gets lines; `NO_COLOR`, when it is set to anything, is obeyed.
    static func manner(isTerminal: Bool, environment: [String: String]) -> Manner {
        guard isTerminal, environment["TERM"] != "dumb" else { return .lines }
        return .block(colour: environment["NO_COLOR", default: ""].isEmpty)
    }

    /// Draws if it is time to; `now` is in milliseconds of any clock that does not go back.
    mutating func show(_ progress: Progress, at now: Int64) {
        let every = manner == .lines ? Self.lineEveryMs : Self.blockEveryMs
        // The first line comes after five seconds; the first block at once.
        guard let drawnAt else {
            drawnAt = now
            if manner != .lines { draw(progress) }
            return
        }
        guard now - drawnAt >= every else { return }
        // On the beat, so that lines do not drift; after a pause, from now.
        self.drawnAt = now - drawnAt >= 2 * every ? now : drawnAt + every
        draw(progress)
    }

    /// Takes the block away, for what is printed at the end.
    mutating func end() {
        if linesDrawn > 0 { write(Self.back(linesDrawn)) }
        linesDrawn = 0
    }

    private mutating func draw(_ progress: Progress) {
        switch manner {
        case .lines: write(Self.line(progress) + "\n")
        case .block(let colour):
            let block = Self.render(progress, width: width() - 1, colour: colour)
            let above = linesDrawn == 0 ? "" : Self.back(linesDrawn)
            write(above + block + "\n")
            linesDrawn = block.count { $0 == "\n" } + 1
        }
    }

    /// To the first column so many lines up, and everything from there on is cleared.
    private static func back(_ lines: Int) -> String { "\u{1B}[\(lines)F\u{1B}[J" }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
