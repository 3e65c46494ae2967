internal import Synchronization

/// All loops of a server, one thread each.
///
/// Loop 0 accepts for all and hands the connections round. The loops share the count of connections and nothing
/// else.
package final class EventLoopGroup: Sendable {
    /// What other threads may do to each loop; the index is `ConnectionID.loop`.
    package let inboxes: [LoopInbox]
    private let threads: [Thread]

    private init(inboxes: [LoopInbox], threads: [Thread]) {
        self.inboxes = inboxes
        self.threads = threads
    }

    /// Starts the loops and accepts from the listeners at once.
    ///
    /// `application` is called once on each loop's thread. With `tls` the first listener speaks it. The process's descriptor limit is raised as far as it
    /// goes.
    package static func start(
        listeners: [Listener],
        loops: Int = 1,
        limits: TransportLimits = TransportLimits(),
        tls: TLSContext? = nil,
        clock: ServerClock,
        application: @escaping @Sendable (LoopInbox) -> any LoopApplication
    ) throws(SystemFailure) -> EventLoopGroup {
        let descriptors = DescriptorLimit.raise()
        var inboxes: [LoopInbox] = []
        for index in 0..<max(1, loops) {
            inboxes.append(try LoopInbox(index: UInt16(index), limitBytes: limits.mailboxBytes))
        }
        let shared = SharedState(
            inboxes: inboxes,
            // A tenth is for those who are turned away, the journal and the operating system.
            maxConnections: min(limits.maxConnections, descriptors * 9 / 10),
            descriptors: Int32(clamping: descriptors - limits.fileDescriptors)
        )
        var threads: [Thread] = []
        do {
            for inbox in inboxes {
                let poll = try Poll()
                threads.append(
                    try Thread(name: "loop-\(inbox.index)") {
                        EventLoop(
                            inbox: inbox,
                            shared: shared,
                            poll: poll,
                            listeners: inbox.index == 0 ? listeners : [],
                            limits: limits,
                            tls: tls,
                            clock: clock,
                            application: application(inbox)
                        ).run()
                    }
                )
            }
        } catch {
            let group = EventLoopGroup(inboxes: inboxes, threads: threads)
            group.stop()
            group.join()
            throw error
        }
        return EventLoopGroup(inboxes: inboxes, threads: threads)
    }

    /// Wakes all loops, so that they go on reading; to be called when a full mailbox behind them has been emptied.
    package func wake() {
        for inbox in inboxes {
            inbox.wake()
        }
    }

    /// Changes the certificate for those who come from now on.
    package func secure(with context: TLSContext) {
        for inbox in inboxes {
            inbox.secure(with: context)
        }
    }

    /// Changes limits and the applications' settings.
    ///
    /// What is given out at the start stays: `maxConnections`, `spareDescriptors`, `fileDescriptors`, `acceptBacklog`, `mailboxBytes`,
    /// `readBytes` and `timerGrain`.
    package func change(limits: TransportLimits, settings: any LoopSettings) {
        for inbox in inboxes {
            inbox.change(limits: limits, settings: settings)
        }
    }

    /// Lets nobody in any more and sends everybody away; `join` returns when all are gone.
    package func drain() {
        for inbox in inboxes {
            inbox.drain()
        }
    }

    /// Cuts everybody off.
    package func stop() {
        for inbox in inboxes {
            inbox.stop()
        }
    }

    /// Waits until the loops have ended.
    ///
    /// Called once, by the thread that started them.
    package func join() {
        for thread in threads {
            thread.join()
        }
    }
}

/// What the loops of a group have in common.
final class SharedState: Sendable {
    let inboxes: [LoopInbox]
    /// Sockets have numbers below this one.
    let descriptors: Int32
    private let maxConnections: Int
    private let connections = Atomic<Int>(0)

    init(inboxes: [LoopInbox], maxConnections: Int, descriptors: Int32) {
        self.inboxes = inboxes
        self.descriptors = descriptors
        self.maxConnections = maxConnections
    }

    /// Counts a connection; false if there are as many as there may be.
    ///
    /// Loop 0 alone calls it.
    func enter() -> Bool {
        guard connections.load(ordering: .relaxed) < maxConnections else { return false }
        connections.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    func leave() {
        connections.wrappingSubtract(1, ordering: .relaxed)
    }
}
