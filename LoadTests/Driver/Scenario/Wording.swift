/// Numbers as sentences have them.
enum Wording {
    /// "1 session", "1,200 people".
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number.grouped) \(number == 1 ? one : many)"
    }

    /// With two digits that count: 12,470 is about 12,000.
    static func rough(_ number: Int) -> Int {
        var unit = 1
        while number / unit >= 100 { unit *= 10 }
        return (number + unit / 2) / unit * unit
    }

    /// "45 s", "6 min", "1 h 30 min".
    static func duration(seconds: Int) -> String {
        let parts = [(seconds / 3_600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
        let shown = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return shown.isEmpty ? "0 s" : shown.joined(separator: " ")
    }
}

extension Int {
    /// With a comma before each three digits.
    var grouped: String {
        var digits = Array(String(magnitude))
        for index in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: index) }
        return (self < 0 ? "-" : "") + String(digits)
    }
}

extension Double {
    /// Without a fraction when there is none.
    var short: String {
        Int(exactly: self).map { $0.grouped } ?? "\(self)"
    }
}
