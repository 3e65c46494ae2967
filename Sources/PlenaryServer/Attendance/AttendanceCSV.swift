internal import Sessions

extension AttendanceDocument {
    /// The table as a spreadsheet opens it: a byte order mark, a header, CRLF, and no cell that it would calculate.
    ///
    /// Without the mark Excel takes UTF-8 for something else, and every name with an accent is spoilt.
    var csv: [UInt8] {
        let table = table
        var text = "\u{FEFF}" + CSV.line(table.columns.map(\.name))
        for row in table.rows { text += CSV.line(row.map(csvField)) }
        return Array(text.utf8)
    }

    private func csvField(_ cell: AttendanceTable.Cell) -> String {
        switch cell {
        case .text(let text): CSV.harmless(text)
        case .number(let number): String(number)
        case .minutes(let milliseconds): String(milliseconds.wholeMinutes)
        case .time(let instant): instant.map { "\(zone.day($0)) \(zone.time($0))" } ?? ""
        case .word(let word): word
        }
    }
}
