import Glibc
import Testing

@testable import Journal

/// A checkpoint whose state is known by its number.
func checkpoint(_ sequence: UInt64) -> Checkpoint {
    Checkpoint(
        sequence: sequence,
        term: 1,
        time: 1_790_000_000_000,
        encoding: 1,
        stateHash: sequence &* 0x9E37_79B9_7F4A_7C15,
        sections: [
            .init(kind: 1, version: 1, payload: Array("state after \(sequence)".utf8)),
            .init(kind: 2, version: 3, payload: []),
            .init(
                kind: 1,
                version: 1,
                payload: Array(repeating: UInt8(truncatingIfNeeded: sequence), count: 300)
            ),
        ]
    )
}

@Suite struct CheckpointTests {
    /// A journal of ten records (2 to 11) with checkpoints after 4, 6 and 8.
    static func journalWithCheckpoints() throws -> SimulatedStorage {
        let storage = try journal((2...11).map { [record($0)] })
        for sequence in [4, 6, 8] as [UInt64] {
            try Checkpoints.write(checkpoint(sequence), journalSyncedThrough: 11, to: storage)
        }
        return storage
    }

    static func path(_ sequence: Int) -> String { "checkpoints/0000000000000000000\(sequence).ckpt" }

    @Test func `a checkpoint is read as it was written`() throws {
        let storage = try Self.journalWithCheckpoints()
        #expect(try Checkpoints.read(8, from: storage) == checkpoint(8))
        let large = Checkpoint(
            sequence: 9,
            term: 2,
            time: -1,
            encoding: 7,
            stateHash: .max,
            sections: (0..<40).map {
                .init(kind: 9, version: 1, payload: Array(repeating: UInt8($0), count: 40_000))
            }
        )
        try Checkpoints.write(large, journalSyncedThrough: 9, to: storage)
        storage.restart(losingPower: true)
        #expect(try Checkpoints.read(9, from: storage) == large)
    }

    @Test func `two are kept, and recovery reads the newest and what is behind it`() throws {
        let storage = try Self.journalWithCheckpoints()
        #expect(try Checkpoints.list(storage) == [8, 6])
        let found = try recover(storage)
        #expect(found.recovery.checkpoint == checkpoint(8))
        #expect(found.records.map(\.sequence) == [9, 10, 11])
        #expect(found.recovery.report.checkpoint == 8 && found.recovery.report.skipped.isEmpty)
    }

    @Test func `a damaged one is passed over for the older one and a longer tail, and reported`() throws {
        let storage = try Self.journalWithCheckpoints()
        storage.flip(bit: 700, of: Self.path(8))
        let found = try recover(storage)
        #expect(found.recovery.checkpoint == checkpoint(6))
        #expect(found.records.map(\.sequence) == [7, 8, 9, 10, 11])
        #expect(found.recovery.report.skipped.map(\.sequence) == [8])
        storage.restart(losingPower: false)
        storage.flip(bit: 700, of: Self.path(6))
        let later = try recover(storage)
        #expect(later.recovery.checkpoint == nil && later.records.count == 10)
        #expect(later.recovery.report.skipped.map(\.sequence) == [8, 6])
    }

    @Test func `one that its reader rejects is passed over likewise`() throws {
        let found = try recover(try Self.journalWithCheckpoints())
        try found.recovery.rejectCheckpoint("the state hash differs")
        #expect(found.recovery.checkpoint == checkpoint(6))
        #expect(try found.recovery.next()?.sequence == 7)
        #expect(found.recovery.report.skipped == [.init(sequence: 8, why: "the state hash differs")])
    }

    @Test func `one that cannot be read is passed over likewise`() throws {
        let storage = try Self.journalWithCheckpoints()
        // Folder, lock, an unfinished copy's mark, three folders, list, then the newest: open, measure, read.
        storage.misfortunes[storage.step + 9] = .fail(EIO)
        let found = try recover(storage)
        #expect(found.recovery.checkpoint == checkpoint(6))
        #expect(found.recovery.report.skipped.map(\.why) == ["read \(Self.path(8)): Input/output error"])
    }

    @Test func `each flipped bit and each shortening of a checkpoint is found`() throws {
        let storage = try Self.journalWithCheckpoints()
        let bytes = try #require(storage.bytes(of: Self.path(8)))
        for bit in 0..<8 * bytes.count where bit < 1_500 || bit % 7 == 0 {
            storage.replace(Self.path(8), by: bytes)
            storage.flip(bit: bit, of: Self.path(8))
            #expect(throws: JournalFault.self, "bit \(bit)") { try Checkpoints.read(8, from: storage) }
        }
        for length in 0..<bytes.count {
            storage.replace(Self.path(8), by: Array(bytes.prefix(length)))
            #expect(throws: JournalFault.self, "length \(length)") { try Checkpoints.read(8, from: storage) }
        }
    }

    @Test func `without a sound checkpoint, a journal whose beginning was removed is damaged`() throws {
        let storage = try journal((0..<100).map { [record($0, bytes: 200)] })
        try Checkpoints.write(checkpoint(60), journalSyncedThrough: 101, to: storage)
        #expect(try Segments.remove(through: 60, in: storage) > 0)
        #expect(try recover(storage).records.map(\.sequence) == Array(61...101))
        storage.restart(losingPower: false)
        storage.flip(bit: 99, of: "checkpoints/00000000000000000060.ckpt")
        let found = damage { _ = try recover(storage) }
        #expect(
            found?.why == """
                the journal begins there; nothing reaches back to record 1; \
                checkpoints/00000000000000000060.ckpt is damaged at byte 0: the header's check is wrong
                """
        )
    }

    @Test func `checkpoints without a journal are damage`() throws {
        let storage = try Self.journalWithCheckpoints()
        storage.lose(firstSegment)
        #expect(damage { _ = try recover(storage) }?.file == "segments")
    }

    @Test func `a newer version stops the start: its writer's journal is newer, too`() throws {
        let storage = try Self.journalWithCheckpoints()
        var bytes = try #require(storage.bytes(of: Self.path(8)))
        bytes[8] = 9
        let check = Checksum.crc32c(bytes.span.bytes.extracting(0..<60))
        bytes.replaceSubrange(60..<64, with: (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) })
        storage.replace(Self.path(8), by: bytes)
        #expect(throws: JournalFault.newerVersion(file: Self.path(8), found: 9, known: 1)) {
            try recover(storage)
        }
    }

    @Test func `whenever the power goes while one is written, there is a sound one`() throws {
        let whole = try Self.journalWithCheckpoints()
        for step in 0..<12 {
            for seed in 0..<6 as Range<UInt64> {
                let storage = SimulatedStorage(copying: whole)
                storage.random.state = seed
                storage.misfortunes[storage.step + step] = .die(afterBytes: Int(seed) * 100)
                try? Checkpoints.write(checkpoint(10), journalSyncedThrough: 11, to: storage)
                storage.restart(losingPower: seed % 2 == 0)
                let found = try recover(storage)
                let number = try #require(found.recovery.checkpoint?.sequence)
                #expect([8, 10].contains(number) && found.recovery.checkpoint == checkpoint(number))
                #expect(found.records.last?.sequence == 11)
                // The next one finds no half one in its way.
                _ = try found.recovery.makeWriter(mode: .batch, at: 0)
                try Checkpoints.write(checkpoint(11), journalSyncedThrough: 11, to: storage)
                #expect(storage.names.filter { $0.hasSuffix(".part") } == [])
            }
        }
    }

    @Test func `a full disk leaves no half checkpoint, and the old ones stay`() throws {
        let storage = try Self.journalWithCheckpoints()
        storage.misfortunes[storage.step + 2] = .fail(ENOSPC)
        #expect(throws: JournalFault.self) {
            try Checkpoints.write(checkpoint(10), journalSyncedThrough: 11, to: storage)
        }
        #expect(storage.names.filter { $0.hasPrefix("checkpoints/") } == [Self.path(6), Self.path(8)])
    }
}
