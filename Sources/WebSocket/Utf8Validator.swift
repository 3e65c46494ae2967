/// Validates UTF-8 as it comes in, in any pieces (RFC 6455 section 8.1, RFC 3629).
///
/// Range-based, after table 3-7 of the Unicode Standard: a lead byte says how many bytes follow and in which
/// range the first of them lies. That range excludes overlong forms (E0, F0), surrogates (ED) and everything
/// above U+10FFFF (F4); C0, C1 and F5-FF are no lead bytes at all. So an error is found at the earliest byte
/// that no valid text could have.
package struct Utf8Validator: Sendable {
    /// Bytes that the character at hand still lacks.
    private var missing: UInt8 = 0
    /// What the next of them may be.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// A validator at the beginning of a text.
    package init() {}

    /// Whether the text may end here: no character is half read.
    package var isAtBoundary: Bool { missing == 0 }

    /// Reads on; false as soon as a byte is one that no valid text has there.
    ///
    /// After that it is of no use.
    package mutating func accepts(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if missing == 0 {
                guard byte >= 0x80 else { continue }
                guard begin(byte) else { return false }
            } else {
                guard byte >= lowest, byte <= highest else { return false }
                (lowest, highest) = (0x80, 0xBF)
                missing -= 1
            }
        }
        return true
    }

    /// Takes a byte that is not ASCII as the first of a character.
    private mutating func begin(_ lead: UInt8) -> Bool {
        switch lead {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
