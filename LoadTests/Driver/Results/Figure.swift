import Foundation

/// Numbers as people read them: thousands apart, and three digits where more would say nothing.
enum Figure {
    /// 1,234,567.
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// Three digits or more: 0.412, 4.12, 41.2, 4,120; zeros at the end of decimals are left out.
    static func number(_ number: Double) -> String {
        guard number.isFinite else { return "–" }
        let size = abs(number)
        if size >= 99.95 || number == number.rounded() { return whole(number) }
        let decimals = size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3
        var text = String(format: "%.\(decimals)f", number)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        // -0.0001 is nothing, not minus nothing.
        return text == "-0" ? "0" : text
    }

    private static func whole(_ number: Double) -> String {
        guard let whole = Int(exactly: number.rounded()) else { return String(format: "%.3g", number) }
        return count(whole)
    }

    /// A share of one as "42 %".
    static func percent(_ share: Double) -> String { "\(number((share * 1_000).rounded() / 10)) %" }

    /// Seconds as a clock shows them: 0:07, 4:12, 1:04:12.
    static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        let whole = Int(seconds)
        let (hours, minutes) = (whole / 3_600, whole / 60 % 60)
        let end = String(format: "%02d", whole % 60)
        return hours > 0 ? String(format: "%d:%02d:", hours, minutes) + end : "\(minutes):\(end)"
    }

    /// A length of time in words: 10 s, 4 min 12 s, 1 h 4 min.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        if seconds < 120 { return "\(number((seconds * 10).rounded() / 10)) s" }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
        let parts = hours > 0 ? [(hours, "h"), (minutes, "min")] : [(minutes, "min"), (rest, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// A moment as "2026-01-31 19:00:00 UTC".
    static func moment(_ milliseconds: Int) -> String {
        let text = Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
        return text.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: " UTC")
    }

    /// "1 person", "2 people".
    static func many(_ number: Int, _ one: String, _ several: String) -> String {
        "\(count(number)) \(number == 1 ? one : several)"
    }
}
