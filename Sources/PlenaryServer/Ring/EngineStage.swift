import Fanout
import SessionEngine
import Sessions
import Synchronization
import Transport

/// The thread that the engine runs on: batches in, commits on to the journal.
///
/// It may wait for space ahead of it; then its own mailbox fills, and the loops stop reading.
final class EngineStage: @unchecked Sendable {
    /// What the loops read goes in here.
    let mailbox: Mailbox<Inbound>
    private let journal: Mailbox<Commit>
    private let clock: ServerClock
    private let metrics: Metrics
    private let checkpointWanted = Atomic<Bool>(false)
    // Of the stage's thread only, once it runs.
    private let engine: SessionEngine
    private var counted = EngineCounters()
    private var thread: Thread?

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
            let wait = engine.nextDeadline.map { $0 - clock.now() }
            let arrival = mailbox.wait(atMostMilliseconds: wait, into: &batch)
            if arrival == .closed { break }
            process(batch, checkpoint: checkpointWanted.exchange(false, ordering: .relaxed))
            batch.removeAll(keepingCapacity: true)
        }
        process([], checkpoint: true)
        journal.close()
    }

    private func process(_ batch: [Inbound], checkpoint: Bool) {
        var rest = batch[...]
        var checkpoint = checkpoint
        repeat {
            let entropy = Entropy.next()
            let commit = engine.process(&rest, at: clock.now(), entropy: entropy, checkpoint: checkpoint)
            checkpoint = false
            if !commit.isEmpty { journal.postWaiting([commit], bytes: commit.weight) }
        } while !rest.isEmpty
        metrics.take(engine.counters, since: counted)
        counted = engine.counters
        if !batch.isEmpty { metrics.batchCommands.observe(batch.count) }
    }
}

extension Commit {
    /// About the bytes it holds, for the mailbox's bound.
    var weight: Int {
        deliveries.reduce(64 * entries.count + 64) { $0 + $1.weight }
    }
}

extension [Delivery] {
    /// About the bytes that these deliveries hold.
    var weight: Int {
        reduce(0) { sum, delivery in
            switch delivery {
            case .reply(_, let frame, _), .push(_, let frame): sum + frame.count + 32
            case .enter: sum + 16
            case .close(_, _, let reason): sum + reason.count + 16
            }
        }
    }
}
