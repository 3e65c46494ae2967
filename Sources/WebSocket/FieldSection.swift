/// Why a head is refused: plain data, made once a head at most, so that reading a byte costs nothing.
struct HeadFault: Error {
    var status: HTTPStatus
    /// For the person who reads the answer.
    var sentence: StaticString

    init(_ status: HTTPStatus, _ sentence: StaticString) {
        self.status = status
        self.sentence = sentence
    }

    var response: HTTPResponse { HTTPResponse(status, text: sentence.description) }
}

/// Reads the field lines of a head, byte by byte, up to and including the empty line (RFC 9112 section 5).
///
/// Strict: lines end in CR LF, no line is folded, nothing stands between name and colon, no control characters.
/// Requests and responses share it.
struct FieldSection: Sendable {
    private enum Stage {
        case lineStart
        case name
        case value
        case lineEnd
        case sectionEnd
        case complete
    }

    private(set) var fields: [HTTPField] = []
    private let maxFields: Int
    private var stage = Stage.lineStart
    private var name = ""
    private var pending: [UInt8] = []

    init(maxFields: Int) {
        self.maxFields = maxFields
    }

    /// Whether the empty line has been read.
    var isComplete: Bool { stage == .complete }

    /// Reads from `start` on, and says where it stopped: at the end of the bytes, or behind the empty line.
    mutating func read(_ bytes: Span<UInt8>, from start: Int) throws(HeadFault) -> Int {
        var index = start
        while index < bytes.count, stage != .complete {
            switch stage {
            case .lineStart:
                if bytes[index] == ASCII.carriageReturn {
                    stage = .sectionEnd
                    index += 1
                } else {
                    guard fields.count < maxFields else {
                        throw HeadFault(.headTooLarge, "Too many header fields.")
                    }
                    stage = .name
                }
            case .name: index = try readName(bytes, from: index)
            case .value: index = try readValue(bytes, from: index)
            case .lineEnd:
                try Self.expectLineFeed(bytes[index])
                endLine()
                index += 1
            case .sectionEnd:
                try Self.expectLineFeed(bytes[index])
                stage = .complete
                index += 1
            case .complete: break
            }
        }
        return index
    }

    /// RFC 9112 section 2.2: CR alone is refused; LF alone never gets here.
    static func expectLineFeed(_ byte: UInt8) throws(HeadFault) {
        guard byte == ASCII.lineFeed else { throw HeadFault(.badRequest, "A line does not end in CR LF.") }
    }

    /// A name is a token (RFC 9110 section 5.1): so no folded line, no blank before the colon (RFC 9112 sections
    /// 5.1, 5.2), no byte beyond ASCII, no bare LF passes here.
    private mutating func readName(_ bytes: Span<UInt8>, from start: Int) throws(HeadFault) -> Int {
        let end = append(bytes, from: start, while: ASCII.isTokenCharacter)
        guard end < bytes.count else { return end }
        guard bytes[end] == ASCII.colon, !pending.isEmpty else {
            throw HeadFault(
                .badRequest,
                "A header field's name holds a character that is not allowed there."
            )
        }
        name = ASCII.text(pending)
        pending.removeAll(keepingCapacity: true)
        stage = .value
        return end + 1
    }

    /// RFC 9110 section 5.5.
    private mutating func readValue(_ bytes: Span<UInt8>, from start: Int) throws(HeadFault) -> Int {
        var start = start
        // Blanks before the value are no part of it (RFC 9112 section 5.1).
        while pending.isEmpty, start < bytes.count, ASCII.isBlank(bytes[start]) { start += 1 }
        let end = append(bytes, from: start, while: ASCII.isFieldValueCharacter)
        guard end < bytes.count else { return end }
        guard bytes[end] == ASCII.carriageReturn else {
            throw HeadFault(.badRequest, "A header field's value holds a control character.")
        }
        stage = .lineEnd
        return end + 1
    }

    /// Nor are blanks behind it.
    private mutating func endLine() {
        while let last = pending.last, ASCII.isBlank(last) { pending.removeLast() }
        fields.append(HTTPField(name, ASCII.text(pending)))
        pending.removeAll(keepingCapacity: true)
        stage = .lineStart
    }

    /// Takes the run of allowed bytes to what is pending, and says where it ends.
    private mutating func append(
        _ bytes: Span<UInt8>,
        from start: Int,
        while isAllowed: (UInt8) -> Bool
    ) -> Int {
        var end = start
        while end < bytes.count, isAllowed(bytes[end]) { end += 1 }
        pending.append(addingCapacity: end - start) { output in
            for index in start..<end { output.append(bytes[index]) }
        }
        return end
    }
}
