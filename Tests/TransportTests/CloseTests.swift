import Fanout
import Testing
import Transport
import WebSocket

/// The ways in which a connection ends (RFC 6455 section 7).
@Suite(.timeLimit(.minutes(2)))
struct CloseTests {
    @Test func `a client's close is answered with its code, and the server ends TCP first`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send(FrameWriter.close(CloseCode(rawValue: 3_000), reason: Array("bye".utf8), mask: 3))
        #expect(try client.nextClose().code == 3_000)
        #expect(try client.endsCleanly())
        #expect(try server.nextClosed().cause == .closed)
        client.shutOutput()
        try server.wait { server.metrics.connections.value == 0 }
        #expect(server.metrics.upgraded.value == 0)
    }

    @Test func `an empty close is answered with an empty one`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send(FrameWriter.close(nil, mask: 3))
        let close = try client.nextClose()
        #expect(close.code == nil)
        #expect(close.reason == "")
    }

    @Test func `what was said before the close is answered, what comes after it is not`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send(
            TestClient.text("before") + FrameWriter.close(.normal, mask: 3) + TestClient.text("after")
        )
        #expect(try client.nextText() == "before")
        #expect(try client.next() == .close(.normal, reason: []))
        #expect(try client.endsCleanly())
        #expect(try server.nextClosed().cause == .closed)
    }

    @Test func `a delivery closes the connection behind all that was posted before`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        server.group.inboxes[0].post([
            .enter(connection, GroupID(0)),
            .push(GroupID(0), frame: FrameWriter.text(Array("push".utf8))),
            .reply(connection, frame: FrameWriter.text(Array("reply".utf8)), exempt: false),
            .close(connection, CloseCode(rawValue: 4_503), reason: Array("removed".utf8)),
            .push(GroupID(0), frame: FrameWriter.text(Array("too late".utf8))),
        ])
        #expect(try client.nextText() == "push")
        #expect(try client.nextText() == "reply")
        #expect(try client.next() == .close(CloseCode(rawValue: 4_503), reason: Array("removed".utf8)))
        #expect(try server.nextClosed() == (connection, .server))
        try client.send(FrameWriter.close(CloseCode(rawValue: 4_503), mask: 3))
        #expect(try client.endsCleanly())
    }

    @Test func `the application closes in answer to a message`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.sendText("leave")
        #expect(try client.next() == .close(.normal, reason: Array("as asked".utf8)))
        #expect(try server.nextClosed().cause == .violation)

        let other = try TestClient.upgraded(server)
        try other.send(TestClient.text("last") + TestClient.text("not heard"))
        #expect(try other.nextText() == "last")
        #expect(try other.next() == .close(.normal, reason: []))
    }

    @Test func `binary is refused by the application, a broken frame by the transport`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send(FrameWriter.binary([1, 2], mask: 9))
        #expect(try client.nextClose().code == 1_003)

        let other = try TestClient.upgraded(server)
        try other.send(TestClient.text("heard") + FrameWriter.text(Array("unmasked".utf8)))
        #expect(try other.nextText() == "heard")
        #expect(try other.nextClose().code == 1_002)
        #expect(try other.endsCleanly())
    }

    @Test
    func `a message over the limit is closed 1009 by its header, and the limit is higher after the join`()
        throws
    {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send([0x81, 0x80 | 126, 0x10, 0x01])
        #expect(try client.nextClose().code == 1_009)

        let member = try TestClient.upgraded(server)
        // The limit is higher for what is sent when the join has been heard, not for what is on its heels.
        try member.send(TestClient.text("join") + TestClient.text("joined?"))
        #expect(try member.nextText() == "joined?")
        let long = String(repeating: "x", count: 64 << 10)
        try member.sendText(long)
        #expect(try member.nextText() == long)
        try member.sendText(long + "x")
        #expect(try member.nextClose().code == 1_009)
    }

    @Test func `TCP that ends without a close frame ends the connection`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        client.shutOutput()
        #expect(try server.nextClosed() == (connection, .closed))
        #expect(try client.endsCleanly())
        try server.wait { server.metrics.connections.value == 0 }
    }

    @Test func `a close frame with the end of TCP right behind it is answered`() throws {
        let server = try TestServer()
        let client = try TestClient.upgraded(server)
        try client.send(TestClient.text("last words") + FrameWriter.close(.goingAway, mask: 3))
        client.shutOutput()
        #expect(try client.nextText() == "last words")
        #expect(try client.nextClose().code == 1_001)
        #expect(try client.endsCleanly())
        try server.wait { server.metrics.connections.value == 0 }
    }

    /// How far a client goes before it resets the connection.
    enum Stage: CaseIterable {
        case connected
        case halfRequest
        case upgraded
        case halfFrame
        case closing
        case closed
    }

    @Test(arguments: Stage.allCases)
    func `a reset in any state frees the connection`(stage: Stage) throws {
        let server = try TestServer()
        do {
            let client = try TestClient(server.address)
            client.resetOnRelease()
            if stage != .connected, stage != .halfRequest {
                try client.send(TestClient.request)
                _ = try client.readHead()
            }
            switch stage {
            case .connected, .upgraded: break
            case .halfRequest: try client.send(Array(TestClient.request.prefix(30)))
            case .halfFrame: try client.send([0x81, 0xff, 0])
            case .closing:
                let connection = try server.nextUpgraded()
                server.group.inboxes[0].post([.close(connection, .normal, reason: [])])
                _ = try client.nextClose()
            case .closed:
                try client.send(FrameWriter.close(.normal, mask: 3))
                _ = try client.nextClose()
            }
            try server.wait { server.metrics.accepted.value == 1 }
        }
        try server.wait { server.metrics.connections.value == 0 }
        #expect(server.metrics.upgraded.value == 0)
        // It serves on.
        let next = try TestClient.upgraded(server)
        try next.sendText("still there")
        #expect(try next.nextText() == "still there")
    }
}
