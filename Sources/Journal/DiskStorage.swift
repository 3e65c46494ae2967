import CLinux
import Glibc

/// A folder of the file system.
package final class DiskStorage: Storage {
    private let root: String

    /// A folder that may not exist yet; nothing is touched.
    package init(directory: String) {
        root = directory
    }

    package func makeDirectory(_ name: String) throws(JournalFault) -> Bool {
        // 0700 and 0600: the folder holds what people said.
        if mkdir(path(name), 0o700) == 0 { return true }
        guard errno == EEXIST else { throw failure(.makeDirectory, name) }
        return false
    }

    package func removeDirectory(_ name: String) throws(JournalFault) {
        if rmdir(path(name)) != 0 { throw failure(.remove, name) }
    }

    package func list(_ directory: String) throws(JournalFault) -> [String] {
        guard let stream = opendir(path(directory)) else { throw failure(.list, directory) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw failure(.list, directory) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    package func open(_ name: String, for access: FileAccess) throws(JournalFault) -> any StorageFile {
        let flags =
            switch access {
            case .read: O_RDONLY
            case .write: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        let operation: StorageOperation = if case .create = access { .create } else { .open }
        return DiskFile(name: name, try descriptor(name, flags: flags, operation))
    }

    package func rename(_ name: String, to newName: String) throws(JournalFault) {
        if Glibc.rename(path(name), path(newName)) != 0 { throw failure(.rename, name) }
    }

    /// Takes a file's name at once, and its room bit by bit.
    ///
    /// A file system that tells the disk at once what is free (ext4's `discard`) does nothing else meanwhile: 13 ms for
    /// 16 MiB, in which no journal is synced. Whoever has the file open goes on reading all of it: a write lease is given
    /// only when nobody else has, and without its name nobody can open it any more.
    package func remove(_ name: String) throws(JournalFault) {
        let file = Descriptor(Glibc.open(path(name), O_WRONLY | O_CLOEXEC))
        if unlink(path(name)) != 0 { throw failure(.remove, name) }
        var status = stat()
        guard file.number >= 0, fstat(file.number, &status) == 0, status.st_nlink == 0,
            fcntl(file.number, plenary_set_lease, Int32(F_WRLCK)) == 0
        else { return }
        var bytes = status.st_size
        while bytes > Self.bytesFreedAtOnce {
            bytes -= Self.bytesFreedAtOnce
            // What is not freed here is freed with the descriptor.
            guard ftruncate(file.number, bytes) == 0 else { return }
        }
    }

    private static let bytesFreedAtOnce = 256 << 10

    package func syncDirectory(_ name: String) throws(JournalFault) {
        let directory = try descriptor(name, flags: O_RDONLY | O_DIRECTORY, .syncDirectory)
        // As with a file: what was interrupted has reported nothing yet.
        while fsync(directory.number) != 0 {
            if errno != EINTR { throw failure(.syncDirectory, name) }
        }
    }

    package func lock(_ name: String) throws(JournalFault) -> any StorageLock {
        let file = try descriptor(name, flags: O_RDWR | O_CREAT, .lock)
        // The lock belongs to the open file and ends with the process, however that ends; the file's text merely
        // tells whom to look for.
        while flock(file.number, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw failure(.lock, name) }
            var text = [UInt8](repeating: 0, count: 16)
            let count = pread(file.number, &text, text.count, 0)
            let digits = text.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
            throw .inUse(file: name, holder: Int32(String(decoding: digits, as: UTF8.self)))
        }
        guard ftruncate(file.number, 0) == 0 else { throw failure(.lock, name) }
        let held = DiskFile(name: name, file)
        try held.writeAll(Array("\(getpid())\n".utf8).span.bytes, at: 0)
        return held
    }

    private func descriptor(
        _ name: String,
        flags: Int32,
        _ operation: StorageOperation
    ) throws(JournalFault) -> Descriptor {
        while true {
            let number = Glibc.open(path(name), flags | O_CLOEXEC, 0o600)
            if number >= 0 { return Descriptor(number) }
            if errno != EINTR { throw failure(operation, name) }
        }
    }

    private func path(_ name: String) -> String {
        name.isEmpty ? root : root + "/" + name
    }
}

/// Reads `errno`: call it at once after the call that failed.
private func failure(_ operation: StorageOperation, _ name: String) -> JournalFault {
    .io(IOFailure(operation: operation, file: name, code: errno))
}

/// A file descriptor that is closed exactly once.
private struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        if number >= 0 { close(number) }
    }
}

private final class DiskFile: StorageFile, StorageLock {
    /// So much is read in one call of the system.
    private static let readBytes = 256 << 10

    let name: String
    private let descriptor: Descriptor

    init(name: String, _ descriptor: consuming Descriptor) {
        self.name = name
        self.descriptor = descriptor
    }

    func byteCount() throws(JournalFault) -> Int {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw failure(.measure, name) }
        return Int(status.st_size)
    }

    func read(upTo count: Int, at offset: Int) throws(JournalFault) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            // The kernel finishes a call before it lets others on this core, so none is long.
            while initialized < count {
                let rest = buffer.extracting(initialized..<min(initialized + Self.readBytes, count))
                let done = pread(descriptor.number, rest.baseAddress, rest.count, off_t(offset + initialized))
                // What was read before is answered; who asks for the rest hears of it.
                if done < 0, initialized == 0 { code = errno }
                if done <= 0 { break }
                initialized += done
            }
        }
        if code != 0 { throw .io(IOFailure(operation: .read, file: name, code: code)) }
        return bytes
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(JournalFault) -> Int {
        let done = bytes.withUnsafeBytes {
            pwrite(descriptor.number, $0.baseAddress, $0.count, off_t(offset))
        }
        if done > 0 { return done }
        // A write of nothing is a disk that has no room and does not say so.
        throw .io(IOFailure(operation: .write, file: name, code: done == 0 ? ENOSPC : errno))
    }

    func reserve(_ bytes: Int) throws(JournalFault) {
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor.number, 0, off_t(bytes)) }
        // Some file systems cannot reserve; the zeroes written next will find out whether there is room.
        if code != 0 && code != EOPNOTSUPP && code != EINVAL {
            throw .io(IOFailure(operation: .reserve, file: name, code: code))
        }
    }

    func dropFromMemory() {
        // Merely advice: a file system that does not know it reads from memory.
        _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_DONTNEED)
    }

    func sync() throws(JournalFault) {
        if fdatasync(descriptor.number) != 0 { throw failure(.sync, name) }
        // A folder that is removed takes the file's name, and nothing fails: what is written from then on is gone with the
        // process.
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw failure(.sync, name) }
        if status.st_nlink == 0 { throw .io(IOFailure(operation: .sync, file: name, code: ENOENT)) }
    }
}
