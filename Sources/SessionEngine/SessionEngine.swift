package import Fanout
package import SessionProtocol
package import Sessions

/// The single writer: takes what came in, asks the sessions, and yields commits.
///
/// One batch, one `now`: deadlines that have passed fire first, then each input in order, then what these brought
/// about, then running counts. Nothing here touches a socket, a file, a thread, a clock or chance, so the same batches
/// give the same commits. `process` changes the sessions at once, ahead of the disk; that is safe because
/// everything it says goes through the journal behind the events it rests on.
package final class SessionEngine {
    /// All that it is.
    ///
    /// A class has each access to its properties checked at run time, a dozen times a message; here that is once a batch.
    private var core: EngineCore

    /// An engine that goes on with the sessions of `table`, for `loops` event loops.
    package init(
        table: SessionTable,
        loops: Int,
        limits: EngineLimits = EngineLimits(),
        sessionsLimits: SessionsLimits = SessionsLimits(),
        protocolLimits: ProtocolLimits = ProtocolLimits()
    ) {
        core = EngineCore(
            table: table,
            loops: loops,
            limits: limits,
            sessionsLimits: sessionsLimits,
            protocolLimits: protocolLimits
        )
    }

    /// What it has counted since it began.
    package var counters: EngineCounters { core.counters }

    /// The line in which the inbounds of a connection wait that is on a seat; nil if it is on none.
    package func lane(of connection: ConnectionID) -> Lane? { core.lane(of: connection) }

    /// When `process` wants to be called next even if nothing comes in; nil: not by itself.
    package var nextDeadline: Milliseconds? { core.nextDeadline }

    /// The first commit after a start: the server was down from the journal's last time until now.
    ///
    /// Deadlines that passed meanwhile fire in it, before anybody is let in. `mayHaveForgotten` says that events may be
    /// lost that somebody heard (an unclean end without a sync per batch): then every session gets a new epoch.
    package func recover(
        downFrom: Milliseconds,
        at now: Milliseconds,
        mayHaveForgotten: Bool,
        entropy: UInt64
    ) -> Commit {
        core.recover(downFrom: downFrom, at: now, mayHaveForgotten: mayHaveForgotten, entropy: entropy)
    }

    /// Takes a whole batch into one commit, however much is said in it.
    package func process(
        _ batch: [Inbound],
        at now: Milliseconds,
        entropy: UInt64,
        checkpoint: Bool = false
    ) -> Commit {
        core.process(batch, at: now, entropy: entropy, checkpoint: checkpoint)
    }

    /// Takes a batch, or the front of it when much is said to each: what is left in `batch` is for the next commit.
    ///
    /// A few thousand joins ask for gigabytes of answers; this way they wait as joins, and not as answers.
    /// `entropy` is 64 fresh random bits, from which epochs and seeds are drawn; `checkpoint` asks for the state
    /// after this commit.
    package func process(
        _ batch: inout ArraySlice<Inbound>,
        at now: Milliseconds,
        entropy: UInt64,
        checkpoint: Bool = false
    ) -> Commit {
        core.process(&batch, at: now, entropy: entropy, checkpoint: checkpoint)
    }
}
