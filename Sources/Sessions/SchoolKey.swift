/// What a school's name comes down to when it is asked whether two people are from one school.
///
/// Case, width (full-width letters, half-width katakana) and spacing make no difference, nor does how an accent is put
/// together: `St. Mary's School` and `ST.MARY'S  school` are one. Everything else makes one; what merely looks alike is
/// for a person to decide.
package struct SchoolKey: Hashable, Sendable {
    /// Compared as Unicode does, so that a letter and its accent are one however they are written.
    private let text: String

    /// So many combining marks in a row count, more make no difference: putting them in order takes the square of it.
    private static let combiningMarks = 30

    package init(_ name: Text) {
        if name.utf8.allSatisfy({ $0 < 0x80 }) {
            text = String(
                decoding: name.utf8.lazy.filter { !Self.isSpace($0) }.map(Self.lowercase),
                as: UTF8.self
            )
        } else {
            text = Self.fold(String(decoding: name.utf8, as: UTF8.self).unicodeScalars)
        }
    }

    /// The name of no school.
    package var isEmpty: Bool { text.isEmpty }

    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    private static func fold(_ name: String.UnicodeScalarView) -> String {
        var folded = String.UnicodeScalarView()
        var marks = 0
        for written in name {
            let scalar = wide(written)
            let properties = scalar.properties
            if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { continue }
            marks = properties.canonicalCombiningClass == .notReordered ? 0 : marks + 1
            guard marks <= combiningMarks else { continue }
            if scalar.isASCII {
                if !isSpace(UInt8(scalar.value)) {
                    folded.append(Unicode.Scalar(lowercase(UInt8(scalar.value))))
                }
            } else if properties.generalCategory == .otherLetter {
                folded.append(scalar)
            } else {
                // There and back, so that ß and SS are one, and both sigmas.
                for upper in properties.uppercaseMapping.unicodeScalars {
                    folded.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
                }
            }
        }
        return String(folded)
    }

    /// The letter of the usual width for one that is full-width or half-width.
    private static func wide(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0xFF61...0xFF9F: katakana[Int(scalar.value - 0xFF61)]
        default: scalar
        }
    }

    /// For U+FF61 to U+FF9F, in their order; the last two are marks that combine with the letter before.
    private static let katakana = Array(
        ("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
            + "マミムメモヤユヨラリルレロワン\u{3099}\u{309A}").unicodeScalars
    )
}
