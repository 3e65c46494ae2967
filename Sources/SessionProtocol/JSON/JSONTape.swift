/// The bytes of one message and its nodes in the order of the text: a container, then what is in it, then
/// what comes after it.
///
/// A member is two neighbours, the key and the value.
struct JSONTape: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    /// The text of a string or key, escapes resolved.
    func text(of node: Int) -> [UInt8] {
        nodes[node].isPlain ? Array(bytes[nodes[node].range]) : nodes[node].text(bytes.span)
    }

    /// Whether a string or key is this text.
    func isText(_ text: JSONLiteral, at node: Int) -> Bool {
        nodes[node].kind == .string && nodes[node].isText(text, bytes.span)
    }
}

/// What a value is.
package enum JSONKind: UInt8, Sendable {
    case object
    case array
    case string
    case number
    case `true`
    case `false`
    case null
}

/// One value or key, 16 bytes.
struct JSONNode: Sendable {
    let kind: JSONKind
    /// Strings and keys: there is no escape in it.
    ///
    /// Numbers: it is written as an integer.
    var isPlain = true
    /// Strings: nothing but ASCII without controls is in it, and no escape.
    var isPrintable = false
    /// The first byte; of a string and a key the first within the quotes.
    let start: UInt32
    /// One after the last byte; of a container the number of its members or elements.
    var end: UInt32
    /// Containers: the node after the last that is in them.
    ///
    /// Strings: the unescaped length in bytes. Keys: the signature of the unescaped bytes.
    var link: UInt32 = 0

    init(kind: JSONKind, start: Int, end: Int) {
        self.kind = kind
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    /// The length of a string in bytes, escapes resolved; nil when it is none.
    var textByteCount: Int? { kind == .string ? Int(link) : nil }

    /// The bytes as they stand in the message.
    ///
    /// Not for containers.
    var range: Range<Int> { Int(start)..<Int(end) }
}

extension JSONNode {
    /// The text of a string or key, escapes resolved.
    ///
    /// Few have any, and those who ask need not make room for that: inlined, it costs every look for a member 40
    /// instructions.
    @inline(never)
    func text(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            if bytes[at] == ASCII.backslash,
                case .scalar(let scalar, let byteCount) = JSONEscape(bytes, at: at)
            {
                text.append(contentsOf: scalar.utf8)
                at += byteCount
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        return text
    }

    /// Equal for equal texts: the length, and the bytes at both ends and in the middle.
    ///
    /// Whoever makes it equal for others only has the bytes compared.
    func signature(_ bytes: Span<UInt8>) -> UInt32 {
        if !isPlain {
            let text = text(bytes)
            return JSONNode.signature(text.span)
        }
        return JSONNode.signature(bytes.extracting(range))
    }

    /// One of 61 bits for a signature; what is not among those of an object's keys is no key of it.
    static func bit(of signature: UInt32) -> UInt64 { 1 << UInt64(signature % 61) }

    static func signature(_ text: Span<UInt8>) -> UInt32 {
        let count = text.count
        guard count > 0 else { return 0 }
        return UInt32(text[0]) | UInt32(text[count / 2]) << 8 | UInt32(text[count - 1]) << 16
            | UInt32(truncatingIfNeeded: count) << 24
    }

    /// Whether two strings or keys of one message are the same text.
    func isSameText(as other: JSONNode, _ bytes: Span<UInt8>) -> Bool {
        guard isPlain, other.isPlain else { return text(bytes) == other.text(bytes) }
        return bytes.extracting(range).isEqual(to: bytes.extracting(other.range))
    }

    /// Whether a string or key is this text.
    func isText(_ text: JSONLiteral, _ bytes: Span<UInt8>) -> Bool {
        guard isPlain else {
            let mine = self.text(bytes)
            return text.utf8.span.isEqual(to: mine.span)
        }
        return text.utf8.span.isEqual(to: bytes.extracting(range))
    }
}

extension JSONNode {
    /// The integer that a number is, if it is one that we take (`JSONValue.integer`).
    func integer(_ bytes: Span<UInt8>) -> Int64? {
        // 2^53 has 16 digits: 60,000 of them are not even looked at.
        guard kind == .number, isPlain, range.count <= 17 else { return nil }
        let digits = bytes.extracting(range)
        var magnitude: Int64 = 0
        var isNegative = false
        for index in digits.indices {
            if digits[index] == ASCII.minus {
                isNegative = true
            } else {
                magnitude = magnitude * 10 + Int64(digits[index] - ASCII.zero)
            }
        }
        guard magnitude <= JSONLimits.maxInteger else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}

extension Span<UInt8> {
    /// Whether both hold the same bytes.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension Span<JSONNode> {
    /// Where what follows a value begins.
    func indexAfterValue(_ index: Int) -> Int {
        switch self[index].kind {
        case .object, .array: Int(self[index].link)
        case .string, .number, .true, .false, .null: index + 1
        }
    }
}
