internal import Dispatch
internal import Fanout
internal import Journal
internal import SessionEngine
internal import SessionProtocol
internal import Sessions
internal import Tickets
internal import Transport
internal import WebSocket

/// All stages of a server and how they are put together.
///
///     loops ──Inbound──▶ engine ──Commit──▶ journal ──[Delivery]──▶ loops
///
/// Start: the address is bound, the folder locked, the journal read, what fell due meanwhile is kept; only then is
/// anybody let in. End: the loops send everybody away and end, then the engine works off what they left, then the
/// journal keeps it and is closed. A fault of the journal takes the same way out, with another exit code.
package final class Ring {
    private let log: Log
    private let metrics = Metrics()
    private let readiness = Readiness()
    private let loops = LoopRegistry()
    private let ending = RingEnding()
    private let clock: ServerClock
    private let engine: EngineStage
    private let journal: JournalStage
    private let desk: ErrandDesk
    private let renewal: Renewal
    /// Where signals are handled and what is looked at every second: neither waits for the ring.
    private let control = DispatchQueue(label: "plenary.control")
    private let halfErased: [Errand.Task]
    private let recoveredThrough: UInt64
    private let group: EventLoopGroup
    /// Where people come in, and behind it where admins do, if they have an entrance of their own.
    private let addresses: [PeerAddress]

    /// Starts the stages, calls `onServing` when connections are accepted, and serves until a signal comes.
    ///
    /// Whatever goes wrong is logged; the exit code says what it was.
    static func run(_ start: RingStart, log: Log, onServing: (ServingRing) -> Void) -> ExitCode {
        let configuration = start.configuration
        log.write(.starting, [.text("version", Version.text)])
        MemoryCeiling(configuration, descriptors: DescriptorLimit.raise()).tell(log)
        configuration.tellExposedAdmin(to: log)
        defer { log.flush() }
        SignalWatch.ignoreFailedWrites()
        do {
            // Bound first: a taken port must leave no trace in the folder, and who comes meanwhile waits in the backlog.
            let listeners = try Self.listeners(configuration)
            let recovered = try RecoveredFolder(configuration, log: log)
            let ring = try Ring(start, log: log, listeners: listeners, recovered: recovered)
            return ring.serve {
                onServing(ServingRing(address: ring.addresses[0], isOpen: recovered.isOpen))
            }
        } catch let fault as JournalFault {
            let folder = configuration.data ?? ""
            log.write(.startFailed, [.text("data", folder), .text("why", fault.description)])
            return ExitCode(fault)
        } catch let failure as ListenFailure {
            let address = failure.address.description
            log.write(.startFailed, [.text("address", address), .text("why", failure.cause.description)])
            return .unavailable
        } catch let failure as SystemFailure {
            log.write(.startFailed, [.text("why", failure.description)])
            return .unavailable
        } catch {
            log.write(.startFailed, [.text("why", "\(error)")])
            return .failure
        }
    }

    private init(
        _ start: RingStart,
        log: Log,
        listeners: [Listener],
        recovered: RecoveredFolder
    ) throws {
        let configuration = start.configuration
        self.log = log
        halfErased = recovered.halfErased
        recoveredThrough = recovered.recoveredThrough
        clock = recovered.clock
        addresses = listeners.map(\.address)
        let toJournal = Mailbox<Commit>(limitBytes: configuration.transport.mailboxBytes)
        engine = EngineStage(
            engine: recovered.engine,
            journal: toJournal,
            mailboxBytes: configuration.transport.mailboxBytes,
            clock: clock,
            metrics: metrics,
            onSpace: { [loops] in loops.wake() }
        )
        desk = try Self.desk(recovered, engine, loops)
        let context = ApplicationContext(
            mailbox: engine.mailbox,
            crowding: engine.crowding,
            desk: desk,
            metrics: metrics,
            readiness: readiness,
            log: log
        )
        group = try EventLoopGroup.start(
            listeners: listeners,
            loops: configuration.loops,
            limits: configuration.transport,
            tls: start.tls?.context,
            clock: clock,
            application: Self.application(
                context,
                ApplicationSettings(configuration, tickets: start.tickets),
                loops,
                depths: { [loops, engine] in loops.depths(engine: engine.mailbox, journal: toJournal) }
            )
        )
        renewal = Self.renewal(start, log, group, engine, control)
        let upkeep = try Self.upkeep(recovered, UpkeepLog(log: log, metrics: metrics, desk: desk), engine)
        journal = JournalStage(
            writer: recovered.writer,
            upkeep: upkeep,
            mailbox: toJournal,
            clock: clock,
            metrics: metrics,
            toLoop: { [group] loop, parts in group.inboxes[loop].post(parts: parts) },
            toDesk: { [desk] in desk.take($0) },
            wantCheckpoint: { [engine] in engine.wantCheckpoint() },
            onFault: { [ending, log] fault in
                log.write(.journalFailed, [.text("why", fault.description)])
                ending.end(ExitCode(fault))
            }
        )
    }

    /// What stands behind each loop, made on its thread.
    private static func application(
        _ context: ApplicationContext,
        _ settings: ApplicationSettings,
        _ loops: LoopRegistry,
        depths: @escaping @Sendable () -> [QueueDepth]
    ) -> @Sendable (LoopInbox) -> any LoopApplication {
        { inbox in
            loops.add(inbox)
            return SessionApplication(context, settings: settings) { (loops.all.map(\.metrics), depths()) }
        }
    }

    /// Where what an operator has changed goes.
    private static func renewal(
        _ start: RingStart,
        _ log: Log,
        _ group: EventLoopGroup,
        _ engine: EngineStage,
        _ control: DispatchQueue
    ) -> Renewal {
        Renewal(
            start,
            log: log,
            secure: { group.secure(with: $0) },
            change: { configuration, tickets, onHolding in
                // First: what a loop sends on by the new settings is judged by the new limits.
                engine.change(configuration)
                let loops = Countdown(group.inboxes.count, on: control, then: onHolding)
                let settings = ApplicationSettings(configuration, tickets: tickets) { loops.ready() }
                group.change(limits: configuration.transport, settings: settings)
            }
        )
    }

    private static func desk(
        _ recovered: RecoveredFolder,
        _ engine: EngineStage,
        _ loops: LoopRegistry
    ) throws(SystemFailure) -> ErrandDesk {
        try ErrandDesk(
            storage: recovered.storage,
            post: { engine.take($0) },
            respond: { loops.respond($0, $1) }
        )
    }

    private static func upkeep(
        _ recovered: RecoveredFolder,
        _ telling: UpkeepLog,
        _ engine: EngineStage
    ) throws(SystemFailure) -> Upkeep {
        try Upkeep(
            storage: recovered.storage,
            clock: recovered.clock,
            metrics: telling.metrics,
            says: telling.says { engine.wantCheckpoint() }
        )
    }

    /// The public listener, and behind it that for admins if there is to be one.
    private static func listeners(_ configuration: Configuration) throws(ListenFailure) -> [Listener] {
        let backlog = configuration.transport.acceptBacklog
        var listeners: [Listener] = []
        for (index, address) in [configuration.listen, configuration.admin].enumerated() {
            guard let address else { continue }
            do {
                listeners.append(try Listener(on: address, index: UInt8(index), backlog: backlog))
            } catch {
                throw ListenFailure(address: address, cause: error)
            }
        }
        return listeners
    }

    /// Serves until the end, whatever it is.
    private func serve(_ onServing: () -> Void) -> ExitCode {
        do {
            try journal.start()
            try engine.start()
        } catch {
            log.write(.internalFault, [.text("what", error.description)])
            ending.end(.unavailable)
        }
        // Before the address is told: whoever reads it may send a signal at once.
        let signals = watchSignals()
        desk.resume(halfErased, through: recoveredThrough, log: log)
        readiness.becomeReady()
        for (address, event) in zip(addresses, [LogEvent.listening, .listeningForAdmins]) {
            log.write(event, [.text("address", address.description)])
        }
        onServing()
        let watch = watchEverySecond()
        let code = ending.wait()
        drain()
        watch.cancel()
        withExtendedLifetime(signals) {}
        log.write(.stopped)
        return ending.code ?? code
    }

    /// SIGTERM and SIGINT end the server, SIGHUP has everything read again.
    private func watchSignals() -> SignalWatch {
        SignalWatch(
            on: control,
            reload: { [renewal, log] in
                log.write(.signal, [.text("signal", "SIGHUP")])
                renewal.run()
            },
            end: { [ending, group, log] name, count in
                log.write(.signal, [.text("signal", name)])
                // Who asks twice does not want to wait.
                if count > 1 { group.stop() }
                ending.end(.success)
            }
        )
    }

    private func drain() {
        readiness.drain()
        log.write(.draining)
        group.drain()
        // Everybody has the time of a close handshake and a slow outbox; then the rest is cut off.
        let cutOff = DispatchWorkItem { [group] in group.stop() }
        let limits = control.sync { renewal.configuration.transport }
        let patience = limits.closeTimeout + limits.outboxTimeout
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(patience)), execute: cutOff)
        group.join()
        cutOff.cancel()
        engine.finish()
        journal.finish()
        desk.finish()
    }

    /// Looks every second whether the disk takes what waits for it, and whether something is old enough to be forgotten.
    private func watchEverySecond() -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: control)
        let watched = Watched()
        timer.schedule(deadline: .now(), repeating: 1)
        timer.setEventHandler { [engine, journal, metrics, readiness, clock, log, renewal] in
            if let task = watched.rhythm.due(renewal.configuration.retention, at: clock.now()) {
                engine.take(Errand(ticket: 0, task))
            }
            let isStill = watched.stall.isStill(
                waiting: journal.mailbox.byteCount,
                taken: metrics.journalBatches.value,
                at: clock.now()
            )
            guard isStill != watched.isStill else { return }
            watched.isStill = isStill
            readiness.setStalled(isStill)
            log.write(isStill ? .queueStalled : .queueMoves, [.text("queue", "journal")])
        }
        timer.resume()
        return timer
    }
}

/// An address that cannot be listened on, and why.
private struct ListenFailure: Error {
    var address: PeerAddress
    var cause: SystemFailure
}

/// What the watch remembers between two looks; of the control queue alone.
private final class Watched: @unchecked Sendable {
    var stall = StallWatch()
    var isStill = false
    var rhythm = RetentionRhythm()
}

extension Configuration {
    /// What clients are told, and held to.
    var protocolLimits: ProtocolLimits {
        var limits = texts
        limits.messageBytes = transport.messagesAfterJoin.maxMessageBytes
        limits.messageBytesBeforeJoin = transport.messagesBeforeJoin.maxMessageBytes
        limits.textBytes = sessions.chatTextBytes
        limits.commandsPerSecond = commandsPerSecond
        limits.commandsBurst = commandsBurst
        // Words do not outlive what they stand in.
        limits.textDays = retention.textDays ?? retention.attendanceDays
        limits.attendanceDays = retention.attendanceDays
        return limits
    }
}
