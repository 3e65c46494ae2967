package import Sessions

/// A moment as people name it on the command line.
package struct Moment: Equatable, Sendable {
    package static let wanted =
        "a time such as 16:14, 16:14:09, 2026-11-28 16:14, or 2026-11-28T16:14:09+01:00, or a date"

    private let kind: Kind
    /// Nothing finer than a second was said.
    private let isWholeSecond: Bool

    private enum Kind: Equatable {
        /// Milliseconds since 1970 UTC.
        case instant(Milliseconds)
        /// What the clocks of the zone show: milliseconds since their own 1970.
        case local(Milliseconds)
        /// A whole day by the clocks of the zone: milliseconds of its first midnight.
        case day(Milliseconds)
        /// Milliseconds since midnight, on a day that the session tells.
        case timeOfDay(Milliseconds)
    }

    /// Reads one of the forms in `wanted`, seconds and thousandths as wanted; nil when it is none.
    package init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        var day: Int?
        // A date has its hyphen at the fifth place, a time its colon at the second or third.
        if text.utf8.count >= 10, text.utf8.dropFirst(4).first == UInt8(ascii: "-") {
            guard let date = reader.date() else { return nil }
            day = date
            if reader.rest.isEmpty {
                kind = .day(Milliseconds(date) * Civil.day)
                isWholeSecond = true
                return
            }
            guard reader.separator() else { return nil }
        }
        guard let time = reader.time() else { return nil }
        isWholeSecond = time.isWholeSecond
        guard let day else {
            guard reader.rest.isEmpty else { return nil }
            kind = .timeOfDay(time.milliseconds)
            return
        }
        let local = Milliseconds(day) * Civil.day + time.milliseconds
        if reader.rest.isEmpty {
            kind = .local(local)
        } else if reader.rest.elementsEqual("Z".utf8) {
            kind = .instant(local)
        } else {
            guard let seconds = Zone.difference(Array(reader.rest)) else { return nil }
            kind = .instant(local - Milliseconds(seconds) * 1_000)
        }
    }

    /// Whether it is a time alone, so that something else has to tell the day.
    package var needsDay: Bool { if case .timeOfDay = kind { true } else { false } }

    /// The moment, for a session that began and last changed then.
    ///
    /// A time alone is on the day on which the session began. When that was before it began and the session went on over
    /// midnight up to that time, it is on the next day.
    package func instant(in zone: Zone, began: Milliseconds, lastAt: Milliseconds) -> Milliseconds {
        switch kind {
        case .instant(let instant): return instant
        case .local(let local), .day(let local): return zone.instant(local)
        case .timeOfDay(let time):
            let local = zone.local(began)
            let midnight = local - Civil.timeOfDay(local)
            let sameDay = zone.instant(midnight + time)
            let nextDay = zone.instant(midnight + Civil.day + time)
            return sameDay < began && nextDay <= lastAt ? nextDay : sameDay
        }
    }

    /// The same as the end of a time: through the second that it names, as times are printed, or through the day.
    package func end(in zone: Zone, began: Milliseconds, lastAt: Milliseconds) -> Milliseconds {
        if case .day(let local) = kind { return zone.instant(local + Civil.day) - 1 }
        return instant(in: zone, began: began, lastAt: lastAt) + (isWholeSecond ? 999 : 0)
    }
}

/// Reads the parts of a moment.
private struct Reader {
    var rest: ArraySlice<UInt8>

    /// `2026-11-28`, as days since 1970.
    mutating func date() -> Int? {
        guard let year = number(digits: 4...4), take("-"), let month = number(digits: 2...2), take("-"),
            let day = number(digits: 2...2)
        else { return nil }
        return Civil.days(year: year, month: month, day: day)
    }

    /// What stands between date and time.
    mutating func separator() -> Bool { take(" ") || take("T") }

    /// `16:14`, `16:14:09`, `16:14:09.250`, as milliseconds.
    mutating func time() -> (milliseconds: Milliseconds, isWholeSecond: Bool)? {
        guard let hours = number(digits: 1...2), hours < 24, take(":"), let minutes = number(digits: 2...2),
            minutes < 60
        else { return nil }
        var milliseconds = Milliseconds(hours * 3_600 + minutes * 60) * 1_000
        guard take(":") else { return (milliseconds, true) }
        guard let seconds = number(digits: 2...2), seconds < 60 else { return nil }
        milliseconds += Milliseconds(seconds) * 1_000
        guard take(".") else { return (milliseconds, true) }
        guard let thousandths = number(digits: 3...3) else { return nil }
        return (milliseconds + Milliseconds(thousandths), false)
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func number(digits: ClosedRange<Int>) -> Int? {
        let found = rest.prefix { (0x30...0x39).contains($0) }
        guard digits.contains(found.count) else { return nil }
        rest.removeFirst(found.count)
        return Quantity.number(String(decoding: found, as: UTF8.self))
    }
}
