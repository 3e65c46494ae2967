import Testing
import WebSocket

/// What became of a request's bytes.
enum Parsed: Equatable {
    case needsMore
    /// `rest`: the bytes behind the head.
    case head(RequestHead, rest: [UInt8])
    case refused(HTTPResponse)

    var head: RequestHead? {
        if case .head(let head, _) = self { head } else { nil }
    }

    /// The status of a refusal.
    var status: Int? {
        if case .refused(let response) = self { response.status.code } else { nil }
    }
}

/// Feeds the request whole, byte by byte and in random pieces, expects the same of each, and says what it was.
func parsed(
    _ bytes: [UInt8],
    limits: HandshakeLimits = HandshakeLimits(),
    at location: SourceLocation = #_sourceLocation
) -> Parsed {
    let whole = parsed(pieces: [bytes], limits)
    #expect(parsed(pieces: bytes.map { [$0] }, limits) == whole, "byte by byte", sourceLocation: location)
    var random = SeededRandom(UInt64(bytes.count))
    for _ in 0..<2 {
        let split = parsed(pieces: pieces(of: bytes, &random), limits)
        #expect(split == whole, "in pieces", sourceLocation: location)
    }
    return whole
}

/// The same for text.
func parsed(_ text: String, at location: SourceLocation = #_sourceLocation) -> Parsed {
    parsed(Array(text.utf8), at: location)
}

private func parsed(pieces: [[UInt8]], _ limits: HandshakeLimits) -> Parsed {
    var parser = RequestHeadParser(limits: limits)
    for (index, piece) in pieces.enumerated() {
        switch parser.feed(piece.span) {
        case .needsMore: continue
        case .head(let head, let consumed):
            let rest = piece[consumed...] + pieces[(index + 1)...].joined()
            return .head(head, rest: Array(rest))
        case .refused(let response): return .refused(response)
        }
    }
    return .needsMore
}

/// A good upgrade request, in parts that tests change.
struct RequestText {
    var line = "GET /v1/sessions/maths HTTP/1.1"
    var fields = [
        "Host: example.org", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    ]

    init() {}

    /// Another request line.
    init(line: String) {
        self.line = line
    }

    /// With the field of that name replaced, or added if there is none.
    func with(_ field: String) -> RequestText {
        var request = without(String(field.prefix { $0 != ":" }))
        request.fields.append(field)
        return request
    }

    /// With one more field.
    func adding(_ field: String) -> RequestText {
        var request = self
        request.fields.append(field)
        return request
    }

    /// Without the fields of that name.
    func without(_ name: String) -> RequestText {
        var request = self
        request.fields.removeAll { $0.hasPrefix(name + ":") }
        return request
    }

    var text: String { ([line] + fields + ["", ""]).joined(separator: "\r\n") }
}
