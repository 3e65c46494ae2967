import Glibc
import Sessions

/// A folder as it was for a moment, while a server goes on writing to it: segments and checkpoints held open.
///
/// Nothing of it can be taken away any more: a file that is replaced or removed can be read to its end by whoever has
/// it open. `Backup` says in which order they are opened, and why. To the journal's reader it is a folder that holds
/// just these files.
final class HeldFolder: Storage, @unchecked Sendable {
    /// In order, and without a gap.
    let segments: [(name: Segments.Name, file: any StorageFile)]
    /// Newest first.
    let checkpoints: [(sequence: UInt64, file: any StorageFile)]
    /// The list as it was before anything else was looked at.
    let erasures: ErasureList
    /// The archives that were there before the segments were opened.
    let archives: Set<SessionID>
    /// Where the journal ends: as far as the newest checkpoint at least.
    private(set) var end = JournalEnd()
    /// How often it had to be looked at.
    private(set) var looks = 1

    /// So often the folder may change under one's eyes: it does so for milliseconds, and minutes apart.
    private static let looksLimit = 100

    /// Opens everything, and once more when something changed meanwhile.
    ///
    /// Throws `source` and `restless`.
    static func take(_ storage: any Storage) throws(BackupFault) -> HeldFolder {
        do throws(JournalFault) {
            for look in 1...looksLimit {
                guard let held = try HeldFolder(storage) else { continue }
                let isLastLook = look == looksLimit
                guard try held.findEnd(isLastLook: isLastLook) else { continue }
                held.looks = look
                return held
            }
        } catch {
            throw .source(error)
        }
        throw .restless
    }

    /// Nil when something changed meanwhile.
    private init?(_ storage: any Storage) throws(JournalFault) {
        erasures = try ErasureList.read(storage)
        archives = Set(try Archives.list(storage))
        guard let segments = try Self.openSegments(storage) else { return nil }
        guard let checkpoints = try Self.openCheckpoints(storage) else { return nil }
        self.segments = segments
        self.checkpoints = checkpoints
    }

    /// From the last to the first, or to the first that is still there: they go from the front.
    private static func openSegments(
        _ storage: any Storage
    ) throws(JournalFault) -> [(name: Segments.Name, file: any StorageFile)]? {
        let names = try Segments.list(storage)
        var opened: [(name: Segments.Name, file: any StorageFile)] = []
        for name in names.reversed() {
            guard let file = try open(name.path, in: storage) else { break }
            opened.append((name, file))
        }
        opened.reverse()
        guard let first = opened.first?.name.first, let last = opened.last?.name.first else {
            return names.isEmpty ? opened : nil
        }
        // A listing is no moment either: some file systems pass over a name that is replaced just then.
        let isGapless = try Segments.list(storage).allSatisfy { name in
            name.first < first || name.first > last || opened.contains { $0.name == name }
        }
        return isGapless && opened.last?.name == names.last ? opened : nil
    }

    private static func openCheckpoints(
        _ storage: any Storage
    ) throws(JournalFault) -> [(sequence: UInt64, file: any StorageFile)]? {
        var opened: [(sequence: UInt64, file: any StorageFile)] = []
        for sequence in try Checkpoints.list(storage) {
            guard let file = try open(Checkpoints.path(sequence), in: storage) else { return nil }
            opened.append((sequence, file))
        }
        return opened
    }

    /// Nil when it is not there any more.
    private static func open(
        _ name: String,
        in storage: any Storage
    ) throws(JournalFault) -> (any StorageFile)? {
        do throws(JournalFault) {
            return try storage.open(name, for: .read)
        } catch  where error.isMissing {
            return nil
        }
    }

    /// Finds the last whole record; false when a checkpoint knows of more than the segments that were opened.
    ///
    /// A checkpoint is written when the journal is on the disk as far. Where that is not so at the last look either, it
    /// is damage, and told as such.
    private func findEnd(isLastLook: Bool) throws(JournalFault) -> Bool {
        guard let last = segments.last else { return checkpoints.isEmpty || isLastLook }
        let newest = checkpoints.first?.sequence ?? 0
        var reader = try JournalReader(
            storage: self,
            from: last.name.first,
            checkpointed: isLastLook ? newest : 0
        )
        do throws(JournalFault) {
            while try reader.next() != nil {}
        } catch {
            // It has a successor by now, which is not among those that were opened.
            guard !isLastLook, try SegmentSeal.isIn(last.file) else { throw error }
            return false
        }
        guard let end = reader.end, end.lastSequence >= newest else { return false }
        self.end = end
        return true
    }
}

// The journal's reader lists and opens; nobody else has this folder.
extension HeldFolder {
    func list(_ directory: String) throws(JournalFault) -> [String] {
        directory == Segments.folder
            ? segments.map { String($0.name.path.dropFirst(Segments.folder.utf8.count + 1)) } : []
    }

    func open(_ name: String, for access: FileAccess) throws(JournalFault) -> any StorageFile {
        guard case .read = access, let found = segments.first(where: { $0.name.path == name }) else {
            throw refusal(.open, name)
        }
        return found.file
    }

    func makeDirectory(_ name: String) throws(JournalFault) -> Bool { throw refusal(.makeDirectory, name) }
    func rename(_ name: String, to newName: String) throws(JournalFault) { throw refusal(.rename, name) }
    func remove(_ name: String) throws(JournalFault) { throw refusal(.remove, name) }
    func removeDirectory(_ name: String) throws(JournalFault) { throw refusal(.remove, name) }
    func syncDirectory(_ name: String) throws(JournalFault) { throw refusal(.syncDirectory, name) }
    func lock(_ name: String) throws(JournalFault) -> any StorageLock { throw refusal(.lock, name) }

    private func refusal(_ operation: StorageOperation, _ name: String) -> JournalFault {
        .io(IOFailure(operation: operation, file: name, code: EROFS))
    }
}
