/// Comma-separated values (RFC 4180), read strictly and written back.
///
/// A line may end in LF alone, as most files do that were not made by spreadsheets; a byte order mark at the
/// beginning, which spreadsheets put there, is passed over.
package struct CSV: Equatable, Sendable {
    /// One record, and where it begins.
    package struct Row: Equatable, Sendable {
        /// Counted from 1, as editors do.
        package var line: Int
        package var fields: [String]
    }

    /// What is wrong with the text, and in which line.
    package struct Fault: Error, Equatable, Sendable {
        package var line: Int
        package var sentence: String
    }

    package private(set) var rows: [Row] = []

    /// Reads the whole text; empty lines are no rows.
    package init(_ bytes: [UInt8]) throws(Fault) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var reader = CSVReader(bytes: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...])
        while let row = try reader.next() { rows.append(row) }
    }

    /// One record with its line end, fields quoted where they must be.
    package static func line(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.utf8.contains { byte in
            byte == 0x2C || byte == 0x22 || byte == 0x0D || byte == 0x0A
        }
        guard needsQuotes else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}

extension CSV {
    /// Text that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.
    ///
    /// That is `=`, `+`, `-` or `@`, full-width and small too, also behind blanks; and a tab or a line end at the
    /// beginning. Where a spreadsheet cuts at semicolons or tabs instead of commas, a cell may begin behind each of
    /// these, or in a new line: there too.
    package static func harmless(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        // Blanks at the beginning of a cell, as long as it is not known what follows.
        var blanks = String.UnicodeScalarView()
        var isBeginning = true
        for scalar in text.unicodeScalars {
            let isBreak = breaks.contains(scalar)
            if isBeginning, !isBreak, scalar.isBlank {
                blanks.append(scalar)
                continue
            }
            if isBeginning {
                let isFirst = result.isEmpty
                if formulaSigns.contains(scalar) || isFirst && isBreak && scalar != ";" { result.append("'") }
                result.append(contentsOf: blanks)
                blanks = String.UnicodeScalarView()
            }
            result.append(scalar)
            isBeginning = isBreak
        }
        result.append(contentsOf: blanks)
        return String(result)
    }

    private static let breaks: Set<Unicode.Scalar> = [";", "\t", "\r", "\n"]
    private static let formulaSigns: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{FE66}", "\u{FE62}",
        "\u{FE63}",
        "\u{FE6B}", "\u{2212}",
    ]
}

extension Unicode.Scalar {
    /// Shows nothing.
    fileprivate var isBlank: Bool { properties.isWhitespace || properties.isDefaultIgnorableCodePoint }
}

/// Stands before the next record.
private struct CSVReader {
    private static let quote: UInt8 = 0x22
    private static let comma: UInt8 = 0x2C
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D

    private var rest: ArraySlice<UInt8>
    private var line = 1

    init(bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func next() throws(CSV.Fault) -> CSV.Row? {
        while let byte = rest.first, byte == Self.lineFeed || byte == Self.carriageReturn { skip() }
        guard !rest.isEmpty else { return nil }
        let start = line
        var fields = [try field()]
        while rest.first == Self.comma {
            rest.removeFirst()
            fields.append(try field())
        }
        if rest.first == Self.carriageReturn { rest.removeFirst() }
        if let byte = rest.first, byte != Self.lineFeed {
            throw CSV.Fault(line: line, sentence: "a carriage return stands inside the line")
        }
        if !rest.isEmpty { skip() }
        return CSV.Row(line: start, fields: fields)
    }

    private mutating func skip() {
        if rest.removeFirst() == Self.lineFeed { line += 1 }
    }

    private mutating func field() throws(CSV.Fault) -> String {
        if rest.first == Self.quote { return try quotedField() }
        let bytes = rest.prefix { $0 != Self.comma && $0 != Self.lineFeed && $0 != Self.carriageReturn }
        guard !bytes.contains(Self.quote) else {
            throw CSV.Fault(line: line, sentence: "a quotation mark stands inside a field that is not quoted")
        }
        rest = rest[bytes.endIndex...]
        return try text(bytes, line: line)
    }

    /// Section 2, items 5 to 7.
    private mutating func quotedField() throws(CSV.Fault) -> String {
        let start = line
        var bytes: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == Self.quote {
                guard rest.first == Self.quote else {
                    if let after = rest.first,
                        ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(after)
                    {
                        throw CSV.Fault(line: line, sentence: "something stands behind a quoted field")
                    }
                    return try text(bytes[...], line: start)
                }
                rest.removeFirst()
            } else if byte == Self.lineFeed {
                line += 1
            }
            bytes.append(byte)
        }
        throw CSV.Fault(line: start, sentence: "a quotation mark is opened and never closed")
    }

    private func text(_ bytes: ArraySlice<UInt8>, line: Int) throws(CSV.Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CSV.Fault(line: line, sentence: "this is not UTF-8 text")
        }
        return text
    }
}
