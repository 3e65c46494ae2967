import Foundation
import Transport

/// The phases of one measurement.
struct BenchRun {
    private let plan: BenchPlan
    private let crowd: BenchCrowd
    private var measurement = BenchMeasurement()

    init(_ plan: BenchPlan) throws(LoadFault) {
        self.plan = plan
        crowd = try BenchCrowd(plan)
    }

    /// Closed loop: each talker keeps its messages on their way, so the server always has something to do.
    ///
    /// Then, at half the rate that came of it, how long it takes.
    mutating func saturation() throws(LoadFault) -> BenchMeasurement {
        try comeIn(plan.rooms * plan.members)
        try crowd.start()
        crowd.beginTalking()
        listen(for: plan.warmUpSeconds)
        try measure { run in run.listen(for: run.plan.seconds) }
        crowd.isTalking = false
        crowd.settle(atMostSeconds: 10)
        let rate = (measurement.deliveriesPerSecond ?? 0) / Double(plan.members) / 2
        try talk(messagesPerSecond: rate)
        measurement.halfRate = rate * Double(plan.members)
        measurement.lost = crowd.missing
        return measurement
    }

    /// Nobody says anything.
    mutating func idle() throws(LoadFault) -> BenchMeasurement {
        // What the first ones cost once for all is not counted.
        try comeIn(plan.members)
        let before = memoryAtRest()
        let count = (plan.rooms - 1) * plan.members
        try comeIn(count)
        measurement.idleBytes = Double(memoryAtRest() - before) / Double(max(1, count))
        return measurement
    }

    /// Everybody is here; `ready` says so to whoever kills the server and starts it again; everybody comes back.
    mutating func resuming(ready: () -> Void) throws(LoadFault) -> BenchMeasurement {
        try comeIn(plan.rooms * plan.members)
        try crowd.start()
        ready()
        let found = try crowd.comeBack()
        measurement.resumed = found.resumed
        measurement.resumeSecondsFromKill = Double(found.allBackAt - found.lostAt) / 1e9
        measurement.resumeSecondsFromListening = Double(found.allBackAt - found.backAt) / 1e9
        return measurement
    }

    /// Open loop at the rate of the plan; `ready` says so to whoever does something to the server meanwhile.
    mutating func pacing(ready: () -> Void) throws(LoadFault) -> BenchMeasurement {
        try comeIn(plan.rooms * plan.members)
        try crowd.start()
        ready()
        crowd.acknowledgements = BenchAcknowledgements()
        try measure { run throws(LoadFault) in try run.talk(messagesPerSecond: run.plan.rate) }
        measurement.acknowledgements = crowd.acknowledgements?.taken
        measurement.unacknowledged = crowd.acknowledgements?.missing
        measurement.lost = crowd.missing
        return measurement
    }

    /// Lets so many connect and join, in parts small enough for a server that does not wait long for a join.
    private mutating func comeIn(_ count: Int) throws(LoadFault) {
        var handshakes = 0.0
        var joins = 0.0
        var left = count
        while left > 0 {
            let part = min(left, 500)
            left -= part
            let before = usage()
            try crowd.connect(next: part)
            let between = usage()
            handshakes += between.milliseconds(since: before)
            try crowd.join()
            joins += usage().milliseconds(since: between)
        }
        measurement.connections = count
        measurement.handshakeMicroseconds = handshakes * 1_000 / Double(max(1, count))
        guard plan.dialect == .plenary else { return }
        measurement.joinMicroseconds = joins * 1_000 / Double(max(1, count))
    }

    /// What server and client use while something is done.
    private mutating func measure(
        _ phase: (inout BenchRun) throws(LoadFault) -> Void
    ) throws(LoadFault) {
        let metrics = try metrics()
        let deliveries = crowd.deliveries
        let reads = crowd.reads
        let server = usage()
        let client = ServerUsage(of: getpid())
        let machine = MachineUsage()
        let start = BenchCrowd.now()
        try phase(&self)
        let serverUsed = usage().milliseconds(since: server)
        let clientUsed = ServerUsage(of: getpid()).milliseconds(since: client)
        let used = MachineUsage().milliseconds(since: machine)
        let seconds = Double(BenchCrowd.now() - start) / 1e9
        let heard = crowd.deliveries - deliveries
        try crowd.checkLosses()
        guard heard > 0 else { throw .unreachable("nothing was heard") }
        measurement.seconds = seconds
        measurement.deliveries = heard
        measurement.deliveriesPerSecond = Double(heard) / seconds
        measurement.serverMilliseconds = serverUsed * 100_000 / Double(heard)
        measurement.serverShare = serverUsed / 1_000 / seconds
        measurement.clientShare = clientUsed / 1_000 / seconds
        measurement.othersShare = max(0, used - serverUsed - clientUsed) / 1_000 / seconds
        measurement.deliveriesPerRead = Double(heard) / Double(max(1, crowd.reads - reads))
        guard let metrics, let after = try self.metrics() else { return }
        let pushes = after["plenary_deliveries_total"] - metrics["plenary_deliveries_total"]
        let writes = after["plenary_writes_total"] - metrics["plenary_writes_total"]
        measurement.deliveriesPerWrite = pushes / max(1, writes)
    }

    /// Open loop: each message has a time at which it is due, whatever became of the last one, and is timed from then.
    private mutating func talk(messagesPerSecond rate: Double) throws(LoadFault) {
        crowd.schedule = BenchSchedule(
            talkers: plan.talkers(of: crowd.members.count),
            // Deep talkers say as many messages at once as they had on their way.
            burst: plan.depth,
            gap: 1e9 * Double(plan.depth) / rate,
            start: BenchCrowd.now(),
            seconds: plan.seconds
        )
        // It never sleeps: this core has nothing else to do, and waking takes longer than what is timed.
        while !crowd.isScheduleDone { crowd.turn(atMostMilliseconds: 0) }
        crowd.settle(atMostSeconds: 10)
        let lateness = crowd.schedule?.lateness.percentile(99) ?? 0
        crowd.schedule = nil
        try crowd.checkLosses()
        measurement.p50Milliseconds = Double(crowd.delays.percentile(50)) / 1_000
        measurement.p99Milliseconds = Double(crowd.delays.percentile(99)) / 1_000
        measurement.p999Milliseconds = Double(crowd.delays.percentile(99.9)) / 1_000
        measurement.lateMilliseconds = Double(lateness) / 1_000
    }

    private func listen(for seconds: Double) {
        let end = BenchCrowd.now() + UInt64(seconds * 1e9)
        while BenchCrowd.now() < end { crowd.turn(atMostMilliseconds: 10) }
    }

    /// The server's memory once it has not changed for a second, or after half a minute.
    private func memoryAtRest() -> Int {
        let end = BenchCrowd.now() + 30_000_000_000
        var memory = usage().memoryBytes
        var since = BenchCrowd.now()
        while BenchCrowd.now() < end, BenchCrowd.now() - since < 1_000_000_000 {
            listen(for: 0.1)
            let now = usage().memoryBytes
            if now != memory { since = BenchCrowd.now() }
            memory = now
        }
        return memory
    }

    private func metrics() throws(LoadFault) -> BenchMetrics? {
        guard let address = plan.metrics else { return nil }
        return try BenchMetrics(from: address)
    }

    private func usage() -> ServerUsage {
        ServerUsage(of: plan.server ?? getpid())
    }
}
