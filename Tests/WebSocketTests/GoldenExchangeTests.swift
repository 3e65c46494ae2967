import Testing
import WebSocket

/// Whole conversations as bytes: what a connection sends from its first frame to its last.
struct GoldenExchange: Sendable, CustomTestStringConvertible {
    var name: String
    var role = Role.server
    var bytes: [UInt8]
    var incoming: [Incoming]
    var code: CloseCode?

    var testDescription: String { name }
}

private let exchanges = [
    GoldenExchange(
        name: "says hello and leaves",
        bytes: hex("8185 37fa213d 7f9f4d5158") + hex("8882 00000000 03e8"),
        incoming: [.text("Hello"), .close(.normal, reason: [])]
    ),
    GoldenExchange(
        name: "hears hello and the end of the session",
        role: .client,
        bytes: hex("8105 48656c6c6f") + hex("8900") + hex("8807 03e8 656e646564"),
        incoming: [.text("Hello"), .ping([]), .close(.normal, reason: Array("ended".utf8))]
    ),
    GoldenExchange(
        name: "text in three fragments, cut within characters, pings between",
        bytes: hex("0183 00000000 c3a9e8") + hex("8981 00000000 01") + hex("0082 00000000 aa9e")
            + hex("8981 00000000 02") + hex("8084 00000000 f09f91a9"),
        incoming: [.ping([1]), .ping([2]), .text("é語👩")]
    ),
    GoldenExchange(
        name: "lengths of 126 and 127",
        bytes: hex("827e 007e").withMaskBit + hex("00000000") + [UInt8](repeating: 1, count: 126)
            + hex("827e 007f").withMaskBit + hex("00000000") + [UInt8](repeating: 2, count: 127),
        incoming: [
            .binary([UInt8](repeating: 1, count: 126)), .binary([UInt8](repeating: 2, count: 127)),
        ]
    ),
    GoldenExchange(
        name: "a reserved bit behind good frames",
        bytes: hex("8181 01020304 60") + hex("c181 01020304 60"),
        incoming: [.text("a")],
        code: .protocolError
    ),
    GoldenExchange(
        name: "a ping of 126 bytes behind half a message",
        bytes: hex("0181 00000000 61") + hex("89fe 007e"),
        incoming: [],
        code: .protocolError
    ),
    GoldenExchange(
        name: "a surrogate behind good text",
        bytes: hex("8182 00000000 c3a9") + hex("8186 00000000 6161eda08061"),
        incoming: [.text("é")],
        code: .invalidPayload
    ),
    GoldenExchange(
        name: "a promise of 2^40 bytes",
        bytes: hex("8180 00000000") + hex("81ff 0000010000000000"),
        incoming: [.text("")],
        code: .messageTooBig
    ),
    GoldenExchange(
        name: "a close of one byte",
        bytes: hex("8881 00000000 03"),
        incoming: [],
        code: .protocolError
    ),
    GoldenExchange(
        name: "a server that masks",
        role: .client,
        bytes: hex("810161") + hex("8181 00000000 61"),
        incoming: [.text("a")],
        code: .protocolError
    ),
]

@Suite struct GoldenExchangeTests {
    @Test(arguments: exchanges)
    func `An exchange is read alike however its bytes arrive`(_ exchange: GoldenExchange) {
        let outcome = outcome(of: exchange.bytes, as: exchange.role)
        #expect(outcome.incoming == exchange.incoming)
        #expect(outcome.code == exchange.code)
    }

    @Test(arguments: exchanges)
    func `An exchange is read alike wherever it is cut in two`(_ exchange: GoldenExchange) {
        let whole = WebSocketTests.outcome(of: [exchange.bytes], as: exchange.role)
        for cut in 0...exchange.bytes.count {
            let pieces = [Array(exchange.bytes[..<cut]), Array(exchange.bytes[cut...])]
            #expect(WebSocketTests.outcome(of: pieces, as: exchange.role) == whole)
        }
    }

    @Test func `Random bytes are read alike however they arrive, and nothing traps`() {
        for seed in UInt64(0)..<150 {
            var random = SeededRandom(seed)
            let role = seed % 2 == 0 ? Role.server : .client
            _ = outcome(of: random.bytes(40), as: role)
        }
    }

    @Test func `Golden exchanges with one bit flipped are read alike however they arrive`() {
        var random = SeededRandom(7)
        for exchange in exchanges {
            for _ in 0..<15 {
                var bytes = exchange.bytes
                bytes[Int.random(in: bytes.indices, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
                _ = outcome(of: bytes, as: exchange.role)
            }
        }
    }
}

extension [UInt8] {
    /// A server's frame header made a client's: the key follows.
    fileprivate var withMaskBit: [UInt8] {
        var bytes = self
        bytes[1] |= 0x80
        return bytes
    }
}
