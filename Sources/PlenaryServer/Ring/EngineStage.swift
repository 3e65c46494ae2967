import Fanout
import SessionEngine
import Sessions
import Synchronization
import Transport

/// The thread that the engine runs on: batches in, commits on to the journal.
///
/// It may wait for space ahead of it; then its own mailbox fills, and the loops stop reading.
///
/// What comes is worked off as it came, as long as it is little. When it is more than takes some milliseconds (`Pace`),
/// the sessions take turns, and between two slices the stage looks at who else has come: a session that saturates
/// the engine holds another up for one slice, and is told to slow down when too much of it waits (`Crowding`).
final class EngineStage: @unchecked Sendable {
    /// What the loops read goes in here.
    let mailbox: Mailbox<Inbound>
    /// Whose commands are refused for a while.
    let crowding = Crowding()
    private let journal: Mailbox<Commit>
    private let mailboxBytes: Int
    private let clock: ServerClock
    private let metrics: Metrics
    private let checkpointWanted = Atomic<Bool>(false)
    // Of the stage's thread only, once it runs.
    private let engine: SessionEngine
    private var counted = EngineCounters()
    private var thread: Thread?
    private static let few = 16
    /// Before the loops hear that a session is crowded, it may have filled two mailboxes; others' must still be taken.
    static let mailboxesInLine = 4
    private var turns = Turns()
    private var waitingBytes = 0
    private var pace = Pace()
    private var crowded: Set<Lane> = []

    /// A stage that does not run yet.
    ///
    /// Its own mailbox holds `mailboxBytes`; `onSpace` is called when loops that stopped reading may go on.
    init(
        engine: SessionEngine,
        journal: Mailbox<Commit>,
        mailboxBytes: Int,
        clock: ServerClock,
        metrics: Metrics,
        onSpace: @escaping @Sendable () -> Void
    ) {
        self.engine = engine
        self.journal = journal
        self.clock = clock
        self.metrics = metrics
        self.mailboxBytes = mailboxBytes
        mailbox = Mailbox(limitBytes: mailboxBytes, onSpace: onSpace)
    }

    /// Starts the thread.
    func start() throws(SystemFailure) {
        thread = try Thread(name: "engine") { [self] in run() }
    }

    /// Takes an errand in; false when nothing is taken any more.
    ///
    /// From any thread.
    @discardableResult
    func take(_ errand: Errand) -> Bool {
        mailbox.post([.errand(errand)], bytes: 128)
    }

    /// Changes what an operator may change while it runs; what was taken in before is still judged by the old limits.
    func change(_ configuration: Configuration) {
        let limits = EngineSettings(
            engine: configuration.engine,
            sessions: configuration.sessions,
            told: configuration.protocolLimits
        )
        mailbox.post([.change(limits)], bytes: 128)
    }

    /// Asks for a checkpoint with the next batch, or without one when nothing comes.
    ///
    /// From any thread.
    func wantCheckpoint() {
        checkpointWanted.store(true, ordering: .relaxed)
        mailbox.wake()
    }

    /// Takes nothing in any more, works off what is there, makes a last checkpoint, closes the journal's mailbox.
    func finish() {
        mailbox.close()
        guard let thread else {
            // It could not be started; the journal must not wait for it.
            journal.close()
            return
        }
        thread.join()
    }

    private func run() {
        var batch: [Inbound] = []
        while true {
            if turns.isEmpty {
                let wait = engine.nextDeadline.map { $0 - clock.now() }
                if mailbox.wait(atMostMilliseconds: wait, into: &batch) == .closed { break }
            } else if waitingBytes < Self.mailboxesInLine * mailboxBytes, mailbox.take(into: &batch) {
                lineUp(&batch)
            }
            if !turns.isEmpty || batch.count > pace.size { takeTurns(&batch) }
            process(batch, checkpoint: checkpointWanted.exchange(false, ordering: .relaxed))
            batch.removeAll(keepingCapacity: true)
        }
        process([], checkpoint: true)
        journal.close()
    }

    /// Puts a batch into the lines of its sessions.
    private func lineUp(_ batch: inout [Inbound]) {
        waitingBytes += mailbox.takenBytes
        let mean = max(1, waitingBytes / (turns.count + batch.count))
        // A quarter of what may wait in all is one session's, and is far more than a whole session says at once.
        let most = max(256, mailboxBytes / 4 / mean)
        for inbound in batch {
            let lane = turns.append(inbound) { engine.lane(of: $0) }
            if turns.count(in: lane) > most, crowded.insert(lane).inserted { crowding[lane] = true }
        }
        batch.removeAll(keepingCapacity: true)
    }

    /// Fills the batch with those whose turn it is.
    private func takeTurns(_ batch: inout [Inbound]) {
        if !batch.isEmpty { lineUp(&batch) }
        let before = turns.count
        turns.take(atMost: pace.size, into: &batch)
        waitingBytes = turns.isEmpty ? 0 : waitingBytes - waitingBytes * batch.count / before
        for lane in crowded where turns.count(in: lane) < 128 {
            crowded.remove(lane)
            crowding[lane] = false
        }
    }

    private func process(_ batch: [Inbound], checkpoint: Bool) {
        var rest = batch[...]
        let entropy = Entropy.next()
        // Of a few the kernel need not be asked.
        let began = batch.count > Self.few || !turns.isEmpty ? ServerClock.threadNanoseconds() : nil
        let commit = engine.process(&rest, at: clock.now(), entropy: entropy, checkpoint: checkpoint)
        let done = batch.count - rest.count
        if let began { pace.note(done, nanoseconds: ServerClock.threadNanoseconds() - began) }
        if !commit.isEmpty { journal.postWaiting([commit], bytes: commit.weight) }
        // So much is said in answer that it is a commit already; others come before what is left.
        if !rest.isEmpty { turns.putBack(rest) { engine.lane(of: $0) } }
        metrics.take(engine.counters, since: counted)
        counted = engine.counters
        if done > 0 { metrics.batchCommands.observe(done) }
    }
}

extension Commit {
    /// About the bytes it holds, for the mailbox's bound.
    var weight: Int {
        deliveries.reduce(64 * entries.count + 64) { $0 + $1.weight }
    }
}
