import Fanout
import SessionEngine
import Synchronization
import Transport
import WebSocket

/// The loops as they come up, for what has to reach all of them and is made before them: waking and metrics.
final class LoopRegistry: Sendable {
    private let inboxes = Mutex<[LoopInbox]>([])

    func add(_ inbox: LoopInbox) {
        inboxes.withLock { inboxes in
            inboxes.append(inbox)
            inboxes.sort { $0.index < $1.index }
        }
    }

    var all: [LoopInbox] { inboxes.withLock { $0 } }

    /// Answers a request that waits on its loop.
    func respond(_ connection: ConnectionID, _ response: HTTPResponse) {
        all.first { $0.index == connection.loop }?.respond(connection, response)
    }

    /// What waits between the stages.
    func depths(engine: Mailbox<Inbound>, journal: Mailbox<Commit>) -> [QueueDepth] {
        [
            QueueDepth(name: "engine", bytes: engine.byteCount),
            QueueDepth(name: "journal", bytes: journal.byteCount),
        ] + all.map { QueueDepth(name: "loop\($0.index)", bytes: $0.mailboxBytes) }
    }

    /// Makes every loop ask again whether it may read.
    func wake() {
        for inbox in all { inbox.wake() }
    }
}
