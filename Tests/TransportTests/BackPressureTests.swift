import Fanout
import Synchronization
import Testing
import Transport
import WebSocket

/// The application may not take more: the sockets wait.
@Suite(.timeLimit(.minutes(2)))
struct BackPressureTests {
    @Test func `what is not read waits in the kernel and comes later, in order`() throws {
        let server = try TestServer { $0.messagesBeforeJoin.maxMessageBytes = 64 << 10 }
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        server.controls.mayRead.store(false, ordering: .sequentiallyConsistent)
        let message = TestClient.text("silence")
        for _ in 0..<100 {
            try client.send(message)
        }
        try server.wait { server.controls.readsPaused.load(ordering: .relaxed) > 0 }
        try server.wait { server.metrics.pausedTurns.value > 0 }
        #expect(server.metrics.messagesIn.value == 0)
        server.controls.mayRead.store(true, ordering: .sequentiallyConsistent)
        server.group.wake()
        for _ in 0..<100 {
            #expect(try server.nextTold() == .message(connection, "silence"))
        }
    }

    @Test func `what is too much for one turn is read in the next`() throws {
        let server = try TestServer()
        let clients = try (0..<5).map { _ in try TestClient.upgraded(server) }
        for _ in clients {
            _ = try server.nextUpgraded()
        }
        server.controls.maxCollected.store(1, ordering: .relaxed)
        for round in 0..<20 {
            for client in clients {
                try client.sendText("round \(round)")
            }
            for client in clients {
                #expect(try client.nextText() == "round \(round)")
            }
        }
    }

    @Test func `deliveries and closing go on while nothing is read`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        server.controls.mayRead.store(false, ordering: .sequentiallyConsistent)
        try client.sendText("silence")
        try server.wait { server.metrics.pausedTurns.value > 0 }
        let inbox = server.group.inboxes[0]
        inbox.post([.reply(connection, frame: FrameWriter.text(Array("hear this".utf8)), exempt: false)])
        #expect(try client.nextText() == "hear this")
        inbox.post([.close(connection, .normal, reason: [])])
        #expect(try client.nextClose().code == 1_000)
        #expect(try server.nextClosed() == (connection, .server))
        try client.send(FrameWriter.close(.normal, mask: 1))
        #expect(try client.endsCleanly())
    }

    @Test func `a reset is noticed while nothing is read`() throws {
        let server = try TestServer()
        do {
            let client = try TestClient.upgraded(server)
            _ = try server.nextUpgraded()
            server.controls.mayRead.store(false, ordering: .sequentiallyConsistent)
            try client.sendText("silence")
            try server.wait { server.metrics.pausedTurns.value > 0 }
            client.resetOnRelease()
        }
        #expect(try server.nextClosed().cause == .closed)
    }
}
