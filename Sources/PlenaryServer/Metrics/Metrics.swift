package import Sessions

/// What the stages of the ring count, beside what each loop counts for itself (`LoopMetrics`).
///
/// Any thread counts, any thread reads. Labels come from closed sets, so the number of series never grows.
package final class Metrics: Sendable {
    /// Seats in all sessions in memory, and those with a connection.
    package let seats = Gauge()
    package let seatsHere = Gauge()
    /// Sessions in memory.
    package let sessions = Gauge()
    /// Those among them that are rehearsals.
    package let rehearsals = Gauge()

    /// Joins that gave a connection its seat, and those of them that resumed without a state.
    package let joins = Counter()
    package let resumes = Counter()
    package let commands = Counters<CommandKind>()
    package let refusals = Counters<RefusalCode>()
    package let rejected = Counters<Rejection>()
    package let events = Counter()

    /// What the engine took at once.
    package let batchCommands = Histogram.counts()
    package let journalBatches = Counter()
    package let journalRecords = Counter()
    package let journalBytes = Counter()
    /// One fdatasync, in nanoseconds.
    package let syncTime = Histogram.times()
    package let checkpoints = Counter()
    /// Milliseconds since 1970; 0 before the first one.
    package let lastCheckpointAt = Gauge()

    /// Erasures that have reached the disk, and those that have not.
    package let erasures = Counters<Erasure>()
    package let erasingFaults = Counter()

    /// Totals over all sessions that this server ever held.
    package let membersSeen = Gauge()
    package let communities = Gauge()
    package let sessionsHeld = Gauge()
    package let sessionsAttended = Gauge()

    /// Everything at 0.
    package init() {}
}

/// What the server, not the transport, turns away: a label of `plenary_rejected_total`.
package enum Rejection: String, CaseIterable, Sendable {
    /// 4501.
    case ticket
    /// 4401.
    case ticketExpired
    /// 403.
    case origin
    /// 404.
    case noSuchPath
    /// 405.
    case method
    /// 400: a query that is not understood.
    case query
    /// The request is no upgrade, or no good one: 400, 426.
    case handshake
    /// 503 while starting or draining.
    case notReady
    /// 401.
    case unauthorized
    /// A malformed message, answered with an error.
    case malformed
    /// 4500.
    case closedMalformed
    /// A command too many, refused.
    case commandRate
    /// 4429.
    case closedCommandRate
    /// 4509: the oldest connection of a seat that got one too many.
    case seatConnections
    /// 503: too many requests of operators wait for their answer already.
    case operatorsWaiting
    /// 1003.
    case binary
}

/// A mailbox as metrics see it.
package struct QueueDepth: Sendable {
    /// The stage that it leads to; from a closed set.
    package var name: String
    package var bytes: Int

    /// What waits before a stage.
    package init(name: String, bytes: Int) {
        self.name = name
        self.bytes = bytes
    }
}
