import Glibc
import Testing
import Transport
import WebSocket

/// A blocking TCP client of a test; nothing it waits for may take longer than 30 s.
final class TestClient: Hearing {
    enum Trouble: Error, Equatable {
        /// The server has shut its side.
        case end
        case reset
        case timeout
        /// Nobody listens.
        case refused
    }

    private let descriptor: FileDescriptor
    private var machine = FrameMachine(
        role: .client,
        limits: MessageLimits(maxMessageBytes: 64 << 20, maxFragments: 1_000)
    )
    private var incoming: [Incoming] = []
    private var head: [UInt8] = []

    /// Connects.
    ///
    /// `receiveBytes` bounds what the kernel takes for a client that does not read.
    init(_ address: PeerAddress, receiveBytes: Int32? = nil) throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(number >= 0)
        descriptor = FileDescriptor(owning: number)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBytes {
            setsockopt(number, SOL_SOCKET, SO_RCVBUF, &receiveBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var storage = sockaddr_in()
        storage.sin_family = sa_family_t(AF_INET)
        storage.sin_port = address.port.bigEndian
        storage.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
        let connected = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Trouble.refused }
    }

    /// Connects and upgrades.
    static func upgraded(_ server: TestServer, receiveBytes: Int32? = nil) throws -> TestClient {
        let client = try TestClient(server.address, receiveBytes: receiveBytes)
        try client.send(Self.request)
        try #expect(client.readHead().hasPrefix("HTTP/1.1 101 "))
        return client
    }

    /// Connects and asks to be upgraded, as a proxy that speaks for somebody.
    static func forwarded(_ server: TestServer, for list: String, behind: [UInt8] = []) throws -> TestClient {
        let client = try TestClient(server.address)
        let field = Array("X-Forwarded-For: \(list)\r\n\r\n".utf8)
        try client.send(Self.request.dropLast(2) + field + behind)
        return client
    }

    static let request = Array(
        """
        GET /echo HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
        """.utf8
    )

    static func text(_ text: String) -> [UInt8] {
        FrameWriter.text(Array(text.utf8), mask: 0x1234_5678)
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw errno == EAGAIN ? Trouble.timeout : Trouble.reset }
            sent += count
        }
    }

    /// Sends until the server's side takes no more; how much it took.
    func sendUntilFull(_ bytes: [UInt8]) -> Int {
        var total = 0
        while true {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor.number,
                    $0.baseAddress,
                    $0.count,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            guard count > 0 else { return total }
            total += count
        }
    }

    func sendText(_ text: String) throws {
        try send(Self.text(text))
    }

    /// What comes next, at least one byte.
    func readSome(atMost limit: Int = 1 << 16) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let result = recv(descriptor.number, buffer.baseAddress, buffer.count, 0)
            failure = errno
            count = max(0, result)
            if result >= 0 {
                failure = 0
            }
        }
        guard failure == 0 else { throw failure == EAGAIN ? Trouble.timeout : Trouble.reset }
        guard !bytes.isEmpty else { throw Trouble.end }
        return bytes
    }

    /// Everything up to the end of what the server says.
    func readAll() throws -> String {
        var all: [UInt8] = []
        while true {
            do {
                all += try readSome()
            } catch Trouble.end {
                return String(decoding: all, as: UTF8.self)
            }
        }
    }

    /// The head of the response; what follows it is kept as frames.
    func readHead() throws -> String {
        var bytes: [UInt8] = []
        while true {
            bytes += try readSome()
            let end = bytes.indices.dropLast(3).first { Array(bytes[$0..<($0 + 4)]) == [13, 10, 13, 10] }
            if let end {
                let rest = Array(bytes[(end + 4)...])
                try machine.receive(rest.span, into: &incoming)
                return String(decoding: bytes[..<(end + 4)], as: UTF8.self)
            }
        }
    }

    /// The next message or control frame.
    func next() throws -> Incoming {
        while incoming.isEmpty {
            let bytes = try readSome()
            try machine.receive(bytes.span, into: &incoming)
        }
        return incoming.removeFirst()
    }

    /// The code and reason of the close frame, passing over all before it.
    func nextClose() throws -> (code: UInt16?, reason: String) {
        while true {
            if case .close(let code, let reason) = try next() {
                return (code?.rawValue, String(decoding: reason, as: UTF8.self))
            }
        }
    }

    /// Whether TCP ends properly, with nothing more before it.
    func endsCleanly() throws -> Bool {
        do {
            _ = try readSome()
            return false
        } catch Trouble.end {
            return true
        }
    }

    func shutOutput() {
        shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// The last call: what comes after its release is a reset instead of an end.
    func resetOnRelease() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor.number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// A client that hears frames, over TLS or not.
protocol Hearing {
    /// The next message or control frame.
    func next() throws -> Incoming
}

extension Hearing {
    /// The next text; anything else is an error of the test.
    func nextText() throws -> String {
        let event = try next()
        guard case .text(let bytes) = event else {
            Issue.record("a text was expected, \(event) came")
            throw CancellationError()
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
