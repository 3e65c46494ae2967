import Journal
import SessionEngine
import Sessions
import Transport

/// A data folder that is ours: locked, read, and the first commit of this run kept in it.
///
/// What fell due while the server was down has happened by the time that this exists.
struct RecoveredFolder {
    let storage: DiskStorage
    let clock: ServerClock
    let writer: JournalWriter
    let engine: SessionEngine
    /// Persons whom the last batch of the server before was to forget, and whose seats it did not come to, as errands.
    let halfErased: [Errand.Task]
    /// The last record that was there before anybody was let in.
    let recoveredThrough: UInt64
    private let closedIDs: Set<SessionID>

    init(_ configuration: Configuration, log: Log) throws(JournalFault) {
        storage = DiskStorage(directory: configuration.data ?? ".")
        let recovery = try JournalRecovery(storage: storage)
        var sessions = try SessionRecovery(reading: recovery)
        let booked = try sessions.countBooks(in: storage)
        clock = ServerClock(notBefore: sessions.lastAt ?? 0)
        let now = clock.now()
        writer = try recovery.makeWriter(mode: configuration.sync, at: now)
        engine = SessionEngine(
            table: sessions.table,
            loops: configuration.loops,
            limits: configuration.engine,
            sessionsLimits: configuration.sessions,
            protocolLimits: configuration.protocolLimits
        )
        closedIDs = sessions.table.closedIDs
        if let downFrom = sessions.lastAt {
            let commit = engine.recover(
                downFrom: downFrom,
                at: now,
                mayHaveForgotten: recovery.report.end?.mayHaveForgotten ?? false,
                entropy: Entropy.next()
            )
            let records = EntryEncoding.records(keptTogether: commit.entries)
            try writer.append(records, term: writer.term, at: now)
        }
        try writer.confirmRecovery(at: now)
        recoveredThrough = writer.lastSequence
        halfErased = Self.halfErased(sessions)
        Self.tell(recovery.report, sessions: sessions.table.sessions.count, to: log)
        if let booked { log.write(.booksCounted, [.number("sessions", booked)]) }
    }

    /// Who is forgotten, and has a seat nevertheless.
    private static func halfErased(_ sessions: SessionRecovery) -> [Errand.Task] {
        let table = sessions.table
        let seated = sessions.renamed.filter { person, _ in
            table.risingNumbers.contains { table.sessions[$0]?.state.seatByPerson[person] != nil }
        }
        return seated.sorted { $0.key.text < $1.key.text }.map { .erasePerson($0, as: $1) }
    }

    /// Whether people may still join a session of this id: it was never used, or has not ended.
    func isOpen(_ id: SessionID) -> Bool { !closedIDs.contains(id) }

    private static func tell(_ report: RecoveryReport, sessions: Int, to log: Log) {
        for skipped in report.skipped {
            log.write(.checkpointFailed, [.number("record", skipped.sequence), .text("why", skipped.why)])
        }
        if let torn = report.end?.torn {
            log.write(
                .tornTail,
                [.text("file", torn.file), .number("offset", torn.offset), .number("bytes", torn.bytes)]
            )
        }
        log.write(
            .recovered,
            [
                .number("sessions", sessions), .number("records", report.records),
                .number("checkpoint", report.checkpoint ?? 0),
            ]
        )
    }
}

extension SessionTable {
    /// The ids under which nobody can join any more.
    fileprivate var closedIDs: Set<SessionID> {
        usedIDs.union(sessions.values.filter { $0.state.phase == .ended }.map(\.state.id))
    }
}
