import Sessions

/// What a run has seen.
struct Tally: Equatable {
    /// What one kind of command got.
    struct Outcome: Equatable {
        var accepted = 0
        var refused: [RefusalCode: Int] = [:]
    }

    var commands = 0
    var events = 0
    var heard = 0
    var outcomes: [CommandKind: Outcome] = [:]
    /// Joins that were turned down.
    var turnedAway: [RefusalCode: Int] = [:]
    var spoilt = 0
    var malformed = 0
    var resumes = 0
    var states = 0
    var repeats = 0
    var checkpoints = 0
    var crashes = 0
    /// Crashes after which something was gone that had been told.
    var forgot = 0
    var stops = 0
    var sessions = 0
    var archived = 0
    var segmentsRemoved = 0
    /// Passes after which nothing was left of the rehearsals that were over.
    var cleared = 0
    var pictures = 0
    var histories = 0

    mutating func decoderRefused(_ kind: CommandKind, _ code: RefusalCode) {
        commands += 1
        outcomes[kind, default: Outcome()].refused[code, default: 0] += 1
    }

    mutating func answered(_ kind: CommandKind, _ code: String?) throws(Broken) {
        guard let code else {
            outcomes[kind, default: Outcome()].accepted += 1
            return
        }
        guard let code = RefusalCode(rawValue: code) else { throw Broken("refused as \(code)") }
        outcomes[kind, default: Outcome()].refused[code, default: 0] += 1
    }

    static func += (left: inout Tally, right: Tally) {
        left.commands += right.commands
        left.events += right.events
        left.heard += right.heard
        left.spoilt += right.spoilt
        left.malformed += right.malformed
        left.resumes += right.resumes
        left.states += right.states
        left.repeats += right.repeats
        left.checkpoints += right.checkpoints
        left.crashes += right.crashes
        left.forgot += right.forgot
        left.stops += right.stops
        left.sessions += right.sessions
        left.archived += right.archived
        left.segmentsRemoved += right.segmentsRemoved
        left.cleared += right.cleared
        left.pictures += right.pictures
        left.histories += right.histories
        left.turnedAway.merge(right.turnedAway, uniquingKeysWith: +)
        for (kind, outcome) in right.outcomes {
            left.outcomes[kind, default: Outcome()].accepted += outcome.accepted
            left.outcomes[kind, default: Outcome()].refused.merge(outcome.refused, uniquingKeysWith: +)
        }
    }
}

extension Tally: CustomStringConvertible {
    /// A table: what every kind of command got.
    var description: String {
        var lines = [
            """
            \(commands) commands (\(spoilt) spoilt, \(malformed) malformed), \(events) events, \
            \(heard) messages heard, \(repeats) repeated
            \(sessions) sessions, \(archived) archived, \(states) states, \(resumes) resumes, turned away: \(Self.list(turnedAway))
            \(crashes) crashes (\(forgot) forgot), \(stops) stops, \(checkpoints) checkpoints, \
            \(segmentsRemoved) segments let go, \(cleared) times cleared of rehearsals, \(pictures) pictures and \(histories) histories compared
            """
        ]
        for kind in CommandKind.allCases {
            let outcome = outcomes[kind] ?? Outcome()
            let name = kind.rawValue + String(repeating: " ", count: max(0, 22 - kind.rawValue.count))
            lines.append("\(name) \(outcome.accepted) done, refused: \(Self.list(outcome.refused))")
        }
        return lines.joined(separator: "\n")
    }

    private static func list(_ codes: [RefusalCode: Int]) -> String {
        guard !codes.isEmpty else { return "none" }
        return codes.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
    }
}

/// Everything that was heard, in one number (FNV-1a, 64 bits).
struct Digest: Equatable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func take(_ bytes: some Sequence<UInt8>) {
        var value = self.value
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.value = value
    }

    mutating func take(_ number: Int) {
        value = (value ^ UInt64(bitPattern: Int64(number))) &* 0x100_0000_01B3
    }

    mutating func take(_ text: String) {
        take(text.utf8)
        take(-1)
    }
}
