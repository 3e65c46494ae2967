import Testing
import WebSocket

/// RFC 6455 sections 1.3 and 4.2: the server's side of the opening handshake; rows 10, 13 to 17 and 23.
@Suite struct Section4_2UpgradeTests {
    private func answer(_ request: RequestText, _ subprotocols: [String] = []) -> Upgrade.Answer? {
        parsed(request.text).head.map { Upgrade.check($0, subprotocols: subprotocols) }
    }

    private func refusal(_ request: RequestText, _ subprotocols: [String] = []) -> HTTPResponse? {
        guard case .refused(let response) = answer(request, subprotocols) else { return nil }
        return response
    }

    private func isAccepted(_ request: RequestText) -> Bool {
        guard case .accepted = answer(request) else { return false }
        return true
    }

    @Test func `The example of section 1.3 gets its answer, byte for byte`() {
        let request = RequestText(line: "GET /chat HTTP/1.1")
            .with("Origin: http://example.com").with("Sec-WebSocket-Protocol: chat, superchat")
        let response = [
            "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol: chat", "", "",
        ]
        let bytes = Array(response.joined(separator: "\r\n").utf8)
        #expect(answer(request, ["chat"]) == .accepted(response: bytes, subprotocol: "chat"))
    }

    @Test func `More fields go into the response`() {
        let head = parsed(RequestText().text).head
        let answer = head.map { Upgrade.check($0, fields: [HTTPField("X-Server", "a")]) }
        guard case .accepted(let response, _) = answer else {
            Issue.record("refused")
            return
        }
        #expect(String(decoding: response, as: UTF8.self).hasSuffix("\r\nX-Server: a\r\n\r\n"))
    }

    @Test func `Any case and any list around Upgrade and Connection is fine`() {
        let good = [
            "Connection: keep-alive, Upgrade", "Connection: uPGRADE", "Connection: a,upgrade ,b",
            "Upgrade: WebSocket",
            "Upgrade: h2c, WEBSOCKET", "Connection: ,Upgrade,",
        ]
        for field in good { #expect(isAccepted(RequestText().with(field)), "\(field)") }
        let twice = RequestText().with("Connection: keep-alive").adding("Connection: Upgrade")
        #expect(isAccepted(twice))
        #expect(isAccepted(RequestText().with("Sec-WebSocket-Extensions: permessage-deflate; x=1, foo")))
    }

    @Test func `Methods other than GET are 405 with Allow`() {
        for method in ["POST", "HEAD", "OPTIONS", "PUT", "get"] {
            let refusal = refusal(RequestText(line: "\(method) /v1/sessions/a HTTP/1.1"))
            #expect(refusal?.status == .methodNotAllowed)
            #expect(refusal?.fields.contains(HTTPField("Allow", "GET")) == true)
        }
    }

    @Test func `Without an upgrade to websocket it is 426, which says to what`() {
        for request in [
            RequestText().without("Upgrade"), RequestText().with("Upgrade: h2c"),
            RequestText().with("Upgrade:"),
        ] {
            let refusal = refusal(request)
            #expect(refusal?.status == .upgradeRequired)
            #expect(refusal?.fields.contains(HTTPField("Upgrade", "websocket")) == true)
        }
    }

    @Test func `Without Connection Upgrade it is 400`() {
        for request in [
            RequestText().without("Connection"), RequestText().with("Connection: keep-alive"),
            RequestText().with("Connection: upgraded"), RequestText().with("Connection: Upgrade-Insecure"),
        ] {
            #expect(refusal(request)?.status == .badRequest)
        }
    }

    @Test func `A version other than 13 is 426 with ours, two versions are 400`() {
        for version in ["8", "7", "0", "14", "013", "13, 8", "+13", ""] {
            let refusal = refusal(RequestText().with("Sec-WebSocket-Version: \(version)"))
            #expect(refusal?.status == .upgradeRequired, "\(version)")
            #expect(refusal?.fields.contains(HTTPField("Sec-WebSocket-Version", "13")) == true)
        }
        #expect(refusal(RequestText().without("Sec-WebSocket-Version"))?.status == .upgradeRequired)
        #expect(refusal(RequestText().adding("Sec-WebSocket-Version: 13"))?.status == .badRequest)
    }

    @Test func `A key that is missing, given twice or not 16 bytes is 400`() {
        #expect(refusal(RequestText().without("Sec-WebSocket-Key"))?.status == .badRequest)
        let twice = RequestText().adding("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        #expect(refusal(twice)?.status == .badRequest)
        for count in 0...32 where count != 16 {
            let key = Base64.encode([UInt8](repeating: 0, count: count))
            #expect(refusal(RequestText().with("Sec-WebSocket-Key: \(key)"))?.status == .badRequest)
        }
        for key in [
            "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBs ZSBub25jZQ==", "€€€€",
        ] {
            #expect(refusal(RequestText().with("Sec-WebSocket-Key: \(key)"))?.status == .badRequest, "\(key)")
        }
    }

    @Test func `A body, announced in whichever way, is 400`() {
        for field in [
            "Content-Length: 0", "Content-Length: 5", "Transfer-Encoding: chunked", "transfer-encoding:",
        ] {
            #expect(refusal(RequestText().with(field))?.status == .badRequest, "\(field)")
        }
    }

    @Test func `The client's first subprotocol that is ours is taken`() {
        let cases = [
            ("b, a", "b"), ("x, a, b", "a"), ("a", "a"), (",, b ,", "b"), ("A, b", "b"),
        ]
        for (offer, chosen) in cases {
            let answer = answer(RequestText().with("Sec-WebSocket-Protocol: \(offer)"), ["a", "b"])
            guard case .accepted(let response, let subprotocol) = answer else {
                Issue.record("refused: \(offer)")
                continue
            }
            #expect(subprotocol == chosen)
            let text = String(decoding: response, as: UTF8.self)
            #expect(text.contains("\r\nSec-WebSocket-Protocol: \(chosen)\r\n"))
        }
        let inTwo = RequestText().adding("Sec-WebSocket-Protocol: x").adding("Sec-WebSocket-Protocol: b")
        #expect(refusal(inTwo, ["b"]) == nil)
    }

    @Test func `No subprotocol of ours is 400 that names them`() {
        let requests = [
            RequestText(), RequestText().with("Sec-WebSocket-Protocol: plenary.v2"),
            RequestText().with("Sec-WebSocket-Protocol: "),
        ]
        for request in requests {
            let refusal = refusal(request, ["plenary.v1"])
            #expect(refusal?.status == .badRequest)
            let body = String(decoding: refusal?.body ?? [], as: UTF8.self)
            #expect(body.contains("plenary.v1"))
        }
        for offer in ["a b", "a;q=1", "\"a\"", "é"] {
            let request = RequestText().with("Sec-WebSocket-Protocol: \(offer), plenary.v1")
            #expect(refusal(request, ["plenary.v1"])?.status == .badRequest, "\(offer)")
        }
    }

    @Test func `A server without subprotocols passes offers over`() {
        let answer = answer(RequestText().with("Sec-WebSocket-Protocol: chat"))
        guard case .accepted(let response, let subprotocol) = answer else {
            Issue.record("refused")
            return
        }
        #expect(subprotocol == nil)
        #expect(!String(decoding: response, as: UTF8.self).contains("Protocol:"))
    }
}
