/// Which sign a person may put on a message: `same`, or an emoji.
///
/// It is compared, shown to everybody and kept with names, so it can be neither a text nor anything that nobody sees.
package enum EmojiRule {
    /// The flags of England, Scotland and Wales have 28 bytes, a family of four 25.
    package static let maxBytes = 32

    /// "I feel the same" has a word of its own: it is told as a number, without names.
    private static let same = Array("same".utf8)

    /// Whether this is `same`, or made of emoji alone: they themselves and what joins and forms them.
    ///
    /// Asked of client text: the length first, then one pass over at most eight scalars of more than a byte.
    package static func allows(_ sign: [UInt8]) -> Bool {
        guard (1...maxBytes).contains(sign.count) else { return false }
        return sign == same || isEmoji(sign.span)
    }

    private static func isEmoji(_ bytes: Span<UInt8>) -> Bool {
        var position = 0
        while position < bytes.count {
            if bytes[position] < 0x80 {
                // A digit is an emoji's beginning, and an emoji only with the key around it.
                guard let end = endOfKeycap(bytes, at: position) else { return false }
                position = end
                continue
            }
            guard let sequence = UTF8Sequence(bytes, at: position) else { return false }
            // What only joins and forms does not stand alone: nobody would see it.
            guard isSeen(sequence.scalar) || (position > 0 && forms(sequence.scalar)) else { return false }
            position += sequence.byteCount
        }
        return true
    }

    /// Where the key ends that begins with an ASCII character: `1`, perhaps U+FE0F, U+20E3; nil when none begins.
    private static func endOfKeycap(_ bytes: Span<UInt8>, at position: Int) -> Int? {
        switch bytes[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "#"), UInt8(ascii: "*"): break
        default: return nil
        }
        var next = position + 1
        if next < bytes.count, let form = UTF8Sequence(bytes, at: next), form.scalar.value == 0xFE0F {
            next += form.byteCount
        }
        guard next < bytes.count, let key = UTF8Sequence(bytes, at: next), key.scalar.value == 0x20E3 else {
            return nil
        }
        return next + key.byteCount
    }

    /// Emoji of every kind: also the colours of skin and the letters of flags.
    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isEmoji }

    /// The joiner, the two that choose between picture and text, the tags that end a flag's name.
    private static func forms(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200D, 0xFE0E, 0xFE0F, 0xE_0020...0xE_007F: true
        default: false
        }
    }
}
