import Testing

@testable import Journal

@Suite struct JournalReaderTests {
    /// A hundred records over several segments.
    static let records = (0..<100).map { record($0, bytes: 200) }

    static func read(_ storage: SimulatedStorage, from: UInt64? = nil) throws -> [JournalRecord] {
        var reader = try JournalReader(storage: storage, from: from)
        var records: [JournalRecord] = []
        while let record = try reader.next() {
            records.append(record)
        }
        return records
    }

    @Test func `reading begins at any number`() throws {
        let storage = try journal(Self.records.map { [$0] })
        for from in 1...103 as ClosedRange<UInt64> {
            let found = try Self.read(storage, from: from)
            #expect(found.map(\.sequence) == Array(2...101).filter { $0 >= from })
        }
    }

    @Test func `an empty folder is an empty journal`() throws {
        let storage = SimulatedStorage(seed: 1)
        let found = try recover(storage)
        #expect(found.records.isEmpty && found.end?.lastSequence == 0 && found.end?.closedInOrder == true)
    }

    @Test func `a missing segment is named, the first one too`() throws {
        let whole = try journal(Self.records.map { [$0] })
        let names = whole.names
        for index in names.indices.dropLast() {
            let storage = SimulatedStorage(copying: whole)
            storage.lose(names[index])
            let found = damage { _ = try recover(storage) }
            // Named is the segment after which it is missing.
            #expect(found?.file == names[max(1, index) - (index == 0 ? 0 : 1)], "\(names[index])")
            #expect(found?.why.contains(index == 0 ? "nothing reaches back" : "are missing") == true)
        }
    }

    @Test func `a bad record in a segment that is not the last is damage, however it looks`() throws {
        let whole = try journal(Self.records.map { [$0] })
        let bytes = try #require(whole.bytes(of: firstSegment))
        for cut in stride(from: 4_200, to: 7_800, by: 333) {
            let storage = SimulatedStorage(copying: whole)
            storage.replace(
                firstSegment,
                by: bytes.prefix(cut) + [UInt8](repeating: 0, count: bytes.count - cut)
            )
            #expect(damage { _ = try recover(storage) }?.file == firstSegment)
        }
    }

    @Test func `bytes behind the last record of a segment that has a successor do not matter`() throws {
        let storage = try journal(Self.records.map { [$0] })
        storage.flip(bit: 8 * 8_192 - 5, of: firstSegment)
        #expect(try recover(storage).payloads == Self.records.map(\.payload))
    }

    @Test func `a segment of another history does not fit in`() throws {
        let storage = try journal(Self.records.map { [$0] })
        let other = try journal(Self.records.map { [record(Int($0.session) + 7, bytes: 200)] })
        let name = try #require(storage.names.dropFirst(2).first)
        storage.replace(name, by: try #require(other.bytes(of: name)))
        #expect(damage { _ = try recover(storage) }?.why == "it does not follow the segment before it")
    }

    @Test func `a file under a wrong name is damage, other files do not matter`() throws {
        let storage = try journal(Self.records.map { [$0] })
        storage.replace("segments/notes.txt", by: [1, 2, 3])
        #expect(try recover(storage).records.count == 100)
        storage.restart(losingPower: false)
        let first = try #require(storage.bytes(of: firstSegment))
        storage.replace("segments/00000000000000005000.log", by: first)
        #expect(damage { _ = try recover(storage) }?.why.hasPrefix("records 102 to 4999 are missing") == true)
        storage.restart(losingPower: false)
        storage.lose("segments/00000000000000005000.log")
        let last = try #require(storage.names.last { $0.hasSuffix(".log") })
        storage.replace(last, by: first)
        #expect(damage { _ = try recover(storage) }?.why == "its header belongs to record 1")
    }

    @Test func `a newer version of the format is said to be newer, not damaged`() throws {
        let storage = try journal([[record(1)]])
        var bytes = try #require(storage.bytes(of: firstSegment))
        bytes[8] = 3
        let check = Checksum.crc32c(bytes.span.bytes.extracting(0..<60))
        bytes.replaceSubrange(60..<64, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
        storage.replace(firstSegment, by: bytes)
        #expect(throws: JournalFault.newerVersion(file: firstSegment, found: 3, known: 2)) {
            try recover(storage)
        }
    }

    @Test func `beside a running writer, reading ends quietly at what it has not finished`() throws {
        let storage = SimulatedStorage(seed: 9)
        let writer = try openWriter(storage)
        var written: [[UInt8]] = []
        for number in 0..<60 {
            let batch = [record(number, bytes: 100), record(number + 1_000, bytes: 30)]
            try writer.append(batch, term: 1, at: 0)
            written += batch.map(\.payload)
            #expect(try Self.read(storage).map(\.payload) == written)
            try writer.sync(at: 0)
        }
        // The last write has only begun.
        storage.misfortunes[storage.step] = .die(afterBytes: 130)
        #expect(throws: JournalFault.self) { try writer.append([record(1), record(2)], term: 1, at: 0) }
        storage.restart(losingPower: false)
        #expect(try Self.read(storage).map(\.payload) == written + [record(1).payload])
    }

    @Test func `a place that was read before it was written is looked at again`() throws {
        let storage = try journal([[record(1)], [record(2)], [record(3)]])
        let whole = try #require(storage.bytes(of: firstSegment))
        // What a reader may see whose pages were copied while the second batch was being written: the third is
        // there, which knows that the second is synced, and the second is not.
        let start = 4_096 + 64 + 72
        let early = whole[..<start] + [UInt8](repeating: 0, count: 72) + whole[(start + 72)...]
        let live = LateStorage(storage, first: Array(early))
        var reader = try JournalReader(storage: live)
        var count = 0
        while try reader.next() != nil {
            count += 1
        }
        #expect(count == 3 && reader.end?.torn == nil)
    }
}

/// Shows other bytes at the first read of a segment than later.
private final class LateStorage: Storage, @unchecked Sendable {
    private let base: SimulatedStorage
    private var first: [UInt8]?

    init(_ base: SimulatedStorage, first: [UInt8]) {
        self.base = base
        self.first = first
    }

    func open(_ name: String, for access: FileAccess) throws(JournalFault) -> any StorageFile {
        guard let bytes = first else { return try base.open(name, for: access) }
        first = nil
        let early = SimulatedStorage(copying: base)
        early.replace(name, by: bytes)
        return try early.open(name, for: access)
    }

    func list(_ directory: String) throws(JournalFault) -> [String] { try base.list(directory) }
    func makeDirectory(_ name: String) throws(JournalFault) -> Bool { try base.makeDirectory(name) }
    func rename(_ name: String, to newName: String) throws(JournalFault) {
        try base.rename(name, to: newName)
    }
    func remove(_ name: String) throws(JournalFault) { try base.remove(name) }
    func removeDirectory(_ name: String) throws(JournalFault) { try base.removeDirectory(name) }
    func syncDirectory(_ name: String) throws(JournalFault) { try base.syncDirectory(name) }
    func lock(_ name: String) throws(JournalFault) -> any StorageLock { try base.lock(name) }
}
