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
    }

    enum Progress {
        case needsMore
        case complete
        case refused(HTTPResponse)
    }

    private(set) var fields: [HTTPField] = []
    private let maxFields: Int
    private var stage = Stage.lineStart
    private var name = ""
    private var pending: [UInt8] = []

    init(maxFields: Int) {
        self.maxFields = maxFields
    }

    mutating func read(_ byte: UInt8) -> Progress {
        switch stage {
        case .lineStart:
            if byte == ASCII.carriageReturn {
                stage = .sectionEnd
            } else if fields.count == maxFields {
                return .refused(HTTPResponse(.headTooLarge, text: "More than \(maxFields) header fields."))
            } else {
                stage = .name
                return readName(byte)
            }
        case .name:
            return readName(byte)
        case .value:
            if byte == ASCII.carriageReturn {
                stage = .lineEnd
            } else if ASCII.isFieldValueCharacter(byte) {
                // Blanks before the value are no part of it (RFC 9112 section 5.1).
                if !pending.isEmpty || !ASCII.isBlank(byte) { pending.append(byte) }
            } else {
                return Self.refused("A header field's value holds a control character.")
            }
        case .lineEnd:
            guard byte == ASCII.lineFeed else { return Self.refused("A line does not end in CR LF.") }
            while let last = pending.last, ASCII.isBlank(last) { pending.removeLast() }
            fields.append(HTTPField(name, ASCII.text(pending)))
            pending.removeAll(keepingCapacity: true)
            stage = .lineStart
        case .sectionEnd:
            return byte == ASCII.lineFeed ? .complete : Self.refused("A line does not end in CR LF.")
        }
        return .needsMore
    }

    /// A name is a token (RFC 9110 section 5.1): so no folded line, no blank before the colon (RFC 9112 sections
    /// 5.1, 5.2), no byte beyond ASCII, no bare LF passes here.
    private mutating func readName(_ byte: UInt8) -> Progress {
        if byte == ASCII.colon, !pending.isEmpty {
            name = ASCII.text(pending)
            pending.removeAll(keepingCapacity: true)
            stage = .value
        } else if ASCII.isTokenCharacter(byte) {
            pending.append(byte)
        } else {
            return Self.refused("A header field's name holds a character that is not allowed there.")
        }
        return .needsMore
    }

    private static func refused(_ sentence: String) -> Progress {
        .refused(HTTPResponse(.badRequest, text: sentence))
    }
}
