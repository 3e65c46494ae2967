import Fanout
import Journal
import SessionEngine
import SessionProtocol
import Sessions

/// A server without sockets, its disk, and the people who use it; all from one seed.
///
///     devices ──Inbound──▶ engine ──Commit──▶ journal (append, sync) ──Delivery──▶ devices
///
/// The stages are the server's own, called one after the other; commits may queue before the journal, as they do when
/// the disk is slow. What is heard is compared with `Account`s, which learn from the entries once these are on
/// the disk; after a crash what the disk holds is compared with what was let go.
final class World {
    let seed: UInt64
    var random: SplitMix
    var now: Milliseconds = 1_790_000_000_000
    let loops = 2
    let limits = SessionsLimits()
    let engineLimits: EngineLimits
    let journalLimits = JournalLimits(segmentBytes: 32 << 10)

    let storage: SimulatedStorage
    var writer: JournalWriter?
    var engine: SessionEngine
    var ledger = Ledger()
    /// What the engine's sessions must be: its entries folded, ahead of the disk.
    var ahead = SessionTable()
    var accounts: [SessionNumber: Account] = [:]
    var numbers: [SessionID: SessionNumber] = [:]

    var gatherings: [Gathering] = []
    var devices: [Device] = []
    /// The devices of the last three gatherings; those before are over.
    var active: [Int] = []
    /// The seeds of the rounds in which a host has named people.
    var seedsWithNames: Set<UInt64> = []
    var switchboard = Switchboard()
    /// What the loops have read and the engine has not.
    var inbox: [Inbound] = []
    /// What the engine has said and the disk has not taken.
    var queue: [(commit: Commit, at: Milliseconds)] = []

    var tally = Tally()
    var digest = Digest()
    var reader = ServerMessageReader()
    private(set) var trace: [String] = []

    init(seed: UInt64) throws(Broken) {
        self.seed = seed
        random = SplitMix(seed: seed)
        storage = SimulatedStorage(seed: random.next())
        var engineLimits = EngineLimits()
        // Small, so that a batch takes several commits now and then.
        engineLimits.commitBytes = 6_000
        self.engineLimits = engineLimits
        engine = SessionEngine(table: SessionTable(), loops: loops, limits: engineLimits)
        for _ in 0..<3 { try addGathering() }
        try boot()
    }

    /// Lives through so many steps, then lets everybody come back and checks it all once more.
    func run(steps: Int) throws(Failure) {
        do throws(Broken) {
            for _ in 0..<steps { try step() }
            try comeToRest()
        } catch {
            throw Failure(seed: seed, what: error.what, trace: trace)
        }
    }

    /// Remembers what was done, for the report of a failure.
    func note(_ what: @autoclosure () -> String) {
        if trace.count > 60 { trace.removeFirst(20) }
        trace.append("\(now % 100_000_000) \(what())")
    }

    func chance(_ one: Int, in of: Int) -> Bool { random.below(of) < one }

    func pick<Element>(_ elements: [Element]) -> Element { elements[random.below(elements.count)] }

    // MARK: - The engine's turn

    /// The engine takes what the loops have read.
    func turn(checkpoint: Bool = false) throws(Broken) {
        let batch = inbox
        inbox = []
        for inbound in batch {
            if case .closed = inbound { continue }
            tally.commands += 1
        }
        var rest = batch[...]
        var checkpoint = checkpoint
        repeat {
            try take(engine.process(&rest, at: now, entropy: random.next(), checkpoint: checkpoint))
            checkpoint = false
        } while !rest.isEmpty
        if let next = engine.nextDeadline, next <= now {
            try take(engine.process([], at: now, entropy: random.next()))
            // The stage would call again and again.
            guard engine.nextDeadline ?? .max > now else {
                throw Broken("the engine wants to be called for ever")
            }
        }
    }

    func take(_ commit: Commit) throws(Broken) {
        var touched: Set<SessionNumber> = []
        for case .session(let entry) in commit.entries {
            tally.events += 1
            touched.insert(entry.session)
            try checkSizes(entry.event)
            ahead.apply(entry)
        }
        for number in touched.sorted() { try checkState(number) }
        if let image = commit.checkpoint, image != CheckpointImage(of: ahead, at: image.at) {
            throw Broken("the engine's sessions are not the fold of its entries")
        }
        if !commit.isEmpty { queue.append((commit, now)) }
    }

    /// Time goes by: the engine is called whenever it wants to be, or it was asleep all along.
    func wait(_ milliseconds: Milliseconds, asleep: Bool) throws(Broken) {
        let end = now + milliseconds
        var calls = 0
        while !asleep, calls < 30, let next = engine.nextDeadline, next <= end {
            now = max(now, next)
            calls += 1
            try turn()
        }
        now = end
        try turn()
    }

    // MARK: - The journal's turn

    /// Everything in the queue is kept, and then heard; a crash that was laid out strikes here.
    func flush() throws(Broken) {
        guard !queue.isEmpty, let writer else { return }
        do throws(JournalFault) {
            try keep(queue.map(\.commit), with: writer)
        } catch {
            guard storage.isDown else { throw Broken("the disk: \(error)") }
            return try crash(losingPower: chance(1, in: 2))
        }
        let commits = queue
        queue = []
        ledger.kept = ledger.log.count
        for (commit, at) in commits {
            for case .session(let entry) in commit.entries { try learn(entry) }
            for deliveries in commit.deliveries.enumerated() {
                for delivery in deliveries.element { try carryOut(delivery, loop: deliveries.offset, at: at) }
            }
        }
        try checkRest()
    }

    private func keep(_ commits: [Commit], with writer: JournalWriter) throws(JournalFault) {
        var records: [NewRecord] = []
        for commit in commits {
            ledger.log += commit.entries
            for entry in commit.entries { EntryEncoding.append(entry, to: &records) }
            guard let image = commit.checkpoint else { continue }
            try writer.append(records, term: writer.term, at: now)
            records = []
            try writer.syncNow()
            try write(image, writer)
        }
        try writer.append(records, term: writer.term, at: now)
        try writer.sync(at: now)
        if writer.spareIsDue() { try Segments.prepareSpare(in: storage, limits: journalLimits) }
    }

    private func write(_ image: CheckpointImage, _ writer: JournalWriter) throws(JournalFault) {
        let sections = ImageEncoding.sections(of: image)
        let checkpoint = Checkpoint(
            sequence: writer.lastSequence,
            term: writer.term,
            time: image.at,
            encoding: ImageEncoding.version,
            stateHash: ImageEncoding.stateHash(of: sections),
            sections: sections
        )
        try Checkpoints.write(checkpoint, journalSyncedThrough: writer.syncedThrough, to: storage)
        tally.checkpoints += 1
    }

    /// The accounts hear of an entry that is on the disk.
    func learn(_ entry: SessionEntry) throws(Broken) {
        if case .created(let created) = entry.event {
            guard accounts[entry.session] == nil else { throw Broken("session \(entry.session) made twice") }
            accounts[entry.session] = Account(created, at: entry.at)
            numbers[created.id] = entry.session
        } else {
            guard accounts[entry.session] != nil else { throw Broken("no session \(entry.session)") }
            try accounts[entry.session]?.take(entry)
        }
    }
}

/// What a run has seen.
struct Tally: Equatable {
    var commands = 0
    var events = 0
    var heard = 0
    var refusals: [String: Int] = [:]
    var resumes = 0
    var states = 0
    var repeats = 0
    var checkpoints = 0
    var crashes = 0
    var stops = 0
    var sessions = 0
}

/// A run that went wrong: what to run again, and what came before.
struct Failure: Error, CustomStringConvertible {
    var seed: UInt64
    var what: String
    var trace: [String]

    var description: String {
        "SEED=\(seed): \(what)\n" + trace.suffix(40).joined(separator: "\n")
    }
}

/// Everything that was heard, in one number (FNV-1a, 64 bits).
struct Digest: Equatable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func take(_ bytes: [UInt8]) {
        var value = self.value
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.value = value
    }
}
