internal import Sessions

extension AttendanceDocument {
    /// The table for people: what it is about, whole minutes, and what stands behind the figures.
    var text: String {
        var lines = [heading]
        lines += sessions.filter(\.isRehearsal).map {
            "Session \($0.id.text) is a rehearsal: it counts in no other report, and is erased at its end."
        }
        lines += sessions.compactMap(remark)
        lines += [
            "Attended is who is credited with \(rule.percent) % of the live time or more (rule \(rule.version)). Times in minutes.",
            "",
        ]
        lines += aligned(table)
        let alike = lookAlikeSentences
        return (lines + (alike.isEmpty ? [] : [""] + alike)).joined(separator: "\n")
    }

    private var rule: AttendanceRule { .current }

    private var heading: String {
        guard sessions.count == 1, let session = sessions.first else {
            let first = sessions.compactMap(\.live?.from).min() ?? sessions.map(\.createdAt).min() ?? 0
            let last = sessions.map(\.asOf).max() ?? first
            return
                "Attendance by \(row.rawValue): \(sessions.count) sessions, \(zone.day(first)) to \(zone.day(last)) (\(zone.name))"
        }
        let title = session.title.isBlank ? "" : ", \u{201C}\(Printable.text(session.title.string))\u{201D}"
        var line = "Attendance by \(row.rawValue): session \(session.id.text)\(title)"
        if let live = session.live {
            let end = session.isRunning ? "" : " to \(zone.time(live.to))"
            line += ", \(zone.day(live.from)) \(zone.time(live.from))\(end) (\(zone.name))"
            line += ", \(live.length.wholeMinutes) minutes live"
        }
        return line
    }

    /// What has to be known of a session that is not simply over, or had outages.
    private func remark(on session: AttendedSession) -> String? {
        let name = "Session \(session.id.text)"
        switch session.stage {
        case .running:
            return
                "\(name) is still running: these are its figures as of \(zone.day(session.asOf)) \(zone.time(session.asOf))."
        case .waiting: return "\(name) has not been started: there is nothing to count yet."
        case .neverStarted: return "\(name) was never started: there is nothing to count."
        case .over:
            guard !session.outages.isEmpty else { return nil }
            let minutes = session.outages.total.wholeMinutes
            return
                "\(name): the server was down for \(counted(minutes, "minute", "minutes")) of it, which counts against nobody."
        }
    }

    private func aligned(_ table: AttendanceTable) -> [String] {
        // The rule stands above the table.
        let columns = table.columns.indices.filter { !table.columns[$0].name.hasPrefix("rule_") }
        let cells =
            [columns.map { table.columns[$0].heading }]
            + table.rows.map { row in columns.map { shown(row[$0]) } }
        let isText = columns.map { column in
            table.rows.allSatisfy { row in
                switch row[column] {
                case .text, .word, .time: true
                case .number, .minutes: false
                }
            }
        }
        let widths = columns.indices.map { column in cells.map { Self.width($0[column]) }.max() ?? 0 }
        return cells.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - Self.width(cell))
                line += (column > 0 ? "  " : "") + (isText[column] ? cell + blanks : blanks + cell)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private func shown(_ cell: AttendanceTable.Cell) -> String {
        switch cell {
        case .text(let text): Printable.text(text)
        case .number(let number): String(number)
        case .minutes(let milliseconds): String(milliseconds.wholeMinutes)
        case .time(let instant): instant.map { "\(zone.day($0)) \(zone.time($0))" } ?? ""
        case .word(let word): word
        }
    }

    /// Columns of a terminal: what is written in East Asian squares takes two.
    private static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let first = character.unicodeScalars.first else { return sum }
            switch first.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
                return sum + 2
            default: return sum + 1
            }
        }
    }
}
