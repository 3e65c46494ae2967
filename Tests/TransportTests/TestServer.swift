import Fanout
import Glibc
import Synchronization
import Testing
import Transport
import WebSocket

/// What the application behind a test server was told, in order.
enum Told: Equatable, Sendable {
    /// A request that the test answers.
    case asked(ConnectionID)
    case upgraded(ConnectionID)
    case message(ConnectionID, String)
    case closed(ConnectionID, CloseCause)
    case changed(String)
}

/// All that the echo can be told anew.
struct EchoSettings: LoopSettings {
    var word: String
}

/// What a test can change while its server runs.
final class Controls: Sendable {
    let mayRead = Atomic<Bool>(true)
    let readsPaused = Atomic<Int>(0)
    /// What the application collects in one turn at most.
    let maxCollected = Atomic<Int>(.max)
    let told = Mailbox<Told>()
    /// Upgraded and not yet said to be over.
    let open = Atomic<Int>(0)
    /// Said of connections that were over, or never upgraded.
    let strays = Atomic<Int>(0)
}

/// Echoes, joins and closes as it is told to by the messages themselves.
final class EchoApplication: LoopApplication {
    private let controls: Controls
    private var collected: [Told] = []
    private var open: Set<ConnectionID> = []

    init(_ controls: Controls) {
        self.controls = controls
    }

    func request(
        _ head: RequestHead,
        on connection: ConnectionID,
        from peer: PeerAddress,
        at now: Int64
    ) -> RequestAnswer {
        if head.path == "/large" {
            return .respond(HTTPResponse(.ok, body: [UInt8](repeating: 0x2e, count: 1 << 20)))
        }
        if head.path == "/later" {
            collected.append(.asked(connection))
            return .later
        }
        guard head.path == "/echo" else {
            return .respond(HTTPResponse(.notFound, text: "Nothing here but /echo. \(peer.listener)"))
        }
        switch Upgrade.check(head) {
        case .accepted(let response, _):
            collected.append(.upgraded(connection))
            open.insert(connection)
            controls.open.wrappingAdd(1, ordering: .relaxed)
            return .upgrade(response: response)
        case .refused(let response):
            return .respond(response)
        }
    }

    func message(
        _ kind: MessageKind,
        _ bytes: [UInt8],
        on connection: ConnectionID,
        at now: Int64
    ) -> MessageAnswer {
        let text = String(decoding: bytes, as: UTF8.self)
        collected.append(.message(connection, text))
        if !open.contains(connection) {
            controls.strays.wrappingAdd(1, ordering: .relaxed)
        }
        if kind == .binary {
            return .close(.unsupportedData, reason: Array("text only".utf8))
        }
        switch text {
        case "join": return .joining
        case "silence": return .nothing
        case "leave": return .close(.normal, reason: Array("as asked".utf8))
        case "last": return .replyAndClose(frame: FrameWriter.text(bytes), .normal, reason: [])
        default: return .reply(frame: FrameWriter.text(bytes))
        }
    }

    func closed(_ connection: ConnectionID, cause: CloseCause, at now: Int64) {
        collected.append(.closed(connection, cause))
        if open.remove(connection) != nil {
            controls.open.wrappingSubtract(1, ordering: .relaxed)
        } else {
            controls.strays.wrappingAdd(1, ordering: .relaxed)
        }
    }

    func quietFrame(at now: Int64) -> [UInt8]? {
        FrameWriter.text(Array("quiet".utf8))
    }

    var mayRead: Bool {
        let may =
            controls.mayRead.load(ordering: .sequentiallyConsistent)
            && collected.count < controls.maxCollected.load(ordering: .relaxed)
        if !may {
            controls.readsPaused.wrappingAdd(1, ordering: .relaxed)
        }
        return may
    }

    func change(to settings: any LoopSettings) {
        if let settings = settings as? EchoSettings { collected.append(.changed(settings.word)) }
    }

    func turnEnded() {
        controls.told.post(collected, bytes: 0)
        collected.removeAll()
    }
}

/// Loops with an echo behind them on a free port of the loopback; gone with its last reference.
final class TestServer {
    let group: EventLoopGroup
    let controls = Controls()
    let address: PeerAddress
    private var limits = TransportLimits()
    private var told: [Told] = []
    private var hasEnded = false

    /// `adjust` changes the limits; patience is long by default, so that only what a test is about can time out.
    init(
        loops: Int = 1,
        tls: TLSContext? = nil,
        _ adjust: (inout TransportLimits) -> Void = { _ in },
        acceptFailure: @escaping @Sendable () -> Int32? = { nil }
    ) throws {
        limits.timerGrain = 5
        limits.handshakeTimeout = 60_000
        limits.joinTimeout = 0
        limits.pingAfter = 60_000
        limits.silentAfter = 120_000
        limits.quietAfter = 60_000
        adjust(&limits)
        let listener = try Listener(
            on: PeerAddress(ipv4: 0x7f00_0001, port: 0),
            acceptFailure: acceptFailure
        )
        address = listener.address
        let controls = controls
        group = try EventLoopGroup.start(
            listeners: [listener],
            loops: loops,
            limits: limits,
            tls: tls,
            clock: ServerClock()
        ) { _ in
            EchoApplication(controls)
        }
    }

    deinit {
        end()
    }

    /// Changes limits while connections are there; returns when they hold.
    func change(_ adjust: (inout TransportLimits) -> Void) throws {
        adjust(&limits)
        group.change(limits: limits, settings: EchoSettings(word: "changed"))
        for _ in group.inboxes {
            while try nextTold() != .changed("changed") {}
        }
    }

    /// Cuts everybody off.
    func end() {
        if !hasEnded {
            group.stop()
            join()
        }
    }

    /// Waits until all loops have ended by themselves.
    func join() {
        hasEnded = true
        group.join()
        // Whatever the test was about: the end of each upgraded connection is said once, and nothing after it.
        #expect(controls.open.load(ordering: .relaxed) == 0)
        #expect(controls.strays.load(ordering: .relaxed) == 0)
    }

    var metrics: LoopMetrics { group.inboxes[0].metrics }

    /// Waits for the next thing that the application is told.
    func nextTold() throws -> Told {
        if told.isEmpty {
            let arrival = controls.told.wait(atMostMilliseconds: 30_000, into: &told)
            try #require(arrival == .elements, "nothing was told within 30 s")
        }
        return told.removeFirst()
    }

    /// What has been told until now and was not asked for yet, without waiting.
    func toldSoFar() -> [Told] {
        _ = controls.told.take(into: &told)
        defer { told.removeAll() }
        return told
    }

    /// The next connection's name, passing over everything else.
    func nextUpgraded() throws -> ConnectionID {
        while true {
            if case .upgraded(let connection) = try nextTold() {
                return connection
            }
        }
    }

    /// The next request that waits for an answer, passing over everything else.
    func nextAsked() throws -> ConnectionID {
        while true {
            if case .asked(let connection) = try nextTold() {
                return connection
            }
        }
    }

    /// Answers a request that waits.
    func answer(_ connection: ConnectionID, _ text: String) {
        group.inboxes[Int(connection.loop)].respond(connection, HTTPResponse(.ok, text: text))
    }

    /// The next end of a connection, passing over everything else.
    func nextClosed() throws -> (connection: ConnectionID, cause: CloseCause) {
        while true {
            if case .closed(let connection, let cause) = try nextTold() {
                return (connection, cause)
            }
        }
    }

    /// Waits until a number that the loop counts is as wanted: it has no other way to say so.
    func wait(until condition: () -> Bool) throws {
        for _ in 0..<30_000 {
            if condition() {
                return
            }
            // A turn of the loop is what changes its numbers.
            group.wake()
            var nothing: [Told] = []
            if controls.told.wait(atMostMilliseconds: 1, into: &nothing) == .elements {
                told.append(contentsOf: nothing)
            }
        }
        Issue.record("what was waited for did not come within 30 s")
        throw CancellationError()
    }
}
