/// Writes metrics in Prometheus' text format, version 0.0.4.
struct Exposition {
    /// The Content-Type of the text.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""
    private var family = ""

    /// What a family of series is.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// Begins a family; its series follow.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        family = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// One series of the family.
    ///
    /// Labels and their values are words of ours, without quotes, backslashes and line feeds.
    mutating func series(_ labels: [(String, String)] = [], _ value: Int, suffix: String = "") {
        line(labels, "\(value)", suffix: suffix)
    }

    /// One series with a fraction.
    mutating func series(_ labels: [(String, String)] = [], _ value: Double) {
        line(labels, "\(value)", suffix: "")
    }

    /// A family with one series.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        begin(name, kind, help)
        series([], value)
    }

    /// A histogram whose quantities are divided by `unit` on the way out.
    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram, unit: Int) {
        begin(name, .histogram, help)
        let cumulative = histogram.cumulative
        for (bound, count) in zip(histogram.bounds, cumulative) {
            series([("le", Self.divided(bound, by: unit))], count, suffix: "_bucket")
        }
        let count = cumulative.last ?? 0
        series([("le", "+Inf")], count, suffix: "_bucket")
        line([], Self.divided(histogram.sum, by: unit), suffix: "_sum")
        series([], count, suffix: "_count")
    }

    private static func divided(_ quantity: Int, by unit: Int) -> String {
        quantity % unit == 0 ? "\(quantity / unit)" : "\(Double(quantity) / Double(unit))"
    }

    private mutating func line(_ labels: [(String, String)], _ value: String, suffix: String) {
        text += family + suffix
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }
}
