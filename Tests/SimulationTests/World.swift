import Fanout
import Journal
import SessionEngine
import SessionProtocol
import Sessions

/// A server without sockets, its disk, and the people who use it; all from one seed.
///
///     devices ──bytes──▶ decoder ──Inbound──▶ engine ──Commit──▶ journal (append, sync) ──Delivery──▶ devices
///
/// The stages are the server's own, called one after the other; commits may queue before the journal, as they do when
/// the disk is slow. What is heard is compared with `Account`s, which learn from the entries once these are let go;
/// after a crash what the disk holds is compared with what was let go.
///
/// Each step draws from a generator of its own, made of the seed and the step's number, so that a run can leave
/// steps out and the others still mean the same.
final class World {
    let recipe: Recipe
    /// Every other gathering is a rehearsal; in other worlds none is, and there the whole journal can be replayed.
    var hasRehearsals: Bool { recipe.seed % 3 == 0 }
    var random = SplitMix(seed: 0)
    /// The number of the step that is being taken.
    private(set) var stepNumber = 0
    var now: Milliseconds = 1_790_000_000_000
    /// When the engine last was asked.
    private(set) var turnedAt: Milliseconds = 0
    let loops = 2
    let limits = SessionsLimits()
    let engineLimits: EngineLimits
    let journalLimits = JournalLimits(segmentBytes: 32 << 10)

    let storage = SimulatedStorage(seed: 0)
    var writer: JournalWriter?
    var archiving: Archiving
    /// The journal has gone on in a new segment, and a checkpoint in it lets the old one go.
    var wantsCheckpoint = false
    /// Rehearsals that are over and not off the disk yet.
    var clearing = Clearing()
    var engine: SessionEngine
    var ledger = Ledger()
    /// What the engine's sessions must be: its entries folded, ahead of the disk.
    var ahead = SessionTable()
    /// What the sessions that are over came to; those that a crash has undone are not in `ahead`.
    private(set) var ended: [SessionID: HashLine] = [:]
    var known = Known()

    var gatherings: [Gathering] = []
    /// The gatherings that people are in, oldest first.
    var current: [Int] = []
    var devices: [Device] = []
    /// The devices of the current gatherings.
    var active: [Int] = []
    /// Devices of gatherings before them that are still there, and do nothing any more.
    var lingering: [Int] = []
    /// Connections whose line is cut, and the server does not know.
    var ghosts: [ConnectionID] = []
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
    var decoder = MessageDecoder(limits: ProtocolLimits())
    /// The last frame that was read, and what it said: many hear the same.
    var lastTold: (frame: [UInt8], told: Told)?
    /// Something that went wrong where nothing could be thrown.
    var failure: Broken?
    private(set) var trace: [String] = []
    private let traces: Bool
    /// A fault of a test's own.
    private let planted: ((SessionEntry) throws(Broken) -> Void)?

    /// `traces` keeps what is done in words; a run is several times as fast without.
    init(
        _ recipe: Recipe,
        traces: Bool = false,
        planted: Plant? = nil
    ) throws(Broken) {
        self.recipe = recipe
        self.traces = traces
        self.planted = planted?()
        var engineLimits = EngineLimits()
        // Small, so that a batch takes several commits now and then.
        engineLimits.commitBytes = 6_000
        self.engineLimits = engineLimits
        engine = SessionEngine(table: SessionTable(), loops: loops, limits: engineLimits)
        archiving = Archiving(storage, limits: journalLimits)
        begin(step: 0)
        for _ in 0..<3 { try addGathering() }
        try boot()
    }

    /// Lives through the steps, then lets everybody come back and checks it all once more.
    ///
    /// Throws what went wrong, and in which step.
    func run() throws(Failure) {
        do throws(Broken) {
            for number in 1...recipe.steps where recipe.only?.contains(number) ?? true {
                begin(step: number)
                try step()
                if let failure { throw failure }
            }
            begin(step: recipe.steps + 1)
            try comeToRest()
        } catch {
            throw Failure(recipe: recipe, step: stepNumber, what: error.what, trace: trace)
        }
    }

    private func begin(step number: Int) {
        stepNumber = number
        random = SplitMix(seed: recipe.seed(ofStep: number))
        storage.random = SplitMix64(state: random.next())
    }

    /// Remembers what was done, for the report of a failure.
    func note(_ what: @autoclosure () -> String) {
        if traces { trace.append("\(stepNumber): \(now % 100_000_000) \(what())") }
    }

    func chance(_ one: Int, in of: Int) -> Bool { random.below(of) < one }

    func pick<Element>(_ elements: [Element]) -> Element { elements[random.below(elements.count)] }

    // MARK: - The engine's turn

    /// The engine takes what the loops have read.
    func turn(checkpoint: Bool = false) throws(Broken) {
        let batch = inbox
        inbox = []
        turnedAt = now
        for inbound in batch {
            if case .closed = inbound { continue }
            tally.commands += 1
        }
        var rest = batch[...]
        wantsCheckpoint = wantsCheckpoint || checkpoint
        repeat {
            try take(engine.process(&rest, at: now, entropy: random.next(), checkpoint: wantsCheckpoint))
            wantsCheckpoint = false
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
        for case .books(let entry) in commit.entries { ahead.apply(entry) }
        for case .session(let entry) in commit.entries {
            tally.events += 1
            touched.insert(entry.session)
            if case .archived = entry.event, let state = ahead.sessions[entry.session]?.state {
                ended[state.id] = HashLine(state)
            }
            ahead.apply(entry)
            try planted?(entry)
            let broken = ahead.sessions[entry.session]?.state.violations() ?? []
            guard broken.isEmpty else { throw Broken("after \(entry.event): \(broken)") }
        }
        for number in touched.sorted() { try checkDeadlines(number) }
        if let image = commit.checkpoint, image != CheckpointImage(of: ahead, at: image.at) {
            throw Broken("the engine's sessions are not the fold of its entries")
        }
        if !commit.isEmpty { queue.append((commit, now)) }
    }

    /// Time goes by: the engine is called whenever it wants to be, or it was asleep all along.
    func wait(_ milliseconds: Milliseconds, asleep: Bool) throws(Broken) {
        note("\(milliseconds) ms, asleep: \(asleep)")
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
        guard let writer else { return }
        do throws(JournalFault) {
            if queue.isEmpty {
                try writer.sync(at: now)
            } else {
                try keep(queue.map(\.commit), with: writer)
            }
        } catch {
            guard storage.isDown else { throw Broken("the disk: \(error)") }
            return try crash(losingPower: chance(1, in: 2))
        }
        ledger.told = ledger.log.count
        if writer.syncedThrough == writer.lastSequence { ledger.kept = ledger.log.count }
        guard !queue.isEmpty else { return }
        let commits = queue
        queue = []
        for (commit, at) in commits {
            for case .session(let entry) in commit.entries { try learn(entry) }
            for deliveries in commit.deliveries.enumerated() {
                for delivery in deliveries.element { try carryOut(delivery, loop: deliveries.offset, at: at) }
            }
            known.forgetArchived()
        }
        try checkArchives()
        try checkRest()
    }

    private func keep(_ commits: [Commit], with writer: JournalWriter) throws(JournalFault) {
        var records: [NewRecord] = []
        for commit in commits {
            ledger.log += commit.entries
            for entry in commit.entries { EntryEncoding.append(entry, to: &records) }
            if commit.entries.contains(where: \.isErasing) { clearing.isDue = true }
            guard let image = commit.checkpoint else { continue }
            try writer.append(records, term: writer.term, at: now)
            records = []
            try writer.syncNow()
            try write(image, writer)
            try archive(besides: image, writer)
            try clear(besides: image, writer)
        }
        try writer.append(records, term: writer.term, at: now)
        try writer.sync(at: now)
        if writer.spareIsDue() { try Segments.prepareSpare(in: storage, limits: journalLimits) }
    }

    private func write(_ image: CheckpointImage, _ writer: JournalWriter) throws(JournalFault) {
        let sections = ImageEncoding.sections(of: image)
        checkForgotten(in: sections)
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
        let mark = Ledger.Mark(sequence: writer.lastSequence, entries: ledger.log.count, image: image)
        ledger.marks.append(mark)
    }

    /// As the queue of checkpoints does it.
    private func archive(besides image: CheckpointImage, _ writer: JournalWriter) throws(JournalFault) {
        let report = try archiving.pass(
            after: image,
            sequence: writer.lastSequence,
            anyArchived: ledger.log.contains(where: \.isArchiving)
        )
        if let fault = report.faults.first { failure = Broken("archiving: \(fault)") }
        tally.archived += report.archived.count
        tally.segmentsRemoved += report.segmentsRemoved
        if report.wantsNewSegment { try startSegment(writer) }
    }

    /// The accounts hear of an entry that was let go, or found again.
    func learn(_ entry: SessionEntry) throws(Broken) {
        if case .breakoutsOpened(let opened) = entry.event, !seedsWithNames.contains(opened.seed) {
            try known.accounts[entry.session]?.checkDealt(opened)
        }
        try known.learn(entry)
    }
}

/// Makes a fault for one run, something that is asked about each event: for tests of the simulation itself.
typealias Plant = @Sendable () -> (SessionEntry) throws(Broken) -> Void

/// What a seed and numbers make of a run.
struct Recipe: Equatable {
    var seed: UInt64
    var steps: Int
    /// The steps that are taken; nil: all.
    var only: Set<Int>?

    /// Where the chance of one step comes from.
    func seed(ofStep number: Int) -> UInt64 {
        var generator = SplitMix(seed: seed ^ (UInt64(number) &* 0xD1B5_4A32_D192_ED03))
        return generator.next()
    }

    /// How to run it again.
    var command: String {
        let only = only.map { " ONLY=" + $0.sorted().map(String.init).joined(separator: ",") } ?? ""
        return "SEED=\(seed) STEPS=\(steps)\(only) swift test --filter SimulationTests"
    }
}

/// A run that went wrong: what to run again, in which step it happened, and what came before.
struct Failure: Error, CustomStringConvertible {
    var recipe: Recipe
    var step: Int
    var what: String
    var trace: [String]

    /// What went wrong, whatever the numbers in it: two runs that fail alike have the same.
    var kind: String {
        var kind = ""
        for character in what where !character.isNumber || kind.last != "#" {
            kind.append(character.isNumber ? "#" : character)
        }
        return kind
    }

    var description: String {
        "\(what)\n\(recipe.command)\n" + trace.suffix(200).joined(separator: "\n")
    }
}
