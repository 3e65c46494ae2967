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
    /// What has been written since the last `clear`, as an array of its own.
    package var bytes: [UInt8] { buffer.bytes }
    private var buffer: JSONBuffer
    /// Something stands before the next member or element of the same container.
    private var needsComma = false
    private var depth = 0

    /// A writer that has written nothing, with room for `capacity` bytes.
    package init(capacity: Int = 1_024) {
        buffer = JSONBuffer(capacity: capacity)
    }

    /// Forgets what was written and keeps the memory; writes behind `headroom` zeroes, for whoever puts something
    /// before it.
    package mutating func clear(headroom: Int = 0) {
        buffer.clear(headroom: headroom)
        needsComma = false
        depth = 0
    }

    private mutating func separate() {
        if needsComma { buffer.append(ASCII.comma) }
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
        buffer.append(bracket)
        needsComma = false
        depth += 1
    }

    private mutating func end(_ bracket: UInt8) {
        assert(depth > 0, "a container is closed that was never opened")
        buffer.append(bracket)
        needsComma = true
        depth -= 1
    }

    /// The name of a member, whose value must follow.
    ///
    /// The name needs no escape.
    package mutating func key(_ name: JSONLiteral) {
        buffer.append(quoted: name, comma: needsComma, colon: true)
        needsComma = false
    }

    /// The name of a member that is not a constant, such as a room's id, whose value must follow.
    package mutating func key(_ name: [UInt8]) {
        string(name)
        buffer.append(ASCII.colon)
        needsComma = false
    }

    /// A value that was written before, by this or another writer.
    package mutating func encoded(_ value: [UInt8]) {
        separate()
        buffer.append(value[...])
    }

    /// Members that were written before, with commas between them and none around them.
    package mutating func encodedMembers(_ members: [UInt8]) {
        guard !members.isEmpty else { return }
        separate()
        buffer.append(members[...])
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
        buffer.append(decimal: value)
    }

    /// A constant of ours, which needs no escape.
    package mutating func string(_ constant: JSONLiteral) {
        buffer.append(quoted: constant, comma: needsComma, colon: false)
        needsComma = true
    }

    /// An id or a code of ours: ASCII that needs no escape.
    package mutating func string(plain text: String) {
        separate()
        buffer.append(ASCII.quote)
        buffer.append(text.utf8.span)
        buffer.append(ASCII.quote)
    }

    /// UTF-8 text.
    ///
    /// Quote, backslash and the controls below U+0020 are escaped as `JSON.stringify` does it; all else stands as
    /// it is, also U+2028 and U+2029.
    package mutating func string(_ text: [UInt8]) {
        separate()
        buffer.append(ASCII.quote)
        let span = text.span
        var runStart = 0
        var at = 0
        while at < span.count {
            if at + 32 <= span.count, EightBytes.arePlainInJSON(fourFrom: at, of: span) {
                at += 32
                continue
            }
            if at + 8 <= span.count, EightBytes(span, at: at).needNoEscape {
                at += 8
                continue
            }
            let byte = span[at]
            if byte < ASCII.space || byte == ASCII.quote || byte == ASCII.backslash {
                buffer.append(text[runStart..<at])
                appendEscape(byte)
                runStart = at + 1
            }
            at += 1
        }
        buffer.append(text[runStart...])
        buffer.append(ASCII.quote)
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
            buffer.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    private mutating func appendConstant(_ constant: JSONLiteral) { buffer.append(constant.utf8.span) }
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
