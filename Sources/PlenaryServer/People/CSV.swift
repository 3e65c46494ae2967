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
