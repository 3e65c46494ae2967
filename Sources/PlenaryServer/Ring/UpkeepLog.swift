import Journal
import SessionEngine

/// Says what came of checkpoints, archives and erasures: to the log, to the metrics, and to whoever asked.
///
/// Never who was erased, nor which session.
struct UpkeepLog {
    let log: Log
    let metrics: Metrics
    let desk: ErrandDesk

    /// What the upkeep is given.
    func says(wantCheckpoint: @escaping @Sendable () -> Void) -> Upkeep.Says {
        Upkeep.Says(
            wantCheckpoint: wantCheckpoint,
            checkpointFault: { [log] fault in
                log.write(.checkpointFailed, [.text("why", fault.description)])
            },
            archiving: { [log] report in Self.tell(report, to: log) },
            erasing: { [log, metrics, desk] outcome, result in
                Self.tell(outcome.errand.task, result, to: log, metrics)
                desk.take(outcome, erased: result)
            }
        )
    }

    static func tell(_ report: ArchivingReport, to log: Log) {
        for fault in report.faults { log.write(.archivingFailed, [.text("why", fault.description)]) }
        guard !report.archived.isEmpty || report.segmentsRemoved > 0 else { return }
        log.write(
            .archived,
            [.number("sessions", report.archived.count), .number("segments", report.segmentsRemoved)]
        )
    }

    static func tell(
        _ task: Errand.Task,
        _ result: Result<ErasingReport, JournalFault>,
        to log: Log,
        _ metrics: Metrics
    ) {
        guard let erasure = Erasure(task) else { return }
        let what = LogField.text("what", erasure.rawValue)
        switch result {
        case .success(let report) where report.isComplete:
            metrics.erasures[erasure].add()
            log.write(
                .erased,
                [
                    what, .number("archives", report.archivesRewritten.count),
                    .number("removed", report.archivesRemoved.count),
                    .number("segments", report.segmentsRewritten),
                ]
            )
        case .success(let report):
            metrics.erasingFaults.add()
            let why = report.faults.first?.description ?? "the next start does the rest"
            log.write(.erasingFailed, [what, .text("why", why)])
        case .failure(let fault):
            metrics.erasingFaults.add()
            log.write(.erasingFailed, [what, .text("why", fault.description)])
        }
    }
}

/// What is erased: a label of `plenary_erasures_total`.
package enum Erasure: String, CaseIterable, Sendable {
    case person
    case session
    /// Those that an operator asked for, and those that were over.
    case rehearsals
    /// What was old enough.
    case retention
    /// What a server before this one had begun.
    case unfinished

    /// Nil: the errand erases nothing.
    init?(_ task: Errand.Task) {
        switch task {
        case .sessions, .session, .person, .counters, .cutOff: return nil
        case .erasePerson: self = .person
        case .eraseSession: self = .session
        case .eraseRehearsals: self = .rehearsals
        case .forget(nil, nil): self = .unfinished
        case .forget: self = .retention
        }
    }
}
