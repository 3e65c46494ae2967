import Sessions

/// Copies a folder beside the server that writes to it, without a lock, and makes sure of the copy.
///
/// **What is in it.** One moment of the journal: everything that was acknowledged before the copying began, up to the
/// last whole record; the checkpoints of that moment; the archives of all sessions that the segments do not have any
/// more. A server that starts on it finds what it would have found after `kill -9` at that moment.
///
/// **Why it fits together.** Whoever writes does so in an order, so that a crash leaves what a start can finish:
///
///     journal ─▶ checkpoint ─▶ archives ─▶ segments removed, from the front
///     journal ─▶ checkpoint ─▶ older checkpoints removed ─▶ list of erasures ─▶ archives written anew
///                           ─▶ segments written anew, first to last ─▶ archives removed
///
/// Files are never changed but by appending to the last segment; they are replaced and removed, and whoever has one
/// open reads on in it. So which version of a file is in the copy is decided when it is opened, and they are opened in
/// the opposite order (`HeldFolder`): the list of erasures, which may only have what the rest has done; the segments,
/// last to first; the checkpoints, then the end of the journal, which has to reach as far; then the archives one by one.
/// What is seen is then what a crash could have left: if a segment was written anew, so are those before it and all
/// archives; if one is gone, its sessions' archives are there, and checkpoints behind it. Archives that came later than
/// the end that was seen are left out: the segments that were seen have their records.
///
/// **When it counts.** The first file in the copy is `unfinished-copy`, and it goes last: after all files were synced,
/// read back and compared, and the whole was read as `plenary verify` reads it, and recovered from its checkpoint.
/// As long as it is there no server starts and no command reads. When anything fails, what was made is removed.
package final class Backup {
    /// The file that says that a copy is not finished.
    package static let marker = "unfinished-copy"

    /// The folder that is copied, and the copy; used by `BackupFiles`.
    let source: any Storage
    let target: any Storage
    private let limits: JournalLimits
    /// What was written, in order.
    var files: [CopiedFile] = []
    private var isMarked = false
    private var foldersMade: [String] = []
    private static let folders = [Segments.folder, Checkpoints.folder, Archives.folder]

    /// A file of the copy.
    struct CopiedFile {
        var name: String
        var bytes: Int
        /// CRC-32C of all bytes, as they were written.
        var check: UInt32
    }

    /// Of a folder, to one that is empty or does not exist.
    package init(
        from source: any Storage,
        to target: any Storage,
        limits: JournalLimits = JournalLimits()
    ) {
        self.source = source
        self.target = target
        self.limits = limits
    }

    /// Whether a folder is a copy that was not finished.
    package static func isUnfinished(_ storage: any Storage) throws(JournalFault) -> Bool {
        do throws(JournalFault) {
            _ = try storage.open(marker, for: .read)
            return true
        } catch  where error.isMissing {
            return false
        }
    }

    /// Copies, and makes sure of the copy; when it returns, the copy is whole and durable.
    ///
    /// To be called once. When it throws, what was made is removed, as far as that is possible.
    package func run() throws(BackupFault) -> BackupReport {
        do throws(BackupFault) {
            try begin()
            let report = try copy()
            try readBack()
            try verify(through: report.lastSequence)
            try finish()
            return report
        } catch {
            abandon()
            throw error
        }
    }

    private func copy() throws(BackupFault) -> BackupReport {
        let held = try HeldFolder.take(source)
        var report = BackupReport(lastSequence: held.end.lastSequence, looks: held.looks)
        report.unfinishedBytes = held.end.torn?.bytes ?? 0
        for (name, file) in held.segments {
            let isLast = name == held.end.segment?.name
            try copy(file, to: name.path, through: isLast ? held.end.segment?.offset : nil)
        }
        for (sequence, file) in held.checkpoints { try copy(file, to: Checkpoints.path(sequence)) }
        report.archivesGone = try copyArchives(besides: held)
        if !held.erasures.entries.isEmpty {
            try write(held.erasures.encoded(), to: ErasureList.file)
        }
        try writing { () throws(JournalFault) in
            for folder in Self.folders + [""] { try target.syncDirectory(folder) }
        }
        report.files = files.count
        report.bytes = files.reduce(0) { $0 + $1.bytes }
        return report
    }

    /// Copies the archives, and answers how many were erased meanwhile.
    private func copyArchives(besides held: HeldFolder) throws(BackupFault) -> Int {
        let later = try reading { () throws(JournalFault) in try Archives.list(source) }
        var gone = 0
        for id in held.archives.union(later).sorted(by: { $0.text < $1.text }) {
            let file: any StorageFile
            do throws(JournalFault) {
                file = try source.open(Archives.path(id), for: .read)
                guard try belongs(id, file, besides: held) else { continue }
            } catch {
                guard error.isMissing else { throw .source(error) }
                // Archives are removed when their sessions are erased, and then alone.
                gone += 1
                continue
            }
            try copy(file, to: Archives.path(id))
        }
        return gone
    }

    private func belongs(
        _ id: SessionID,
        _ file: any StorageFile,
        besides held: HeldFolder
    ) throws(JournalFault) -> Bool {
        do throws(JournalFault) {
            let header = try Archives.header(of: id, in: file)
            if held.erasures.hasSession(header.identity) { return false }
            return held.archives.contains(id) || header.last <= held.end.lastSequence
        } catch {
            // One with a bad header is copied, found when the copy is verified, and named.
            guard case .damaged = error else { throw error }
            return true
        }
    }

    /// Reads the copy as `plenary verify` and a start would.
    private func verify(through sequence: UInt64) throws(BackupFault) {
        let found = try writing { () throws(JournalFault) in
            try FolderVerification(target, limits: limits)
        }
        guard found.isSound else { throw .unsound(found.complaints) }
        guard found.journal.lastSequence == sequence else {
            throw .unsound([
                "The copy ends with record \(found.journal.lastSequence), and not with \(sequence)"
            ])
        }
        try recover()
        try writing { () throws(JournalFault) in try target.removeIfPresent(lockFile) }
    }

    private func recover() throws(BackupFault) {
        let recovery = try writing { () throws(JournalFault) in
            let recovery = try JournalRecovery(storage: target, limits: limits, isCopying: true)
            _ = try SessionRecovery(reading: recovery)
            return recovery
        }
        let skipped = recovery.report.skipped
        guard skipped.isEmpty else {
            throw .unsound(skipped.map { "The checkpoint after record \($0.sequence) is bad: \($0.why)" })
        }
    }
}

// MARK: - Beginning and end

extension Backup {
    private var lockFile: String { "lock" }

    /// Makes the folder, or takes an empty one, and says in it that the copy is not finished.
    private func begin() throws(BackupFault) {
        let isNew = try writing { () throws(JournalFault) in try target.makeDirectory("") }
        if isNew { foldersMade.append("") }
        let names = try writing { () throws(JournalFault) in try target.list("") }
        guard names.isEmpty else { throw .notEmpty(isUnfinished: names.contains(Self.marker)) }
        try writing { () throws(JournalFault) in
            if isNew { try target.syncDirectory("..") }
            _ = try target.open(Self.marker, for: .create)
            isMarked = true
            try target.syncDirectory("")
            for folder in Self.folders where try target.makeDirectory(folder) { foldersMade.append(folder) }
        }
    }

    /// From here on it is a folder like any other.
    private func finish() throws(BackupFault) {
        try writing { () throws(JournalFault) in
            try target.remove(Self.marker)
            try target.syncDirectory("")
        }
    }

    /// Removes what was made, as far as possible; what says that it is no copy goes last.
    private func abandon() {
        guard isMarked || !foldersMade.isEmpty else { return }
        // It may be gone already, when the very last call has failed.
        _ = try? target.open(Self.marker, for: .create)
        for file in files.reversed() { try? target.removeIfPresent(file.name) }
        try? target.removeIfPresent(lockFile)
        // After a power cut too they go before what says that they are no copy.
        for folder in foldersMade where !folder.isEmpty { try? target.syncDirectory(folder) }
        for folder in foldersMade.reversed() where !folder.isEmpty { try? target.removeDirectory(folder) }
        let isClean = (try? target.list("")) == [Self.marker]
        // Where something is left that was not ours to remove, it goes on saying so.
        guard isClean else { return }
        try? target.removeIfPresent(Self.marker)
        if foldersMade.contains("") { try? target.removeDirectory("") }
    }
}

/// What a copy came to.
package struct BackupReport: Equatable, Sendable {
    package var files = 0
    package var bytes = 0
    /// The number of the last record in it.
    package var lastSequence: UInt64
    /// How often the folder had to be looked at until it held still for a moment.
    package var looks: Int
    /// What stood behind the last whole record: the trace of a crash, or being written just then.
    package var unfinishedBytes = 0
    /// Archives that were there and were erased before their turn came.
    package var archivesGone = 0
}

/// Why there is no copy.
package enum BackupFault: Error, Equatable, Sendable {
    /// The folder that is to be copied cannot be read, is damaged, or of a newer version.
    case source(JournalFault)
    /// The copy cannot be written or read.
    case target(JournalFault)
    /// The folder for the copy holds something: an unfinished copy, or something else.
    case notEmpty(isUnfinished: Bool)
    /// What was read back is not what was written.
    case changed(file: String)
    /// The copy does not hold, since what was copied does not: sentences.
    case unsound([String])
    /// The folder did not hold still for long enough to be looked at.
    case restless
}
