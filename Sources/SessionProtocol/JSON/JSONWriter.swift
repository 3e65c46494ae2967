/// Writes compact JSON into a buffer that is used again for message after message.
///
/// Members stand in the order in which they were written, so the same facts always give the same bytes.
///
/// It trusts its caller (a debug build checks that containers are closed): keys are constants of ours, text is
/// UTF-8, which was checked where it came in.
///
///     writer.clear()
///     writer.beginObject()
///     writer.member("re", 7)
///     writer.key("ok")
///     writer.beginObject()
///     writer.endObject()
///     writer.endObject()
///     send(writer.bytes)
package struct JSONWriter: Sendable {
    /// What has been written since the last `clear`.
    package private(set) var bytes: [UInt8]
    /// Something stands before the next member or element of the same container.
    private var needsComma = false
    private var depth = 0

    /// A writer that has written nothing, with room for `capacity` bytes, behind `headroom` zeroes for whoever puts
    /// something before it.
    package init(capacity: Int = 1_024, headroom: Int = 0) {
        bytes = []
        bytes.reserveCapacity(headroom + capacity)
        for _ in 0..<headroom { bytes.append(0) }
    }

    /// Forgets what was written and keeps the memory.
    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
        depth = 0
    }

    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
        needsComma = true
    }
}

// MARK: - Containers

extension JSONWriter {
    /// Opens an object, to be closed by `endObject`.
    package mutating func beginObject() { begin(ASCII.openBrace) }

    /// Closes the object that was opened last.
    package mutating func endObject() { end(ASCII.closeBrace) }

    /// Opens an array, to be closed by `endArray`.
    package mutating func beginArray() { begin(ASCII.openBracket) }

    /// Closes the array that was opened last.
    package mutating func endArray() { end(ASCII.closeBracket) }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
        depth += 1
    }

    private mutating func end(_ bracket: UInt8) {
        assert(depth > 0, "a container is closed that was never opened")
        bytes.append(bracket)
        needsComma = true
        depth -= 1
    }

    /// The name of a member, whose value must follow.
    ///
    /// The name needs no escape.
    package mutating func key(_ name: JSONLiteral) {
        appendQuoted(name, isKey: true)
        needsComma = false
    }

    /// The name of a member that is not a constant, such as a room's id, whose value must follow.
    package mutating func key(_ name: [UInt8]) {
        string(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// A value that was written before, by this or another writer.
    package mutating func encoded(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
    }

    /// Members that were written before, with commas between them and none around them.
    package mutating func encodedMembers(_ members: [UInt8]) {
        guard !members.isEmpty else { return }
        separate()
        bytes.append(contentsOf: members)
    }
}

// MARK: - Scalars

extension JSONWriter {
    /// Null.
    package mutating func null() {
        separate()
        appendConstant("null")
    }

    /// True or false.
    package mutating func bool(_ value: Bool) {
        separate()
        appendConstant(value ? "true" : "false")
    }

    /// An integer.
    ///
    /// Beyond ± (2^53 − 1) a JavaScript client rounds it; we never send such a number.
    package mutating func integer(_ value: Int64) {
        separate()
        // 2^63 has 19 digits; they come last first.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        var rest = value.magnitude
        repeat {
            first -= 1
            digits[first] = ASCII.zero + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        bytes.append(addingCapacity: 20) { output in
            if value < 0 { output.append(ASCII.minus) }
            for index in first..<digits.count { output.append(digits[index]) }
        }
    }

    /// A constant of ours, which needs no escape.
    package mutating func string(_ constant: JSONLiteral) {
        appendQuoted(constant, isKey: false)
        needsComma = true
    }

    /// Room is made once for all that belongs to it.
    private mutating func appendQuoted(_ constant: JSONLiteral, isKey: Bool) {
        let text = constant.utf8.span
        let needsComma = needsComma
        bytes.append(addingCapacity: text.count + 4) { output in
            if needsComma { output.append(ASCII.comma) }
            output.append(ASCII.quote)
            for index in text.indices { output.append(text[index]) }
            output.append(ASCII.quote)
            if isKey { output.append(ASCII.colon) }
        }
    }

    /// An id or a code of ours: ASCII that needs no escape.
    package mutating func string(plain text: String) {
        separate()
        bytes.append(ASCII.quote)
        bytes.append(contentsOf: text.utf8)
        bytes.append(ASCII.quote)
    }

    /// UTF-8 text.
    ///
    /// Quote, backslash and the controls below U+0020 are escaped as `JSON.stringify` does it; all else stands as
    /// it is, also U+2028 and U+2029.
    package mutating func string(_ text: [UInt8]) {
        separate()
        bytes.append(ASCII.quote)
        let span = text.span
        var runStart = 0
        var at = 0
        while at < span.count {
            if at + 8 <= span.count, EightBytes(span, at: at).needNoEscape {
                at += 8
                continue
            }
            let byte = span[at]
            if byte < ASCII.space || byte == ASCII.quote || byte == ASCII.backslash {
                bytes.append(contentsOf: text[runStart..<at])
                appendEscape(byte)
                runStart = at + 1
            }
            at += 1
        }
        if runStart == 0 {
            bytes.append(contentsOf: text)
        } else {
            bytes.append(contentsOf: text[runStart...])
        }
        bytes.append(ASCII.quote)
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case ASCII.quote: appendConstant("\\\"")
        case ASCII.backslash: appendConstant("\\\\")
        case 0x08: appendConstant("\\b")
        case ASCII.tab: appendConstant("\\t")
        case ASCII.lineFeed: appendConstant("\\n")
        case 0x0C: appendConstant("\\f")
        case ASCII.carriageReturn: appendConstant("\\r")
        default:
            appendConstant(byte < 0x10 ? "\\u000" : "\\u001")
            let digit = byte & 0x0F
            bytes.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    private mutating func appendConstant(_ constant: JSONLiteral) {
        bytes.append(contentsOf: constant.utf8)
    }
}

// MARK: - Members

extension JSONWriter {
    /// A member with an integer.
    package mutating func member(_ name: JSONLiteral, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// A member with an integer.
    package mutating func member(_ name: JSONLiteral, _ value: Int) {
        key(name)
        integer(Int64(value))
    }

    /// A member with true or false.
    package mutating func member(_ name: JSONLiteral, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// A member with UTF-8 text.
    package mutating func member(_ name: JSONLiteral, _ text: [UInt8]) {
        key(name)
        string(text)
    }

    /// A member with an id or a code of ours: ASCII that needs no escape.
    package mutating func member(_ name: JSONLiteral, plain text: String) {
        key(name)
        string(plain: text)
    }

    /// A member with a constant of ours, which needs no escape.
    package mutating func member(_ name: JSONLiteral, _ constant: JSONLiteral) {
        key(name)
        string(constant)
    }
}
