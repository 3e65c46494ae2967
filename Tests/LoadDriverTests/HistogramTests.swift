import Testing

@testable import plenary_load

struct HistogramTests {
    @Test func `percentiles are those of the sorted values, to a bucket's width`() {
        var histogram = Histogram()
        var values: [Int] = []
        var state: UInt64 = 1
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Spread over nine powers of ten.
            let value = Int(state >> 33) >> Int(state >> 58)
            values.append(value)
            histogram.record(value)
        }
        values.sort()
        for percent in [0.1, 1, 10, 50, 90, 99, 99.9, 99.99, 100] {
            let exact = values[Int((percent / 100 * 20_000).rounded(.up)) - 1]
            let shown = histogram.percentile(percent)
            #expect(shown >= exact)
            #expect(Double(shown) <= Double(exact) * (1 + 1.0 / 64) + 1)
        }
        #expect(histogram.max == values.last)
        #expect(histogram.count == 20_000)
    }

    @Test func `two histograms together are one of all values`() {
        var (one, other, both) = (Histogram(), Histogram(), Histogram())
        for value in 0..<1_000 {
            one.record(value)
            other.record(value * 1_000)
            both.record(value)
            both.record(value * 1_000)
        }
        one.add(other)
        for percent in [1.0, 50, 99, 100] { #expect(one.percentile(percent) == both.percentile(percent)) }
        #expect(one.mean == both.mean)
    }

    @Test func `an empty one says nothing, and what is out of range is at its ends`() {
        var histogram = Histogram()
        #expect(histogram.percentile(99) == 0)
        histogram.record(-5)
        histogram.record(.max)
        #expect(histogram.percentile(50) == 0)
        #expect(histogram.max == .max)
        #expect(histogram.percentile(100) > 1 << 38)
    }
}
