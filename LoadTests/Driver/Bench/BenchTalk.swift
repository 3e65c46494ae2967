import WebSocket

/// The messages of one talker.
///
/// A text begins with eight bytes that say whose it is, and sixteen with the time at which it was due: wherever it is
/// heard, both stand at a fixed distance from the message's end, and nobody has to read JSON.
struct BenchTalk {
    /// What the first eight bytes of this talker's texts are, as they lie in memory.
    let mark: UInt64
    private let head: [UInt8]
    private var text: [UInt8]
    private let dialect: BenchDialect
    /// Of the next command; 1 was the join.
    private var nextID = 2
    private var masks: UInt32

    init(member: Int, textBytes: Int, dialect: BenchDialect) {
        text = Array("~\(BenchDialect.digits(member, count: 6)):0000000000000000 ".utf8)
        while text.count < textBytes { text.append(UInt8(ascii: "a") + UInt8(text.count % 26)) }
        mark = text.withUnsafeBytes { $0.load(as: UInt64.self) }
        // A bare message is as long as Plenary's push of the same text, so that a delivery is as many bytes.
        head = Array(
            """
            {"seq":10000,"at":1790000000000,"on":"chat.sent","message":10000,"room":"main",\
            "from":"\(BenchDialect.person(member))","text":"
            """.utf8
        )
        self.dialect = dialect
        masks = UInt32(truncatingIfNeeded: member) &* 2_654_435_761 | 1
    }

    /// The id of the newest command.
    var lastID: Int { nextID - 1 }

    /// The id of a command other than a message.
    mutating func takeID() -> Int64 {
        defer { nextID += 1 }
        return Int64(nextID)
    }

    /// Appends a message that was due at this time, in nanoseconds.
    mutating func append(dueAt due: UInt64, to output: inout [UInt8]) {
        for place in 0..<16 {
            text[Self.dueOffset + place] = Self.hexadecimal[Int(due >> UInt64(60 - 4 * place) & 15)]
        }
        var payload: [UInt8] = []
        payload.reserveCapacity(320)
        if dialect == .bare {
            payload += head
            payload += text
            payload += Self.tail
        } else {
            let id = String(takeID()).utf8
            payload += Self.commandStart
            payload += id
            payload += Self.commandMiddle
            payload += text
            payload += Self.commandKey
            payload += id
            payload += Self.tail
        }
        append(payload, to: &output)
    }

    /// Appends any other text message.
    mutating func append(_ payload: [UInt8], to output: inout [UInt8]) {
        masks = masks &* 1_664_525 &+ 1_013_904_223
        FrameWriter.append(.text, payload, mask: masks, to: &output)
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
    private static let tail = Array("\"}".utf8)
    private static let commandStart = Array("{\"id\":".utf8)
    private static let commandMiddle = Array(",\"do\":\"chat.send\",\"room\":\"main\",\"text\":\"".utf8)
    private static let commandKey = Array("\",\"key\":\"b".utf8)
}

// What is found at the fixed place of a message that is heard.
extension BenchTalk {
    /// Where a text begins, from the end of its message: its own length, the quote, the brace.
    static func place(textBytes: Int) -> Int { textBytes + tail.count }

    /// Where in a text the time stands at which it was due.
    static let dueOffset = 8

    /// Whether these eight bytes begin a text of the benchmark's.
    @inline(__always)
    static func isMark(_ bytes: UInt64) -> Bool {
        bytes & 0xFF00_0000_0000_00FF == UInt64(UInt8(ascii: "~")) | UInt64(UInt8(ascii: ":")) << 56
    }
}
