import Testing
import WebSocket

@Suite struct HTTPResponseTests {
    @Test func `A response on the wire, byte for byte`() {
        let response = HTTPResponse(.notFound, fields: [HTTPField("Retry-After", "3")], text: "No such page.")
        let lines = [
            "HTTP/1.1 404 Not Found", "Retry-After: 3", "Content-Type: text/plain; charset=utf-8",
            "Content-Length: 14", "Connection: close", "", "No such page.\n",
        ]
        #expect(String(decoding: response.bytes, as: UTF8.self) == lines.joined(separator: "\r\n"))
    }

    @Test func `Without its body it still says how long that is`() {
        let response = HTTPResponse(.ok, body: [1, 2, 3])
        #expect(response.bytes(withBody: false) + [1, 2, 3] == response.bytes)
        #expect(
            String(decoding: response.bytes(withBody: false), as: UTF8.self).contains("Content-Length: 3\r\n")
        )
    }

    @Test func `Switching protocols has no length and does not close`() {
        let response = HTTPResponse(.switchingProtocols, fields: [HTTPField("Connection", "Upgrade")])
        let text = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n"
        #expect(response.bytes == Array(text.utf8))
    }

    @Test func `A Connection field of one's own is not doubled`() {
        let response = HTTPResponse(.upgradeRequired, fields: [HTTPField("connection", "Upgrade, close")])
        let text = String(decoding: response.bytes, as: UTF8.self)
        #expect(text.split(separator: "\r\n").filter { $0.lowercased().hasPrefix("connection:") }.count == 1)
    }

    @Test func `A value cannot begin another line`() {
        let response = HTTPResponse(.ok, fields: [HTTPField("X", "a\r\nSet-Cookie: b\u{0}\u{7F}")])
        #expect(String(decoding: response.bytes, as: UTF8.self).contains("\r\nX: aSet-Cookie: b\r\n"))
    }
}
