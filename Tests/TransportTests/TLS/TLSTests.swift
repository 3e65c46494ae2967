import Fanout
import Synchronization
import Testing
import WebSocket

@testable import Transport

/// Everything that TLS changes about a connection.
@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    private let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    private func server(
        _ adjust: (inout TransportLimits) -> Void = { (_: inout TransportLimits) in }
    ) throws -> TestServer {
        try TestServer(tls: fixture.context(), adjust)
    }

    @Test func `messages of every length come back whole, alone and all at once`() throws {
        let server = try server {
            $0.messagesBeforeJoin = MessageLimits(maxMessageBytes: 1 << 20, maxFragments: 64)
            $0.outboxBytes = 8 << 20
            $0.outboxHardBytes = 8 << 20
        }
        let client = try TLSClient.upgraded(server, fixture.trust())
        // Around the length of a record, and of what one turn reads.
        let lengths = [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 300_000, 1 << 20]
        let texts = lengths.map { String(repeating: "x", count: $0) }
        for text in texts.dropFirst() {
            client.sendText(text)
            #expect(try client.nextText() == text)
        }
        for text in texts { client.sendText(text) }
        for text in texts { #expect(try client.nextText() == text) }
        #expect(server.metrics.handshakes.value == 1)
    }

    @Test func `a certificate for another name is refused by the client`() throws {
        let server = try server()
        let client = try TLSClient(server, fixture.trust(), name: "elsewhere.example")
        #expect(throws: TLSClient.Trouble.closed) { try client.open() }
        #expect(client.lastFailure == "certificate verify failed")
        try server.wait { server.metrics.rejected(.handshakeFailed) == 1 }
    }

    @Test func `plain HTTP is told in words that this is TLS`() throws {
        let server = try server()
        let client = try TestClient(server.address)
        try client.send(TestClient.request)
        let answer = try client.readAll()
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.hasSuffix("This port speaks TLS only. Please use https:// or wss:// instead.\n"))
        #expect(server.metrics.rejected(.plainText) == 1)
    }

    @Test(
        arguments: [
            // A hello of SSL 2, one record of something else, and a hello that promises 64 KiB.
            [0x80, 0x0c, 0x01, 0x00, 0x02, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x80],
            [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28], [0x16, 0x03, 0x01, 0xff, 0xff, 0x01],
        ] as [[UInt8]]
    )
    func `what is no handshake of TLS 1.2 or 1.3 is cut off, and others are served`(bytes: [UInt8]) throws {
        let server = try server()
        let stranger = try TestClient(server.address)
        try stranger.send(bytes)
        try server.wait { server.metrics.rejected(.handshakeFailed) == 1 }
        _ = try? stranger.readAll()
        let client = try TLSClient.upgraded(server, fixture.trust())
        client.sendText("still here")
        #expect(try client.nextText() == "still here")
    }

    @Test func `a handshake that does not end is cut off when the request is due`() throws {
        let server = try server { $0.handshakeTimeout = 40 }
        let silent = try TestClient(server.address)
        let slow = try TestClient(server.address)
        try slow.send([0x16])
        try server.wait { server.metrics.rejected(.handshakeTimeout) == 2 }
        #expect(throws: TestClient.Trouble.self) { try silent.readSome() }
        #expect(throws: TestClient.Trouble.self) { try slow.readSome() }
    }

    @Test func `only so many shake hands at the same time`() throws {
        let server = try server { $0.maxHandshakesAtOnce = 2 }
        let waiting = try (0..<2).map { _ in try TestClient(server.address) }
        try server.wait { server.metrics.accepted.value == 2 }
        let third = try TestClient(server.address)
        #expect(throws: TestClient.Trouble.self) { try third.readSome() }
        #expect(server.metrics.rejected(.handshakesFull) == 1)
        withExtendedLifetime(waiting) {}
    }

    @Test func `who is turned away at the door is told so behind the handshake`() throws {
        let server = try server { $0.maxConnections = 1 }
        let first = try TLSClient.upgraded(server, fixture.trust())
        let second = try TLSClient(server, fixture.trust())
        try second.open()
        second.send(TestClient.request)
        let answer = try second.readAll()
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("Retry-After: "))
        first.sendText("first")
        #expect(try first.nextText() == "first")
    }

    @Test func `a renewed certificate is for newcomers, and nobody is dropped`() throws {
        let server = try server()
        let before = try TLSClient.upgraded(server, fixture.trust())
        server.group.secure(with: try fixture.context(other: true))
        let after = try TLSClient.upgraded(server, fixture.trust(other: true))
        let distrustful = try TLSClient(server, fixture.trust())
        #expect(throws: TLSClient.Trouble.closed) { try distrustful.open() }
        for client in [before, after] {
            client.sendText("here")
            #expect(try client.nextText() == "here")
        }
    }

    @Test func `a stopped reader is closed 4413 between two frames, and its neighbour gets everything`()
        throws
    {
        let server = try server {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 32 << 10
            $0.closeTimeout = 60_000
        }
        let stopped = try TLSClient.upgraded(server, fixture.trust(), receiveBytes: 4_096)
        let slow = try server.nextUpgraded()
        let reader = try TLSClient.upgraded(server, fixture.trust())
        let fast = try server.nextUpgraded()
        stopped.setReading(false)
        let inbox = server.group.inboxes[0]
        inbox.post([.enter(slow, GroupID(0)), .enter(fast, GroupID(0))])
        let filling = String(repeating: ".", count: 1_000)
        for number in 0..<100 {
            inbox.post([.push(GroupID(0), frame: FrameWriter.text(Array("\(number) \(filling)".utf8)))])
            #expect(try reader.nextText() == "\(number) \(filling)")
        }
        #expect(try server.nextClosed() == (slow, .slow))
        stopped.setReading(true)
        var expected = 0
        while case .text(let bytes) = try stopped.next() {
            #expect(String(decoding: bytes, as: UTF8.self) == "\(expected) \(filling)")
            expected += 1
        }
        #expect((1..<100).contains(expected))
    }

    @Test func `what lies decrypted while the loop may not read is read later`() throws {
        let server = try server()
        let client = try TLSClient.upgraded(server, fixture.trust())
        _ = try server.nextUpgraded()
        // One message a turn, so that most of a record waits for the next.
        server.controls.maxCollected.store(1, ordering: .relaxed)
        client.send((0..<50).flatMap { TestClient.text("\($0)") })
        for number in 0..<50 { #expect(try client.nextText() == "\(number)") }
        server.controls.mayRead.store(false, ordering: .sequentiallyConsistent)
        let paused = server.controls.readsPaused.load(ordering: .relaxed)
        client.send((0..<50).flatMap { TestClient.text(String(repeating: "\($0 % 10)", count: 4_000)) })
        client.turn()
        try server.wait { server.controls.readsPaused.load(ordering: .relaxed) > paused }
        server.controls.mayRead.store(true, ordering: .sequentiallyConsistent)
        server.group.wake()
        for number in 0..<50 {
            #expect(try client.nextText() == String(repeating: "\(number % 10)", count: 4_000))
        }
    }

    @Test func `the end is said in frames, then in TLS, then in TCP`() throws {
        let server = try server()
        let client = try TLSClient.upgraded(server, fixture.trust())
        client.sendText("leave")
        #expect(try client.next() == .close(.normal, reason: Array("as asked".utf8)))
        client.send(FrameWriter.close(.normal, mask: 3))
        try client.waitForEnd()
        // No reset and no complaint of TLS.
        #expect(client.lastFailure == nil)
        try server.wait { server.metrics.connections.value == 0 }
    }

    @Test func `a drain sends those away who are in, and cuts off who only shakes hands`() throws {
        let server = try server()
        let client = try TLSClient.upgraded(server, fixture.trust())
        let handshaking = try TestClient(server.address)
        try server.wait { server.metrics.connections.value == 2 }
        server.group.drain()
        guard case .close(let code, _) = try client.next() else {
            Issue.record("no close frame came")
            return
        }
        #expect(code == .goingAway)
        client.send(FrameWriter.close(.goingAway, mask: 3))
        try client.waitForEnd()
        #expect(throws: TestClient.Trouble.self) { try handshaking.readSome() }
        server.join()
    }
}
