/// When somebody was connected, as far as can be known from outside; milliseconds by the server's clock.
///
/// A stay begins at a moment that the server itself tells. It ends between two moments: a server hears of a lost connection at
/// once when it is closed, and up to half a minute later when the link just falls silent.
struct Stays: Sendable {
    struct Stay: Sendable {
        var from: Int64
        /// Nil while it goes on.
        var to: (earliest: Int64, latest: Int64)?
    }

    private(set) var all: [Stay] = []

    /// A device has come in; its number in here.
    mutating func begin(at moment: Int64) -> Int {
        all.append(Stay(from: moment))
        return all.count - 1
    }

    mutating func end(_ index: Int, between earliest: Int64, and latest: Int64) {
        guard all[index].to == nil else { return }
        all[index].to = (max(all[index].from, earliest), max(all[index].from, latest))
    }

    /// The shortest and the longest that present and counted time can be within the live time.
    ///
    /// Counted fills gaps of `fill` milliseconds at most, and whatever part of a gap is within an outage. A gap that may
    /// or may not have been filled makes the two differ by it.
    func bounds(live: ClosedRange<Int64>, outages: [ClosedRange<Int64>], fill: Int64) -> Bounds {
        // Whoever comes back when all is over has no gap filled by it.
        let least = union(begunBy: live.upperBound - Self.doubt) { $0.to?.earliest ?? live.upperBound }
        let most = union(begunBy: live.upperBound + Self.doubt) { $0.to?.latest ?? live.upperBound }
        return Bounds(
            present: length(least, in: live)...length(most, in: live),
            counted: length(
                filled(least, outages, atMost: fill - Self.doubt),
                in: live
            )...length(
                filled(most, outages, atMost: fill + Self.doubt, withOutages: true),
                in: live
            )
        )
    }

    struct Bounds {
        var present: ClosedRange<Int64>
        var counted: ClosedRange<Int64>
    }

    /// Milliseconds about which a gap's length is in doubt beside the ends' own range.
    private static let doubt: Int64 = 500

    private func union(begunBy latest: Int64, _ end: (Stay) -> Int64) -> [ClosedRange<Int64>] {
        var united: [ClosedRange<Int64>] = []
        for stay in all.sorted(by: { $0.from < $1.from }) where stay.from <= latest {
            let to = max(stay.from, end(stay))
            if let last = united.last, stay.from <= last.upperBound {
                united[united.count - 1] = last.lowerBound...max(last.upperBound, to)
            } else {
                united.append(stay.from...to)
            }
        }
        return united
    }

    private func filled(
        _ stays: [ClosedRange<Int64>],
        _ outages: [ClosedRange<Int64>],
        atMost fill: Int64,
        withOutages: Bool = false
    ) -> [ClosedRange<Int64>] {
        var filled: [ClosedRange<Int64>] = []
        for stay in stays {
            guard let last = filled.last else {
                filled.append(stay)
                continue
            }
            let gap = last.upperBound...stay.lowerBound
            let down = outages.reduce(Int64(0)) { $0 + overlap($1, gap) }
            if gap.upperBound - gap.lowerBound - down <= fill {
                filled[filled.count - 1] = last.lowerBound...stay.upperBound
            } else {
                // Whom an outage cut off is credited with it even when the whole gap is too long.
                let part = outages.compactMap { withOutages && $0.overlaps(gap) ? $0.clamped(to: gap) : nil }
                filled += part + [stay]
            }
        }
        return filled
    }

    private func length(_ stays: [ClosedRange<Int64>], in live: ClosedRange<Int64>) -> Int64 {
        stays.reduce(0) { $0 + overlap($1, live) }
    }

    private func overlap(_ one: ClosedRange<Int64>, _ other: ClosedRange<Int64>) -> Int64 {
        max(0, min(one.upperBound, other.upperBound) - max(one.lowerBound, other.lowerBound))
    }
}
