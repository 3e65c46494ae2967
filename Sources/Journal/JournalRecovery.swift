/// Opens the folder for a server: takes the lock, picks a checkpoint, reads the journal behind it, hands out the writer.
///
/// Call `next()` until it answers nil, applying each record to the checkpoint's state; then `makeWriter`. If the
/// checkpoint cannot be used (its payload is of an unknown encoding, its state hash is not that of the state read),
/// call `rejectCheckpoint` and begin anew from what `checkpoint` says then. Until `makeWriter`, no file of the
/// journal is changed: a journal that is found damaged is left as it is.
package final class JournalRecovery {
    /// What to begin with; nil: with nothing, at the journal's first record.
    package private(set) var checkpoint: Checkpoint?
    /// What was found.
    package private(set) var report = RecoveryReport()

    private let storage: any Storage
    private let limits: JournalLimits
    private let lock: any StorageLock
    private var candidates: ArraySlice<UInt64> = []
    private var reader: JournalReader?
    /// The highest number that a sound checkpoint covers.
    ///
    /// It proves that the journal once reached so far, whether or not its payload can be used.
    private var checkpointed: UInt64 = 0

    /// Takes the folder, making it if need be.
    ///
    /// `isCopying` is for who makes a copy, and reads it before it is called finished. Throws `inUse`, `cannotCreate`,
    /// `unfinishedCopy`, or what reading throws.
    package init(
        storage: any Storage,
        limits: JournalLimits = JournalLimits(),
        isCopying: Bool = false
    ) throws(JournalFault) {
        self.storage = storage
        self.limits = limits
        do throws(JournalFault) {
            if try storage.makeDirectory("") { try storage.syncDirectory("..") }
            lock = try storage.lock("lock")
            if !isCopying, try Backup.isUnfinished(storage) { throw JournalFault.unfinishedCopy }
            for folder in [Segments.folder, Checkpoints.folder, Archives.folder]
            where try storage.makeDirectory(folder) {
                try storage.syncDirectory("")
            }
        } catch {
            throw error.whenCreating
        }
        candidates = try Checkpoints.list(storage)[...]
        try beginWithNextCheckpoint()
    }

    /// The next record behind the checkpoint; nil at the end.
    package func next() throws(JournalFault) -> JournalRecord? {
        let record: JournalRecord?
        do throws(JournalFault) {
            record = try reader?.next()
        } catch {
            throw explained(error)
        }
        guard let record else {
            report.end = reader?.end
            return nil
        }
        report.records += 1
        return record
    }

    /// Gives up the checkpoint and begins with the one before, or with the journal's first record.
    package func rejectCheckpoint(_ why: String) throws(JournalFault) {
        if let checkpoint { report.skipped.append(.init(sequence: checkpoint.sequence, why: why)) }
        report.records = 0
        try beginWithNextCheckpoint()
    }

    /// Whether the journal is there from its first record on, so that no checkpoint is needed.
    package func reachesBack() throws(JournalFault) -> Bool { try Segments.first(in: storage) == 1 }

    /// The writer, when `next()` has answered nil.
    ///
    /// It keeps the lock. `now` is milliseconds since 1970.
    package func makeWriter(mode: SyncMode, at now: Int64) throws(JournalFault) -> JournalWriter {
        guard let end = reader?.end else { preconditionFailure("the journal was not read to its end") }
        try Checkpoints.removeUnfinished(in: storage)
        try Archives.removeUnfinished(in: storage)
        do throws(JournalFault) {
            return try JournalWriter(
                storage: storage,
                limits: limits,
                lock: lock,
                after: end,
                mode: mode,
                at: now
            )
        } catch {
            throw error.whenCreating
        }
    }

    private func beginWithNextCheckpoint() throws(JournalFault) {
        checkpoint = nil
        while checkpoint == nil, let sequence = candidates.popFirst() {
            do throws(JournalFault) {
                checkpoint = try Checkpoints.read(sequence, from: storage, limits: limits)
                checkpointed = max(checkpointed, sequence)
            } catch {
                // A newer server was here: its journal is newer, too.
                if case .newerVersion = error { throw error }
                report.skipped.append(.init(sequence: sequence, why: error.description))
            }
        }
        report.checkpoint = checkpoint?.sequence
        do throws(JournalFault) {
            reader = try JournalReader(
                storage: storage,
                from: (checkpoint?.sequence ?? 0) + 1,
                checkpointed: checkpointed
            )
        } catch {
            throw explained(error)
        }
    }

    /// The fault with what is wrong with the newest checkpoint, if that was passed over: with it there might be none.
    func explained(_ fault: JournalFault) -> JournalFault {
        guard case .damaged(var damage) = fault, let skipped = report.skipped.first else { return fault }
        let file = Checkpoints.path(skipped.sequence)
        damage.why += "; " + (skipped.why.contains(file) ? "" : "\(file) was passed over: ") + skipped.why
        return .damaged(damage)
    }
}

/// What recovery found, for the log.
package struct RecoveryReport: Sendable {
    /// The number that the checkpoint in use covers.
    package var checkpoint: UInt64?
    /// Newer checkpoints that could not be used.
    package var skipped: [SkippedCheckpoint] = []
    /// How many records were handed out.
    package var records = 0
    /// How the journal ends: the torn tail is there.
    package var end: JournalEnd?

    /// A checkpoint that was passed over.
    package struct SkippedCheckpoint: Equatable, Sendable {
        package var sequence: UInt64
        package var why: String
    }
}
