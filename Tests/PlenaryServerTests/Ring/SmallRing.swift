import Dispatch
import Fanout
import Journal
import SessionEngine
import Sessions
import Synchronization
import Testing
import Transport
import WebSocket

@testable import PlenaryServer

/// Engine, journal, upkeep and desk on a folder, without loops: what operators ask goes round as in a server.
final class SmallRing {
    let desk: ErrandDesk
    let metrics = Metrics()
    private let engine: EngineStage
    private let journal: JournalStage
    private let answers = Answers()
    private let logged = Logged()

    /// What connections were answered.
    private final class Answers: Sendable {
        private let all = Mutex<[ConnectionID: HTTPResponse]>([:])
        private let arrival = DispatchSemaphore(value: 0)

        func take(_ connection: ConnectionID, _ response: HTTPResponse) {
            all.withLock { $0[connection] = response }
            arrival.signal()
        }

        func next(of connection: ConnectionID) throws -> HTTPResponse {
            while true {
                if let response = all.withLock({ $0.removeValue(forKey: connection) }) { return response }
                try #require(arrival.wait(timeout: .now() + .seconds(60)) == .success, "no answer")
            }
        }
    }

    /// What the log said, a line each.
    private final class Logged: Sendable {
        private let all = Mutex<[String]>([])
        private let arrival = DispatchSemaphore(value: 0)

        func take(_ line: String) {
            all.withLock { $0.append(line) }
            arrival.signal()
        }

        func wait(for words: String) throws {
            while !all.withLock({ $0.contains { $0.contains(words) } }) {
                try #require(
                    arrival.wait(timeout: .now() + .seconds(60)) == .success,
                    "\(words) was not logged, but \(all.withLock { $0.joined() })"
                )
            }
        }
    }

    /// Starts; what the server before has left to erase is begun.
    init(_ folder: String, readingMilliseconds: Milliseconds = 3_600_000) throws {
        var configuration = Configuration()
        configuration.data = folder
        configuration.sessions.readingMilliseconds = readingMilliseconds
        let log = Log(form: .json, sink: { [logged] in logged.take(String(decoding: $0, as: UTF8.self)) })
        let recovered = try RecoveredFolder(configuration, log: log)
        let toJournal = Mailbox<Commit>()
        let engine = EngineStage(
            engine: recovered.engine,
            journal: toJournal,
            mailboxBytes: 1 << 20,
            clock: recovered.clock,
            metrics: metrics,
            onSpace: {}
        )
        let desk = try ErrandDesk(
            storage: recovered.storage,
            post: { engine.take($0) },
            respond: { [answers] in answers.take($0, $1) }
        )
        let upkeep = try Upkeep(
            storage: recovered.storage,
            clock: recovered.clock,
            metrics: metrics,
            says: UpkeepLog(log: log, metrics: metrics, desk: desk).says { engine.wantCheckpoint() }
        )
        self.engine = engine
        self.desk = desk
        journal = JournalStage(
            writer: recovered.writer,
            upkeep: upkeep,
            mailbox: toJournal,
            clock: recovered.clock,
            metrics: metrics,
            toLoop: { _, _ in },
            toDesk: { desk.take($0) },
            wantCheckpoint: { engine.wantCheckpoint() },
            onFault: { Issue.record("\($0.description)") }
        )
        try journal.start()
        try engine.start()
        desk.resume(recovered.halfErased, through: recovered.recoveredThrough, log: log)
    }

    /// What a request is answered.
    func ask(_ request: OperatorRequest) throws -> HTTPResponse {
        let connection = ConnectionID(loop: 0, slot: UInt32.random(in: 0..<1 << 20), generation: 1)
        try #require(desk.take(request, from: connection))
        return try answers.next(of: connection)
    }

    /// Takes in what a loop would have.
    func take(_ batch: [Inbound]) { engine.mailbox.post(batch, bytes: 128) }

    /// Asks for a checkpoint before its time.
    func wantCheckpoint() { engine.wantCheckpoint() }

    /// Waits until the log has a line with these words.
    func waitForLog(_ words: String) throws { try logged.wait(for: words) }

    /// Stops in order.
    func stop() {
        engine.finish()
        journal.finish()
        desk.finish()
    }
}
