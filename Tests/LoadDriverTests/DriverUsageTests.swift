import Testing

@testable import plenary_load

/// What the driver takes of a core is told of times that are long enough to tell it.
struct DriverUsageTests {
    @Test func `looks that come one after the other have one share`() {
        var usage = DriverUsage(at: 0)
        let begun = DriverUsage.cpuMicroseconds
        usage.look(at: 1_000_000, cpu: begun + 500_000)
        #expect((0.49...0.51).contains(usage.share))
        usage.look(at: 1_000_100, cpu: begun + 500_900)
        #expect((0.49...0.51).contains(usage.share))
        usage.look(at: 3_000_000, cpu: begun + 2_500_000)
        #expect((0.99...1.01).contains(usage.share))
    }
}
