/// What is wrong with a text that a person wrote.
package enum TextProblem: Error, Equatable, Sendable {
    /// More bytes than allowed.
    case tooLong
    /// Nothing in it but white space, or nothing at all.
    case blank
    /// Not UTF-8.
    case encoding
    /// A control (C0, delete, C1) that may not stand here.
    case control
    /// A line or paragraph separator in a name.
    case lineBreak
    /// More than `TextRules.maxMarksInARow` marks on one character.
    case marks
    /// An override, embedding or isolate in a name: it turns the text around it, too.
    case bidirectional
    /// Something in a name that nobody can see, so that it looks like another name.
    case invisible
}

/// Which text a person may write in a place.
///
/// Asked before the text is kept, compared, hashed or shown, and only by bytes and scalars: what `String`
/// does with 64 KiB of combining marks takes seconds (DESIGN 9).
package struct TextRules: Equatable, Sendable {
    package var maxBytes: Int
    private let isName: Bool
    private let mayBeBlank: Bool

    /// The most marks that may follow one another: the bound of Unicode's Stream-Safe Text Format (UAX 15, 13).
    package static let maxMarksInARow = 30

    /// One line by which something is known: a person, a room, a session.
    ///
    /// At most 128 bytes, not blank; no controls, nothing that turns or hides. Joiners and direction marks,
    /// which scripts and emoji need, stand inside, not at an end.
    package static let name = TextRules(maxBytes: 128, isName: true, mayBeBlank: false)

    /// Text of several lines that may be empty: a task, a label, a reason.
    ///
    /// At most 4,000 bytes; line feed and tab are its only controls.
    package static let text = TextRules(maxBytes: 4_000, isName: false, mayBeBlank: true)

    /// Like `text`, but not blank: what is sent to others.
    package static let message = TextRules(maxBytes: 4_000, isName: false, mayBeBlank: false)

    /// The same rules with another limit.
    package func limited(toBytes maxBytes: Int) -> TextRules {
        TextRules(maxBytes: maxBytes, isName: isName, mayBeBlank: mayBeBlank)
    }

    /// The first problem of a text, or nil.
    package func problem(in text: [UInt8]) -> TextProblem? { problem(in: text.span) }

    /// The first problem of a text, or nil.
    ///
    /// One pass; the length is judged before it.
    package func problem(in text: Span<UInt8>) -> TextProblem? {
        guard text.count <= maxBytes else { return .tooLong }
        var isBlank = true
        var marksInARow = 0
        var position = 0
        while position < text.count {
            if position + 8 <= text.count {
                let eight = EightBytes(text, at: position)
                if eight.arePrintable {
                    if !eight.areSpaces { isBlank = false }
                    marksInARow = 0
                    position += 8
                    continue
                }
            }
            let byte = text[position]
            if byte < 0x80 {
                guard isAllowed(byte) else { return .control }
                if byte > ASCII.space { isBlank = false }
                marksInARow = 0
                position += 1
                continue
            }
            guard let sequence = UTF8Sequence(text, at: position) else { return .encoding }
            let isAtEnd = position == 0 || position + sequence.byteCount == text.count
            position += sequence.byteCount
            let scalar = sequence.scalar
            if scalar.value < 0xA0 { return .control }
            if isName, let problem = problemOfName(with: scalar, isAtEnd: isAtEnd) { return problem }
            if TextRules.clings(scalar) {
                marksInARow += 1
                guard marksInARow <= TextRules.maxMarksInARow else { return .marks }
            } else {
                marksInARow = 0
                if isBlank, !TextRules.isBlank(scalar) { isBlank = false }
            }
        }
        return isBlank && !mayBeBlank ? .blank : nil
    }

    /// The first problem of a text that is known to be ASCII without controls, as most texts are.
    func problem(inPrintable text: [UInt8]) -> TextProblem? {
        guard text.count <= maxBytes else { return .tooLong }
        return !mayBeBlank && text.allSatisfy { $0 == ASCII.space } ? .blank : nil
    }

    private func isAllowed(_ byte: UInt8) -> Bool {
        if byte >= ASCII.space { return byte != ASCII.delete }
        return !isName && (byte == ASCII.lineFeed || byte == ASCII.tab)
    }

    private func problemOfName(with scalar: Unicode.Scalar, isAtEnd: Bool) -> TextProblem? {
        switch scalar.value {
        case 0x2028, 0x2029: return .lineBreak
        case 0x202A...0x202E, 0x2066...0x2069: return .bidirectional
        // ZWNJ, ZWJ, the marks of direction: Persian, Indic scripts, families of emoji.
        case 0x200C...0x200F, 0x061C: return isAtEnd ? .invisible : nil
        // Latin, Greek, Cyrillic; Han; Hangul: nothing hides there but the soft hyphen.
        case 0x00AE..<0x0300, 0x0370..<0x0590, 0x4E00..<0xA000, 0xAC00..<0xD7A4: return nil
        default: break
        }
        guard scalar.properties.isDefaultIgnorableCodePoint else { return nil }
        // Variation selectors are marks, and choose between the forms of one character.
        return scalar.properties.generalCategory == .nonspacingMark ? nil : .invisible
    }

    /// Whether a scalar is drawn onto the character before it: every mark, the joiners, the tags of flags.
    private static func clings(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x0300, 0x0370..<0x0483, 0x4E00..<0xA000, 0xAC00..<0xD7A4, 0x1_F000..<0x1_FC00: return false
        case 0x200C, 0x200D, 0xE_0020...0xE_007F: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Whether a scalar beyond ASCII shows nothing.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // 2800 is Braille without a dot.
        case 0x00A0, 0x00AD, 0x2800: true
        case 0..<0x0600, 0x4E00..<0xA000, 0xAC00..<0xD7A4, 0x1_F000..<0x1_FC00: false
        default: scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
