import Glibc

/// What can go wrong with the folder on disk.
///
/// The server maps each case to its exit code.
package enum JournalFault: Error, Equatable, Sendable {
    /// Another process holds the folder (exit code 73). `holder` is its process id, when the lock file tells it.
    case inUse(file: String, holder: Int32?)
    /// The folder or a file in it cannot be made: read-only, no right, no such parent (exit code 73).
    case cannotCreate(IOFailure)
    /// What was once synced is not there any more (exit code 65). No file was changed.
    case damaged(Damage)
    /// Written by a newer server than this one (exit code 65). No file was changed.
    case newerVersion(file: String, found: Int, known: Int)
    /// The disk refused (exit code 74). After a failed write or sync nothing more is written.
    case io(IOFailure)
    /// A record or a group of records that the format has no room for: a limit above was not kept.
    case tooLarge(what: String, bytes: Int, limit: Int)
    /// `plenary backup` did not finish this copy (exit code 65).
    case unfinishedCopy
    /// A writer with an old term: another one has taken over.
    case fenced(term: UInt64, current: UInt64)
}

/// Where the first bad bytes are and why they are bad.
package struct Damage: Equatable, Sendable {
    /// The file, relative to the folder.
    package var file: String
    /// The byte in the file at which the bad record begins.
    package var offset: Int
    /// The number of the record expected there; 0 where none is.
    package var sequence: UInt64
    package var why: String
}

/// A system call that failed.
package struct IOFailure: Equatable, Sendable {
    package var operation: StorageOperation
    /// The file, relative to the folder.
    package var file: String
    /// `errno`.
    package var code: Int32
}

/// What was asked of the disk.
package enum StorageOperation: String, Sendable {
    case makeDirectory = "make folder"
    case list
    case open
    case create
    case measure
    case read
    case write
    case reserve
    case sync
    case syncDirectory = "sync folder"
    case rename
    case remove
    case lock
}

extension JournalFault: CustomStringConvertible {
    /// A sentence for the log and for people.
    package var description: String {
        switch self {
        case .inUse(let file, let holder?): "the folder is in use by process \(holder) (\(file))"
        case .inUse(let file, nil): "the folder is in use (\(file))"
        case .cannotCreate(let failure): "cannot create: \(failure.description)"
        case .damaged(let damage): damage.description
        case .newerVersion(let file, let found, let known):
            "\(file) is of version \(found); this server knows versions up to \(known)"
        case .io(let failure): failure.description
        case .tooLarge(let what, let bytes, let limit): "\(what) of \(bytes) bytes; the limit is \(limit)"
        case .unfinishedCopy:
            "this is a copy that plenary backup did not finish (\(Backup.marker)): remove it, and make another one"
        case .fenced(let term, let current): "a writer of term \(term) in the journal of term \(current)"
        }
    }

    /// Whether the call was merely interrupted by a signal.
    var isInterruption: Bool { failureCode == EINTR }

    /// Whether there is no such file.
    package var isMissing: Bool { failureCode == ENOENT }

    /// The same fault, said as "cannot create" when it means that the folder is not ours to write.
    var whenCreating: JournalFault {
        guard case .io(let failure) = self else { return self }
        let codes = [EACCES, EPERM, EROFS, ENOTDIR, ENOENT, EEXIST, ENAMETOOLONG, EISDIR, ELOOP]
        return codes.contains(failure.code) ? .cannotCreate(failure) : self
    }

    private var failureCode: Int32? {
        if case .io(let failure) = self { failure.code } else { nil }
    }
}

extension Damage: CustomStringConvertible {
    /// A sentence for the log and for people.
    package var description: String {
        "\(file) is damaged at byte \(offset)\(sequence == 0 ? "" : " (record \(sequence))"): \(why)"
    }
}

extension IOFailure: CustomStringConvertible {
    /// A sentence for the log and for people.
    package var description: String {
        let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return "\(operation.rawValue) \(file.isEmpty ? "." : file): \(text)"
    }
}
