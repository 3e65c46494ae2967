import Dispatch
import Journal
import SessionEngine
import Sessions
import Synchronization
import Testing
import Transport

@testable import PlenaryServer

/// The stage with a real folder and a real engine; what it archives is the journal's business, and tested there.
@Suite(.timeLimit(.minutes(2)))
struct JournalStageTests {
    /// What the stage said, one thing after the other.
    private final class Reports: Sendable {
        private let all = Mutex<[ArchivingReport]>([])
        private let arrival = DispatchSemaphore(value: 0)

        func take(_ report: ArchivingReport) {
            all.withLock { $0.append(report) }
            arrival.signal()
        }

        /// The next report; nil when none comes in time.
        func next() -> ArchivingReport? {
            guard arrival.wait(timeout: .now() + .seconds(60)) == .success else { return nil }
            return all.withLock { $0.removeFirst() }
        }
    }

    /// `plenary verify` begins with the archives, since the first segment is gone.
    private func verify(_ folder: String) throws {
        let said = Mutex<[String]>([])
        let outlet = Outlet(
            print: { text in said.withLock { $0.append(text) } },
            complain: { text in said.withLock { $0.append(text) } }
        )
        let verify = Program(arguments: ["verify", "--data", folder], environment: [:], outlet: outlet)
        #expect(verify.run() == .success)
        let lines = said.withLock { $0 }.joined(separator: "\n")
        #expect(
            lines.contains("1 archived sessions, 7 records; 1 of them replayed to the state they ended in")
        )
        #expect(lines.contains(": what came before was replayed from the archives"))
        #expect(lines.hasSuffix("ok"))
    }

    @Test func `a checkpoint waits for as much journal as the one before has bytes`() {
        let limits = CheckpointLimits()
        #expect(limits.journalBytes(behind: 0) == 64 << 20)
        #expect(limits.journalBytes(behind: 1_000) == 64 << 20)
        #expect(limits.journalBytes(behind: 100 << 20) == 100 << 20)
    }

    @Test func `how many bytes the last checkpoint has is known once it is written`() throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder)
            let storage = DiskStorage(directory: folder)
            let says = Upkeep.Says(
                wantCheckpoint: {},
                checkpointFault: { Issue.record("\($0)") },
                archiving: { _ in },
                erasing: { _, _ in }
            )
            let clock = ServerClock(notBefore: 0)
            let upkeep = try Upkeep(storage: storage, clock: clock, metrics: Metrics(), says: says)
            #expect(upkeep.lastCheckpointBytes == 0)
            let kept = Upkeep.Kept(
                image: CheckpointImage(of: SessionTable(), at: 1),
                sequence: 1,
                term: 1,
                syncedThrough: 1,
                segmentBegan: 0,
                anyArchived: false,
                anyErased: false,
                erasures: [],
                isKnown: false
            )
            upkeep.take(kept)
            upkeep.finish()
            #expect(upkeep.lastCheckpointBytes == (try Checkpoints.read(1, from: storage)).fileBytes)
        }
    }

    @Test func `what is over is archived and its segment goes, though nobody comes`() throws {
        try LeftFolder.with { folder in
            try LeftFolder.leaveAnEvening(in: folder)
            #expect(
                try LeftFolder.files(in: folder, with: "a rash word") == ["segments/00000000000000000001.log"]
            )
            var configuration = Configuration()
            configuration.data = folder
            let log = Log(form: .json, sink: { _ in })
            let recovered = try RecoveredFolder(configuration, log: log)
            let metrics = Metrics()
            let toJournal = Mailbox<Commit>()
            let reports = Reports()
            let faults = Mutex<[JournalFault]>([])
            let engine = EngineStage(
                engine: recovered.engine,
                journal: toJournal,
                mailboxBytes: 1 << 20,
                clock: recovered.clock,
                metrics: metrics,
                onSpace: {}
            )
            let upkeep = try Upkeep(
                storage: recovered.storage,
                clock: recovered.clock,
                metrics: metrics,
                says: Upkeep.Says(
                    wantCheckpoint: { engine.wantCheckpoint() },
                    checkpointFault: { fault in faults.withLock { $0.append(fault) } },
                    archiving: { reports.take($0) },
                    erasing: { _, _ in }
                )
            )
            let journal = JournalStage(
                writer: recovered.writer,
                upkeep: upkeep,
                mailbox: toJournal,
                clock: recovered.clock,
                metrics: metrics,
                limits: CheckpointLimits(milliseconds: 20),
                toLoop: { _, _ in },
                wantCheckpoint: { engine.wantCheckpoint() },
                onFault: { fault in faults.withLock { $0.append(fault) } }
            )
            try journal.start()
            try engine.start()
            let first = try #require(reports.next())
            #expect(first.archived.map(\.text) == ["evening"] && first.faults == [])
            #expect(first.wantsNewSegment)
            let second = try #require(reports.next())
            #expect(second.segmentsRemoved == 1 && second.archived == [])
            engine.finish()
            journal.finish()
            #expect(faults.withLock { $0 } == [])
            #expect(try LeftFolder.files(in: folder, with: "a rash word") == [])
            #expect(try LeftFolder.files(in: folder, with: "PLNYARCH") == ["archive/evening.log"])
            try verify(folder)
            #expect(!recovered.isOpen(try #require(SessionID("evening".utf8))))
        }
    }
}
