@testable import WebSocket

/// Heads of requests and of responses, in one piece and in two: where they are cut makes no difference.
enum HandshakeFuzz {
    static func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let bytes = Array(input.dropFirst())
        let cut = bytes.isEmpty ? 0 : Int(first) % (bytes.count + 1)
        request(bytes, cut)
        response(bytes, cut)
    }

    private static func request(_ bytes: [UInt8], _ cut: Int) {
        var whole = RequestHeadParser()
        let expected = whole.feed(bytes.span)
        if case .head(let head, let consumed) = expected {
            Fuzz.check(consumed <= bytes.count, "no more is consumed than there was")
            _ = Upgrade.check(head)
        }
        var parts = RequestHeadParser()
        let start = parts.feed(Array(bytes[..<cut]).span)
        switch (start, expected) {
        case (.needsMore, _):
            let end = parts.feed(Array(bytes[cut...]).span)
            if case .head(let head, let consumed) = end {
                Fuzz.check(
                    expected == .head(head, consumed: consumed + cut),
                    "a head in two parts is the same head"
                )
            } else {
                Fuzz.check(end == expected, "two parts are understood as the whole")
            }
        case (.head(let head, let consumed), _):
            Fuzz.check(expected == .head(head, consumed: consumed), "a head needs no more than itself")
        case (.refused(let response), .refused(let other)):
            Fuzz.check(response == other, "a part is refused for what the whole is refused for")
        default: Fuzz.check(false, "what is refused in part is refused as a whole")
        }
    }

    private static func response(_ bytes: [UInt8], _ cut: Int) {
        func outcome(_ pieces: [[UInt8]]) -> String {
            var handshake = ClientHandshake(
                host: "here",
                target: "/",
                key: Array(0..<16),
                subprotocols: ["plenary.v1"]
            )
            for piece in pieces {
                switch handshake.feed(piece.span) {
                case .needsMore: continue
                case .accepted(let head, let subprotocol, _): return "\(head.status) \(subprotocol ?? "-")"
                case .refused(let why): return "\(why)"
                }
            }
            return "more"
        }
        Fuzz.check(
            outcome([bytes]) == outcome([Array(bytes[..<cut]), Array(bytes[cut...])]),
            "a response in two parts is understood as the whole"
        )
    }
}
