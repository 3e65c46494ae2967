import Fanout
import Glibc
import Synchronization
import Testing
import Transport
import WebSocket

/// Who is let in, and what the others are told.
@Suite(.timeLimit(.minutes(2)))
struct AcceptTests {
    private func expectTurnedAway(_ server: TestServer) throws {
        let client = try TestClient(server.address)
        let response = try client.readAll()
        #expect(response.hasPrefix("HTTP/1.1 503 "))
        let seconds = response.split(separator: "\r\n").first { $0.hasPrefix("Retry-After: ") }?.dropFirst(13)
        #expect(seconds.flatMap { Int($0) }.map { (2...10).contains($0) } == true)
    }

    @Test func `a full server says so, and lets in again when somebody has gone`() throws {
        let server = try TestServer { $0.maxConnections = 2 }
        let first = try TestClient.upgraded(server)
        let second = try TestClient.upgraded(server)
        try expectTurnedAway(server)
        try expectTurnedAway(server)
        #expect(server.metrics.rejected(.full) == 2)
        try second.sendText("still here")
        #expect(try second.nextText() == "still here")
        first.shutOutput()
        _ = try server.nextClosed()
        try server.wait { server.metrics.connections.value == 1 }
        let third = try TestClient.upgraded(server)
        try third.sendText("in")
        #expect(try third.nextText() == "in")
    }

    @Test func `of those who are too many only so many are told at the same time`() throws {
        let server = try TestServer {
            $0.maxConnections = 1
            $0.maxTurnedAwayAtOnce = 1
            $0.closeTimeout = 60_000
        }
        let inside = try TestClient.upgraded(server)
        // Told, but it does not go: the server waits for its end.
        let told = try TestClient(server.address)
        #expect(try told.readAll().hasPrefix("HTTP/1.1 503 "))
        let other = try TestClient(server.address)
        #expect(try other.readAll() == "")
        #expect(server.metrics.rejected(.full) == 2)
        try inside.sendText("still here")
        #expect(try inside.nextText() == "still here")
    }

    @Test func `without descriptors a newcomer is told so, and the next one is let in`() throws {
        let failures = Failures([EMFILE])
        let server = try TestServer(acceptFailure: failures.next)
        try expectTurnedAway(server)
        #expect(server.metrics.rejected(.descriptors) == 1)
        _ = try TestClient.upgraded(server)
    }

    @Test func `when not even that works the loop waits a while instead of trying all the time`() throws {
        let failures = Failures([EMFILE, EMFILE, ENFILE, ENFILE, ENOMEM, ENOBUFS])
        let server = try TestServer(acceptFailure: failures.next)
        let client = try TestClient.upgraded(server)
        try client.sendText("at last")
        #expect(try client.nextText() == "at last")
        // Four attempts, of which the first two used a spare descriptor as well.
        #expect(failures.asked >= 7)
        #expect(server.metrics.turns.value < 20)
    }

    @Test func `connections that broke off in the queue are passed over`() throws {
        let failures = Failures([ECONNABORTED, EINTR, EPROTO, ENETUNREACH])
        let server = try TestServer(acceptFailure: failures.next)
        _ = try TestClient.upgraded(server)
    }

    @Test func `an address may have so many that have not joined, those who have do not count`() throws {
        let server = try TestServer {
            $0.limitLoopback = true
            $0.maxPendingPerAddress = 2
        }
        let first = try TestClient.upgraded(server)
        let second = try TestClient.upgraded(server)
        try expectTurnedAway(server)
        #expect(server.metrics.rejected(.addressPending) == 1)
        try first.send(TestClient.text("join") + TestClient.text("joined?"))
        #expect(try first.nextText() == "joined?")
        let third = try TestClient.upgraded(server)
        try expectTurnedAway(server)
        // Who goes without having joined makes room as well.
        second.shutOutput()
        _ = try server.nextClosed()
        let fourth = try TestClient.upgraded(server)
        for client in [first, third, fourth] {
            try client.sendText("here")
            #expect(try client.nextText() == "here")
        }
    }

    @Test func `the count of an address is kept across loops`() throws {
        let server = try TestServer(loops: 2) {
            $0.limitLoopback = true
            $0.maxPendingPerAddress = 2
        }
        let clients = [try TestClient.upgraded(server), try TestClient.upgraded(server)]
        try expectTurnedAway(server)
        for client in clients {
            try client.send(TestClient.text("join") + TestClient.text("joined?"))
            #expect(try client.nextText() == "joined?")
        }
        // The other loop's note goes through loop 0's mailbox, which this passes behind it.
        server.group.wake()
        _ = try TestClient.upgraded(server)
    }

    @Test func `an address may come so often`() throws {
        let server = try TestServer {
            $0.limitLoopback = true
            $0.newConnectionsBurst = 3
            $0.newConnectionsPerSecond = 0
        }
        let clients = try (0..<3).map { _ in try TestClient.upgraded(server) }
        try expectTurnedAway(server)
        #expect(server.metrics.rejected(.addressRate) == 1)
        #expect(clients.count == 3)
    }

    @Test func `a port that is taken is said at once`() throws {
        let listener = try Listener(on: PeerAddress(ipv4: 0x7f00_0001, port: 0))
        #expect(throws: SystemFailure("bind", code: EADDRINUSE)) {
            _ = try Listener(on: listener.address)
        }
    }

    @Test func `an IPv6 listener serves as well`() throws {
        let text = try #require(PeerAddress(text: "[::1]:0"))
        let listener = try? Listener(on: text)
        // A machine without IPv6 has nothing to test here.
        if let listener {
            #expect(listener.address.host == "::1")
            #expect(listener.address.port != 0)
        }
    }
}

/// What `accept` fails with, one after the other, and then no more.
private final class Failures: Sendable {
    private let codes: [Int32]
    private let count = Atomic<Int>(0)

    init(_ codes: [Int32]) {
        self.codes = codes
    }

    @Sendable func next() -> Int32? {
        let index = count.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < codes.count ? codes[index] : nil
    }

    var asked: Int { count.load(ordering: .relaxed) }
}
