import Testing
import WebSocket

/// RFC 6455 section 4.1: the client's side of the opening handshake.
@Suite struct Section4_1ClientHandshakeTests {
    private let key = Array("the sample nonce".utf8)
    private let good = [
        "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    ]

    private func handshake(_ subprotocols: [String] = []) -> ClientHandshake {
        ClientHandshake(host: "example.org", target: "/chat?x", key: key, subprotocols: subprotocols)
    }

    /// Feeds the response whole and byte by byte; the same must come of both.
    private func progress(
        _ lines: [String],
        rest: [UInt8] = [],
        _ subprotocols: [String] = []
    ) -> ClientHandshake.Progress {
        let head = Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
        var whole = handshake(subprotocols)
        let progress = whole.feed((head + rest).span)
        var single = handshake(subprotocols)
        for byte in head {
            switch (single.feed([byte].span), progress) {
            case (.needsMore, _): continue
            case (.accepted(let one, let name, consumed: 1), .accepted(let other, let same, let consumed)):
                #expect(one == other)
                #expect(name == same)
                #expect(consumed == head.count)
            case (let one, let other): #expect(one == other)
            }
            break
        }
        return progress
    }

    private func mismatch(_ lines: [String], _ subprotocols: [String] = []) -> Bool {
        if case .refused(.mismatch) = progress(lines, subprotocols) { true } else { false }
    }

    @Test func `The request is what section 4_1 asks for, and a server accepts it`() {
        let handshake = ClientHandshake(
            host: "example.org:8080",
            target: "/chat?x",
            key: key,
            subprotocols: ["a", "b"],
            fields: [HTTPField("Origin", "https://example.org")]
        )
        let lines = [
            "GET /chat?x HTTP/1.1", "Host: example.org:8080", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: a, b", "Origin: https://example.org", "", "",
        ]
        #expect(String(decoding: handshake.request, as: UTF8.self) == lines.joined(separator: "\r\n"))
    }

    @Test func `Both roles' handshakes agree, and frames may follow at once`() {
        var client = handshake(["x", "plenary.v1"])
        guard let head = parsed(client.request).head,
            case .accepted(let response, _) = Upgrade.check(head, subprotocols: ["plenary.v1"])
        else {
            Issue.record("the server refused")
            return
        }
        let frame = FrameWriter.text(Array("hi".utf8))
        let progress = client.feed((response + frame).span)
        guard case .accepted(_, let subprotocol, let consumed) = progress else {
            Issue.record("the client refused")
            return
        }
        #expect(subprotocol == "plenary.v1")
        #expect(consumed == response.count)
    }

    @Test func `A good response is accepted, in any case and with other fields`() {
        let head = ResponseHead(
            status: 101,
            fields: [
                HTTPField("Upgrade", "websocket"), HTTPField("Connection", "Upgrade"),
                HTTPField("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            ]
        )
        let count = good.joined(separator: "\r\n").utf8.count + 4
        #expect(progress(good, rest: [1, 2]) == .accepted(head, subprotocol: nil, consumed: count))
        let other = [
            "HTTP/1.1 101 ", "upgrade: WEBSOCKET", "CONNECTION: keep-alive, upgrade",
            "sec-websocket-accept:  s3pPLMBiTxaQ9kYGzzhZRbK+xOo= ", "Server: x",
        ]
        guard case .accepted = progress(other) else {
            Issue.record("refused")
            return
        }
    }

    @Test func `Other statuses are told with their fields`() {
        let lines = ["HTTP/1.1 503 Service Unavailable", "Retry-After: 7"]
        guard case .refused(.status(let head)) = progress(lines) else {
            Issue.record("not a status")
            return
        }
        #expect(head.status == 503)
        #expect(head.field(named: "retry-after") == "7")
    }

    @Test func `A 101 that does not follow from our request is refused`() {
        for dropped in 1...3 {
            var lines = good
            lines.remove(at: dropped)
            #expect(mismatch(lines), "\(good[dropped])")
        }
        for (index, line) in [
            (1, "Upgrade: h2c"), (1, "Upgrade: websocket, h2c"), (2, "Connection: close"),
            (3, "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo="), (3, "Sec-WebSocket-Accept:"),
        ] {
            var lines = good
            lines[index] = line
            #expect(mismatch(lines), "\(line)")
        }
        #expect(mismatch(good + [good[3]]))
        #expect(mismatch(good + [good[1]]))
        #expect(mismatch(good + ["Sec-WebSocket-Extensions: permessage-deflate"]))
    }

    @Test func `Only a subprotocol that we offered may be chosen, and none may be`() {
        let chosen = good + ["Sec-WebSocket-Protocol: a"]
        #expect(mismatch(chosen))
        #expect(mismatch(chosen, ["b", "A"]))
        #expect(!mismatch(chosen, ["b", "a"]))
        #expect(mismatch(chosen + ["Sec-WebSocket-Protocol: b"], ["b", "a"]))
        #expect(!mismatch(good, ["b", "a"]))
    }

    @Test func `What is not an HTTP response is malformed`() {
        let first = [
            "HTTP/1.0 101 x", "HTTP/2 101 x", "HTTP/1.1 1O1 x", "HTTP/1.1 10 x", "HTTP/1.1 1010 x",
            "HTTP/1.1 101", "http/1.1 101 x",
            "HTTP/1.1  101 x", "HTTP/1.1 101 \u{0}", "ICY 200 OK", "",
        ]
        for line in first { #expect(progress([line] + good.dropFirst()) == .refused(.malformed), "\(line)") }
        #expect(progress(good + ["X : 1"]) == .refused(.malformed))
        #expect(progress(good + [" folded"]) == .refused(.malformed))
        #expect(progress(good + [String(repeating: "x", count: 9_000)]) == .refused(.malformed))
        #expect(progress(good + (0..<64).map { "X\($0): 1" }) == .refused(.malformed))
    }

    @Test func `Lines of a response end in CR LF and in nothing else`() {
        let text = (good + ["", ""]).joined(separator: "\r\n")
        for index in text.unicodeScalars.indices where text.unicodeScalars[index] == "\r" {
            var bare = text.unicodeScalars
            bare.remove(at: index)
            var handshake = handshake()
            #expect(handshake.feed(Array(String(bare).utf8).span) == .refused(.malformed))
        }
    }

    @Test func `A handshake that has answered is spent`() {
        var handshake = handshake()
        let bytes = Array((good + ["", ""]).joined(separator: "\r\n").utf8)
        #expect(handshake.feed([UInt8]().span) == .needsMore)
        _ = handshake.feed(bytes.span)
        #expect(handshake.feed(bytes.span) == .refused(.malformed))
    }
}
