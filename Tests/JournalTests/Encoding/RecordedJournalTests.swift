import Foundation
import Journal
import Sessions
import Testing

/// Journals that servers of the past wrote, kept in `Tests/Journals`: they must open for ever.
///
/// `RECORD_JOURNAL=<folder> swift test --filter RecordedJournalTests` writes one as today's server would.
@Suite struct RecordedJournalTests {
    /// A journal that is kept, and what must be found in it.
    struct Kept: Sendable, CustomTestStringConvertible {
        var folder: String
        var records: Int
        /// The checkpoint that a start uses; nil: those that are there are of an encoding of the past, which lacks some of
        /// what the journal tells.
        var checkpoint: UInt64?
        var passedOver: [UInt64] = []
        var lastAt: Milliseconds
        var stateHash: UInt64
        /// Who is in the archives.
        var archives: [String] = []
        var testDescription: String { folder }
    }

    static let kept = [
        Kept(
            folder: "0.1",
            records: 96,
            passedOver: [53],
            lastAt: 1_790_000_061_500,
            stateHash: 17_835_638_987_445_879_009
        ),
        Kept(
            folder: "0.2",
            records: 180,
            passedOver: [181, 156],
            lastAt: 1_790_000_079_000,
            stateHash: 4_838_627_894_265_748_462,
            archives: ["lesson", "rehearsal"]
        ),
        Kept(
            folder: "0.3",
            records: 202,
            checkpoint: 203,
            lastAt: 1_790_000_084_250,
            stateHash: 1_167_350_626_932_651_427,
            archives: ["lesson", "rehearsal"]
        ),
        Kept(
            folder: "0.4",
            records: 205,
            checkpoint: 206,
            lastAt: 1_790_000_085_000,
            stateHash: 1_520_397_902_436_578_708,
            archives: ["lesson", "rehearsal"]
        ),
    ]

    private static let limits = JournalLimits(segmentBytes: 8192)

    @Test(arguments: kept)
    func `opens, from its checkpoint and from its beginning, to the same state`(_ kept: Kept) throws {
        let storage = try copy(of: kept.folder)
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        var found = try SessionRecovery(reading: recovery)
        #expect(try found.countBooks(in: storage) == nil)
        #expect(recovery.report.checkpoint == kept.checkpoint)
        #expect(recovery.report.skipped.map(\.sequence) == kept.passedOver)
        #expect(recovery.report.end?.torn == nil)
        #expect(found.lastAt == kept.lastAt)
        #expect(hash(found.table, at: kept.lastAt) == kept.stateHash)

        let bare = try copy(of: kept.folder)
        for name in bare.names where name.hasPrefix("checkpoints/") { bare.lose(name) }
        let whole = try JournalRecovery(storage: bare, limits: Self.limits)
        let replayed = try SessionRecovery(reading: whole)
        #expect(whole.report.checkpoint == nil)
        #expect(whole.report.records == kept.records)
        #expect(CheckpointImage(of: replayed.table, at: 0) == CheckpointImage(of: found.table, at: 0))
    }

    @Test func `without its first segments, that of 0_2 begins with a checkpoint, which tells less`() throws {
        let whole = try copy(of: "0.2")
        let replayed = try SessionRecovery(reading: try JournalRecovery(storage: whole, limits: Self.limits))
        let storage = try copy(of: "0.2")
        for name in storage.segments.prefix(2) { storage.lose(name) }
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        var found = try SessionRecovery(reading: recovery)
        #expect(recovery.report.checkpoint == 181 && recovery.report.skipped == [])
        #expect(hash(found.table, at: 1_790_000_079_000) == 15_818_429_366_952_907_165)
        // It has no books; those come from the archives and the segments.
        #expect(try found.countBooks(in: storage) == 2)
        #expect(try found.countBooks(in: storage) == nil)
        #expect(oldImage(of: replayed.table) == oldImage(of: found.table))
    }

    /// What a checkpoint of encoding 2 tells of a table: neither who wrote what, nor who was in which room and when, nor
    /// what is counted of sessions that are over, nor since when too few were there.
    private func oldImage(of table: SessionTable) -> CheckpointImage {
        var image = CheckpointImage(of: table, at: 0)
        image.books = Books()
        for index in image.states.indices {
            image.states[index].setBy = nil
            // After an outage it was dated back to its end.
            image.states[index].fewSince = nil
            image.states[index].fewWaitsFrom = nil
            for seat in image.states[index].seats.indices {
                image.states[index].seats[seat].stays = []
                image.states[index].seats[seat].labelledBy = nil
            }
            for room in image.states[index].rooms.indices {
                image.states[index].rooms[room].by = nil
                image.states[index].rooms[room].namedBy = nil
                image.states[index].rooms[room].isUndone = false
            }
        }
        return image
    }

    @Test(arguments: kept)
    func `a checkpoint of today's behind it agrees with what it replays`(_ kept: Kept) throws {
        let storage = try copy(of: kept.folder)
        let server = try SmallServer(storage)
        try server.writeCheckpoint()
        let sequence = server.lastSequence
        let found = try Verified(storage)
        #expect(
            found.journal.isSound && found.replay.disagreed == [] && found.replay.agreed.contains(sequence)
        )
    }

    @Test(arguments: kept)
    func `can be gone on with`(_ kept: Kept) throws {
        let storage = try copy(of: kept.folder)
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        _ = try SessionRecovery(reading: recovery)
        let writer = try recovery.makeWriter(mode: .batch, at: kept.lastAt)
        try append([.clock(at: kept.lastAt + 1)], to: writer, at: kept.lastAt + 1)
        try writer.close(at: kept.lastAt + 1)
        storage.restart(losingPower: true)
        let again = try SessionRecovery(reading: try JournalRecovery(storage: storage, limits: Self.limits))
        #expect(again.lastAt == kept.lastAt + 1)
        #expect(hash(again.table, at: kept.lastAt) == kept.stateHash)
    }

    @Test(arguments: kept)
    func `its archives open, and come to the states that they ended in`(_ kept: Kept) throws {
        let storage = try copy(of: kept.folder)
        let found = try Archives.list(storage).map { try ArchiveFinding($0, in: storage) }
        #expect(found.map(\.id.text) == kept.archives)
        #expect(found.allSatisfy { $0.fault == nil })
        for name in kept.archives where name == "lesson" {
            #expect(storage.files(with: "A word in haste").allSatisfy { $0.hasPrefix("segments/") })
            #expect(storage.files(with: "The right word").contains("archive/lesson.log"))
        }
    }

    @Test func `today's evening is kept in a journal that opens`() throws {
        let evening = try ScriptedEvening()
        let storage = try record(evening)
        if let folder = ProcessInfo.processInfo.environment["RECORD_JOURNAL"] {
            try write(storage, to: URL(fileURLWithPath: folder))
        }
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        let found = try SessionRecovery(reading: recovery)
        #expect(
            CheckpointImage(of: found.table, at: 0) == CheckpointImage(of: evening.table, at: 0)
        )
        #expect(storage.names.count { $0.hasSuffix(".log") } > 1)
        let lastAt = try #require(found.lastAt)
        let journal = try JournalVerification(storage, limits: Self.limits)
        // What `kept` above is to be given, should this journal be kept.
        print(
            "records: \(journal.records), checkpoint: \(recovery.report.checkpoint ?? 0),",
            "lastAt: \(lastAt), stateHash: \(hash(found.table, at: lastAt))"
        )
    }

    // MARK: - Writing one

    /// Most of the evening, a checkpoint, a bit more, an end without a goodbye; then another server, the rest, a
    /// checkpoint and the archives.
    private func record(_ evening: ScriptedEvening) throws -> SimulatedStorage {
        let storage = SimulatedStorage(seed: 1)
        let entries = evening.entries
        let most = entries.count * 7 / 8
        var table = SessionTable()
        var now: Milliseconds = 1_790_000_000_000
        func keep(_ entries: ArraySlice<Entry>, with writer: JournalWriter) throws {
            for entry in entries {
                switch entry {
                case .session(let entry): table.apply(entry)
                case .books(let entry): table.apply(entry)
                case .clock: break
                }
                now = max(now, entry.at)
                try append([entry], to: writer, at: now)
            }
        }
        let first = try recover(storage).makeWriter(mode: .batch, at: now)
        try keep(entries[..<most], with: first)
        try checkpoint(CheckpointImage(of: table, at: now), first, storage)
        try keep(entries[most..<most + 5], with: first)
        storage.restart(losingPower: false)
        let second = try recover(storage).makeWriter(mode: .batch, at: now)
        try keep(entries[(most + 5)...], with: second)
        let image = CheckpointImage(of: table, at: now)
        try checkpoint(image, second, storage)
        var archiving = Archiving(storage, limits: Self.limits)
        _ = try archiving.pass(after: image, sequence: second.lastSequence, anyArchived: true)
        try append([.clock(at: now)], to: second, at: now)
        try second.close(at: now)
        storage.restart(losingPower: false)
        return storage
    }

    private func checkpoint(
        _ image: CheckpointImage,
        _ writer: JournalWriter,
        _ storage: SimulatedStorage
    ) throws {
        let sections = ImageEncoding.sections(of: image)
        let checkpoint = Checkpoint(
            sequence: writer.lastSequence,
            term: writer.term,
            time: image.at,
            encoding: ImageEncoding.version,
            stateHash: ImageEncoding.stateHash(of: sections),
            sections: sections
        )
        let synced = writer.syncedThrough
        try Checkpoints.write(checkpoint, journalSyncedThrough: synced, to: storage, limits: Self.limits)
    }

    private func recover(_ storage: SimulatedStorage) throws -> JournalRecovery {
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        _ = try SessionRecovery(reading: recovery)
        return recovery
    }

    private func append(_ entries: [Entry], to writer: JournalWriter, at now: Milliseconds) throws {
        var records: [NewRecord] = []
        for entry in entries { EntryEncoding.append(entry, to: &records) }
        try writer.append(records, term: writer.term, at: now)
        try writer.sync(at: now)
    }

    private func hash(_ table: SessionTable, at: Milliseconds) -> UInt64 {
        ImageEncoding.stateHash(of: ImageEncoding.sections(of: CheckpointImage(of: table, at: at)))
    }

    // MARK: - Files

    private static let journals = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Journals")

    /// A kept journal in memory: the original is only read.
    func copy(of folder: String) throws -> SimulatedStorage {
        let storage = SimulatedStorage(seed: 1)
        let root = Self.journals.appendingPathComponent(folder)
        for part in ["segments", "checkpoints", "archive"]
        where FileManager.default.fileExists(atPath: root.appendingPathComponent(part).path) {
            let names = try FileManager.default.contentsOfDirectory(
                atPath: root.appendingPathComponent(part).path
            )
            for name in names.sorted() {
                let file = root.appendingPathComponent(part).appendingPathComponent(name)
                storage.replace("\(part)/\(name)", by: [UInt8](try Data(contentsOf: file)))
            }
        }
        return storage
    }

    private func write(_ storage: SimulatedStorage, to folder: URL) throws {
        for name in storage.names {
            guard let bytes = storage.bytes(of: name) else { continue }
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: file)
        }
    }
}
