import Testing
import WebSocket

/// RFC 9112 for requests, strict; rows 11, 12, 18 to 21 of what the world will do to us.
@Suite struct RequestHeadParserTests {
    @Test func `A head comes apart into method, target, path, query and fields in order`() {
        let parsed = parsed(
            "GET /v1/a%2Fb?x=1?y HTTP/1.1\r\nHost: example.org:8080\r\nX-A:1\r\nx-a: \t2 3\t \r\nE:\r\n\r\n"
        )
        let expected = RequestHead(
            method: "GET",
            target: "/v1/a%2Fb?x=1?y",
            path: "/v1/a%2Fb",
            query: "x=1?y",
            fields: [
                HTTPField("Host", "example.org:8080"), HTTPField("X-A", "1"), HTTPField("x-a", "2 3"),
                HTTPField("E", ""),
            ]
        )
        #expect(parsed == .head(expected, rest: []))
        #expect(expected.field(named: "x-A") == "1")
        #expect(expected.fields(named: "X-a") == ["1", "2 3"])
        #expect(expected.field(named: "absent") == nil)
    }

    @Test func `A target without a question mark has no query, an empty one has an empty query`() {
        #expect(parsed(RequestText(line: "GET / HTTP/1.1").text).head?.query == nil)
        #expect(parsed(RequestText(line: "GET /? HTTP/1.1").text).head?.query == "")
    }

    @Test func `Other methods pass; who serves the path decides`() {
        for method in ["POST", "HEAD", "DELETE", "M-SEARCH"] {
            #expect(parsed(RequestText(line: "\(method) /healthz HTTP/1.1").text).head?.method == method)
        }
        #expect(parsed(RequestText(line: "OPTIONS * HTTP/1.1").text).head?.path == "*")
    }

    @Test func `Bytes behind the head are left alone, be they frames or another request`() {
        let frame = masked(.text, "early")
        for rest in [[], frame, Array("GET / HTTP/1.0\r\n\r\n".utf8), [0, 0x0A, 0xFF]] {
            let parsed = parsed(Array(RequestText().text.utf8) + rest)
            guard case .head(_, let left) = parsed else {
                Issue.record("not a head: \(parsed)")
                continue
            }
            #expect(left == rest)
        }
    }

    @Test func `A head that is not whole needs more, at every byte of it`() {
        let bytes = Array(RequestText().text.utf8)
        var parser = RequestHeadParser()
        #expect(!parser.hasBegun)
        for byte in bytes.dropLast() {
            #expect(parser.feed([byte].span) == .needsMore)
            #expect(parser.hasBegun)
        }
    }

    @Test func `A parser that has answered refuses what comes then`() {
        var parser = RequestHeadParser()
        _ = parser.feed(Array(RequestText().text.utf8).span)
        guard case .refused(let response) = parser.feed([0x47].span) else {
            Issue.record("not refused")
            return
        }
        #expect(response.status == .badRequest)
    }

    @Test func `Versions other than 1.1 are told so, HTTP/2's preface too`() {
        for version in ["HTTP/1.0", "HTTP/1.2", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9"] {
            #expect(parsed(RequestText(line: "GET / \(version)").text).status == 505)
        }
        #expect(parsed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status == 505)
    }

    @Test func `A request line that is none is 400`() {
        let lines = [
            "GET / http/1.1", "GET / HTTP/1.1 ", "GET / HTTP/11", "GET / HTTP/1.10", "GET / HTTP/1,1",
            "GET / HTTP/a.1",
            "GET  / HTTP/1.1", "GET /", "GET", "", " GET / HTTP/1.1", "GET\t/ HTTP/1.1", "GET / \tHTTP/1.1",
            "G(T / HTTP/1.1", "GÉT / HTTP/1.1", String(repeating: "M", count: 33) + " / HTTP/1.1",
            "GET /a b HTTP/1.1", "GET /é HTTP/1.1", "GET /a\u{0}b HTTP/1.1", "GET /a#b HTTP/1.1",
            "GET /a\u{7F} HTTP/1.1", "GET a HTTP/1.1", "GET * HTTP/1.1", "CONNECT example.org:443 HTTP/1.1",
        ]
        for line in lines { #expect(parsed(RequestText(line: line).text).status == 400, "\(line)") }
    }

    @Test func `What is doubtful in a target but can be written passes, for the router to refuse`() {
        for path in ["/..%2f", "/%00", "//", "/a\\b", "/.", "/\"<>^`{|}"] {
            #expect(parsed(RequestText(line: "GET \(path) HTTP/1.1").text).head?.path == path)
        }
    }

    @Test func `An absolute target of this host is taken apart, of another refused`() {
        let good = [
            ("http://example.org/v1?x", "/v1"), ("HTTPS://EXAMPLE.org/v1", "/v1"),
            ("http://example.org", "/"),
            ("http://example.org?x", "/"),
        ]
        for (target, path) in good {
            let head = parsed(RequestText(line: "GET \(target) HTTP/1.1").text).head
            #expect(head?.path == path)
            #expect(head?.target == target)
        }
        let bad = [
            "http://evil.example/", "http://example.org:81/", "http://user@example.org/", "http:///",
            "http://",
            "ftp://example.org/", "ws://example.org/", "//example.org/".replacingFirst("/", with: "x/"),
        ]
        for target in bad { #expect(parsed(RequestText(line: "GET \(target) HTTP/1.1").text).status == 400) }
    }

    @Test func `There is exactly one Host, with something sensible in it`() {
        #expect(parsed(RequestText().without("Host").text).status == 400)
        #expect(parsed(RequestText().adding("Host: example.org").text).status == 400)
        #expect(parsed(RequestText().adding("hOST: other.example").text).status == 400)
        for host in ["", "a b", "a/b", "user@a", "a,b", "a\"", "é"] {
            #expect(parsed(RequestText().with("Host: \(host)").text).status == 400, "\(host)")
        }
        for host in ["localhost", "127.0.0.1:8080", "[::1]:8080", "xn--bcher-kva.example", "a_b.example"] {
            #expect(parsed(RequestText().with("Host: \(host)").text).head?.field(named: "host") == host)
        }
    }

    @Test func `Lines end in CR LF and in nothing else`() {
        let good = RequestText().text
        for index in good.unicodeScalars.indices where good.unicodeScalars[index] == "\r" {
            var bare = good.unicodeScalars
            bare.remove(at: index)
            #expect(parsed(String(bare)).status == 400, "bare LF")
            var doubled = good.unicodeScalars
            doubled.insert("\r", at: index)
            #expect(parsed(String(doubled)).status == 400, "CR CR LF")
        }
        #expect(parsed("\r\n" + good).status == 400)
        #expect(parsed(good.replacingFirst("Upgrade:", with: "Up\rgrade:")).status == 400)
        #expect(parsed(good.replacingFirst("example", with: "exa\rmple")).status == 400)
    }

    @Test func `Names of fields are tokens, right before the colon, and no line is folded`() {
        let fields = [
            "X : 1", "X\t: 1", " X: 1", "\tfolded", ": 1", "no colon", "X\u{0}: 1", "Xé: 1", "X(: 1",
            "\"X\": 1", "X/Y: 1",
        ]
        for field in fields { #expect(parsed(RequestText().adding(field).text).status == 400, "\(field)") }
        for byte in UInt8(0x80)...0xFF {
            let bytes = Array("GET / HTTP/1.1\r\nX".utf8) + [byte] + Array(": 1\r\n\r\n".utf8)
            #expect(parsed(bytes).status == 400)
        }
    }

    @Test func `Values hold no control characters; beyond ASCII each byte is one scalar`() {
        for byte in UInt8.min...UInt8.max {
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: b".utf8) + [byte] + Array("c\r\n\r\n".utf8)
            let value = parsed(bytes).head?.field(named: "X")
            let isAllowed = byte >= 0x20 && byte != 0x7F || byte == 9
            #expect(value == (isAllowed ? "b\(Unicode.Scalar(byte))c" : nil))
        }
    }

    @Test func `A request with a few bytes changed is read alike however it arrives, and nothing traps`() {
        var random = SeededRandom(9)
        let good = Array(RequestText(line: "GET http://example.org/v1?x HTTP/1.1").text.utf8)
        for _ in 0..<100 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let odd: [UInt8] = [0, 9, 10, 13, 32, 35, 47, 58, 63, 0x80, 0xFF]
                let byte = odd.randomElement(using: &random) ?? 0
                bytes[Int.random(in: bytes.indices, using: &random)] = byte
            }
            guard let head = parsed(bytes).head else { continue }
            #expect(head.path.hasPrefix("/"))
            if case .refused(let response) = Upgrade.check(head) { #expect(response.status.code >= 400) }
        }
    }

    @Test func `Nothing that TLS or a shell would send gets past its first bytes`() {
        for bytes in [hex("16030102"), hex("802e0100"), [0x0A], [0x00], [0x0D, 0x0A], [0x20]] {
            #expect(parsed(bytes).status == 400)
        }
    }
}

/// Row 19: what is too large, at the byte where it becomes so.
@Suite struct RequestHeadLimitsTests {
    @Test func `A target of 2 KiB passes, one byte more is 414 before the line ends`() {
        let path = "/" + String(repeating: "a", count: 2_047)
        #expect(parsed(RequestText(line: "GET \(path) HTTP/1.1").text).head?.path == path)
        #expect(parsed("GET \(path)").status == nil)
        #expect(parsed("GET \(path)a").status == 414)
    }

    @Test func `64 fields pass, the first byte of the next is 431`() {
        let lines = (1...64).map { $0 == 1 ? "Host: a\r\n" : "X\($0): y\r\n" }.joined()
        let head = parsed("GET / HTTP/1.1\r\n" + lines + "\r\n").head
        #expect(head?.fields.count == 64)
        #expect(parsed("GET / HTTP/1.1\r\n" + lines + "X").status == 431)
    }

    @Test func `A head of 8 KiB passes, one byte more is 431, whatever it is`() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let value = String(repeating: "v", count: 8_192 - start.utf8.count - 4)
        #expect(parsed(Array((start + value + "\r\n\r\n").utf8)).head != nil)
        #expect(parsed(Array((start + value + "v\r\n\r\n").utf8)).status == 431)
        #expect(parsed(Array((start + value + "vvvv").utf8)).status == nil)
        #expect(parsed(Array((start + value + "vvvvv").utf8)).status == 431)
    }

    @Test func `The limits can be set`() {
        let limits = HandshakeLimits(maxHeadBytes: 100, maxFields: 2, maxTargetBytes: 5)
        #expect(parsed(Array("GET /12345".utf8), limits: limits).status == 414)
        #expect(parsed(Array("GET / HTTP/1.1\r\nA:\r\nB:\r\nC".utf8), limits: limits).status == 431)
        let long = "GET / HTTP/1.1\r\nA:" + String(repeating: "x", count: 100)
        #expect(parsed(Array(long.utf8), limits: limits).status == 431)
    }
}

extension String {
    /// With the first occurrence of a text replaced.
    func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
    }
}
