/// Makes random JSON texts from a seed: all of the grammar, and more often than chance would what parsers get
/// wrong (escapes, surrogates, numbers at the edges of their types, equal keys, depth, white space).
struct JSONGenerator {
    var random: SplitMix64
    private var bytes: [UInt8] = []
    private var depth = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// A well-formed text with an object at the top.
    mutating func text() -> [UInt8] {
        bytes = []
        depth = 0
        space()
        switch below(160) {
        case 0..<4: deep()
        case 4: wide()
        default: object()
        }
        space()
        return bytes
    }

    /// The text with one to four mistakes, or none that matters.
    mutating func mutated(_ text: [UInt8], with other: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<1 + below(4) {
            let place = below(text.count + 1)
            let rest = text.count - place
            let length = below(min(rest, oneIn(4) ? rest : 3) + 1)
            switch below(8) {
            case 0 where rest > 0: text[place] ^= 1 << UInt8(below(8))
            case 1 where rest > 0: text[place] = UInt8(below(256))
            case 2: text.removeSubrange(place..<place + length)
            case 3: text.insert(contentsOf: text[place..<place + length], at: place)
            case 4:
                let from = below(other.count + 1)
                let to = from + below(other.count - from + 1)
                text.replaceSubrange(place..<place + length, with: other[from..<to])
            case 5: text.removeSubrange(place...)
            case 6:
                let end = text[place...].firstIndex { $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "]") }
                text.insert(UInt8(ascii: ","), at: end ?? place)
            default: text.insert(contentsOf: pick(JSONGenerator.pieces).utf8, at: place)
            }
        }
        return text
    }

    /// The text in a way that only the oracle takes: behind a byte order mark, or in UTF-16.
    mutating func reencoded(_ text: [UInt8]) -> [UInt8] {
        if oneIn(2) { return [0xEF, 0xBB, 0xBF] + text }
        return String(decoding: text, as: UTF8.self).utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u0000", "-", "-0", "0",
        "00", ".", "1.",
        "e", "E+", "e400", "/", "//", "/**/", "'", "NaN", "Infinity", "-Infinity", "true", "tru", "null",
        "nul",
        "False", "\u{FEFF}", "\u{A0}", "\u{2028}", "\u{0}", "\u{1F}", "\n", "\t", "\u{B}", "\"a\":1",
        "\"a\":1,", ",,", "{}", "[]",
        "[[[[[[[[[[[[[[[[[", "1e-5", "9223372036854775808", "+1", "0x10", "\u{10FFFF}",
    ]
}

// MARK: - The grammar (RFC 8259, 2 to 7)

extension JSONGenerator {
    private mutating func object() {
        depth += 1
        defer { depth -= 1 }
        bytes.append(UInt8(ascii: "{"))
        space()
        let count = below(6)
        for member in 0..<count {
            if member > 0 { separator(",") }
            key(member)
            separator(":")
            value()
        }
        space()
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func key(_ member: Int) {
        if oneIn(30) {
            write(pick(["\"a\"", "\"\\u0061\"", "\"\u{E9}\"", "\"e\u{301}\"", "\"\""]))
        } else if oneIn(10) {
            write("\"k\(member)\"")
        } else {
            string()
        }
    }

    private mutating func array() {
        depth += 1
        defer { depth -= 1 }
        bytes.append(UInt8(ascii: "["))
        space()
        for element in 0..<below(5) {
            if element > 0 { separator(",") }
            value()
        }
        space()
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func value() {
        switch below(depth < 5 ? 10 : 7) {
        case 0, 1: number()
        case 2, 3: string()
        case 4: write(pick(["true", "false"]))
        case 5: write("null")
        case 6: write(pick(["\"main\"", "7", "1790000000123", "\"\"", "0"]))
        case 7: array()
        default: object()
        }
    }

    private mutating func deep() {
        let levels = 14 + below(5)
        write("{\"d\":")
        for _ in 0..<levels - 1 { write("[") }
        for _ in 0..<levels - 1 { write("]") }
        write("}")
    }

    private mutating func wide() {
        write("{\"w\":0")
        for member in 1..<63 + below(4) { write(",\"w\(member)\":\(member)") }
        write("}")
    }

    private mutating func number() {
        if oneIn(4) {
            write(
                pick([
                    "-0", "0", "-0.0", "0e0", "9007199254740991", "9007199254740992", "-9007199254740991",
                    "9223372036854775807",
                    "-9223372036854775808", "9223372036854775808", "18446744073709551615",
                    "18446744073709551616", "1e400", "-1e400",
                    "1E-400", "4.9e-324", "1.7976931348623157e308", "1.8e308", "0.1", "1e2",
                    "100000000000000000000000000000",
                ])
            )
            return
        }
        if oneIn(3) { write("-") }
        write(String(below(pick([9, 1_000, 1 << 40]))))
        if oneIn(4) { write("." + pick(["0", "5", "25", "000", "125"])) }
        if oneIn(6) { write(pick(["e", "E"]) + pick(["", "+", "-"]) + pick(["0", "1", "12", "007"])) }
    }

    private mutating func string() {
        bytes.append(UInt8(ascii: "\""))
        for _ in 0..<below(9) { character() }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func character() {
        switch below(16) {
        case 0: write(pick(["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"]))
        case 1:
            write(
                pick([
                    "\\u0000", "\\u001f", "\\u0022", "\\u005C", "\\u00e9", "\\u20AC", "\\uFFFF",
                    "\\ud83d\\ude00",
                ])
            )
        case 2 where oneIn(20):
            write(pick(["\\ud800", "\\udc00", "\\ud800\\u0041", "\\udc00\\ud800", "\\ud83d\\ud83d"]))
        case 3: write(pick(["é", "e\u{301}", "ß", "漢", "😀", "\u{7F}", "\u{80}", "\u{2028}", "\u{10FFFF}"]))
        case 4 where oneIn(20): write("\u{FEFF}")
        default: bytes.append(UInt8(0x23 + below(0x39)))
        }
    }

    private mutating func separator(_ separator: String) {
        space()
        write(separator)
        space()
    }

    private mutating func space() {
        while oneIn(6) { write(pick([" ", "\n", "\t", "\r"])) }
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func below(_ bound: Int) -> Int { random.below(bound) }

    private mutating func oneIn(_ count: Int) -> Bool { random.below(count) == 0 }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}

/// A small generator that gives the same numbers for the same seed on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A number from 0 to `bound` − 1; quicker in a debug build than `random(in:using:)`.
    mutating func below(_ bound: Int) -> Int { Int(truncatingIfNeeded: next() >> 1) % bound }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
