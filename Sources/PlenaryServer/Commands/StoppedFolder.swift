internal import Journal
internal import SessionEngine
internal import Sessions
internal import Transport

/// The folder of a stopped server, held and changed as a server would.
///
/// What fell due since the server stopped happens first; so the next server finds what it would have found.
struct StoppedFolder {
    private let recovered: RecoveredFolder

    /// Takes the folder of `--data`, and lets happen what fell due.
    init(_ configuration: Configuration, log: Log) throws(JournalFault) {
        recovered = try RecoveredFolder(configuration, log: log)
    }

    /// Forgets, and has it leave the disk; also what a server before has begun.
    func erase(_ wanted: [Errand.Task]) throws(JournalFault) -> ErasingReport {
        let tasks = recovered.halfErased + wanted
        let commit = process(tasks.map { .errand(Errand(ticket: 0, $0)) })
        try keep(commit)
        var request = ErasingRequest()
        for outcome in commit.errands { request.add(outcome) }
        var through = try writeCheckpointInNewSegment()
        while true {
            // Another one behind: with what was before it blank, a start must not hang on a single checkpoint.
            let next = try writeCheckpointInNewSegment()
            let report = try Erasing(recovered.storage).pass(request, through: through)
            if !report.wantsNewSegment { return report }
            through = next
        }
    }

    /// Says that the journal ends in order.
    func close() throws(JournalFault) {
        try recovered.writer.close(at: recovered.clock.now())
    }

    private func process(_ batch: [Inbound]) -> Commit {
        recovered.engine.process(
            batch,
            at: recovered.clock.now(),
            entropy: Entropy.next(),
            checkpoint: true
        )
    }

    private func keep(_ commit: Commit) throws(JournalFault) {
        let (writer, now) = (recovered.writer, recovered.clock.now())
        try writer.append(EntryEncoding.records(keptTogether: commit.entries), term: writer.term, at: now)
        try writer.syncNow()
    }

    /// Goes on in a new segment, writes a checkpoint there and archives who is over; answers the number of the last
    /// record in it.
    private func writeCheckpointInNewSegment() throws(JournalFault) -> UInt64 {
        let (writer, storage) = (recovered.writer, recovered.storage)
        try writer.startSegment(at: recovered.clock.now())
        let commit = process([])
        try keep(commit)
        guard let image = commit.checkpoint else { preconditionFailure("a checkpoint was asked for") }
        let checkpoint = Checkpoint(of: image, sequence: writer.lastSequence, term: writer.term)
        try Checkpoints.write(checkpoint, journalSyncedThrough: writer.syncedThrough, to: storage)
        var archiving = Archiving(storage)
        _ = try archiving.pass(after: image, sequence: writer.lastSequence, anyArchived: true)
        return writer.lastSequence
    }
}
