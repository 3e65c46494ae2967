/// Arithmetic of times: lists of intervals that rise, are not empty and do not touch, unless said otherwise.
extension [Interval] {
    /// The length of all of them together.
    package var total: Milliseconds { reduce(0) { $0 + $1.length } }

    /// Any intervals, in any order, as a list that rises: what lies in at least one of them.
    package init(union intervals: [Interval]) {
        self = []
        for next in intervals.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) where !next.isEmpty {
            if let last, next.from <= last.to {
                self[count - 1].to = Swift.max(last.to, next.to)
            } else {
                append(next)
            }
        }
    }

    /// What lies in one of the lists, or in both.
    package func union(_ other: [Interval]) -> [Interval] { [Interval](union: self + other) }

    /// What lies in both lists.
    package func intersection(_ other: [Interval]) -> [Interval] {
        var result: [Interval] = []
        var (mine, theirs) = (0, 0)
        while mine < count, theirs < other.count {
            let common = Interval(
                from: Swift.max(self[mine].from, other[theirs].from),
                to: Swift.min(self[mine].to, other[theirs].to)
            )
            if !common.isEmpty { result.append(common) }
            if self[mine].to < other[theirs].to { mine += 1 } else { theirs += 1 }
        }
        return result
    }

    /// What lies in this list and not in the other.
    package func subtracting(_ other: [Interval]) -> [Interval] {
        var result: [Interval] = []
        for whole in self {
            var from = whole.from
            for hole in other where hole.from < whole.to && hole.to > from {
                if hole.from > from { result.append(Interval(from: from, to: hole.from)) }
                from = Swift.max(from, hole.to)
            }
            if from < whole.to { result.append(Interval(from: from, to: whole.to)) }
        }
        return result
    }
}

extension Interval {
    /// Never negative.
    package var length: Milliseconds { Swift.max(0, to - from) }

    package var isEmpty: Bool { to <= from }

    /// The part of it that lies in `other`; empty when none does.
    package func clipped(to other: Interval) -> Interval {
        Interval(from: Swift.max(from, other.from), to: Swift.min(to, other.to))
    }
}
