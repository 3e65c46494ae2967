import Fanout
import Testing
import Transport
import WebSocket

/// Pings, and what costs work without saying anything.
@Suite(.timeLimit(.minutes(2)))
struct ControlFrameTests {
    @Test(arguments: [0, 1, 125])
    func `a ping is answered with its payload`(count: Int) throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let payload = (0..<count).map { UInt8($0) }
        try client.send(FrameWriter.ping(payload, mask: 0x0102_0304))
        #expect(try client.next() == .pong(payload))
    }

    @Test func `ten pings in a second are answered, one more is too many`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let ping = FrameWriter.ping([7], mask: 1)
        try client.send([[UInt8]](repeating: ping, count: 11).flatMap { $0 })
        for _ in 0..<10 {
            #expect(try client.next() == .pong([7]))
        }
        let close = try client.nextClose()
        #expect(close.code == 1_008)
        #expect(try server.nextClosed().cause == .violation)
        #expect(server.metrics.rejected(.controlFlood) == 1)
    }

    @Test func `so are pongs, empty messages and empty frames`() throws {
        let server = try TestServer()
        var emptyFrames: [UInt8] = []
        FrameWriter.append(.text, [], fin: false, mask: 1, to: &emptyFrames)
        for _ in 0..<11 {
            FrameWriter.append(.continuation, [], fin: false, mask: 1, to: &emptyFrames)
        }
        let pong = FrameWriter.pong([], mask: 1)
        for flood in [
            [[UInt8]](repeating: pong, count: 11).flatMap { $0 },
            [[UInt8]](repeating: TestClient.text(""), count: 11).flatMap { $0 },
            emptyFrames,
        ] {
            let client = try TestClient.upgraded(server)
            try client.send(flood)
            #expect(try client.nextClose().code == 1_008)
        }
        #expect(server.metrics.rejected(.controlFlood) == 3)
    }

    @Test func `of the pings that came while a client did not read only the newest is answered`() throws {
        let server = try TestServer { $0.kernelSendBytes = 4_096 }
        let client = try TestClient.upgraded(server, receiveBytes: 4_096)
        let connection = try server.nextUpgraded()
        let big = FrameWriter.text([UInt8](repeating: 0x61, count: 200 << 10))
        server.group.inboxes[0].post([.reply(connection, frame: big, exempt: true)])
        try server.wait { server.metrics.outboxBytes.value > 0 }
        try client.send(FrameWriter.ping([1], mask: 1) + FrameWriter.ping([2], mask: 1))
        try client.sendText("silence")
        while try server.nextTold() != .message(connection, "silence") {}
        #expect(try client.nextText().utf8.count == 200 << 10)
        #expect(try client.next() == .pong([2]))
    }
}
