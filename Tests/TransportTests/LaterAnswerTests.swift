import Fanout
import Testing
import Transport
import WebSocket

/// Requests that another thread answers.
@Suite(.timeLimit(.minutes(2)))
struct LaterAnswerTests {
    private func ask(_ server: TestServer, _ method: String = "GET", more: String = "") throws -> TestClient {
        let client = try TestClient(server.address)
        try client.send(Array("\(method) /later HTTP/1.1\r\nHost: here\r\n\r\n\(more)".utf8))
        return client
    }

    @Test func `each request gets its own answer, in whatever order they come`() throws {
        let server = try TestServer(loops: 2)
        let clients = try (0..<6).map { _ in try ask(server) }
        let asked = try clients.map { _ in try server.nextAsked() }
        for connection in asked.reversed() {
            server.answer(connection, "for \(connection.slot) of \(connection.loop)")
        }
        let responses = try clients.map { try $0.readAll() }
        #expect(responses.allSatisfy { $0.hasPrefix("HTTP/1.1 200 OK\r\n") })
        let told = Set(responses.compactMap { $0.split(separator: "\r\n").last.map(String.init) })
        #expect(told == Set(asked.map { "for \($0.slot) of \($0.loop)\n" }))
    }

    @Test func `HEAD gets the length of a body and no body`() throws {
        let server = try TestServer()
        let client = try ask(server, "HEAD")
        server.answer(try server.nextAsked(), "four")
        let response = try client.readAll()
        #expect(response.contains("\r\nContent-Length: 5\r\n"))
        #expect(response.hasSuffix("\r\n\r\n"))
    }

    @Test func `what comes behind the request is not read, and does not cost the answer`() throws {
        let server = try TestServer { $0.closeTimeout = 60_000 }
        let client = try ask(server, more: String(repeating: "x", count: 100_000))
        let connection = try server.nextAsked()
        #expect(client.sendUntilFull([UInt8](repeating: 0x78, count: 1 << 16)) > 0)
        let read = server.metrics.bytesIn.value
        // A loop that reads would find something in each of these turns.
        let turns = server.metrics.turns.value
        try server.wait { server.metrics.turns.value > turns + 20 }
        #expect(server.metrics.bytesIn.value == read)
        server.answer(connection, "done")
        #expect(try client.readAll().hasSuffix("done\n"))
        client.shutOutput()
    }

    @Test func `an answer to somebody who has gone is nobody's, and not the next one's in that place`() throws
    {
        let server = try TestServer()
        try ask(server).resetOnRelease()
        let gone = try server.nextAsked()
        try server.wait { server.metrics.connections.value == 0 }
        let next = try ask(server)
        let connection = try server.nextAsked()
        server.answer(gone, "too late")
        server.answer(connection, "in time")
        server.answer(connection, "once is enough")
        #expect(try next.readAll().hasSuffix("in time\n"))
    }

    @Test func `nobody waits for ever, nor more than so many at once`() throws {
        let server = try TestServer {
            $0.answerTimeout = 30
            $0.maxWaitingRequests = 1
        }
        let first = try ask(server)
        let connection = try server.nextAsked()
        let second = try ask(server)
        for client in [first, second] {
            let response = try client.readAll()
            #expect(response.hasPrefix("HTTP/1.1 503 "))
            #expect(response.contains("\r\nRetry-After: "))
        }
        #expect(server.metrics.rejected(.answerTimeout) >= 1)
        server.answer(connection, "too late")
        let third = try ask(server)
        server.answer(try server.nextAsked(), "third")
        _ = try third.readAll()
    }

    @Test func `one too many is told to come back`() throws {
        let server = try TestServer { $0.maxWaitingRequests = 1 }
        let first = try ask(server)
        let connection = try server.nextAsked()
        let second = try ask(server)
        #expect(try second.readAll().hasPrefix("HTTP/1.1 503 "))
        #expect(server.metrics.rejected(.waiting) == 1)
        server.answer(connection, "first")
        #expect(try first.readAll().hasSuffix("first\n"))
    }

    @Test func `draining lets an answer through that comes in time, and tells the others to come back`()
        throws
    {
        let server = try TestServer { $0.closeTimeout = 100 }
        let (answered, forgotten) = (try ask(server), try ask(server))
        let asked = [try server.nextAsked(), try server.nextAsked()]
        server.group.drain()
        server.answer(asked[0], "in time")
        #expect(try answered.readAll().hasSuffix("in time\n"))
        #expect(try forgotten.readAll().hasPrefix("HTTP/1.1 503 "))
        server.join()
    }

    @Test func `stopping cuts off who waits`() throws {
        let server = try TestServer()
        let client = try ask(server)
        let connection = try server.nextAsked()
        server.end()
        #expect(throws: TestClient.Trouble.self) { try client.readSome() }
        #expect(!server.group.inboxes[0].respond(connection, HTTPResponse(.ok, text: "too late")))
    }
}
