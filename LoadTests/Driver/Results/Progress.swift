/// How far a run is, at one moment.
struct Progress: Equatable, Sendable {
    /// Seconds since its beginning.
    var elapsed = 0.0
    var plannedSeconds = 0
    var connected = 0
    var plannedPeople = 0
    /// In the last second.
    var sentPerSecond = 0.0
    var heardPerSecond = 0.0
    /// Of all deliveries so far; nil before the first.
    var p50Ms: Double?
    var p99Ms: Double?
    var violations = 0
    /// What goes on, such as "round 1 open"; may be empty.
    var phase = ""
}

extension Progress {
    /// From 0 to 1.
    var share: Double {
        guard plannedSeconds > 0 else { return 1 }
        return min(1, max(0, elapsed / Double(plannedSeconds)))
    }

    /// Seconds; nil when the planned time is over and only the last answers are awaited.
    var left: Double? {
        let left = Double(plannedSeconds) - elapsed
        return left > 0 ? left.rounded(.up) : nil
    }
}

extension LiveDisplay {
    /// Progress as a few lines of at most `width` characters, without a line feed at the end.
    static func render(_ progress: Progress, width: Int, colour: Bool) -> String {
        let width = max(width, 20)
        let paint = Paint(isOn: colour)
        let people =
            "\(Figure.count(progress.connected)) of \(Figure.many(progress.plannedPeople, "person", "people"))"
        let violations = Figure.many(progress.violations, "violation", "violations")
        var fields = [
            Field(people),
            Field("sent \(Figure.number(progress.sentPerSecond.rounded()))/s"),
            Field("heard \(Figure.number(progress.heardPerSecond.rounded()))/s"),
            Field("p50 \(latency(progress.p50Ms))"),
            Field("p99 \(latency(progress.p99Ms))"),
            Field(violations, progress.violations > 0 ? .alarm : .quiet),
        ]
        if !progress.phase.isEmpty { fields.insert(Field(visible(progress.phase), .strong), at: 0) }
        return ([bar(progress, width: width, paint: paint)] + flow(fields, width: width, paint: paint))
            .joined(separator: "\n")
    }

    /// Progress as one line, for a log.
    static func line(_ progress: Progress) -> String {
        let violations = Figure.many(progress.violations, "violation", "violations")
        let parts = [
            "\(Figure.clock(progress.elapsed)) of \(Figure.clock(Double(progress.plannedSeconds)))",
            visible(progress.phase).replacing("\n", with: " "),
            "\(Figure.count(progress.connected)) of \(Figure.many(progress.plannedPeople, "person", "people"))",
            "sent \(Figure.number(progress.sentPerSecond.rounded()))/s",
            "heard \(Figure.number(progress.heardPerSecond.rounded()))/s",
            "p50 \(latency(progress.p50Ms))",
            "p99 \(latency(progress.p99Ms))",
            violations,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

private func latency(_ milliseconds: Double?) -> String {
    milliseconds.map { "\(Figure.number($0)) ms" } ?? "–"
}

/// The bar takes what the times beside it leave.
private func bar(_ progress: Progress, width: Int, paint: Paint) -> String {
    let left = progress.left.map { "\(Figure.clock($0)) left" } ?? "last answers"
    let percent = "\(Int(progress.share * 100)) %"
    let words = "\(percent)  \(left)"
    let cells = min(40, width - words.count - 2)
    guard cells >= 4 else { return String(words.prefix(width)) }
    let full = Int(progress.share * Double(cells))
    let done = paint(String(repeating: "█", count: full), .accent)
    return done + paint(String(repeating: "░", count: cells - full), .quiet) + "  " + words
}

private struct Field {
    let text: String
    let style: Paint.Style

    init(_ text: String, _ style: Paint.Style = .plain) {
        // A phase must not break the lines that are counted when they are drawn anew.
        self.text = text.replacing("\n", with: " ").replacing("\t", with: " ")
        self.style = style
    }
}

/// Fields side by side, three spaces apart, in as many lines as the width demands.
private func flow(_ fields: [Field], width: Int, paint: Paint) -> [String] {
    var lines: [String] = []
    var used = 0
    for field in fields {
        let text = String(field.text.prefix(width))
        if lines.isEmpty || used + 3 + text.count > width {
            lines.append(paint(text, field.style))
            used = text.count
        } else {
            lines[lines.count - 1] += "   " + paint(text, field.style)
            used += 3 + text.count
        }
    }
    return lines
}

/// Colours of a terminal, or none.
private struct Paint {
    enum Style: String {
        case plain = ""
        case strong = "1"
        case quiet = "2"
        case accent = "36"
        case alarm = "1;31"
    }

    let isOn: Bool

    func callAsFunction(_ text: String, _ style: Style) -> String {
        guard isOn, style != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
    }
}
