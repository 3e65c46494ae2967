import Testing

@testable import plenary_load

struct StaysTests {
    private let live: ClosedRange<Int64> = 0...600_000

    private func bounds(_ stays: Stays, outages: [ClosedRange<Int64>] = []) -> Stays.Bounds {
        stays.bounds(live: live, outages: outages, fill: 120_000)
    }

    @Test func `devices do not add up, and the time outside the live time is none`() {
        var stays = Stays()
        let one = stays.begin(at: -5_000)
        let other = stays.begin(at: 10_000)
        stays.end(one, between: 100_000, and: 100_000)
        stays.end(other, between: 90_000, and: 90_000)
        #expect(bounds(stays).present == 100_000...100_000)
    }

    @Test func `an end in doubt widens what is possible, and no more`() {
        var stays = Stays()
        stays.end(stays.begin(at: 0), between: 50_000, and: 75_000)
        _ = stays.begin(at: 400_000)
        #expect(bounds(stays).present == 250_000...275_000)
        // The gap is longer than two minutes at either end.
        #expect(bounds(stays).counted == 250_000...275_000)
    }

    @Test(arguments: [(119_000, true, true), (120_100, false, true), (121_000, false, false)])
    func `a gap of two minutes is filled; one about as long may be or not`(
        _ gap: Int64,
        _ atLeast: Bool,
        _ atMost: Bool
    ) {
        var stays = Stays()
        stays.end(stays.begin(at: 0), between: 100_000, and: 100_000)
        _ = stays.begin(at: 100_000 + gap)
        let counted = bounds(stays).counted
        #expect(counted.lowerBound == (atLeast ? 600_000 : 600_000 - gap))
        #expect(counted.upperBound == (atMost ? 600_000 : 600_000 - gap))
    }

    @Test(arguments: [(599_000, 600_000, 600_000), (600_005, 590_000, 600_000), (601_000, 590_000, 590_000)])
    func `who is back when all is over has no gap filled; about that moment it may be or not`(
        _ back: Int64,
        _ least: Int64,
        _ most: Int64
    ) {
        var stays = Stays()
        stays.end(stays.begin(at: 0), between: 590_000, and: 590_000)
        _ = stays.begin(at: back)
        #expect(bounds(stays).counted == least...most)
    }

    @Test func `an outage does not make a gap longer`() {
        var stays = Stays()
        stays.end(stays.begin(at: 0), between: 100_000, and: 100_000)
        _ = stays.begin(at: 300_000)
        #expect(bounds(stays).counted == 400_000...400_000)
        #expect(bounds(stays, outages: [100_000...290_000]).counted == 600_000...600_000)
    }

    @Test func `an outage in a gap that is too long may be credited`() {
        var stays = Stays()
        stays.end(stays.begin(at: 0), between: 100_000, and: 100_000)
        _ = stays.begin(at: 400_000)
        #expect(bounds(stays, outages: [100_000...130_000]).counted == 300_000...330_000)
    }

    @Test func `who never came has nothing`() {
        #expect(bounds(Stays()).present == 0...0)
    }
}
