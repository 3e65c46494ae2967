/// Times in buckets whose width grows with the time, so that percentiles of any size are exact to 1 % (HDR style).
///
/// Microseconds, from 0 to about twelve days; what is longer counts as that. It takes 20 KiB whatever it holds.
struct Histogram: Sendable {
    /// Each power of two has so many buckets.
    private static let subBucketBits = 6
    private static let subBuckets = 1 << subBucketBits
    private static let powers = 34

    private var buckets = [Int](repeating: 0, count: powers * subBuckets + subBuckets)
    private(set) var count = 0
    private(set) var max = 0
    private var sum = 0

    /// Microseconds; what is negative counts as 0.
    mutating func record(_ value: Int) {
        let value = Swift.max(0, value)
        buckets[Self.bucket(of: value)] += 1
        count += 1
        sum &+= value
        max = Swift.max(max, value)
    }

    mutating func add(_ other: Histogram) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        count += other.count
        sum &+= other.sum
        max = Swift.max(max, other.max)
    }

    /// The mean in microseconds; 0 when it is empty.
    var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

    /// The smallest time that so many percent do not exceed, to a bucket's width; 0 when it is empty.
    func percentile(_ percent: Double) -> Int {
        guard count > 0 else { return 0 }
        let wanted = Swift.max(1, Int((percent / 100 * Double(count)).rounded(.up)))
        var seen = 0
        for (index, inBucket) in buckets.enumerated() {
            seen += inBucket
            if seen >= wanted { return Swift.min(Self.highest(in: index), max) }
        }
        return max
    }

    /// Values below `2 * subBuckets` have a bucket each; above, a bucket is as wide as the power that it lies in demands.
    private static func bucket(of value: Int) -> Int {
        let power = Swift.max(0, Int.bitWidth - 1 - value.leadingZeroBitCount - subBucketBits)
        return Swift.min(power * subBuckets + value >> power, powers * subBuckets + subBuckets - 1)
    }

    private static func highest(in bucket: Int) -> Int {
        guard bucket >= 2 * subBuckets else { return bucket }
        let power = bucket / subBuckets - 1
        return (bucket - power * subBuckets + 1) << power - 1
    }
}
