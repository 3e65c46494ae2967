import Synchronization
import Transport

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

    /// Makes every loop ask again whether it may read.
    func wake() {
        for inbox in all { inbox.wake() }
    }
}
