import Dispatch
import Fanout
import Transport
import WebSocket

/// `plenary echo`: a WebSocket echo server, for conformance suites.
enum Echo {
    /// Serves until a signal comes.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        let tls: TLSContext?
        do {
            tls = try configuration.tls()?.context
        } catch {
            return outlet.refuse(error)
        }
        let log = Log(form: configuration.logForm)
        SignalWatch.ignoreFailedWrites()
        defer { log.flush() }
        let ended = DispatchSemaphore(value: 0)
        let signals = SignalWatch { name, _ in
            log.write(.signal, [.text("signal", name)])
            ended.signal()
        }
        do {
            let listener = try Listener(on: configuration.listen)
            let group = try EventLoopGroup.start(
                listeners: [listener],
                loops: configuration.loops,
                limits: limits(configuration.transport),
                tls: tls,
                clock: ServerClock(),
                application: { _ in EchoApplication() }
            )
            log.write(.listening, [.text("address", listener.address.description)])
            ended.wait()
            withExtendedLifetime(signals) {}
            group.drain()
            group.join()
            log.write(.stopped)
            return .success
        } catch {
            outlet.complain("\(configuration.listen) cannot be listened on: \(error).")
            return .unavailable
        }
    }

    /// What suites ask for: large messages in many pieces, nobody who joins, and no pings of ours in between.
    private static func limits(_ base: TransportLimits) -> TransportLimits {
        var limits = base
        limits.messagesBeforeJoin = MessageLimits(maxMessageBytes: 16 << 20, maxFragments: 65_536)
        limits.messagesAfterJoin = limits.messagesBeforeJoin
        limits.maxPendingPerAddress = limits.maxConnections
        limits.maxControlFramesPerSecond = 1_000_000
        limits.joinTimeout = 0
        limits.messageTimeout = 120_000
        limits.pingAfter = 60_000
        limits.silentAfter = 120_000
        // Four of the largest messages may be under way back to one client.
        limits.outboxBytes = 64 << 20
        limits.outboxHardBytes = 64 << 20
        return limits
    }
}

/// Answers every message in kind.
final class EchoApplication: LoopApplication {
    func request(
        _ head: RequestHead,
        on connection: ConnectionID,
        from peer: PeerAddress,
        at now: Int64
    ) -> RequestAnswer {
        switch Upgrade.check(head) {
        case .accepted(let response, _): .upgrade(response: response)
        case .refused(let response): .respond(response)
        }
    }

    func message(
        _ kind: MessageKind,
        _ bytes: [UInt8],
        on connection: ConnectionID,
        at now: Int64
    ) -> MessageAnswer {
        switch kind {
        case .text: .reply(frame: FrameWriter.text(bytes))
        case .binary: .reply(frame: FrameWriter.binary(bytes))
        }
    }

    func closed(_ connection: ConnectionID, cause: CloseCause, at now: Int64) {}

    func quietFrame(at now: Int64) -> [UInt8]? { nil }

    var mayRead: Bool { true }

    func change(to settings: any LoopSettings) {}

    func turnEnded() {}
}
