import Testing
import Transport
import WebSocket

/// One client that speaks TLS; nothing it waits for may take longer than 30 s.
final class TLSClient: Hearing {
    enum Trouble: Error, Equatable {
        /// The connection is over; nothing more comes.
        case closed
    }

    private let sockets: ClientSockets
    private let number: Int
    private var machine = FrameMachine(
        role: .client,
        limits: MessageLimits(maxMessageBytes: 64 << 20, maxFragments: 1_000)
    )
    private var incoming: [Incoming] = []
    private var bytes: [UInt8] = []
    private var isOpen = false
    private var isClosed = false

    /// Connects; hands are shaken when `open` returns.
    init(
        _ server: TestServer,
        _ trust: TLSContext,
        name: String = "localhost",
        receiveBytes: Int32? = nil
    ) throws {
        sockets = try ClientSockets()
        number = try sockets.connect(
            to: server.address,
            receiveBytes: receiveBytes,
            tls: (trust, name)
        )
    }

    /// Connects and upgrades.
    static func upgraded(
        _ server: TestServer,
        _ trust: TLSContext,
        receiveBytes: Int32? = nil
    ) throws -> TLSClient {
        let client = try TLSClient(server, trust, receiveBytes: receiveBytes)
        try client.open()
        client.send(TestClient.request)
        try #expect(client.readHead().hasPrefix("HTTP/1.1 101 "))
        return client
    }

    var lastFailure: String? { sockets.lastTLSFailure }

    func open() throws {
        try wait { isOpen }
    }

    func send(_ bytes: [UInt8]) {
        sockets.send(bytes, on: number)
    }

    func sendText(_ text: String) {
        send(TestClient.text(text))
    }

    /// Stops or goes on reading.
    func setReading(_ reads: Bool) {
        sockets.setReading(reads, on: number)
    }

    /// Lets go what the kernel has not taken yet.
    func turn() {
        sockets.turn(atMostMilliseconds: 0) { take($0) }
    }

    /// The head of the response; what follows it is kept as frames.
    func readHead() throws -> String {
        var end: Int?
        try wait {
            end = bytes.indices.dropLast(3).first { Array(bytes[$0..<($0 + 4)]) == [13, 10, 13, 10] }
            return end != nil
        }
        let behind = try #require(end) + 4
        let rest = Array(bytes[behind...])
        let head = String(decoding: bytes[..<behind], as: UTF8.self)
        bytes = []
        try machine.receive(rest.span, into: &incoming)
        return head
    }

    /// Everything up to the end of what the server says.
    func readAll() throws -> String {
        try wait(orClosed: true) { false }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next message or control frame.
    func next() throws -> Incoming {
        while incoming.isEmpty {
            try wait { !bytes.isEmpty }
            let fresh = bytes
            bytes = []
            try machine.receive(fresh.span, into: &incoming)
        }
        return incoming.removeFirst()
    }

    /// Waits for the end.
    func waitForEnd() throws {
        try wait(orClosed: true) { false }
    }

    private func wait(orClosed: Bool = false, until condition: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(30)
        while !condition() {
            guard !isClosed else {
                if orClosed { return }
                throw Trouble.closed
            }
            try #require(ContinuousClock.now < end, "what was waited for did not come within 30 s")
            sockets.turn(atMostMilliseconds: 100) { take($0) }
        }
    }

    private func take(_ happening: ClientSockets.Happening) {
        switch happening {
        case .opened: isOpen = true
        case .received(_, let more): bytes += more
        case .closed: isClosed = true
        }
    }
}
