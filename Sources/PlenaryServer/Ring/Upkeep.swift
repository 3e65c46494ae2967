import Journal
import SessionEngine
import Sessions
import Synchronization
import Transport

/// What is done behind the journal's thread, on a queue of its own: checkpoints, archives, and what has to leave the disk.
///
/// **Forgetting.** A commit that erases something comes with a checkpoint. Once that is written, a new segment is asked
/// for, and a checkpoint in it: then all that holds what was erased lies in segments that nobody writes to any more, and
/// in checkpoints that can go.
///
///     commit with erasures ─▶ checkpoint ─▶ new segment wanted ─▶ checkpoint in it ─▶ pass over the folder ─▶ told
///
/// A server that ends in between leaves the rest to the next one, which finds out from the journal what is left.
final class Upkeep: @unchecked Sendable {
    private let storage: any Storage
    private let clock: ServerClock
    private let metrics: Metrics
    private let lastArchivingMilliseconds: Milliseconds
    private let says: Says
    private let queue: BackgroundQueue
    /// When archiving and erasing are to leave the rest to the next server.
    private let ends = Atomic<Milliseconds>(.max)
    private let newSegmentWanted = Atomic<Bool>(false)
    private let lastBytes = Atomic<Int>(0)

    // Of the queue only.
    private var archiving: Archiving
    private var anybodyWaits = false
    /// Sessions have left memory that are to leave the disk, and no pass over it is owed yet.
    private var erasedWait = false
    private var owed: [Owed] = []

    /// Whom it tells what; called on the queue.
    struct Says: Sendable {
        var wantCheckpoint: @Sendable () -> Void
        var checkpointFault: @Sendable (JournalFault) -> Void
        var archiving: @Sendable (ArchivingReport) -> Void
        var erasing: @Sendable (ErrandOutcome, Result<ErasingReport, JournalFault>) -> Void
    }

    /// What the journal has kept when a checkpoint is to be written.
    struct Kept {
        var image: CheckpointImage
        /// Of the last record in it.
        var sequence: UInt64
        var term: UInt64
        var syncedThrough: UInt64
        /// The last record before the segment that this server began last; 0: it has begun none.
        var segmentBegan: UInt64
        var anyArchived: Bool
        /// A session was erased since the checkpoint before, asked for or not.
        var anyErased: Bool
        var erasures: [ErrandOutcome]
        /// A checkpoint of this number was written before.
        var isKnown: Bool
    }

    /// An erasure that has to reach the disk, and the last record that may know of what it erases.
    private struct Owed {
        var outcome: ErrandOutcome
        var sequence: UInt64
    }

    /// One for a folder, with whom it tells what.
    init(
        storage: any Storage,
        clock: ServerClock,
        metrics: Metrics,
        lastArchivingMilliseconds: Milliseconds = CheckpointLimits().lastArchivingMilliseconds,
        says: Says
    ) throws(SystemFailure) {
        queue = try BackgroundQueue(name: "checkpoints")
        self.storage = storage
        self.clock = clock
        self.metrics = metrics
        self.lastArchivingMilliseconds = lastArchivingMilliseconds
        self.says = says
        archiving = Archiving(storage)
    }

    /// Whether the journal is to go on in a new segment; says so once.
    func takeNewSegmentWanted() -> Bool {
        newSegmentWanted.exchange(false, ordering: .relaxed)
    }

    /// The bytes of the last checkpoint that was written; 0 when there is none yet.
    var lastCheckpointBytes: Int { lastBytes.load(ordering: .relaxed) }

    /// Writes a checkpoint, and does what has become possible with it; one at a time, a later one waits for its turn.
    func take(_ kept: Kept) {
        queue.async { [self] in
            anybodyWaits = anybodyWaits || kept.anyArchived
            erasedWait = erasedWait || kept.anyErased
            guard kept.isKnown || write(kept) else { return }
            archive(kept)
            erase(kept)
            owe(kept)
        }
    }

    /// Fills the journal's next segment ahead of time.
    func prepareSpare() {
        queue.async { [self] in
            do throws(JournalFault) {
                try Segments.prepareSpare(in: storage, limits: JournalLimits())
            } catch {
                // The writer fills its next segment itself, and then says whether there is room.
                says.checkpointFault(error)
            }
        }
    }

    /// From here on there is little time for what can be done by the next server.
    func stop() {
        ends.store(clock.now() + lastArchivingMilliseconds, ordering: .relaxed)
    }

    /// Waits until everything is done that was asked for.
    func finish() {
        queue.finish()
    }

    private var isStopping: Bool { ends.load(ordering: .relaxed) != .max }

    private func isLate() -> Bool { isStopping && clock.now() >= ends.load(ordering: .relaxed) }
}

// MARK: - On the queue

extension Upkeep {
    private func write(_ kept: Kept) -> Bool {
        let checkpoint = Checkpoint(of: kept.image, sequence: kept.sequence, term: kept.term)
        do throws(JournalFault) {
            try Checkpoints.write(checkpoint, journalSyncedThrough: kept.syncedThrough, to: storage)
            lastBytes.store(checkpoint.fileBytes, ordering: .relaxed)
            metrics.checkpoints.add()
            metrics.lastCheckpointAt.set(Int(kept.image.at))
            return true
        } catch {
            // Nothing is lost: the journal has it all, and the next checkpoint is tried in its time.
            says.checkpointFault(error)
            for outcome in kept.erasures { says.erasing(outcome, .failure(error)) }
            return false
        }
    }

    /// Archives who is over.
    private func archive(_ kept: Kept) {
        do throws(JournalFault) {
            let report = try archiving.pass(
                after: kept.image,
                sequence: kept.sequence,
                anyArchived: anybodyWaits,
                isStopping: isLate
            )
            anybodyWaits = false
            says.archiving(report)
            // Everybody is gone: with a new segment and a checkpoint in it the old one goes, and what it should forget.
            if report.wantsNewSegment, !isStopping { try wantNewSegment() }
        } catch {
            var report = ArchivingReport()
            report.faults = [error]
            says.archiving(report)
        }
    }

    /// Carries out what was erased before the last segment began.
    private func erase(_ kept: Kept) {
        let isDue = { (owed: Owed) in owed.sequence <= kept.segmentBegan && kept.segmentBegan < kept.sequence
        }
        let due = owed.filter(isDue)
        guard !due.isEmpty else { return }
        owed.removeAll(where: isDue)
        for one in due {
            do throws(JournalFault) {
                var request = ErasingRequest()
                request.add(one.outcome)
                let report = try Erasing(storage).pass(request, through: kept.sequence, isStopping: isLate)
                if report.wantsNewSegment {
                    // Somebody it is about has said something in the new segment as well.
                    try wantNewSegment()
                    owed.append(Owed(outcome: one.outcome, sequence: kept.sequence))
                } else {
                    says.erasing(one.outcome, .success(report))
                    // With what was before it blank, a start should not hang on a single checkpoint for long.
                    says.wantCheckpoint()
                }
            } catch {
                says.erasing(one.outcome, .failure(error))
            }
        }
        // What it knew of archives and segments is no longer so.
        archiving = Archiving(storage)
    }

    /// Rehearsals that are over go with whatever else goes, or by themselves; one pass does for all.
    private func owe(_ kept: Kept) {
        var erasures = kept.erasures
        if erasures.isEmpty, erasedWait, !isStopping {
            erasures = [.rehearsalsOver(at: kept.image.at)]
        }
        guard !erasures.isEmpty else { return }
        do throws(JournalFault) {
            try wantNewSegment()
            owed += erasures.map { Owed(outcome: $0, sequence: kept.sequence) }
            erasedWait = false
        } catch {
            for outcome in erasures { says.erasing(outcome, .failure(error)) }
        }
    }

    private func wantNewSegment() throws(JournalFault) {
        // Filled here, so that the journal need not wait for it.
        try Segments.prepareSpare(in: storage, limits: JournalLimits())
        newSegmentWanted.store(true, ordering: .relaxed)
        says.wantCheckpoint()
    }
}

extension ErasingRequest {
    /// Adds what is to leave the disk after an errand.
    mutating func add(_ outcome: ErrandOutcome) {
        switch outcome.errand.task {
        case .erasePerson(let person, let pseudonym): persons[person] = pseudonym
        // Of those in memory the journal tells.
        case .eraseSession(let id): if outcome.isArchived { sessions.insert(id) }
        case .eraseRehearsals: break
        case .forget(let words, let attendance):
            wordsBefore = words ?? wordsBefore
            attendanceBefore = attendance ?? attendanceBefore
        case .sessions, .session, .person, .counters, .cutOff: break
        }
    }
}

extension Checkpoint {
    /// The checkpoint of an image, with this number of the last record in it.
    init(of image: CheckpointImage, sequence: UInt64, term: UInt64) {
        let sections = ImageEncoding.sections(of: image)
        self.init(
            sequence: sequence,
            term: term,
            time: image.at,
            encoding: ImageEncoding.version,
            stateHash: ImageEncoding.stateHash(of: sections),
            sections: sections
        )
    }
}
