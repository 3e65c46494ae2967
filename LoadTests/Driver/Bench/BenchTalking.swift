import Transport

// What talkers do, and what has become of it.
extension BenchCrowd {
    /// Every talker says as many messages as may be on their way.
    func beginTalking() {
        isTalking = true
        let now = Self.now()
        for index in members.indices where members[index].talk != nil {
            say(index, plan.depth, dueAt: now)
        }
    }

    /// Who heard themselves in this turn says as many messages again, in one send.
    func answer() {
        let now = answering.isEmpty ? 0 : Self.now()
        for index in answering {
            let count = members[index].echoes
            members[index].echoes = 0
            if isTalking { say(index, count, dueAt: now) }
        }
        answering.removeAll(keepingCapacity: true)
    }

    /// Says so many messages as this member.
    func say(_ index: Int, _ count: Int, dueAt due: UInt64) {
        var output: [UInt8] = []
        output.reserveCapacity(count * 320)
        for _ in 0..<count {
            members[index].talk?.append(dueAt: due, to: &output)
            if let id = members[index].talk?.lastID { acknowledgements?.ask(index, id, dueAt: due) }
        }
        said[members[index].room] += count
        sockets.send(output, on: members[index].number)
    }

    /// Says what is due by now, of the schedule.
    func sayWhatIsDue(_ now: UInt64) {
        while let (talker, due) = schedule?.next(now) {
            say(talker, schedule?.burst ?? 0, dueAt: due)
        }
    }

    /// Whether all has been said that the schedule has; what is due by now is said first.
    var isScheduleDone: Bool {
        sayWhatIsDue(Self.now())
        return schedule?.isDone ?? true
    }

    /// Deliveries that were due and have not been heard, less those that came too often.
    var missing: Int {
        members.reduce(0) { $0 + abs(said[$1.room] - $1.heard) }
    }

    /// Waits until everything that was said has been heard, and acknowledged where that is asked, at most so long.
    func settle(atMostSeconds limit: Double) {
        let end = Self.now() + UInt64(limit * 1e9)
        while missing != 0 || acknowledgements?.missing ?? 0 != 0, Self.now() < end {
            turn(atMostMilliseconds: 100)
        }
    }
}

/// Open loop: each message has a time at which it is due, whatever became of the last one.
struct BenchSchedule {
    /// Who talks, one after the other.
    let talkers: [Int]
    /// Messages said at once.
    let burst: Int
    /// Nanoseconds from one to the next.
    let gap: Double
    let start: UInt64
    private let end: UInt64
    private var count = 0
    private(set) var due: UInt64
    /// How late this client was itself, in microseconds.
    private(set) var lateness = Histogram()

    init(talkers: [Int], burst: Int, gap: Double, start: UInt64, seconds: Double) {
        self.talkers = talkers
        self.burst = burst
        self.gap = gap
        self.start = start
        end = start + UInt64(seconds * 1e9)
        due = start
    }

    var isDone: Bool { due >= end }

    /// Who has to say something that was due by now, and when; nil: nobody.
    mutating func next(_ now: UInt64) -> (talker: Int, due: UInt64)? {
        guard due <= now, !isDone else { return nil }
        let said = due
        lateness.record(Int((now - said) / 1_000))
        let talker = talkers[count % talkers.count]
        count += 1
        due = start + UInt64(Double(count) * gap)
        return (talker, said)
    }
}
