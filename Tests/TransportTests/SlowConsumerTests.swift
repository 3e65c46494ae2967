import Fanout
import Testing
import Transport
import WebSocket

/// Clients that do not take what they are sent, and their neighbours.
@Suite(.timeLimit(.minutes(2)))
struct SlowConsumerTests {
    private func pushes(_ numbers: Range<Int>) -> [Delivery] {
        numbers.map { number in
            .push(GroupID(0), frame: FrameWriter.text(Array("\(number) ".utf8) + filling))
        }
    }

    private let filling = [UInt8](repeating: 0x2e, count: 1_000)

    private func number(in text: String) -> Int? {
        text.split(separator: " ").first.flatMap { Int($0) }
    }

    @Test func `a stopped reader is closed 4413 between two frames, the others get everything`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 32 << 10
            $0.closeTimeout = 60_000
        }
        let stopped = try TestClient.upgraded(server, receiveBytes: 4_096)
        let slow = try server.nextUpgraded()
        let reader = try TestClient.upgraded(server)
        let fast = try server.nextUpgraded()
        let inbox = server.group.inboxes[0]
        inbox.post([.enter(slow, GroupID(0)), .enter(fast, GroupID(0))])
        for start in 0..<100 {
            inbox.post(pushes(start..<(start + 1)))
            #expect(try number(in: reader.nextText()) == start)
        }
        #expect(try server.nextClosed() == (slow, .slow))
        #expect(server.metrics.slowConsumers.value == 1)
        #expect(server.metrics.rejected(.slowConsumer) == 1)
        // Now it reads: whole frames from the first on without a gap, and then the reason.
        var expected = 0
        while true {
            let event = try stopped.next()
            guard case .text(let bytes) = event else {
                #expect(event == .close(.slowConsumer, reason: Array("slow consumer".utf8)))
                break
            }
            #expect(number(in: String(decoding: bytes, as: UTF8.self)) == expected)
            expected += 1
        }
        #expect(expected < 100)
        try stopped.send(FrameWriter.close(.slowConsumer, mask: 2))
        #expect(try stopped.endsCleanly())
    }

    @Test func `a stopped reader that does not even read the close frame is reset`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 32 << 10
            $0.closeTimeout = 30
        }
        let stopped = try TestClient.upgraded(server, receiveBytes: 4_096)
        let slow = try server.nextUpgraded()
        server.group.inboxes[0].post([.enter(slow, GroupID(0))])
        server.group.inboxes[0].post(pushes(0..<100))
        #expect(try server.nextClosed() == (slow, .slow))
        try server.wait { server.metrics.connections.value == 0 }
        #expect(server.metrics.outboxBytes.value == 0)
        #expect(throws: TestClient.Trouble.reset) {
            while true {
                _ = try stopped.next()
            }
        }
    }

    @Test func `a reader without progress is slow, however little waits for it`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxTimeout = 50
            $0.closeTimeout = 30
        }
        let stopped = try TestClient.upgraded(server, receiveBytes: 4_096)
        let slow = try server.nextUpgraded()
        let big = FrameWriter.text([UInt8](repeating: 0x61, count: 100 << 10))
        server.group.inboxes[0].post([.reply(slow, frame: big, exempt: true)])
        #expect(try server.nextClosed() == (slow, .slow))
        try server.wait { server.metrics.connections.value == 0 }
        stopped.shutOutput()
    }

    @Test func `the bytes of a join reply do not make a reader slow`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 1_000
        }
        let client = try TestClient.upgraded(server, receiveBytes: 4_096)
        let connection = try server.nextUpgraded()
        let state = FrameWriter.text([UInt8](repeating: 0x61, count: 500 << 10))
        server.group.inboxes[0].post([.reply(connection, frame: state, exempt: true)])
        #expect(try client.nextText().utf8.count == 500 << 10)
        #expect(server.metrics.slowConsumers.value == 0)
    }

    @Test func `a client that asks and never reads the answers is slow too`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 16 << 10
            $0.closeTimeout = 30
        }
        let client = try TestClient.upgraded(server, receiveBytes: 4_096)
        _ = try server.nextUpgraded()
        let question = TestClient.text(String(repeating: "?", count: 4_000))
        #expect(throws: TestClient.Trouble.reset) {
            while true {
                try client.send(question)
            }
        }
        #expect(try server.nextClosed().cause == .slow)
    }

    @Test func `a response may be larger than any outbox`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxBytes = 1_000
            $0.outboxHardBytes = 2_000
        }
        let client = try TestClient(server.address, receiveBytes: 4_096)
        try client.send(Array("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        #expect(try client.readAll().utf8.count > 1 << 20)
    }

    @Test func `a response that nobody reads is given up`() throws {
        let server = try TestServer {
            $0.kernelSendBytes = 4_096
            $0.outboxTimeout = 30
        }
        let client = try TestClient(server.address, receiveBytes: 2_048)
        try client.send(Array("GET /large HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
        try server.wait { server.metrics.rejected(.slowConsumer) == 1 }
        try server.wait { server.metrics.connections.value == 0 }
    }
}
