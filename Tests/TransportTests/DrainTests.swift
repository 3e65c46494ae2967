import Fanout
import Testing
import Transport
import WebSocket

/// Sending everybody away.
@Suite(.timeLimit(.minutes(2)))
struct DrainTests {
    @Test func `everybody hears what was posted before, then 1001 with a wait, and the loops end`() throws {
        let server = try TestServer(loops: 2) { $0.reconnectSpread = 1_000 }
        let clients = try (0..<8).map { _ in try TestClient.upgraded(server) }
        for _ in clients {
            let connection = try server.nextUpgraded()
            let inbox = server.group.inboxes[Int(connection.loop)]
            inbox.post([.enter(connection, GroupID(0))])
        }
        for inbox in server.group.inboxes {
            inbox.post([.push(GroupID(0), frame: FrameWriter.text(Array("the last".utf8)))])
        }
        server.group.drain()
        var waits: Set<Int> = []
        for client in clients {
            #expect(try client.nextText() == "the last")
            let close = try client.nextClose()
            #expect(close.code == 1_001)
            let wait = try #require(Int(close.reason))
            #expect((0...1_000).contains(wait))
            waits.insert(wait)
            try client.send(FrameWriter.close(.goingAway, mask: 1))
            #expect(try client.endsCleanly())
            client.shutOutput()
        }
        // Eight equal numbers out of a thousand would be no spread.
        #expect(waits.count > 1)
        server.join()
        for _ in clients {
            #expect(try server.nextClosed().cause == .server)
        }
        for inbox in server.group.inboxes {
            #expect(!inbox.post([.push(GroupID(0), frame: [])]))
            #expect(inbox.metrics.connections.value == 0)
        }
    }

    @Test func `newcomers and half requests are told to come back later`() throws {
        let server = try TestServer { $0.closeTimeout = 60_000 }
        let holdsOn = try TestClient.upgraded(server)
        let half = try TestClient(server.address)
        try half.send(Array(TestClient.request.dropLast()))
        try server.wait { server.metrics.accepted.value == 2 }
        server.group.drain()
        #expect(try holdsOn.nextClose().code == 1_001)
        #expect(try half.readAll().hasPrefix("HTTP/1.1 503 "))
        let late = try TestClient(server.address)
        let response = try late.readAll()
        #expect(response.hasPrefix("HTTP/1.1 503 "))
        #expect(response.contains("\r\nRetry-After: "))
        #expect(server.metrics.rejected(.draining) == 2)
        half.shutOutput()
        late.shutOutput()
        try holdsOn.send(FrameWriter.close(.goingAway, mask: 1))
        holdsOn.shutOutput()
        server.join()
        #expect(throws: TestClient.Trouble.refused) { try TestClient(server.address) }
    }

    @Test func `who does not answer does not hold up the end`() throws {
        let server = try TestServer { $0.closeTimeout = 30 }
        let stubborn = try TestClient.upgraded(server)
        let mute = try TestClient(server.address)
        try server.wait { server.metrics.accepted.value == 2 }
        server.group.drain()
        server.join()
        #expect(try stubborn.nextClose().code == 1_001)
        #expect(throws: TestClient.Trouble.reset) { try stubborn.readSome() }
        mute.shutOutput()
    }

    @Test func `stop cuts everybody off, and each is said once`() throws {
        let server = try TestServer(loops: 2)
        let clients = try (0..<4).map { _ in try TestClient.upgraded(server) }
        var names: Set<ConnectionID> = []
        for _ in clients {
            names.insert(try server.nextUpgraded())
        }
        server.end()
        for _ in clients {
            let closed = try server.nextClosed()
            #expect(closed.cause == .server)
            #expect(names.remove(closed.connection) != nil)
        }
        #expect(names.isEmpty)
    }
}
