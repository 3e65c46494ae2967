import Fanout
import Testing
import Transport
import WebSocket

/// Limits that an operator changes under connections that are there.
@Suite(.timeLimit(.minutes(2)))
struct ChangeTests {
    @Test func `a shorter time holds for those who wait already`() throws {
        let server = try TestServer { $0.joinTimeout = 3_600_000 }
        let client = try TestClient.upgraded(server)
        try server.change { $0.joinTimeout = 20 }
        #expect(try client.nextClose().code == 4408)
        #expect(try server.nextClosed().cause == .violation)
    }

    @Test func `a longer time holds for those who wait already`() throws {
        let server = try TestServer { $0.joinTimeout = 60_000 }
        let early = try TestClient.upgraded(server)
        try server.change { $0.joinTimeout = 3_600_000 }
        try server.change { $0.silentAfter = 40 }
        // The look that the first limit had asked for finds nothing due; what ends the connection is its silence.
        #expect(try server.nextClosed().cause == .silent)
        #expect(server.metrics.rejected(.joinTimeout) == 0)
        withExtendedLifetime(early) {}
    }

    @Test func `messages are held to the new length, on connections that are there too`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let joined = try TestClient.upgraded(server)
        try joined.sendText("join")
        let long = String(repeating: "x", count: 600)
        for client in [client, joined] {
            try client.sendText(long)
            #expect(try client.next() == .text(Array(long.utf8)))
        }
        try server.change {
            $0.messagesBeforeJoin = MessageLimits(maxMessageBytes: 500, maxFragments: 64)
            $0.messagesAfterJoin = MessageLimits(maxMessageBytes: 700, maxFragments: 64)
        }
        try joined.sendText(long)
        #expect(try joined.next() == .text(Array(long.utf8)))
        try client.sendText(long)
        #expect(try client.nextClose().code == 1009)
        try joined.sendText(long + long)
        #expect(try joined.nextClose().code == 1009)
    }

    @Test func `an address may have fewer connections from now on, and those who are there stay`() throws {
        let server = try TestServer { $0.limitLoopback = true }
        let clients = try (0..<3).map { _ in try TestClient.upgraded(server) }
        try server.change { $0.maxPendingPerAddress = 3 }
        let fourth = try TestClient(server.address)
        #expect(try fourth.readAll().hasPrefix("HTTP/1.1 503 "))
        try clients[0].sendText("join")
        // A reply says that the join before it was seen.
        try clients[0].sendText("after")
        #expect(try clients[0].next() == .text(Array("after".utf8)))
        _ = try TestClient.upgraded(server)
        for client in clients {
            try client.sendText("here")
            #expect(try client.next() == .text(Array("here".utf8)))
        }
    }

    @Test func `what waits for a slow reader is held to the new bound`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 4 << 20
            $0.closeTimeout = 60_000
        }
        let stopped = try TestClient.upgraded(server, receiveBytes: 4_096)
        let slow = try server.nextUpgraded()
        let push = FrameWriter.text([UInt8](repeating: 0x2e, count: 100 << 10))
        server.group.inboxes[0].post([.enter(slow, GroupID(0)), .push(GroupID(0), frame: push)])
        try server.change { $0.outboxBytes = 16 << 10 }
        server.group.inboxes[0].post([.push(GroupID(0), frame: push)])
        #expect(try server.nextClosed() == (slow, .slow))
        withExtendedLifetime(stopped) {}
    }
}
