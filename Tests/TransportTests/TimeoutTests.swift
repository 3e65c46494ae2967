import Fanout
import Synchronization
import Testing
import Transport
import WebSocket

/// What happens to those who do nothing, or do it too slowly.
@Suite(.timeLimit(.minutes(2)))
struct TimeoutTests {
    @Test func `who does not join in time is closed 4408`() throws {
        let server = try TestServer { $0.joinTimeout = 30 }
        let client = try TestClient.upgraded(server)
        let close = try client.nextClose()
        #expect(close.code == 4408)
        #expect(try client.endsCleanly())
        #expect(try server.nextClosed().cause == .violation)
        #expect(server.metrics.rejected(.joinTimeout) == 1)
    }

    @Test func `who has joined may be quiet, and is sent pings and quiet frames`() throws {
        let server = try TestServer {
            $0.joinTimeout = 30
            $0.pingAfter = 40
            $0.quietAfter = 40
        }
        let client = try TestClient.upgraded(server)
        try client.sendText("join")
        var pings = 0
        var quiet = 0
        // Well beyond the time to join, by the server's own clock.
        while pings < 3 || quiet < 3 {
            switch try client.next() {
            case .ping(let payload):
                pings += 1
                try client.send(FrameWriter.pong(payload, mask: 1))
            case .text(let bytes):
                #expect(bytes == Array("quiet".utf8))
                quiet += 1
            case let other:
                Issue.record("\(other)")
            }
        }
    }

    @Test func `who has not joined is sent no quiet frames`() throws {
        let server = try TestServer {
            $0.pingAfter = 10
            $0.quietAfter = 10
        }
        let client = try TestClient.upgraded(server)
        for _ in 0..<3 {
            #expect(try client.next() == .ping([]))
        }
    }

    @Test func `who answers nothing is dropped as silent`() throws {
        let server = try TestServer {
            $0.pingAfter = 20
            $0.silentAfter = 60
        }
        let client = try TestClient.upgraded(server)
        #expect(try server.nextClosed().cause == .silent)
        #expect(server.metrics.rejected(.silent) == 1)
        #expect(throws: TestClient.Trouble.reset) {
            while true {
                _ = try client.next()
            }
        }
    }

    @Test func `a message that is not completed in time is closed 1008`() throws {
        let server = try TestServer { $0.messageTimeout = 30 }
        let client = try TestClient.upgraded(server)
        try client.sendText("whole")
        #expect(try client.nextText() == "whole")
        try client.send(Array(TestClient.text("never whole").dropLast()))
        let close = try client.nextClose()
        #expect(close.code == 1008)
        #expect(close.reason == "message took too long")
        #expect(server.metrics.rejected(.messageTimeout) == 1)
    }

    @Test func `pings between the parts of a message do not give it more time`() throws {
        let server = try TestServer {
            $0.messageTimeout = 40
            $0.maxControlFramesPerSecond = .max
        }
        let client = try TestClient.upgraded(server)
        try client.send(FrameWriter.firstPart)
        var events: [Incoming] = []
        while true {
            // Only as fast as the server answers.
            try client.send(FrameWriter.ping([1], mask: 1))
            let event = try client.next()
            guard event == .pong([1]) else {
                events.append(event)
                break
            }
        }
        #expect(events == [.close(.policyViolation, reason: Array("message took too long".utf8))])
    }

    @Test func `a peer that leaves our close frame unanswered is reset`() throws {
        let server = try TestServer { $0.closeTimeout = 30 }
        let client = try TestClient.upgraded(server)
        let connection = try server.nextUpgraded()
        server.group.inboxes[0].post([.close(connection, .normal, reason: [])])
        #expect(try client.next() == .close(.normal, reason: []))
        #expect(throws: TestClient.Trouble.reset) { try client.readSome() }
        #expect(server.metrics.rejected(.closeTimeout) == 1)
    }

    @Test func `who is not read is not silent`() throws {
        let server = try TestServer {
            $0.pingAfter = 10
            $0.silentAfter = 30
        }
        let client = try TestClient.upgraded(server)
        _ = try server.nextUpgraded()
        server.controls.mayRead.store(false, ordering: .sequentiallyConsistent)
        try client.sendText("not read for now")
        // Pings go on, and more of them than silence would take.
        for _ in 0..<8 {
            #expect(try client.next() == .ping([]))
        }
        server.controls.mayRead.store(true, ordering: .sequentiallyConsistent)
        server.group.wake()
        while true {
            let event = try client.next()
            if event == .text(Array("not read for now".utf8)) {
                break
            }
            #expect(event == .ping([]))
        }
        #expect(server.metrics.rejected(.silent) == 0)
    }
}

extension FrameWriter {
    /// A text message's first frame of two.
    static var firstPart: [UInt8] {
        var bytes: [UInt8] = []
        append(.text, Array("begun".utf8), fin: false, mask: 7, to: &bytes)
        return bytes
    }
}
