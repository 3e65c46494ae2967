import Foundation
import Glibc
import Testing

@testable import Journal

/// The real disk: a folder in the temporary one, removed afterwards.
@Suite struct DiskStorageTests {
    /// A folder that is there as long as somebody holds this.
    final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/plenary-journal-\(UUID().uuidString)"

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    static func payloads(_ storage: DiskStorage) throws -> [[UInt8]] {
        let recovery = try JournalRecovery(storage: storage, limits: small)
        var payloads: [[UInt8]] = []
        while let record = try recovery.next() {
            payloads.append(record.payload)
        }
        return payloads
    }

    static func write(_ records: [NewRecord], to storage: DiskStorage) throws {
        let recovery = try JournalRecovery(storage: storage, limits: small)
        while try recovery.next() != nil {}
        let writer = try recovery.makeWriter(mode: .batch, at: 0)
        for record in records {
            try writer.append([record], term: writer.term, at: 0)
            try writer.sync(at: 0)
        }
        try Checkpoints.write(checkpoint(2), journalSyncedThrough: writer.syncedThrough, to: storage)
        try writer.close(at: 0)
    }

    @Test func `a journal on disk is written, rolled over, checkpointed and read back`() throws {
        let folder = Folder()
        let records = (0..<40).map { record($0, bytes: 200) }
        try Self.write(records, to: DiskStorage(directory: folder.path))
        // The checkpoint covers up to record 2, the first one behind the mark.
        #expect(try Self.payloads(DiskStorage(directory: folder.path)) == records.dropFirst().map(\.payload))
        let found = try JournalVerification(DiskStorage(directory: folder.path), limits: small)
        #expect(found.isSound && found.records == 40 && found.segments > 2)
        #expect(found.end?.closedInOrder == true)
    }

    @Test func `what is removed is gone by its name, and nobody else's bytes are`() throws {
        let folder = Folder()
        let storage = DiskStorage(directory: folder.path)
        _ = try storage.makeDirectory("")
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
        for name in ["alone", "linked", "read"] {
            try storage.open(name, for: .create).writeInSlices(bytes.span.bytes, at: 0, sliceBytes: 300_000)
        }
        try FileManager.default.linkItem(
            atPath: folder.path + "/linked",
            toPath: folder.path + "/kept"
        )
        let reader = try storage.open("read", for: .read)
        for name in ["alone", "linked", "read"] { try storage.remove(name) }
        #expect(try storage.list("") == ["kept"])
        #expect(try storage.contents(of: "kept", limit: .max) == bytes)
        // Somebody who is reading it, an export or a verification, reads it to its end.
        #expect(try reader.readAll(bytes.count, at: 0) == bytes)
        #expect(throws: JournalFault.self) { try storage.remove("alone") }
    }

    @Test func `a segment's blocks are real from the beginning`() throws {
        let folder = Folder()
        try Self.write([record(1)], to: DiskStorage(directory: folder.path))
        var status = stat()
        #expect(stat("\(folder.path)/\(firstSegment)", &status) == 0)
        #expect(status.st_size == 8_192 && status.st_blocks * 512 >= 8_192)
        #expect(status.st_mode & 0o077 == 0, "only the owner may read what people said")
    }

    @Test func `whoever comes second is told who was first`() throws {
        let folder = Folder()
        let storage = DiskStorage(directory: folder.path)
        do {
            let first = try JournalRecovery(storage: storage, limits: small)
            #expect(throws: JournalFault.inUse(file: "lock", holder: getpid())) {
                try JournalRecovery(storage: DiskStorage(directory: folder.path), limits: small)
            }
            _ = try first.next()
        }
        #expect(try Self.payloads(storage).isEmpty, "released with its holder")
    }

    @Test func `a folder that cannot be made is said to be that`() throws {
        let folder = Folder()
        let missing = IOFailure(operation: .makeDirectory, file: "", code: ENOENT)
        #expect(throws: JournalFault.cannotCreate(missing)) {
            try JournalRecovery(storage: DiskStorage(directory: folder.path + "/a/b"), limits: small)
        }
        #expect(FileManager.default.createFile(atPath: folder.path, contents: nil))
        #expect(throws: JournalFault.cannotCreate(IOFailure(operation: .lock, file: "lock", code: ENOTDIR))) {
            try JournalRecovery(storage: DiskStorage(directory: folder.path), limits: small)
        }
    }

    @Test func `a folder without the right to write cannot be served, but by the superuser`() throws {
        let folder = Folder()
        #expect(mkdir(folder.path, 0o555) == 0)
        guard geteuid() != 0 else {
            let recovery = try JournalRecovery(storage: DiskStorage(directory: folder.path), limits: small)
            #expect(try recovery.next() == nil)
            return
        }
        #expect(throws: JournalFault.cannotCreate(IOFailure(operation: .lock, file: "lock", code: EACCES))) {
            try JournalRecovery(storage: DiskStorage(directory: folder.path), limits: small)
        }
    }
}
