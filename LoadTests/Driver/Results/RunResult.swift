/// What a run came to: the content of `result.json`, which `report.html` shows and `--compare` reads again.
///
/// Times are milliseconds unless the name says otherwise; moments are seconds from the run's beginning.
struct RunResult: Codable, Equatable, Sendable {
    /// The version of this file's shape.
    var format = 1
    var scenario: Played
    var target: Target
    /// Since 1970.
    var startedAtMs: Int
    /// How long it took, from the first arrival to the last answer.
    var seconds: Double
    var verdict: Verdict
    var counts: Counts
    var latencies: [Latency]
    var thresholds: [ThresholdResult]
    /// The first hundred; `counts.violations` has them all.
    var violations: [Violation]
    /// One for each second.
    var timeline: [Second]
    var marks: [Mark]
    var driver: Driver
    /// What the reader should know, in sentences: what could not be measured, and why.
    var remarks: [String]
}

extension RunResult {
    struct Played: Codable, Equatable, Sendable {
        var name: String
        var about: String
        var seed: UInt64
        var seconds: Int
        var communities: Int
        var sessions: Int
        var people: Int
    }

    struct Target: Codable, Equatable, Sendable {
        var url: String
        /// The version that the server states; empty when nobody joined.
        var server: String
        /// Of the machine that the driver runs on.
        var machine: String
    }

    struct Verdict: Codable, Equatable, Sendable {
        enum Kind: String, Codable, Sendable {
            case met
            case thresholdsNotMet
            /// The driver itself was the bottleneck.
            case invalid
            case interrupted
        }

        var kind: Kind
        /// In words, with the cause.
        var sentence: String
        var exitCode: Int
    }

    struct Counts: Codable, Equatable, Sendable {
        /// Most people at once; devices do not add up.
        var connectedPeak = 0
        var connections = 0
        var joins = 0
        /// Of those, the ones that went on where they were.
        var resumed = 0
        var messagesDue = 0
        var messagesSent = 0
        /// Pushes that anybody heard.
        var pushes = 0
        var commands = 0
        var violations = 0
        /// By code.
        var refusals: [String: Int] = [:]
        /// Connections that the server closed, by close code, or "lost" without one.
        var closes: [String: Int] = [:]
    }

    /// One measure's distribution.
    struct Latency: Codable, Equatable, Sendable {
        /// `delivery`, `acknowledgement`, `join`, `resume`, `lag`.
        var name: String
        /// In a sentence, from what to what.
        var meaning: String
        var count: Int
        var meanMs: Double
        var p50Ms: Double
        var p90Ms: Double
        var p99Ms: Double
        var p999Ms: Double
        var p9999Ms: Double
        var maxMs: Double
    }

    struct ThresholdResult: Codable, Equatable, Sendable {
        var name: String
        var limit: Double
        /// Nil when it could not be measured, which counts as not met.
        var actual: Double?
        var isMet: Bool
    }

    /// A rule that did not hold.
    struct Violation: Codable, Equatable, Sendable {
        /// Of the judges' list, such as `order` or `audience`.
        var rule: String
        var atSeconds: Double
        var session: String
        /// Nil when it concerns the whole session.
        var person: String?
        var sentence: String
        /// What was heard, as it was heard.
        var evidence: [String]
    }

    struct Second: Codable, Equatable, Sendable {
        var at: Int
        var connected: Int
        var sent: Int
        var heard: Int
        var joined: Int
        /// Nil when nothing was delivered in this second.
        var p50Ms: Double?
        var p99Ms: Double?
        var maxMs: Double?
        /// Share of one core; nil when the server's metrics could not be read.
        var serverCPU: Double?
        var serverMemoryMB: Double?
        var driverCPU: Double
        var lagP99Ms: Double
    }

    /// Something that happened to everybody, for the plots.
    struct Mark: Codable, Equatable, Sendable {
        var at: Double
        var text: String
    }

    /// How the driver itself did.
    struct Driver: Codable, Equatable, Sendable {
        var lagP99Ms: Double
        /// The busiest five seconds, as a share of one core.
        var cpuPeak: Double
        var memoryMB: Double
        /// Why the run is invalid, in sentences; empty when it is not.
        var faults: [String]
    }
}
