import Testing
import Transport
import WebSocket

/// Limits per address for those who come through a trusted proxy; here one on loopback, which is not limited itself.
@Suite(.timeLimit(.minutes(2)))
struct ForwardingTests {
    private func server(loops: Int, _ adjust: (inout TransportLimits) -> Void = { _ in }) throws -> TestServer
    {
        try TestServer(loops: loops) {
            $0.trustedProxies = [AddressRange(text: "127.0.0.1")].compactMap(\.self)
            $0.maxPendingPerAddress = 2
            adjust(&$0)
        }
    }

    private func upgraded(_ server: TestServer, for list: String) throws -> TestClient {
        let client = try TestClient.forwarded(server, for: list)
        try #expect(client.readHead().hasPrefix("HTTP/1.1 101 "))
        return client
    }

    private func expectTurnedAway(_ server: TestServer, for list: String) throws {
        let response = try TestClient.forwarded(server, for: list).readAll()
        #expect(response.hasPrefix("HTTP/1.1 503 "))
        #expect(response.contains("Retry-After: "))
    }

    private func rejected(_ server: TestServer, _ reason: RejectReason) -> Int {
        server.group.inboxes.map { $0.metrics.rejected(reason) }.reduce(0, +)
    }

    @Test(arguments: [1, 2, 3])
    func `a client behind a proxy may have so many that have not joined`(loops: Int) throws {
        let server = try server(loops: loops)
        let first = try upgraded(server, for: "203.0.113.7")
        let second = try upgraded(server, for: "198.51.100.9, 203.0.113.7")
        for _ in 0..<4 { try expectTurnedAway(server, for: "203.0.113.7") }
        #expect(rejected(server, .addressPending) == 4)
        // Others behind the same proxy are other clients, and the proxy is none.
        let other = try upgraded(server, for: "203.0.113.8")
        let proxies = try (0..<4).map { _ in try TestClient.upgraded(server) }
        try first.send(TestClient.text("join") + TestClient.text("joined?"))
        #expect(try first.nextText() == "joined?")
        let third = try upgraded(server, for: "203.0.113.7")
        try expectTurnedAway(server, for: "203.0.113.7")
        // Who goes without having joined makes room as well.
        second.shutOutput()
        _ = try server.nextClosed()
        let fourth = try upgraded(server, for: "203.0.113.7")
        for client in [first, third, fourth, other] + proxies {
            try client.sendText("here")
            #expect(try client.nextText() == "here")
        }
    }

    @Test(arguments: [1, 2])
    func `a client behind a proxy may come so often`(loops: Int) throws {
        let server = try server(loops: loops) {
            $0.newConnectionsBurst = 3
            $0.newConnectionsPerSecond = 0
            $0.maxPendingPerAddress = 100
        }
        let clients = try (0..<3).map { _ in try upgraded(server, for: "2001:db8::7") }
        try expectTurnedAway(server, for: "2001:db8::8")
        try expectTurnedAway(server, for: "[2001:db8::9]:443")
        #expect(rejected(server, .addressRate) == 2)
        #expect(clients.count == 3)
        _ = try upgraded(server, for: "2001:db8:0:1::7")
    }

    @Test(arguments: [1, 2])
    func `who is answered, refused or gone counts no more`(loops: Int) throws {
        let server = try server(loops: loops) { $0.maxPendingPerAddress = 1 }
        for _ in 0..<6 {
            let client = try upgraded(server, for: "203.0.113.7")
            client.shutOutput()
            _ = try server.nextClosed()
        }
        let request = Array(
            "GET /nothing HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n".utf8
        )
        for _ in 0..<6 {
            let client = try TestClient(server.address)
            try client.send(request)
            #expect(try client.readAll().hasPrefix("HTTP/1.1 404 "))
        }
        #expect(rejected(server, .addressPending) == 0)
    }

    @Test(arguments: [1, 2, 3])
    func `what stands behind the head is kept while loop 0 is asked`(loops: Int) throws {
        let server = try server(loops: loops) { $0.maxPendingPerAddress = 100 }
        for number in 0..<6 {
            let frames = TestClient.text("first \(number)") + TestClient.text("second")
            let client = try TestClient.forwarded(server, for: "203.0.113.7", behind: frames)
            try #expect(client.readHead().hasPrefix("HTTP/1.1 101 "))
            #expect(try client.nextText() == "first \(number)")
            #expect(try client.nextText() == "second")
            try client.sendText("third")
            #expect(try client.nextText() == "third")
        }
    }

    @Test(arguments: [1, 2])
    func `who goes while loop 0 is asked is not counted for ever`(loops: Int) throws {
        let server = try server(loops: loops) {
            $0.maxPendingPerAddress = 3
            $0.newConnectionsBurst = 1_000_000
        }
        for _ in 0..<40 {
            let client = try TestClient.forwarded(server, for: "203.0.113.7")
            client.resetOnRelease()
        }
        try server.wait { server.group.inboxes.allSatisfy { $0.metrics.connections.value == 0 } }
        // The answers to those who have gone come back to loop 0 behind this one's question at the latest.
        try server.wait {
            let head = try? TestClient.forwarded(server, for: "203.0.113.7").readHead()
            return head?.hasPrefix("HTTP/1.1 101 ") == true
        }
    }

    @Test func `nobody is believed who is no trusted proxy`() throws {
        let server = try server(loops: 1) {
            $0.trustedProxies = [AddressRange(text: "127.0.0.2")].compactMap(\.self)
            $0.limitLoopback = true
        }
        let clients = try [upgraded(server, for: "203.0.113.1"), upgraded(server, for: "203.0.113.2")]
        let third = try TestClient.forwarded(server, for: "203.0.113.3")
        #expect(try third.readAll().hasPrefix("HTTP/1.1 503 "))
        #expect(rejected(server, .addressPending) == 1 && clients.count == 2)
    }

    @Test func `a proxy that names nobody counts itself`() throws {
        let server = try server(loops: 2) { $0.limitLoopback = true }
        let clients = try [upgraded(server, for: "nonsense"), upgraded(server, for: "127.0.0.1")]
        try expectTurnedAway(server, for: "203.0.113.7, nonsense")
        _ = try upgraded(server, for: "203.0.113.7")
        #expect(clients.count == 2)
    }
}
