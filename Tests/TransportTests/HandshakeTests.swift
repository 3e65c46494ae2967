import Fanout
import Testing
import Transport
import WebSocket

/// From TCP to the first message.
@Suite(.timeLimit(.minutes(2)))
struct HandshakeTests {
    @Test func `an upgraded connection echoes`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.sendText("hello")
        #expect(try client.nextText() == "hello")
        #expect(server.metrics.accepted.value == 1)
    }

    @Test func `a request in single bytes is a request`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        for byte in TestClient.request {
            try client.send([byte])
        }
        #expect(try client.readHead().hasPrefix("HTTP/1.1 101 "))
        for byte in TestClient.text("in pieces") {
            try client.send([byte])
        }
        #expect(try client.nextText() == "in pieces")
    }

    @Test func `frames in the packet of the request are heard`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(TestClient.request + TestClient.text("early") + TestClient.text("bird"))
        #expect(try client.readHead().hasPrefix("HTTP/1.1 101 "))
        #expect(try client.nextText() == "early")
        #expect(try client.nextText() == "bird")
    }

    @Test func `a second request behind the upgrade is frame bytes`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(TestClient.request + TestClient.request)
        #expect(try client.readHead().hasPrefix("HTTP/1.1 101 "))
        // "G" is 0x47: a reserved bit is set.
        #expect(try client.nextClose().code == 1002)
        #expect(try client.endsCleanly())
        #expect(try server.nextClosed().cause == .violation)
        #expect(server.metrics.rejected(.violation) == 1)
    }

    @Test func `what is no upgrade is answered and closed`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(Array("GET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        let response = try client.readAll()
        #expect(response.hasPrefix("HTTP/1.1 404 "))
        #expect(response.hasSuffix("Nothing here but /echo. 0\n"))
    }

    @Test func `HEAD gets no body`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(Array("HEAD /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        #expect(try client.readAll().hasSuffix("\r\n\r\n"))
    }

    @Test func `a client that shuts its side behind the request gets its response`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(Array("GET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        client.shutOutput()
        #expect(try client.readAll().hasPrefix("HTTP/1.1 404 "))
        try server.wait { server.metrics.connections.value == 0 }
    }

    @Test func `a large response comes whole`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(Array("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        let response = try client.readAll()
        #expect(response.utf8.count > 1 << 20)
        #expect(response.hasSuffix("\r\n\r\n" + String(repeating: ".", count: 1 << 20)))
    }

    @Test func `a broken request is refused and counted`() throws {
        let server = try TestServer()
        let client = try TestClient(server.address)
        try client.send(Array("GET / HTTP/1.1\nHost: here\n\n".utf8))
        #expect(try client.readAll().hasPrefix("HTTP/1.1 400 "))
        #expect(server.metrics.rejected(.badRequest) == 1)
    }

    @Test func `a request that does not come is answered 408`() throws {
        let server = try TestServer { $0.handshakeTimeout = 30 }
        let client = try TestClient(server.address)
        try client.send(Array("GET / HT".utf8))
        #expect(try client.readAll().hasPrefix("HTTP/1.1 408 "))
        #expect(server.metrics.rejected(.handshakeTimeout) == 1)
    }

    @Test func `connections go round all loops, and each loop knows its own`() throws {
        let server = try TestServer(loops: 3)
        let clients = try (0..<6).map { _ in try TestClient.upgraded(server) }
        let names = try clients.map { _ in try server.nextUpgraded() }
        #expect(Set(names.map(\.loop)) == [0, 1, 2])
        for (index, client) in clients.enumerated() {
            try client.sendText("from \(index)")
            #expect(try client.nextText() == "from \(index)")
        }
        for name in names {
            let loop = Int(name.loop)
            server.group.inboxes[loop].post([
                .reply(name, frame: FrameWriter.text(Array("loop \(loop)".utf8)), exempt: false)
            ])
        }
        #expect(try Set(clients.map { try $0.nextText() }) == ["loop 0", "loop 1", "loop 2"])
    }
}
