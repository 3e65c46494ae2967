/// Reads one JSON object from the bytes of one message into a flat tape of nodes.
///
/// The input is hostile. So nothing here calls itself, nothing grows faster than the input, and no step
/// depends on what a `String` would do with the text: the depth is a number, the open containers stand in
/// a fixed stack, and equal keys are found by comparing bytes.
///
/// A reader is kept and used for message after message: the tape's memory is used again as soon as the
/// object that was read from it is gone.
///
/// Theory of operation: `scan` stands between two tokens and knows what may follow (`Expected`).
///
///     keyOrEnd ──key──▶ value ──scalar or end──▶ commaOrEnd ──,──▶ key      (in an object)
///     elementOrEnd ─────────┘                        └────────,──▶ value    (in an array)
///
/// It ends when the outermost object has ended; only white space may follow.
package struct JSONReader: Sendable {
    private var nodes: [JSONNode] = []
    private var position = 0
    private var depth = 0
    /// The container that was opened last and is not closed; its link is the one around it until then.
    private var open = 0
    /// One bit for each signature that a key of the open object may have, by its remainder.
    private var signatures: UInt64 = 0
    private let maxBytes: Int

    /// A reader of messages of at most `maxBytes`.
    package init(maxBytes: Int = JSONLimits.maxBytesFromClient) {
        self.maxBytes = min(maxBytes, JSONLimits.maxBytesEver)
    }

    /// Reads one message: exactly one JSON object (RFC 8259) in UTF-8.
    ///
    /// - Returns: the object, which shares the bytes and the tape; let it go before the next message.
    /// - Throws: the first thing that is wrong with the message and where.
    package mutating func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONObject {
        guard bytes.count <= maxBytes else { throw .tooLong(at: maxBytes) }
        if nodes.capacity > JSONLimits.maxNodesKept {
            nodes = []
        } else {
            nodes.removeAll(keepingCapacity: true)
        }
        position = 0
        depth = 0
        open = 0
        try scan(bytes.span)
        return JSONObject(tape: JSONTape(bytes: bytes, nodes: nodes), node: 0, signatures: signatures)
    }
}

// MARK: - Structure

extension JSONReader {
    /// What may stand where the reader stands.
    private enum Expected {
        case keyOrEnd
        case key
        case elementOrEnd
        case value
        case commaOrEnd
    }

    private mutating func scan(_ bytes: Span<UInt8>) throws(JSONFault) {
        skipSpace(bytes)
        guard position < bytes.count, bytes[position] == ASCII.openBrace else {
            // RFC 8259, 8.1: no byte order mark.
            let isMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
            throw isMark ? .encoding(at: 0) : .notObject(at: position)
        }
        try begin(.object)
        var expected = Expected.keyOrEnd
        while depth > 0 {
            skipSpace(bytes)
            guard position < bytes.count else { throw .syntax(at: position) }
            switch expected {
            case .keyOrEnd:
                if bytes[position] == ASCII.closeBrace {
                    expected = end()
                } else {
                    expected = try scanKey(bytes)
                }
            case .key:
                expected = try scanKey(bytes)
            case .elementOrEnd:
                if bytes[position] == ASCII.closeBracket {
                    expected = end()
                } else {
                    expected = try scanValue(bytes)
                }
            case .value:
                expected = try scanValue(bytes)
            case .commaOrEnd:
                expected = try scanCommaOrEnd(bytes)
            }
        }
        skipSpace(bytes)
        guard position == bytes.count else { throw .syntax(at: position) }
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn: position += 1
            default: return
            }
        }
    }

    private mutating func begin(_ kind: JSONKind) throws(JSONFault) {
        guard depth < JSONLimits.maxDepth else { throw .depth(at: position) }
        var node = JSONNode(kind: kind, start: position, end: 0)
        node.link = UInt32(truncatingIfNeeded: open)
        open = nodes.count
        signatures = 0
        depth += 1
        nodes.append(node)
        position += 1
    }

    private mutating func end() -> Expected {
        depth -= 1
        let ended = open
        open = Int(nodes[ended].link)
        nodes[ended].link = UInt32(truncatingIfNeeded: nodes.count)
        // Of the container around it they are not known any more.
        if depth > 0 { signatures = .max }
        position += 1
        return .commaOrEnd
    }

    private mutating func scanCommaOrEnd(_ bytes: Span<UInt8>) throws(JSONFault) -> Expected {
        let isObject = nodes[open].kind == .object
        switch bytes[position] {
        case ASCII.comma:
            position += 1
            return isObject ? .key : .value
        case ASCII.closeBrace where isObject: return end()
        case ASCII.closeBracket where !isObject: return end()
        default: throw .syntax(at: position)
        }
    }

    private mutating func scanValue(_ bytes: Span<UInt8>) throws(JSONFault) -> Expected {
        if nodes[open].kind == .array { nodes[open].end += 1 }
        switch bytes[position] {
        case ASCII.openBrace:
            try begin(.object)
            return .keyOrEnd
        case ASCII.openBracket:
            try begin(.array)
            return .elementOrEnd
        case ASCII.quote: nodes.append(try scanString(bytes))
        case ASCII.minus, ASCII.zero...ASCII.nine: nodes.append(try scanNumber(bytes))
        case UInt8(ascii: "t"): try scanLiteral("true", .true, bytes)
        case UInt8(ascii: "f"): try scanLiteral("false", .false, bytes)
        case UInt8(ascii: "n"): try scanLiteral("null", .null, bytes)
        default: throw .syntax(at: position)
        }
        return .commaOrEnd
    }

    private mutating func scanLiteral(
        _ literal: JSONLiteral,
        _ kind: JSONKind,
        _ bytes: Span<UInt8>
    ) throws(JSONFault) {
        let end = position + literal.utf8.count
        guard end <= bytes.count, literal.utf8.span.isEqual(to: bytes.extracting(position..<end)) else {
            throw .syntax(at: position)
        }
        nodes.append(JSONNode(kind: kind, start: position, end: end))
        position = end
    }
}

// MARK: - Keys

extension JSONReader {
    /// A key and its colon.
    ///
    /// RFC 8259, 4, leaves equal keys open; here they are refused, because two readers of one message that
    /// disagree on which counts are an old way in.
    private mutating func scanKey(_ bytes: Span<UInt8>) throws(JSONFault) -> Expected {
        guard bytes[position] == ASCII.quote else { throw .syntax(at: position) }
        let object = open
        guard nodes[object].end < JSONLimits.maxMembers else { throw .members(at: position) }
        let quote = position
        var key = try scanString(bytes)
        key.link = key.signature(bytes)
        let signature = JSONNode.bit(of: key.link)
        guard signatures & signature == 0 || isNew(key, in: object, bytes) else {
            throw .duplicateKey(at: quote)
        }
        signatures |= signature
        nodes[object].end += 1
        nodes.append(key)
        skipSpace(bytes)
        guard position < bytes.count, bytes[position] == ASCII.colon else { throw .syntax(at: position) }
        position += 1
        return .value
    }

    /// Compares with every key before it: at most 63 signatures, and bytes only where signatures are equal.
    private func isNew(_ key: JSONNode, in object: Int, _ bytes: Span<UInt8>) -> Bool {
        var other = object + 1
        while other < nodes.count {
            if nodes[other].link == key.link, nodes[other].isSameText(as: key, bytes) { return false }
            other = nodes.span.indexAfterValue(other + 1)
        }
        return true
    }
}

// MARK: - Strings and numbers

extension JSONReader {
    /// A string (RFC 8259, 7), from quote to quote.
    ///
    /// The node's link is its length when unescaped.
    private mutating func scanString(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONNode {
        let start = position + 1
        var at = start
        var bytesSaved = 0
        var isPrintable = true
        while at < bytes.count {
            if at + 8 <= bytes.count {
                let plain = EightBytes(bytes, at: at).plainInJSON
                at += plain
                if plain == 8 {
                    // More than a name, so probably a text.
                    while at + 32 <= bytes.count, EightBytes.arePlainInJSON(fourFrom: at, of: bytes) {
                        at += 32
                    }
                    continue
                }
            }
            let byte = bytes[at]
            if byte >= 0x80 {
                guard let sequence = UTF8Sequence(bytes, at: at) else { throw .encoding(at: at) }
                isPrintable = false
                at += sequence.byteCount
            } else if byte == ASCII.quote {
                position = at + 1
                var node = JSONNode(kind: .string, start: start, end: at)
                node.isPlain = bytesSaved == 0
                node.isPrintable = isPrintable
                node.link = UInt32(truncatingIfNeeded: at - start - bytesSaved)
                return node
            } else if byte == ASCII.backslash {
                isPrintable = false
                switch JSONEscape(bytes, at: at) {
                case .scalar(let scalar, let byteCount):
                    bytesSaved += byteCount - UTF8.width(scalar)
                    at += byteCount
                case .loneSurrogate: throw .encoding(at: at)
                case .unknown: throw .syntax(at: at)
                }
            } else if byte >= ASCII.space {
                if byte == ASCII.delete { isPrintable = false }
                at += 1
            } else {
                throw .syntax(at: at)
            }
        }
        throw .syntax(at: at)
    }

    /// A number (RFC 8259, 6) of any size; whether it is an integer that we take is for the field to ask.
    private mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONNode {
        let start = position
        if bytes[position] == ASCII.minus { position += 1 }
        let firstDigit = position
        try scanDigits(bytes)
        guard bytes[firstDigit] != ASCII.zero || position == firstDigit + 1 else {
            throw .syntax(at: firstDigit)
        }
        // Nobody who means an integer writes -0.
        var isPlain = bytes[firstDigit] != ASCII.zero || firstDigit == start
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isPlain = false
            position += 1
            try scanDigits(bytes)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isPlain = false
            position += 1
            if position < bytes.count, bytes[position] == ASCII.minus || bytes[position] == ASCII.plus {
                position += 1
            }
            try scanDigits(bytes)
        }
        var node = JSONNode(kind: .number, start: start, end: position)
        node.isPlain = isPlain
        return node
    }

    /// One digit or more.
    private mutating func scanDigits(_ bytes: Span<UInt8>) throws(JSONFault) {
        let start = position
        while position < bytes.count, ASCII.zero...ASCII.nine ~= bytes[position] { position += 1 }
        guard position > start else { throw .syntax(at: position) }
    }
}
