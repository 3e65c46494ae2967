import Dispatch
import Fanout
import Journal
import SessionEngine
import Sessions
import Synchronization
import Transport

/// The thread that keeps: it appends what happened, syncs once, and only then lets the deliveries go.
///
/// Whatever commits have come meanwhile are kept together, so a slow disk makes batches larger and not queues longer.
/// A failed write or sync is final: nothing more is announced, and `onFault` ends the server.
final class JournalStage: @unchecked Sendable {
    let mailbox: Mailbox<Commit>
    private let clock: ServerClock
    private let metrics: Metrics
    private let storage: any Storage
    private let limits: CheckpointLimits
    private let toLoop: @Sendable (_ loop: Int, [Delivery]) -> Void
    private let wantCheckpoint: @Sendable () -> Void
    private let onFault: @Sendable (JournalFault) -> Void
    private let onCheckpointFault: @Sendable (JournalFault) -> Void
    private let onArchiving: @Sendable (ArchivingReport) -> Void
    private let checkpoints = DispatchQueue(label: "plenary.checkpoints", qos: .utility)
    /// When archiving is to leave the rest to the next server.
    private let archivingEnds = Atomic<Milliseconds>(.max)
    private let newSegmentWanted = Atomic<Bool>(false)

    // Of the queue of checkpoints only.
    private var archiving: Archiving
    private var anybodyWaits = false

    // Of the stage's thread only, once it runs.
    private let writer: JournalWriter
    private var thread: Thread?
    private var records: [NewRecord] = []
    private var bytesSinceCheckpoint = 0
    private var lastCheckpointAt: Milliseconds
    private var lastCheckpointSequence: UInt64 = 0
    private var anyArchived = false

    init(
        writer: JournalWriter,
        storage: any Storage,
        mailbox: Mailbox<Commit>,
        clock: ServerClock,
        metrics: Metrics,
        limits: CheckpointLimits = CheckpointLimits(),
        toLoop: @escaping @Sendable (_ loop: Int, [Delivery]) -> Void,
        wantCheckpoint: @escaping @Sendable () -> Void,
        onFault: @escaping @Sendable (JournalFault) -> Void,
        onCheckpointFault: @escaping @Sendable (JournalFault) -> Void,
        onArchiving: @escaping @Sendable (ArchivingReport) -> Void
    ) {
        self.writer = writer
        self.storage = storage
        self.mailbox = mailbox
        self.clock = clock
        self.metrics = metrics
        self.limits = limits
        self.toLoop = toLoop
        self.wantCheckpoint = wantCheckpoint
        self.onFault = onFault
        self.onCheckpointFault = onCheckpointFault
        self.onArchiving = onArchiving
        archiving = Archiving(storage)
        lastCheckpointAt = clock.now()
    }

    /// Starts the thread.
    func start() throws(SystemFailure) {
        thread = try Thread(name: "journal") { [self] in run() }
    }

    /// Waits until everything is kept; the mailbox was closed by the stage before.
    func finish() {
        thread?.join()
        checkpoints.sync {}
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
            archivingEnds.store(clock.now() + limits.lastArchivingMilliseconds, ordering: .relaxed)
            checkpoints.sync {}
            try writer.close(at: clock.now())
        } catch {
            // Who waits for space here must not wait for ever.
            mailbox.close()
            onFault(error)
        }
    }

    private func keep(_ commits: [Commit]) throws(JournalFault) {
        let now = clock.now()
        if newSegmentWanted.exchange(false, ordering: .relaxed) { try writer.startSegment(at: now) }
        var images: [(CheckpointImage, sequence: UInt64)] = []
        let before = writer.lastSequence
        for commit in commits {
            for entry in commit.entries {
                EntryEncoding.append(entry, to: &records)
                if entry.isArchiving { anyArchived = true }
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
            write(last.0, sequence: last.sequence)
        }
        if hasRecords {
            metrics.syncTime.observe(Int(DispatchTime.now().uptimeNanoseconds - begun))
            metrics.journalBatches.add()
        }
        letGo(commits)
        if writer.spareIsDue() { prepareSpare() }
    }

    @discardableResult
    private func append(at now: Milliseconds) throws(JournalFault) -> UInt64 {
        guard !records.isEmpty else { return writer.lastSequence }
        let bytes = records.reduce(0) { $0 + $1.payload.count + 48 }
        bytesSinceCheckpoint += bytes
        metrics.journalRecords.add(records.count)
        metrics.journalBytes.add(bytes)
        defer { records.removeAll(keepingCapacity: true) }
        return try writer.append(records, term: writer.term, at: now)
    }

    private func letGo(_ commits: [Commit]) {
        guard let loops = commits.first?.deliveries.count else { return }
        for loop in 0..<loops {
            let deliveries =
                commits.count == 1 ? commits[0].deliveries[loop] : commits.flatMap { $0.deliveries[loop] }
            if !deliveries.isEmpty { toLoop(loop, deliveries) }
        }
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
        guard let checkpointDue, bytesSinceCheckpoint >= limits.bytes || now >= checkpointDue else { return }
        bytesSinceCheckpoint = 0
        lastCheckpointAt = now
        wantCheckpoint()
    }

    /// Spells and writes a checkpoint on a queue of its own; one at a time, a later one waits for its turn.
    private func write(_ image: CheckpointImage, sequence: UInt64) {
        guard sequence > lastCheckpointSequence else { return }
        lastCheckpointSequence = sequence
        let (term, syncedThrough, anyArchived) = (writer.term, writer.syncedThrough, anyArchived)
        self.anyArchived = false
        checkpoints.async { [self] in
            anybodyWaits = anybodyWaits || anyArchived
            let sections = ImageEncoding.sections(of: image)
            let checkpoint = Checkpoint(
                sequence: sequence,
                term: term,
                time: image.at,
                encoding: ImageEncoding.version,
                stateHash: ImageEncoding.stateHash(of: sections),
                sections: sections
            )
            do throws(JournalFault) {
                try Checkpoints.write(checkpoint, journalSyncedThrough: syncedThrough, to: storage)
                metrics.checkpoints.add()
                metrics.lastCheckpointAt.set(Int(image.at))
            } catch {
                // Nothing is lost: the journal has it all, and the next checkpoint is tried in its time.
                return onCheckpointFault(error)
            }
            archive(besides: image, sequence: sequence)
        }
    }

    /// Archives who is over, behind a checkpoint that was written; on the queue of checkpoints.
    private func archive(besides image: CheckpointImage, sequence: UInt64) {
        do throws(JournalFault) {
            let report = try archiving.pass(after: image, sequence: sequence, anyArchived: anybodyWaits) {
                isStopping && clock.now() >= archivingEnds.load(ordering: .relaxed)
            }
            anybodyWaits = false
            onArchiving(report)
            guard report.wantsNewSegment, !isStopping else { return }
            // Everybody is gone: with a new segment and a checkpoint in it the old one goes, and what it should forget.
            try Segments.prepareSpare(in: storage, limits: JournalLimits())
            newSegmentWanted.store(true, ordering: .relaxed)
            wantCheckpoint()
        } catch {
            var report = ArchivingReport()
            report.faults = [error]
            onArchiving(report)
        }
    }

    private var isStopping: Bool { archivingEnds.load(ordering: .relaxed) != .max }

    private func prepareSpare() {
        checkpoints.async { [storage, onCheckpointFault] in
            do throws(JournalFault) {
                try Segments.prepareSpare(in: storage, limits: JournalLimits())
            } catch {
                // The writer fills its next segment itself, and then says whether there is room.
                onCheckpointFault(error)
            }
        }
    }
}

/// When checkpoints are written.
struct CheckpointLimits: Sendable {
    var bytes = 64 << 20
    var milliseconds: Milliseconds = 5 * 60_000
    /// So long a server that ends goes on archiving; the next one does the rest.
    var lastArchivingMilliseconds: Milliseconds = 5_000
}

extension Entry {
    /// A session is over for good.
    fileprivate var isArchiving: Bool {
        if case .session(let entry) = self, case .archived = entry.event { true } else { false }
    }
}
