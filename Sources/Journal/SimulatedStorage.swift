import Glibc

/// A folder in memory that does to the journal what disks, kernels and power do, repeatably from a seed.
///
/// Not part of a server; it stands here because tests of several targets use it. What it models:
///
/// - A file has what everybody sees (the cache) and what is on the disk. A write changes the cache; sectors of 512
///   bytes go to the disk when synced, and now and then by themselves, in any order.
/// - `restart(losingPower: true)`: of each sector that was not synced the old bytes stay or the new ones come; of
///   names that were not synced, the latest changes are undone. `restart(losingPower: false)`: the process died, the
///   cache stays.
/// - A sync that fails forgets what it could not write: the cache still shows it, and the next sync succeeds.
/// - `misfortunes` says at which step (call) what goes wrong.
///
/// Used by one thread at a time, hence `@unchecked`.
package final class SimulatedStorage: Storage, @unchecked Sendable {
    /// What goes wrong at a step.
    package enum Misfortune: Equatable, Sendable {
        /// The call fails with this `errno`.
        case fail(Int32)
        /// A read or write does half of what was asked.
        case short
        /// A read, write or sync is interrupted by a signal.
        case interrupt
        /// The process dies in this call: of a write that many bytes are done, other calls are done if there are any.
        case die(afterBytes: Int)
    }

    /// What goes wrong, by number of the call, from 0.
    package var misfortunes: [Int: Misfortune] = [:]
    /// The number of the next call.
    package private(set) var step = 0
    /// The process has died; every call fails until `restart`.
    package private(set) var isDown = false
    /// Called at each call, before it does anything: others may act in between.
    package var beforeCall: (() -> Void)?
    /// Nothing can be made or changed.
    package var isReadOnly = false

    /// What everybody sees.
    var files: [String: SimulatedFile] = [:]
    private var folders: Set<String> = []
    /// What is on the disk.
    private var durableFiles: [String: SimulatedFile] = [:]
    private var durableFolders: Set<String> = []
    private var pending: [(folder: String, change: Change)] = []
    /// Handles and locks of a process that is dead have an older one.
    var life = 0
    var isLocked = false
    /// Where chance comes from; a test may set its state.
    package var random: SplitMix64

    private enum Change {
        case makeFolder(String)
        case create(String, SimulatedFile)
        case rename(String, String)
        case remove(String)
        case removeFolder(String)
    }

    /// An empty folder; what happens by chance comes from the seed.
    package init(seed: UInt64) {
        random = SplitMix64(state: seed)
    }

    /// Another folder with the same files, all synced.
    package init(copying other: SimulatedStorage) {
        random = other.random
        folders = other.folders
        durableFolders = other.folders
        for (name, file) in other.files {
            files[name] = SimulatedFile(synced: file.cache)
        }
        durableFiles = files
    }

    /// A new process, on the same machine or after a power cut.
    package func restart(losingPower: Bool) {
        life += 1
        isDown = false
        isLocked = false
        step = 0
        misfortunes = [:]
        guard losingPower else { return }
        var undone: Set<String> = []
        for (folder, change) in pending {
            // The file system keeps the order of changes within a folder: once one is undone, all later ones are.
            if undone.contains(folder) || Bool.random(using: &random) {
                undone.insert(folder)
            } else {
                makeDurable(change)
            }
        }
        pending = []
        folders = durableFolders
        files = durableFiles.filter { folders.contains(Self.folder(of: $0.key)) }
        durableFiles = files
        for (_, file) in files.sorted(by: { $0.key < $1.key }) {
            file.losePower(using: &random)
        }
    }

    /// The names of all files, sorted.
    package var names: [String] { files.keys.sorted() }

    /// What everybody sees of a file; nil if there is none.
    package func bytes(of name: String) -> [UInt8]? { files[name]?.cache }

    /// Replaces a file's bytes, on the disk as well: damage, or another history.
    package func replace(_ name: String, by bytes: [UInt8]) {
        let file = SimulatedFile(synced: bytes)
        files[name] = file
        durableFiles[name] = file
        folders.insert(Self.folder(of: name))
        durableFolders.insert(Self.folder(of: name))
    }

    /// Flips a bit of a file, on the disk as well; bit 0 is the lowest of the first byte.
    package func flip(bit: Int, of name: String) {
        guard var bytes = bytes(of: name) else { return }
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        replace(name, by: bytes)
    }

    /// Removes a file, on the disk as well.
    package func lose(_ name: String) {
        files[name] = nil
        durableFiles[name] = nil
    }
}

// What the journal asks for.
extension SimulatedStorage {
    package func makeDirectory(_ name: String) throws(JournalFault) -> Bool {
        if folders.contains(name) {
            try end(try begin(.makeDirectory, name), .makeDirectory, name)
            return false
        }
        try change(.makeFolder(name), in: Self.folder(of: name), .makeDirectory, name)
        return true
    }

    package func list(_ directory: String) throws(JournalFault) -> [String] {
        _ = try begin(.list, directory)
        guard folders.contains(directory) else { throw failure(ENOENT, .list, directory) }
        let names = files.keys.filter { Self.folder(of: $0) == directory }
        return names.map { String($0.dropFirst(directory.isEmpty ? 0 : directory.count + 1)) }.shuffled(
            using: &random
        )
    }

    package func open(_ name: String, for access: FileAccess) throws(JournalFault) -> any StorageFile {
        switch access {
        case .read, .write:
            _ = try begin(.open, name)
            if case .write = access, isReadOnly { throw failure(EROFS, .open, name) }
            guard let file = files[name] else { throw failure(ENOENT, .open, name) }
            return SimulatedHandle(name, file, self)
        case .create:
            guard files[name] == nil else { throw failure(EEXIST, .create, name) }
            let file = SimulatedFile(synced: [])
            try change(.create(name, file), in: Self.folder(of: name), .create, name)
            return SimulatedHandle(name, file, self)
        }
    }

    package func rename(_ name: String, to newName: String) throws(JournalFault) {
        guard files[name] != nil else {
            try end(try begin(.rename, name), .rename, name)
            throw failure(ENOENT, .rename, name)
        }
        try change(.rename(name, newName), in: Self.folder(of: name), .rename, name)
    }

    package func remove(_ name: String) throws(JournalFault) {
        guard files[name] != nil else {
            try end(try begin(.remove, name), .remove, name)
            throw failure(ENOENT, .remove, name)
        }
        try change(.remove(name), in: Self.folder(of: name), .remove, name)
    }

    package func removeDirectory(_ name: String) throws(JournalFault) {
        let prefix = name.isEmpty ? "" : name + "/"
        let isEmpty =
            !(files.keys.contains { $0.hasPrefix(prefix) }
            || folders.contains { !$0.isEmpty && $0 != name && $0.hasPrefix(prefix) })
        guard folders.contains(name), isEmpty else {
            try end(try begin(.remove, name), .remove, name)
            throw failure(folders.contains(name) ? ENOTEMPTY : ENOENT, .remove, name)
        }
        try change(.removeFolder(name), in: Self.folder(of: name), .remove, name)
    }

    package func syncDirectory(_ name: String) throws(JournalFault) {
        if case .fail = misfortunes[step], !isDown { failSync(name) }
        let dies = try begin(.syncDirectory, name)
        for (folder, change) in pending where folder == name {
            makeDurable(change)
        }
        pending.removeAll { $0.folder == name }
        try end(dies, .syncDirectory, name)
    }

    package func lock(_ name: String) throws(JournalFault) -> any StorageLock {
        _ = try begin(.lock, name)
        if isReadOnly { throw failure(EROFS, .lock, name) }
        if isLocked { throw .inUse(file: name, holder: 1) }
        isLocked = true
        return SimulatedLock(self)
    }

    /// Counts the call and lets it fail, if it is to.
    ///
    /// Answers true if the process dies when the call is done.
    func begin(_ operation: StorageOperation, _ name: String) throws(JournalFault) -> Bool {
        beforeCall?()
        if isDown { throw failure(EIO, operation, name) }
        let misfortune = misfortunes[step]
        step += 1
        switch misfortune {
        case .fail(let code): throw failure(code, operation, name)
        case .die(let afterBytes):
            let changes: [StorageOperation] = [
                .makeDirectory, .create, .rename, .remove, .write, .sync, .syncDirectory,
            ]
            if afterBytes > 0, changes.contains(operation) { return true }
            isDown = true
            throw failure(EIO, operation, name)
        case .interrupt where [.read, .write, .sync].contains(operation):
            throw failure(EINTR, operation, name)
        case .interrupt, .short, nil: return false
        }
    }

    func end(_ dies: Bool, _ operation: StorageOperation, _ name: String) throws(JournalFault) {
        guard dies else { return }
        isDown = true
        throw failure(EIO, operation, name)
    }

    func failure(_ code: Int32, _ operation: StorageOperation, _ name: String) -> JournalFault {
        .io(IOFailure(operation: operation, file: name, code: code))
    }

    private func change(
        _ change: Change,
        in folder: String,
        _ operation: StorageOperation,
        _ name: String
    ) throws(JournalFault) {
        let dies = try begin(operation, name)
        if isReadOnly { throw failure(EROFS, operation, name) }
        guard folder.isEmpty || folders.contains(folder) else { throw failure(ENOENT, operation, name) }
        Self.apply(change, &files, &folders)
        pending.append((folder, change))
        try end(dies, operation, name)
    }

    /// Some of a folder's changes have reached the disk, the first ones, and the others wait for the next sync.
    private func failSync(_ name: String) {
        while let first = pending.firstIndex(where: { $0.folder == name }), Bool.random(using: &random) {
            makeDurable(pending.remove(at: first).change)
        }
    }

    private func makeDurable(_ change: Change) {
        Self.apply(change, &durableFiles, &durableFolders)
    }

    private static func apply(
        _ change: Change,
        _ files: inout [String: SimulatedFile],
        _ folders: inout Set<String>
    ) {
        switch change {
        case .makeFolder(let name): folders.insert(name)
        case .create(let name, let file): files[name] = file
        case .rename(let name, let newName): files[newName] = files.removeValue(forKey: name)
        case .remove(let name): files[name] = nil
        case .removeFolder(let name): folders.remove(name)
        }
    }

    private static func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
    }
}
