import Dispatch
import Fanout
import Journal
import SessionEngine
import Sessions
import Transport

/// The thread that keeps: it appends what happened, syncs once, and only then lets the deliveries go.
///
/// Whatever commits have come meanwhile are kept together, so a slow disk makes batches larger and not queues longer.
/// A failed write or sync is final: nothing more is announced, and `onFault` ends the server.
final class JournalStage: @unchecked Sendable {
    let mailbox: Mailbox<Commit>
    private let clock: ServerClock
    private let metrics: Metrics
    private let limits: CheckpointLimits
    private let upkeep: Upkeep
    private let toLoop: @Sendable (_ loop: Int, _ parts: [[Delivery]]) -> Void
    private let wantCheckpoint: @Sendable () -> Void
    private let toDesk: @Sendable ([ErrandOutcome]) -> Void
    private let onFault: @Sendable (JournalFault) -> Void

    // Of the stage's thread only, once it runs.
    private let writer: JournalWriter
    private var thread: Thread?
    private var records = RecordBatch()
    private var bytesSinceCheckpoint = 0
    private var lastCheckpointAt: Milliseconds
    private var lastCheckpointSequence: UInt64 = 0
    private var anyArchived = false
    private var anyErased = false
    /// The last record before the segment that was begun last on demand.
    private var segmentBegan: UInt64 = 0

    /// A stage that does not run yet; `toDesk` is told what came of errands once that is kept.
    init(
        writer: JournalWriter,
        upkeep: Upkeep,
        mailbox: Mailbox<Commit>,
        clock: ServerClock,
        metrics: Metrics,
        limits: CheckpointLimits = CheckpointLimits(),
        toLoop: @escaping @Sendable (_ loop: Int, _ parts: [[Delivery]]) -> Void,
        toDesk: @escaping @Sendable ([ErrandOutcome]) -> Void = { _ in },
        wantCheckpoint: @escaping @Sendable () -> Void,
        onFault: @escaping @Sendable (JournalFault) -> Void
    ) {
        self.writer = writer
        self.upkeep = upkeep
        self.mailbox = mailbox
        self.clock = clock
        self.metrics = metrics
        self.limits = limits
        self.toLoop = toLoop
        self.wantCheckpoint = wantCheckpoint
        self.toDesk = toDesk
        self.onFault = onFault
        lastCheckpointAt = clock.now()
    }

    /// Starts the thread.
    func start() throws(SystemFailure) {
        thread = try Thread(name: "journal") { [self] in run() }
    }

    /// Waits until everything is kept; the mailbox was closed by the stage before.
    func finish() {
        thread?.join()
        upkeep.finish()
    }

    private func run() {
        var commits: [Commit] = []
        do throws(JournalFault) {
            while true {
                let wait = [writer.syncDue, checkpointDue].compactMap { $0 }.min().map { $0 - clock.now() }
                let arrival = mailbox.wait(atMostMilliseconds: wait, into: &commits)
                if arrival == .closed { break }
                try keep(commits)
                commits.removeAll(keepingCapacity: true)
                askForCheckpoint()
            }
            upkeep.stop()
            upkeep.finish()
            try writer.close(at: clock.now())
        } catch {
            // Who waits for space here must not wait for ever.
            mailbox.close()
            onFault(error)
        }
    }

    private func keep(_ commits: [Commit]) throws(JournalFault) {
        let now = clock.now()
        if upkeep.takeNewSegmentWanted() {
            segmentBegan = writer.lastSequence
            try writer.startSegment(at: now)
        }
        var images: [(CheckpointImage, sequence: UInt64)] = []
        let before = writer.lastSequence
        for commit in commits {
            EntryEncoding.append(commit.entries, to: &records)
            let entries = commit.entries.span
            for index in entries.indices {
                if entries[index].isArchiving { anyArchived = true }
                if entries[index].isErasing { anyErased = true }
            }
            guard let image = commit.checkpoint else { continue }
            images.append((image, try append(at: now)))
        }
        try append(at: now)
        let hasRecords = writer.lastSequence > before
        let begun = DispatchTime.now().uptimeNanoseconds
        try writer.sync(at: now)
        if let last = images.last {
            try writer.syncNow()
            write(last.0, sequence: last.sequence, commits.flatMap(\.erasures))
        }
        if hasRecords {
            metrics.syncTime.observe(Int(DispatchTime.now().uptimeNanoseconds - begun))
            metrics.journalBatches.add()
        }
        letGo(commits)
        let answers = commits.flatMap(\.answers)
        if !answers.isEmpty { toDesk(answers) }
        if writer.spareIsDue() { upkeep.prepareSpare() }
    }

    @discardableResult
    private func append(at now: Milliseconds) throws(JournalFault) -> UInt64 {
        guard !records.isEmpty else { return writer.lastSequence }
        let bytes = records.payloadBytes + 48 * records.count
        bytesSinceCheckpoint += bytes
        metrics.journalRecords.add(records.count)
        metrics.journalBytes.add(bytes)
        defer { records.removeAll() }
        return try writer.append(records, term: writer.term, at: now)
    }

    private func letGo(_ commits: [Commit]) {
        guard let loops = commits.first?.deliveries.count else { return }
        for loop in 0..<loops { toLoop(loop, commits.map { $0.deliveries[loop] }) }
    }

    /// When a checkpoint is to be written though nothing comes; nil: there is nothing that it would save.
    ///
    /// The first one is written in any case: what the server before could not archive waits for it.
    private var checkpointDue: Milliseconds? {
        bytesSinceCheckpoint > 0 || lastCheckpointSequence == 0
            ? lastCheckpointAt + limits.milliseconds : nil
    }

    private func askForCheckpoint() {
        let now = clock.now()
        let isFull = bytesSinceCheckpoint >= limits.journalBytes(behind: upkeep.lastCheckpointBytes)
        guard let checkpointDue, isFull || now >= checkpointDue else { return }
        bytesSinceCheckpoint = 0
        lastCheckpointAt = now
        wantCheckpoint()
    }

    /// Hands over a checkpoint, and what is to be done once it is written.
    private func write(_ image: CheckpointImage, sequence: UInt64, _ erasures: [ErrandOutcome]) {
        let isKnown = sequence <= lastCheckpointSequence
        guard !isKnown || !erasures.isEmpty else { return }
        lastCheckpointSequence = max(lastCheckpointSequence, sequence)
        upkeep.take(
            Upkeep.Kept(
                image: image,
                sequence: sequence,
                term: writer.term,
                syncedThrough: writer.syncedThrough,
                segmentBegan: segmentBegan,
                anyArchived: anyArchived,
                anyErased: anyErased,
                erasures: erasures,
                isKnown: isKnown
            )
        )
        anyArchived = false
        anyErased = false
    }
}

/// When checkpoints are written.
struct CheckpointLimits: Sendable {
    var bytes = 64 << 20
    var milliseconds: Milliseconds = 5 * 60_000
    /// So long a server that ends goes on archiving; the next one does the rest.
    var lastArchivingMilliseconds: Milliseconds = 5_000

    /// After how much journal another checkpoint is due behind one of so many bytes: no sooner than that one is worth,
    /// or a server with long sessions would write more checkpoints than journal.
    func journalBytes(behind lastCheckpointBytes: Int) -> Int { max(bytes, lastCheckpointBytes) }
}

extension Entry {
    /// A session is over for good.
    fileprivate var isArchiving: Bool {
        if case .session(let entry) = self, case .archived = entry.event { true } else { false }
    }

    /// A session is gone with all that it held.
    fileprivate var isErasing: Bool {
        if case .session(let entry) = self, case .sessionErased = entry.event { true } else { false }
    }
}

extension Commit {
    /// What came of errands that are done now that they are kept.
    fileprivate var answers: [ErrandOutcome] { errands.filter { !$0.isOwed } }

    /// What has to leave the disk before anybody is told.
    fileprivate var erasures: [ErrandOutcome] { errands.filter(\.isOwed) }
}

extension ErrandOutcome {
    /// Something has to leave the disk; of a session that nobody knows there is nothing.
    fileprivate var isOwed: Bool {
        if case .eraseSession = errand.task { !states.isEmpty || isArchived } else { errand.task.erases }
    }
}
