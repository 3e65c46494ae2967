import Journal
import SessionEngine
import Sessions

/// What was given to the journal, and how far it is known to be kept.
struct Ledger {
    /// Entries that may be on the disk, behind `base`.
    var log: [Entry] = []
    /// So many of them were let go: somebody may have heard.
    var told = 0
    /// So many of them are on the disk for certain; with `--sync batch` all that were let go.
    var kept = 0
    /// All sessions before `log`, the journal's number there, and what had been told of them.
    var base = CheckpointImage(of: SessionTable(), at: 0)
    var baseSequence: UInt64 = 0
    var known = Known()
    /// The checkpoints since: what lies before one may have left the segments.
    var marks: [Mark] = []
    /// What lies before this record may be blank.
    var clearedThrough: UInt64 = 0

    /// A checkpoint behind so many entries of the log.
    struct Mark {
        var sequence: UInt64
        var entries: Int
        var image: CheckpointImage
    }
}

extension Entry {
    /// A session is over for good.
    var isArchiving: Bool {
        if case .session(let entry) = self, case .archived = entry.event { true } else { false }
    }
}

/// What a start has found behind the ledger's base.
private struct Holds {
    /// All that has happened since the base, as far as it was kept.
    var entries: [Entry]
    var image: CheckpointImage
    var sequence: UInt64
}

extension [Entry] {
    /// As they are read again when they were written as one.
    fileprivate var keptTogether: [Entry] {
        enumerated().map { index, entry in
            guard case .session(var entry) = entry, index < count - 1 else { return entry }
            entry.continues = true
            return .session(entry)
        }
    }
}

/// Dying, stopping and starting again.
extension World {
    /// The process ends in the middle of whatever it was doing, and a new one starts.
    func crash(losingPower: Bool) throws(Broken) {
        note("crash, losing power: \(losingPower)")
        tally.crashes += 1
        forgetConnections()
        storage.restart(losingPower: losingPower)
        goBy(pick([0, 40, 900, 15_000, 40_000, 700_000]))
        try boot()
        stormBack()
    }

    /// Mostly those who were there are back at once.
    private func stormBack() {
        for gathering in current where !chance(1, in: 5) {
            comeBack(to: gathering, upTo: 1 + random.below(30))
        }
    }

    /// An orderly end: everybody is sent away, everything kept, the journal closed.
    func stop() throws(Broken) {
        note("stop")
        tally.stops += 1
        let connections = devices.compactMap(\.connection)
        for device in devices.indices { devices[device].disconnect() }
        for connection in connections {
            switchboard.close(connection)
            inbox.append(.closed(connection, .server))
        }
        try turn(checkpoint: true)
        let crashes = tally.crashes
        try flush()
        // A crash that had been laid out came first, and has started another server.
        guard tally.crashes == crashes, let writer else { return }
        do throws(JournalFault) {
            try writer.close(at: now)
        } catch {
            guard storage.isDown else { throw Broken("closing: \(error)") }
        }
        forgetConnections()
        storage.restart(losingPower: chance(1, in: 3))
        goBy(pick([200, 5_000, 120_000]))
        try boot()
        stormBack()
    }

    /// The server is down meanwhile, and somebody may set the machine's clock back.
    private func goBy(_ milliseconds: Milliseconds) {
        now += milliseconds
        if chance(1, in: 10) { now -= pick([1_000, 100_000, 3_600_000]) }
    }

    private func forgetConnections() {
        for device in devices.indices { devices[device].disconnect() }
        switchboard = Switchboard()
        ghosts = []
        inbox = []
        queue = []
        writer = nil
    }

    /// Starts a server on what the disk holds; it may die on the way, and is started again.
    func boot() throws(Broken) {
        if ledger.baseSequence > 0, chance(1, in: 4) { layOutCrash(within: 30) }
        for _ in 0..<10 {
            do {
                return try start()
            } catch let broken as Broken {
                throw broken
            } catch {
                guard storage.isDown else { throw Broken("starting: \(error)") }
                note("crash while starting")
                tally.crashes += 1
                writer = nil
                storage.restart(losingPower: chance(1, in: 2))
            }
        }
        throw Broken("a server that does not start")
    }

    /// One of the next calls to the disk will be the process's last, at any byte.
    func layOutCrash(within calls: Int) {
        let bytes = pick([0, 1, 7, 40, 200, 511, 1_000, 100_000])
        storage.misfortunes[storage.step + random.below(calls)] = .die(afterBytes: random.below(bytes + 1))
    }

    /// As `RecoveredFolder` does it.
    private func start() throws {
        let recovery = try JournalRecovery(storage: storage, limits: journalLimits)
        let found = try SessionRecovery(reading: recovery)
        guard recovery.report.skipped.isEmpty else { throw Broken("a checkpoint does not hold") }
        let mayHaveForgotten = recovery.report.end?.mayHaveForgotten ?? false
        let holds = try compare(found, mayHaveForgotten: mayHaveForgotten)
        // As the server's clock: whatever the calendar says, never before the journal's last time.
        now = max(now, found.lastAt ?? 0)
        let writer = try recovery.makeWriter(mode: pickMode(), at: now)
        // Only now is it sure that what was found stays: until then it may never have been on the disk.
        try adopt(holds)
        ahead = CheckpointImage(of: found.table, at: now).table
        engine = SessionEngine(table: found.table, loops: loops, limits: engineLimits)
        self.writer = writer
        archiving = Archiving(storage, limits: journalLimits)
        clearing = Clearing()
        guard let lastAt = found.lastAt else { return try writer.confirmRecovery(at: now) }
        let commit = engine.recover(
            downFrom: lastAt,
            at: now,
            mayHaveForgotten: mayHaveForgotten,
            entropy: random.next()
        )
        try take(commit)
        queue = []
        ledger.log += commit.entries.keptTogether
        let records = EntryEncoding.records(keptTogether: commit.entries)
        try writer.append(records, term: writer.term, at: now)
        try writer.confirmRecovery(at: now)
        ledger.kept = ledger.log.count
        ledger.told = ledger.log.count
        for case .session(let entry) in commit.entries { try learn(entry) }
        known.forgetArchived()
        // As the server finds out what those before it have left to erase.
        clearing = Clearing(isDue: try Erasing.unfinished(in: storage) != nil)
    }

    private func pickMode() -> SyncMode {
        pick([.batch, .batch, .batch, .batch, .batch, .interval(milliseconds: 700), .off])
    }

    /// Everything that was let go is there, in order, and nothing that nobody wrote; and the sessions are what they
    /// come to.
    ///
    /// Unless the last server did not sync before it let go: then what it synced is there, and the next one knows
    /// that more may be gone.
    private func compare(_ found: SessionRecovery, mayHaveForgotten: Bool) throws -> Holds {
        let first = try Segments.first(in: storage)
        let base = Ledger.Mark(sequence: ledger.baseSequence, entries: 0, image: ledger.base)
        let bound = max(first, ledger.clearedThrough + 1)
        guard let begin = ([base] + ledger.marks).first(where: { $0.sequence + 1 >= bound }) else {
            throw Broken("segments are gone that no checkpoint covers")
        }
        let (read, last) = try entries(after: begin.sequence)
        // What is not in the segments any more is taken for granted: the state behind it is known.
        let entries = ledger.log[..<begin.entries] + read
        guard entries.count >= ledger.kept else {
            throw Broken("\(ledger.kept - entries.count) entries are gone that were kept")
        }
        guard entries.count >= ledger.told || mayHaveForgotten else {
            throw Broken(
                "\(ledger.told - entries.count) entries are gone that were let go, and nobody says so"
            )
        }
        guard ledger.log[begin.entries...].starts(with: read) else {
            throw Broken("the journal holds what nobody wrote")
        }
        if case .session(let last) = entries.last, last.continues { throw Broken("a command is half done") }
        var table = begin.image.table
        for case .session(let entry) in read { table.apply(entry) }
        let image = CheckpointImage(of: table, at: 0)
        guard image == CheckpointImage(of: found.table, at: 0) else {
            throw Broken("what was recovered is not the fold of what was kept")
        }
        if chance(1, in: 6) { try compareWhole(with: image) }
        return Holds(entries: Array(entries), image: image, sequence: last)
    }

    private func entries(after sequence: UInt64) throws -> (entries: [Entry], last: UInt64) {
        var reader = try JournalReader(storage: storage, from: sequence + 1)
        var decoder = EntryDecoder()
        var entries: [Entry] = []
        while let record = try reader.next() {
            if let entry = try decoder.entry(of: record) { entries.append(entry) }
        }
        return (entries, reader.end?.lastSequence ?? 0)
    }

    private func adopt(_ holds: Holds) throws(Broken) {
        var unheard = holds.entries.dropFirst(ledger.told)
        if holds.entries.count < ledger.told {
            // Some of what was heard has never happened.
            tally.forgot += 1
            known = ledger.known
            unheard = holds.entries[...]
        }
        // Nobody heard of these, but they have happened.
        for case .session(let entry) in unheard { try learn(entry) }
        known.forgetArchived()
        ledger = Ledger(base: holds.image, baseSequence: holds.sequence, known: known)
    }

    /// Without any checkpoint the journal and the archives give the same sessions; once rehearsals are gone, nothing does.
    func compareWhole(with image: CheckpointImage) throws {
        guard !gatherings.contains(where: { $0.isRehearsal && image.usedIDs.contains($0.id) }) else { return }
        let first = try Segments.first(in: storage)
        var table = SessionTable()
        if first > 1 {
            guard let archived = try ArchivedBeginning(storage, before: first).table else {
                throw Broken("archives are missing")
            }
            table = archived
        }
        for case .session(let entry) in try entries(after: first - 1).entries { table.apply(entry) }
        var whole = CheckpointImage(of: table, at: 0)
        // What is counted of sessions that left the segments before is in no archive's beginning.
        if first > 1 { whole.books = image.books }
        guard whole == image else {
            throw Broken("the whole journal gives other sessions than checkpoint and tail")
        }
    }

    /// Every session that is over and has an archive is whole in it, save the words that were taken back.
    func checkArchives() throws(Broken) {
        guard !known.unarchived.isEmpty, storage.misfortunes.isEmpty else { return }
        do throws(JournalFault) {
            for id in try Archives.list(storage) {
                guard let account = known.unarchived.removeValue(forKey: id) else { continue }
                try check(account, against: ArchiveReader(id, in: storage))
                let finding = try ArchiveFinding(id, in: storage)
                if !finding.isReplayed { failure = Broken("archive \(id.text): \(finding)") }
            }
        } catch {
            throw Broken("an archive: \(error)")
        }
    }

    private func check(_ account: Account, against archive: ArchiveReader) throws(JournalFault) {
        var archive = archive
        var seq = 0
        while let entry = try archive.next() {
            seq += 1
            if entry.seq != seq {
                failure = Broken("the archive of \(account.id.text) has a gap before \(entry.seq)")
            }
        }
        if seq != account.seq { failure = Broken("the archive of \(account.id.text) ends with \(seq)") }
        guard let bytes = storage.bytes(of: Archives.path(account.id)) else { return }
        for words in account.talk.forgotten.suffix(3)
        where account.isForgotten(words.text) && bytes.contains(words.text.utf8) {
            failure = Broken("words that were taken back are in the archive of \(account.id.text)")
        }
    }
}

extension World {
    /// The hash of all sessions, words left out.
    var stateHash: UInt64 {
        ImageEncoding.stateHash(of: ImageEncoding.sections(of: CheckpointImage(of: ahead, at: 0)))
    }
}
