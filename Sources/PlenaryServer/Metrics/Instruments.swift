internal import Synchronization

/// A number that only rises, counted by any thread.
package final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    /// A counter at 0.
    package init() {}

    /// What was counted so far.
    package var value: Int { number.load(ordering: .relaxed) }

    /// Counts `count` more.
    package func add(_ count: Int = 1) {
        number.wrappingAdd(count, ordering: .relaxed)
    }
}

/// A number that stands for a level, set by any thread.
package final class Gauge: Sendable {
    private let number = Atomic<Int>(0)

    /// A gauge at 0.
    package init() {}

    /// The level now.
    package var value: Int { number.load(ordering: .relaxed) }

    /// Replaces the level.
    package func set(_ value: Int) {
        number.store(value, ordering: .relaxed)
    }
}

/// Counters for every case of a closed set, so that no client can make a new one.
package struct Counters<Label: CaseIterable & Equatable & Sendable>: Sendable {
    /// In the order of the cases.
    private let counters: [Counter]

    /// A counter at 0 for each case.
    package init() {
        counters = Label.allCases.map { _ in Counter() }
    }

    /// The counter of a case.
    package subscript(_ label: Label) -> Counter {
        for (counter, other) in zip(counters, Label.allCases) where other == label { return counter }
        preconditionFailure("a case that is not among all cases")
    }
}

/// How often a quantity fell into which range, in whole units (nanoseconds, commands).
package final class Histogram: Sendable {
    /// The upper bounds, rising; behind the last comes everything greater.
    package let bounds: [Int]
    private let buckets: [Counter]
    private let total = Counter()

    /// With `bounds` that rise.
    package init(bounds: [Int]) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// Times from 100 µs to 10 s, in nanoseconds.
    package static func times() -> Histogram {
        Histogram(
            bounds: [
                100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
                50_000_000,
                100_000_000, 250_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000,
            ]
        )
    }

    /// Counts from 1 to 4,096, by powers of two.
    package static func counts() -> Histogram {
        Histogram(bounds: (0...12).map { 1 << $0 })
    }

    /// Counts one quantity.
    package func observe(_ quantity: Int) {
        let index = bounds.firstIndex { quantity <= $0 } ?? bounds.count
        buckets[index].add()
        total.add(quantity)
    }

    /// The sum of all quantities.
    package var sum: Int { total.value }

    /// For each bound how many were not greater, and at the end how many there were.
    package var cumulative: [Int] {
        var count = 0
        return buckets.map { bucket in
            count += bucket.value
            return count
        }
    }
}
