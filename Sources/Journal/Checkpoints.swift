/// The checkpoints of a folder: `checkpoints/<number of the last record in it, 20 digits>.ckpt`.
///
/// Nothing here touches the journal: a checkpoint may be written by another thread than the writer's.
package enum Checkpoints {
    static let folder = "checkpoints"
    private static let unfinishedSuffix = ".part"

    /// The file of a checkpoint.
    static func path(_ sequence: UInt64) -> String {
        "\(folder)/\(paddedNumber(sequence)).ckpt"
    }

    /// The numbers that the checkpoints cover, newest first, valid or not.
    package static func list(_ storage: any Storage) throws(JournalFault) -> [UInt64] {
        let names = try storage.list(folder)
        return names.compactMap { number(in: $0, suffix: ".ckpt") }.sorted(by: >)
    }

    /// Writes a checkpoint beside, syncs it, gives it its name, and removes all but the newest ones.
    ///
    /// `syncedThrough` is the writer's, at any time before. A checkpoint must not know what the journal could still
    /// lose: its number is taken as proof that the journal was synced so far. Anything less is a mistake of the
    /// caller and stops the program.
    package static func write(
        _ checkpoint: Checkpoint,
        journalSyncedThrough syncedThrough: UInt64,
        to storage: any Storage,
        limits: JournalLimits = JournalLimits()
    ) throws(JournalFault) {
        precondition(checkpoint.sequence <= syncedThrough, "a checkpoint ahead of the journal")
        let name = path(checkpoint.sequence)
        guard checkpoint.fileBytes <= limits.checkpointBytes else {
            throw .tooLarge(what: "a checkpoint", bytes: checkpoint.fileBytes, limit: limits.checkpointBytes)
        }
        try storage.removeIfPresent(name + unfinishedSuffix)
        do throws(JournalFault) {
            try fill(name + unfinishedSuffix, with: checkpoint, in: storage)
        } catch {
            // Perhaps there is no room; then half a checkpoint should not take any.
            try? storage.removeIfPresent(name + unfinishedSuffix)
            throw error
        }
        try storage.rename(name + unfinishedSuffix, to: name)
        try storage.syncDirectory(folder)
        for old in try list(storage).filter({ $0 < checkpoint.sequence }).dropFirst(
            limits.checkpointsKept - 1
        ) {
            try storage.remove(path(old))
        }
    }

    /// Removes the checkpoints before this one: they may hold what was to be forgotten by then.
    ///
    /// After a power cut they are gone as well.
    package static func removeOlder(
        than sequence: UInt64,
        in storage: any Storage
    ) throws(JournalFault) {
        for old in try list(storage) where old < sequence { try storage.removeIfPresent(path(old)) }
        try storage.syncDirectory(folder)
    }

    /// Reads a checkpoint.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package static func read(
        _ sequence: UInt64,
        from storage: any Storage,
        limits: JournalLimits = JournalLimits()
    ) throws(JournalFault) -> Checkpoint {
        let name = path(sequence)
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: name, offset: 0, sequence: 0, why: why))
        }
        guard let bytes = try storage.contents(of: name, limit: limits.checkpointBytes) else {
            throw damage("longer than any checkpoint")
        }
        let checkpoint = try Checkpoint(bytes.span.bytes, file: name)
        guard checkpoint.sequence == sequence else {
            throw damage("it covers up to record \(checkpoint.sequence)")
        }
        return checkpoint
    }

    /// Removes what a crash left unfinished.
    static func removeUnfinished(in storage: any Storage) throws(JournalFault) {
        for name in try storage.list(folder) where name.hasSuffix(unfinishedSuffix) {
            try storage.removeIfPresent("\(folder)/\(name)")
        }
    }

    private static func fill(
        _ name: String,
        with checkpoint: Checkpoint,
        in storage: any Storage
    ) throws(JournalFault) {
        let file = try storage.open(name, for: .create)
        let header = checkpoint.encodedHeader()
        var check = Checkpoint.check(ofHeader: header.span.bytes)
        var offset = 0
        var pending = header
        for section in checkpoint.sections {
            let (head, next) = Checkpoint.encodedHeader(of: section, previous: check)
            check = next
            pending += head
            pending += section.payload
            // Many small sessions in one write, a large one not copied together with others.
            if pending.count >= 1 << 20 {
                try file.writeInSlices(pending.span.bytes, at: offset)
                offset += pending.count
                pending.removeAll(keepingCapacity: true)
            }
        }
        try file.writeInSlices(pending.span.bytes, at: offset)
    }
}
