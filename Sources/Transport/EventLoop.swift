internal import CLinux
internal import Fanout
internal import WebSocket

/// One thread's connections, from accept to close: reads all ready sockets, takes the mailbox, then sends.
///
/// Theory of operation. A *turn* begins when the kernel reports something, a timer is due or another thread wakes
/// the loop. It reads each ready socket once, into one buffer, and hands what is complete to the application. Then
/// it carries out the deliveries of its mailbox in the hub, looks at the timers, lets the application post what it
/// has collected, and at last sends: one call for each connection that has something, and of each large group one
/// slice. While slices are left the next turn does not wait, so small groups and new messages come between them.
///
/// Two clocks: `now`, and the *attended* time, which stands still while the loop does not read because the
/// application may not take more, and while the process or the machine is stopped. Silence and slowness of a peer
/// are measured in the latter.
///
/// Nothing here may be touched from another thread; those have the `LoopInbox`.
final class EventLoop {
    let inbox: LoopInbox
    private(set) var limits: TransportLimits
    let shared: SharedState
    let poll: Poll
    let application: any LoopApplication
    private let clock: ServerClock

    var hub: Hub
    var connections: ContiguousArray<Connection?> = []
    /// How many there are, and how many of them were turned away at the door.
    var connectionCount = 0
    var turnedAwayCount = 0
    /// How many requests wait for an answer from elsewhere.
    var waitingCount = 0
    /// How those at the public listener are secured; nil: not at all.
    var tls: TLSContext?
    var handshakes: HandshakeQueue
    /// Connections with something read and decrypted that waits for the next turn.
    var unread: [ConnectionID] = []
    var wheel: TimerWheel
    var now: Int64
    /// Time for which the loop has not read, and since when it does not read now.
    var unattended: Int64 = 0
    var pausedAt: Int64?
    /// When the loop went on after it had been held up; before that nobody's time has run.
    var heldUpUntil: Int64 = 0
    var paused: [ConnectionID] = []
    var isDraining = false
    var isStopped = false
    /// The application was told something since its last `turnEnded`.
    var owesTurnEnd = false

    // Of the accepting loop.
    let listeners: [Listener]
    let spares: SpareDescriptors
    var addresses: AddressTable
    var nextLoop = 0
    private var readyListeners: [Listener] = []
    /// Accepting has failed and waits until then.
    var acceptAgainAt: Int64?

    // Lent to one function after the other, so that no turn allocates them anew.
    let readBuffer: UnsafeMutableBufferPointer<UInt8>
    /// Room for one TLS record (RFC 8446 section 5.1).
    let recordBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    private let events: UnsafeMutableBufferPointer<epoll_event>
    var incoming: [Incoming] = []
    var sending = Sending()
    private var mail: [LoopMessage] = []
    private var expired: [UInt32] = []
    var writable: [ConnectionID] = []
    private var deliveriesSeen = 0

    init(
        inbox: LoopInbox,
        shared: SharedState,
        poll: Poll,
        listeners: [Listener],
        limits: TransportLimits,
        tls: TLSContext?,
        clock: ServerClock,
        application: any LoopApplication
    ) {
        self.inbox = inbox
        self.shared = shared
        self.poll = poll
        self.listeners = listeners
        self.limits = limits
        self.clock = clock
        self.application = application
        now = clock.now()
        self.tls = tls
        handshakes = HandshakeQueue(now: now)
        hub = Hub(loop: inbox.index, limits: limits.outbox)
        wheel = TimerWheel(grain: limits.timerGrain, now: now)
        addresses = AddressTable(AddressTable.Limits(limits))
        spares = SpareDescriptors(listeners.isEmpty ? 0 : limits.spareDescriptors)
        readBuffer = .allocate(capacity: limits.readBytes)
        events = .allocate(capacity: Self.maxEvents)
        hub.now = now
    }

    deinit {
        readBuffer.deallocate()
        recordBuffer.deallocate()
        events.deallocate()
    }

    private static let maxEvents = 1_024
    /// Tokens from here on are not of connections; a slot is far smaller.
    private static let wakerToken: UInt64 = 0xffff_ffff
    private static let listenerToken: UInt64 = 0xffff_ff00

    /// Turns until the loop is stopped, or drained and empty.
    func run() {
        _ = poll.add(inbox.waker.descriptor.number, .read, token: Self.wakerToken)
        for listener in listeners {
            _ = poll.add(listener.descriptor.number, .read, token: Self.token(of: listener))
        }
        while !isStopped, !(isDraining && connectionCount == turnedAwayCount) {
            turn()
        }
        inbox.mailbox.close()
        for listener in listeners {
            listener.stop()
        }
        for case .some(let connection) in connections {
            drop(connection, .server)
        }
        closeStrandedMail()
        application.turnEnded()
        updateMetrics()
    }

    static func token(of listener: Listener) -> UInt64 {
        listenerToken + UInt64(listener.index)
    }

    private func turn() {
        let patience = patience()
        let count = poll.wait(events, milliseconds: patience)
        let before = now
        now = max(now, clock.now())
        hub.now = now
        if patience >= 0 {
            forgive(now - before - Int64(patience))
        }
        resumeReading()
        readReady(count)
        readUnread()
        shakeHands()
        takeMail()
        acceptReady()
        expireTimers()
        endApplicationTurn()
        send()
        if owesTurnEnd {
            endApplicationTurn()
        }
        updateMetrics()
    }

    /// The process was stopped, or the machine asleep: what nobody listened to was not silence.
    ///
    /// By so much the turn came later than it was meant to; nobody is due before what has come meanwhile was read.
    private func forgive(_ late: Int64) {
        guard late >= limits.heldUpAfter else { return }
        heldUpUntil = now
        if pausedAt == nil {
            unattended += late
        }
    }

    /// How long the kernel may keep the turn: not at all while something is left to be sent.
    private func patience() -> Int32 {
        if hub.hasUnsent || !unread.isEmpty {
            return 0
        }
        if pausedAt != nil, application.mayRead {
            // What this turn collected was too much for one turn only; nobody will wake the loop for that.
            return 0
        }
        var moment = wheel.nextMoment ?? .max
        if let acceptAgainAt {
            moment = min(moment, acceptAgainAt)
        }
        if let next = handshakes.nextMoment {
            moment = min(moment, next)
        }
        return moment == .max ? -1 : Int32(clamping: max(0, moment - now))
    }

    private func readReady(_ count: Int) {
        for index in 0..<count {
            let token = events[index].data.u64
            let low = token & 0xffff_ffff
            if low >= Self.listenerToken {
                if low == Self.wakerToken {
                    inbox.waker.clear()
                } else if let listener = listeners.first(where: { Self.token(of: $0) == low }) {
                    readyListeners.append(listener)
                }
                continue
            }
            guard let connection = connections[Int(low)], connection.token == token else { continue }
            let happened = events[index].events
            if connection.phase == .securing {
                secure(connection)
                continue
            }
            if happened & Poll.Interest.write.rawValue != 0 {
                writable.append(connection.id)
            }
            if happened & ~Poll.Interest.write.rawValue != 0 {
                read(connection)
            }
        }
    }

    /// Behind the mail: who comes after something was posted is met with it, such as with another certificate.
    private func acceptReady() {
        for listener in readyListeners {
            accept(from: listener)
        }
        readyListeners.removeAll(keepingCapacity: true)
        acceptAgain()
    }

    private func takeMail() {
        // What is left in the mailbox holds back those who fill it; taken in here, nothing would.
        if hub.hasUnsent, hub.openBytes > limits.mailboxBytes {
            return
        }
        guard inbox.mailbox.take(into: &mail) else { return }
        for message in mail {
            switch message {
            case .deliveries(let deliveries): carryOut(deliveries)
            case .respond(let connection, let response): respond(later: response, to: connection)
            case .adopt(let descriptor, let peer): adopt(FileDescriptor(owning: descriptor), peer)
            case .settled(let network): addresses.settle(network)
            case .secure(let context): tls = context
            case .change(let limits, let settings): change(limits, settings)
            case .mayCome(let connection, let network): answer(connection, network)
            case .answered(let connection, let network, let answer):
                take(answer: answer, for: connection, network)
            case .drain: drain()
            case .stop: isStopped = true
            }
        }
        mail.removeAll(keepingCapacity: true)
    }

    private func carryOut(_ deliveries: [Delivery]) {
        // By a span: an array hands out copies, which count a reference to each frame.
        let deliveries = deliveries.span
        for index in deliveries.indices {
            if let closing = hub.carryOut(deliveries[index]) {
                close(closing)
            }
        }
    }

    /// Whoever is here is looked at soon, since what is due may be due earlier now.
    private func change(_ limits: TransportLimits, _ settings: any LoopSettings) {
        self.limits = limits
        hub.limits = limits.outbox
        addresses.limits = AddressTable.Limits(limits)
        for case .some(let connection) in connections {
            let isJoined = connection.isJoined
            connection.machine.limits = isJoined ? limits.messagesAfterJoin : limits.messagesBeforeJoin
            wheel.schedule(connection.id.slot, at: now)
        }
        // Last: it may tell that everything holds.
        application.change(to: settings)
    }

    /// Connections that were on their way here when the loop ended.
    private func closeStrandedMail() {
        _ = inbox.mailbox.take(into: &mail)
        for case .adopt(let descriptor, let peer) in mail {
            _ = FileDescriptor(owning: descriptor)
            settleAccepted(peer)
            shared.leave()
        }
        mail = []
    }

    private func expireTimers() {
        wheel.expire(at: now, into: &expired)
        for slot in expired {
            if let connection = connections[Int(slot)] {
                check(connection)
            }
        }
        expired.removeAll(keepingCapacity: true)
    }

    private func endApplicationTurn() {
        owesTurnEnd = false
        application.turnEnded()
    }

    private func updateMetrics() {
        let metrics = inbox.metrics
        metrics.turns.add(1)
        metrics.connections.set(connectionCount)
        metrics.outboxBytes.set(hub.pendingBytes)
        metrics.deliveries.add(hub.deliveries - deliveriesSeen)
        deliveriesSeen = hub.deliveries
        if pausedAt != nil {
            metrics.pausedTurns.add(1)
        }
    }
}

extension TransportLimits {
    fileprivate var outbox: OutboxLimits {
        OutboxLimits(countedBytes: outboxBytes, hardBytes: outboxHardBytes, sliceMembers: sliceMembers)
    }
}
