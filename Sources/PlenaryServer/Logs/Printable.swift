/// Text from elsewhere, made fit for a terminal.
enum Printable {
    /// The text with all that moves cursors, turns directions or hides spelled out as `\u{…}`.
    static func text(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            if isPlain(scalar) {
                output.unicodeScalars.append(scalar)
            } else {
                output += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return output
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            false
        default: true
        }
    }
}
