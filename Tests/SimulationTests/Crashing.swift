import Journal
import SessionEngine
import Sessions

/// What was given to the journal, and how far it is known to be kept.
struct Ledger {
    /// Entries that may be on the disk, behind `base`.
    var log: [Entry] = []
    /// So many of them are: they were let go.
    var kept = 0
    /// All sessions before `log`, and the journal's number there.
    var base = CheckpointImage(of: SessionTable(), at: 0)
    var baseSequence: UInt64 = 0
}

/// What a start has found behind the ledger's base.
private struct Holds {
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
        now += pick([0, 40, 900, 15_000, 40_000, 700_000])
        try boot()
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
        now += pick([200, 5_000, 120_000])
        try boot()
    }

    private func forgetConnections() {
        for device in devices.indices { devices[device].disconnect() }
        switchboard = Switchboard()
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
        let holds = try compare(found)
        let writer = try recovery.makeWriter(mode: .batch, at: now)
        // Only now is it sure that what was found stays: until then it may never have been on the disk.
        try adopt(holds)
        ahead = CheckpointImage(of: found.table, at: now).table
        engine = SessionEngine(table: found.table, loops: loops, limits: engineLimits)
        self.writer = writer
        guard let lastAt = found.lastAt else { return try writer.confirmRecovery(at: now) }
        guard lastAt <= now else { throw Broken("the journal knows the future") }
        let commit = engine.recover(
            downFrom: lastAt,
            at: now,
            mayHaveForgotten: recovery.report.end?.mayHaveForgotten ?? false,
            entropy: random.next()
        )
        try take(commit)
        queue = []
        ledger.log += commit.entries.keptTogether
        let records = EntryEncoding.records(keptTogether: commit.entries)
        try writer.append(records, term: writer.term, at: now)
        try writer.confirmRecovery(at: now)
        ledger.kept = ledger.log.count
        for case .session(let entry) in commit.entries { try learn(entry) }
    }

    /// Everything that was let go is there, in order, and nothing that nobody wrote; and the sessions are what they
    /// come to.
    private func compare(_ found: SessionRecovery) throws -> Holds {
        var reader = try JournalReader(storage: storage, from: ledger.baseSequence + 1)
        var decoder = EntryDecoder()
        var entries: [Entry] = []
        while let record = try reader.next() {
            if let entry = try decoder.entry(of: record) { entries.append(entry) }
        }
        guard entries.count >= ledger.kept else {
            throw Broken("\(ledger.kept - entries.count) entries are gone that were let go")
        }
        guard ledger.log.starts(with: entries) else { throw Broken("the journal holds what nobody wrote") }
        if case .session(let last) = entries.last, last.continues { throw Broken("a command is half done") }
        var table = ledger.base.table
        for case .session(let entry) in entries { table.apply(entry) }
        let image = CheckpointImage(of: table, at: 0)
        guard image == CheckpointImage(of: found.table, at: 0) else {
            throw Broken("what was recovered is not the fold of what was kept")
        }
        if chance(1, in: 6) { try compareWhole(with: image) }
        return Holds(entries: entries, image: image, sequence: reader.end?.lastSequence ?? 0)
    }

    private func adopt(_ holds: Holds) throws(Broken) {
        // Nobody heard of these, but they have happened.
        for case .session(let entry) in holds.entries[ledger.kept...] { try learn(entry) }
        ledger = Ledger(log: [], kept: 0, base: holds.image, baseSequence: holds.sequence)
    }

    /// Without any checkpoint the journal gives the same sessions.
    func compareWhole(with image: CheckpointImage) throws {
        let copy = SimulatedStorage(copying: storage)
        for name in copy.names where name.hasPrefix("checkpoints/") { copy.lose(name) }
        let recovery = try JournalRecovery(storage: copy, limits: journalLimits)
        let whole = try SessionRecovery(reading: recovery)
        guard CheckpointImage(of: whole.table, at: 0) == image else {
            throw Broken("the whole journal gives other sessions than checkpoint and tail")
        }
    }
}

extension World {
    /// The hash of all sessions, words left out.
    var stateHash: UInt64 {
        ImageEncoding.stateHash(of: ImageEncoding.sections(of: CheckpointImage(of: ahead, at: 0)))
    }
}
