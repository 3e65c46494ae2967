internal import Foundation
package import Sessions

/// A time zone, and what its clocks show.
///
/// Calendars are sums of whole numbers here; only the zone's difference from UTC comes from the system's tables.
package struct Zone: Equatable, Sendable {
    package static let utc = Zone(name: "UTC", .fixed(seconds: 0))

    /// As it was asked for.
    package let name: String
    private let rule: Rule

    private enum Rule: Equatable, Sendable {
        case fixed(seconds: Int)
        case named(TimeZone)
    }

    private init(name: String, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }

    /// `Europe/Berlin`, `UTC`, `+01:00`, `-0330`; nil when there is no such zone.
    package init?(_ text: String) {
        if text == "UTC" || text == "Z" {
            self = .utc
        } else if let seconds = Self.difference(Array(text.utf8)) {
            self.init(name: text, .fixed(seconds: seconds))
        } else {
            // "+1" and the like mean something to the system that people do not mean.
            guard text.utf8.count <= 64, text.utf8.first.map({ $0 >= 0x41 }) == true,
                let zone = TimeZone(identifier: text)
            else { return nil }
            self.init(name: text, .named(zone))
        }
    }

    /// `±HH:MM` or `±HHMM` in seconds.
    static func difference(_ bytes: [UInt8]) -> Int? {
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
            return nil
        }
        var digits = Array(bytes.dropFirst())
        if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
        guard digits.count == 4, let hours = Quantity.number(String(decoding: digits[..<2], as: UTF8.self)),
            let minutes = Quantity.number(String(decoding: digits[2...], as: UTF8.self)), hours <= 14,
            minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    /// What the zone's clocks show, in milliseconds since their own 1970.
    package func local(_ instant: Milliseconds) -> Milliseconds { instant + difference(at: instant) }

    /// The moment at which the zone's clocks show `local`: the first of two; in an hour that is left out, as if it were not.
    package func instant(_ local: Milliseconds) -> Milliseconds {
        let day: Milliseconds = 86_400_000
        let before = difference(at: local - day)
        let candidates = [before, difference(at: local + day)].map { local - $0 }
        return candidates.filter { self.local($0) == local }.min() ?? local - before
    }

    private func difference(at instant: Milliseconds) -> Milliseconds {
        switch rule {
        case .fixed(let seconds): Milliseconds(seconds) * 1_000
        case .named(let zone):
            Milliseconds(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1_000)))
                * 1_000
        }
    }
}

extension Zone {
    /// `16:14:09`.
    package func time(_ instant: Milliseconds) -> String {
        let seconds = Int(Civil.timeOfDay(local(instant)) / 1_000)
        return [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    }

    /// `2026-11-28`.
    package func day(_ instant: Milliseconds) -> String {
        let date = Civil.date(local(instant))
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

/// The Gregorian calendar on whole numbers (Howard Hinnant, "chrono-compatible low-level date algorithms").
enum Civil {
    static let day: Milliseconds = 86_400_000

    /// Milliseconds since midnight.
    static func timeOfDay(_ local: Milliseconds) -> Milliseconds {
        let rest = local % day
        return rest < 0 ? rest + day : rest
    }

    /// Days since 1970-01-01; nil when there is no such date.
    static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month) else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...lengths[month - 1]).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return shifted / 400 * 146_097 + dayOfEra - 719_468
    }

    /// The date at `local`.
    static func date(_ local: Milliseconds) -> (year: Int, month: Int, day: Int) {
        let days = Int((local - timeOfDay(local)) / day) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
        )
    }
}
