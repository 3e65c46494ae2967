import Testing
import WebSocket

/// RFC 6455 section 7.1: who sends what, and who closes TCP.
@Suite struct Section7_1CloseHandshakeTests {
    private typealias Step = CloseHandshake.Step
    private let nothing = CloseHandshake.Step(frame: nil, then: .carryOn)

    @Test func `The peer closes: its code is echoed, the server closes TCP, the client waits for that`() {
        var server = CloseHandshake(role: .server)
        #expect(server.received(.goingAway) == Step(frame: hex("8802 03e9"), then: .closeTCP))
        #expect(server.state == .closeReceived)
        var client = CloseHandshake(role: .client)
        let step = client.received(.goingAway, mask: 0)
        #expect(step == Step(frame: hex("8882 00000000 03e9"), then: .awaitTCPClose))
        for handshake in [server, client] {
            #expect(handshake.isClean)
            #expect(handshake.peerCode == .goingAway)
        }
    }

    @Test func `An empty close is answered with an empty one, and its code is 1005`() {
        var server = CloseHandshake(role: .server)
        #expect(server.received(nil) == Step(frame: [0x88, 0], then: .closeTCP))
        #expect(server.peerCode == .noCode)
    }

    @Test func `We close: the peer's answer is awaited, then TCP is closed without another frame`() {
        for (role, then) in [(Role.server, CloseHandshake.Next.closeTCP), (.client, .awaitTCPClose)] {
            var handshake = CloseHandshake(role: role)
            let first = handshake.start(.normal, reason: Array("end".utf8))
            #expect(first == Step(frame: hex("8805 03e8 656e64"), then: .awaitClose))
            #expect(handshake.state == .closeSent)
            #expect(handshake.received(.normal) == Step(frame: nil, then: then))
            #expect(handshake.state == .closeReceived)
            #expect(handshake.isClean)
            handshake.tcpClosed()
            #expect(handshake.state == .closed)
            #expect(handshake.isClean)
        }
    }

    @Test func `Both close at once: each takes the other's frame as the answer`() {
        var server = CloseHandshake(role: .server)
        var client = CloseHandshake(role: .client)
        #expect(server.start(.goingAway).frame != nil)
        #expect(client.start(.normal, mask: 1).frame != nil)
        #expect(server.received(.normal) == Step(frame: nil, then: .closeTCP))
        #expect(client.received(.goingAway) == Step(frame: nil, then: .awaitTCPClose))
        #expect(server.peerCode == .normal)
        #expect(client.peerCode == .goingAway)
    }

    @Test func `Only one close frame is ever sent`() {
        var handshake = CloseHandshake(role: .server)
        #expect(handshake.start(.normal).frame != nil)
        #expect(handshake.start(.goingAway) == nothing)
        #expect(handshake.fail(.protocolError) == Step(frame: nil, then: .closeTCP))
        #expect(handshake.fail(.protocolError) == nothing)
        #expect(handshake.start(.normal) == nothing)
    }

    @Test func `A violation is told and TCP closed without waiting for an answer`() {
        for role in [Role.server, .client] {
            var handshake = CloseHandshake(role: role)
            let step = handshake.fail(.invalidPayload)
            #expect(step == Step(frame: hex("8802 03ef"), then: .closeTCP))
            #expect(handshake.state == .closed)
            #expect(!handshake.isClean)
            #expect(handshake.received(.normal) == nothing)
        }
    }

    @Test func `A violation after the peer's close is nothing any more`() {
        var handshake = CloseHandshake(role: .server)
        #expect(handshake.received(.normal).frame != nil)
        #expect(handshake.fail(.protocolError) == nothing)
        #expect(handshake.state == .closeReceived)
    }

    @Test func `TCP that ends without a close frame is 1006 and not clean`() {
        var open = CloseHandshake(role: .server)
        open.tcpClosed()
        var waiting = CloseHandshake(role: .server)
        #expect(waiting.start(.normal).then == .awaitClose)
        waiting.tcpClosed()
        for handshake in [open, waiting] {
            #expect(handshake.state == .closed)
            #expect(handshake.peerCode == .abnormal)
            #expect(!handshake.isClean)
        }
        #expect(open.start(.normal) == nothing)
    }
}
