internal import CLinux
internal import Glibc

/// Work that nobody on the path waits for, one piece after the other, on a thread of its own behind all others.
///
/// **Why not a dispatch queue.** On a core that it shares with a stage of the ring, a thread like any other is let
/// finish its slice, up to a tick of the kernel (10 ms), before a stage that has something to do gets its turn; and a
/// message passes four of them. A thread with a low weight and a long slice is set aside at once. It still has a
/// thirtieth of a core that three stages keep busy, so whatever they wait for (a lock of the allocator, say) comes.
package final class BackgroundQueue: Sendable {
    /// A tenth of an ordinary thread's weight.
    private static let niceness: Int32 = 10
    /// The longest that the kernel takes.
    private static let sliceNanoseconds: UInt64 = 100_000_000

    private let mailbox: Mailbox<@Sendable () -> Void>
    private let thread: Thread

    /// Starts the thread; the kernel shows the first 15 bytes of the name.
    package init(name: String) throws(SystemFailure) {
        let mailbox = Mailbox<@Sendable () -> Void>()
        self.mailbox = mailbox
        thread = try Thread(name: name) { Self.run(mailbox) }
    }

    /// Asks for a piece of work; returns at once.
    package func async(_ work: @escaping @Sendable () -> Void) {
        mailbox.post([work], bytes: 1)
    }

    /// Waits until everything is done that was asked for before; never called from the work itself.
    package func finish() {
        let end = Landing()
        async { end.arrive() }
        end.wait()
    }

    deinit {
        // What was asked for is still done; the thread ends by itself.
        mailbox.close()
    }

    private static func run(_ mailbox: Mailbox<@Sendable () -> Void>) {
        // Where the kernel or a sandbox refuses it, the work is done all the same, only less politely.
        _ = plenary_set_niceness(niceness, sliceNanoseconds)
        var pieces: [@Sendable () -> Void] = []
        while mailbox.wait(into: &pieces) != .closed {
            for work in pieces { work() }
            pieces.removeAll()
        }
    }
}

/// One moment that a thread waits for.
private final class Landing: @unchecked Sendable {
    private let monitor = Monitor()
    // Under the monitor's lock.
    private var hasArrived = false

    func arrive() {
        monitor.withLock {
            hasArrived = true
            monitor.wakeAll()
        }
    }

    func wait() {
        monitor.withLock {
            while !hasArrived { _ = monitor.wait(until: nil) }
        }
    }
}
