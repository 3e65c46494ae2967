/// A table for the terminal: the first column to the left, the others, which hold numbers, to the right.
struct TextTable {
    private let rows: [[String]]

    /// The first row is the head; a row may be shorter than others.
    init(_ rows: [[String]]) {
        self.rows = rows
    }

    /// A line each, indented by two.
    var lines: [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + space : space + text
            }
            let line = "  " + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension Comparison {
    /// For the terminal.
    var text: String {
        var lines = ["Compared with the run of \(Figure.moment(before))"]
        lines += warnings.map { "  Warning: \($0)" }
        for group in groups {
            let rows = group.rows.map { [$0.name, $0.beforeText, $0.nowText, $0.change] }
            lines += [""] + TextTable([[group.title, "before", "now", "change"]] + rows).lines
        }
        return (lines + ["", Self.caution]).joined(separator: "\n")
    }
}
