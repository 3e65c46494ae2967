/// Text that somebody else wrote, as a terminal or a page may show it.
///
/// Controls and the characters that turn the direction of what follows become their number in hexadecimal: what a participant heard is
/// evidence, and must neither colour the terminal nor hide what stands beside it. Line feeds and tabs stay.
func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x09, 0x0A: shown.append(scalar)
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE,
            0xFFFF:
            shown.append(contentsOf: "<\(String(scalar.value, radix: 16, uppercase: true))>".unicodeScalars)
        default: shown.append(scalar)
        }
    }
    return String(shown)
}
