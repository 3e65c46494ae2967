import SessionProtocol

/// What is counted and timed, in all and second by second; microseconds.
struct Meters {
    var counts = RunResult.Counts()
    var second = ThisSecond()
    var connected = 0 { didSet { counts.connectedPeak = max(counts.connectedPeak, connected) } }
    /// Refusals that no crossing of two acts explains.
    var unexpectedRefusals = 0
    var timeline: [RunResult.Second] = []
    var marks: [RunResult.Mark] = []
    var reader = ServerMessageReader()
    private(set) var deliveries = Histogram()
    private(set) var acknowledgements = Histogram()
    private(set) var joins = Histogram()
    private(set) var resumes = Histogram()
    private(set) var lags = Histogram()

    struct ThisSecond {
        var sent = 0
        var heard = 0
        var joined = 0
        var deliveries = Histogram()
        var lags = Histogram()
    }

    mutating func delivery(_ time: Int) {
        deliveries.record(time)
        second.deliveries.record(time)
    }

    /// What somebody waited who does not read says nothing of the server.
    mutating func acknowledged(_ time: Int, _ reads: Bool) { if reads { acknowledgements.record(time) } }

    mutating func joined(_ time: Int) { joins.record(time) }

    mutating func resumed(_ time: Int) { resumes.record(time) }

    mutating func lag(_ time: Int) {
        lags.record(time)
        second.lags.record(time)
    }

    /// Ends a second.
    mutating func end(second at: Int, driverCPU: Double, serverCPU: Double?, serverMemoryMB: Double?) {
        let heard = second.deliveries
        timeline.append(
            RunResult.Second(
                at: at,
                connected: connected,
                sent: second.sent,
                heard: second.heard,
                joined: second.joined,
                p50Ms: heard.count == 0 ? nil : Double(heard.percentile(50)) / 1_000,
                p99Ms: heard.count == 0 ? nil : Double(heard.percentile(99)) / 1_000,
                maxMs: heard.count == 0 ? nil : Double(heard.max) / 1_000,
                serverCPU: serverCPU,
                serverMemoryMB: serverMemoryMB,
                driverCPU: driverCPU,
                lagP99Ms: Double(second.lags.percentile(99)) / 1_000
            )
        )
        second = ThisSecond()
    }

    var latencies: [RunResult.Latency] {
        [
            Self.latency(
                "delivery",
                "from when a message was due until somebody who is to hear it has",
                deliveries
            ),
            Self.latency("acknowledgement", "from when a command was due to its reply", acknowledgements),
            Self.latency("join", "from when somebody was to arrive to the reply to the join", joins),
            Self.latency("resume", "from when somebody was to be back to the reply to the join", resumes),
            Self.latency("lag", "how late the driver itself was with what was due", lags),
        ]
    }

    private static func latency(_ name: String, _ meaning: String, _ times: Histogram) -> RunResult.Latency {
        func percentile(_ percent: Double) -> Double { Double(times.percentile(percent)) / 1_000 }
        return RunResult.Latency(
            name: name,
            meaning: meaning,
            count: times.count,
            meanMs: times.mean / 1_000,
            p50Ms: percentile(50),
            p90Ms: percentile(90),
            p99Ms: percentile(99),
            p999Ms: percentile(99.9),
            p9999Ms: percentile(99.99),
            maxMs: Double(times.max) / 1_000
        )
    }
}
