/// Numbers with units as people write them.
///
/// Digits only: no signs, blanks or exponents.
enum Quantity {
    /// A whole number of at most 15 digits.
    static func number(_ text: some StringProtocol) -> Int? {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// `4096`, `64KiB`, `8MiB`, `1GiB`.
    static func bytes(_ text: String) -> Int? {
        for (unit, shift) in [("KiB", 10), ("MiB", 20), ("GiB", 30)] where text.hasSuffix(unit) {
            guard let count = number(text.dropLast(3)), count < 1 << 30 else { return nil }
            return count << shift
        }
        return number(text)
    }

    /// `30`, `0.5`; at most three digits behind the point.
    static func milliseconds(seconds text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = number(parts[0]) else { return nil }
        guard parts.count == 2 else { return Int64(whole) * 1_000 }
        guard parts[1].utf8.count <= 3, let fraction = number(parts[1]) else { return nil }
        let scale = [100, 10, 1][parts[1].utf8.count - 1]
        return Int64(whole) * 1_000 + Int64(fraction * scale)
    }

    /// `30d`, `12h`, `90m`.
    static func lifetime(_ text: String) -> Int64? {
        guard let unit = text.utf8.last, let count = number(text.dropLast()), count > 0, count <= 100_000
        else {
            return nil
        }
        switch unit {
        case UInt8(ascii: "d"): return Int64(count) * 86_400_000
        case UInt8(ascii: "h"): return Int64(count) * 3_600_000
        case UInt8(ascii: "m"): return Int64(count) * 60_000
        default: return nil
        }
    }

    /// The shortest spelling that `bytes` reads.
    static func shown(bytes count: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] {
            if count > 0, count % (1 << shift) == 0 { return "\(count >> shift)\(unit)" }
        }
        return "\(count)"
    }

    /// For people: three digits or so, and a unit.
    static func rounded(bytes count: Int) -> String {
        for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where count >= 1 << shift {
            let tenths = (count * 10) >> shift
            return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(unit)" : "\(tenths / 10) \(unit)"
        }
        return "\(count) bytes"
    }

    /// The shortest spelling that `milliseconds(seconds:)` reads.
    static func shown(milliseconds: Int64) -> String {
        let thousandths = milliseconds % 1_000
        guard thousandths != 0 else { return "\(milliseconds / 1_000)" }
        var digits = String("\(thousandths + 1_000)".dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(milliseconds / 1_000).\(digits)"
    }
}
