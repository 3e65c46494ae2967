import SessionEngine
import Testing

@testable import PlenaryServer

@Suite struct CommandRateTests {
    private let limits = CommandRate.Limits(
        perSecond: 20,
        burst: 40,
        haste: Haste.Limits(refusals: 50, milliseconds: 10_000)
    )

    @Test func `forty at once, then twenty a second, and the refusal says how long to wait`() {
        var rate = CommandRate()
        for _ in 0..<40 { #expect(rate.take(at: 1_000_000, limits) == .fine) }
        #expect(rate.take(at: 1_000_000, limits) == .slowDown(retryAfter: 50))
        #expect(rate.take(at: 1_000_050, limits) == .fine)
        #expect(rate.take(at: 1_000_050, limits) == .slowDown(retryAfter: 50))
        for _ in 0..<20 { #expect(rate.take(at: 1_001_050, limits) == .fine) }
        #expect(rate.take(at: 1_001_050, limits) == .slowDown(retryAfter: 50))
    }

    @Test func `fifty refusals within ten seconds are borne, one more is not`() {
        var rate = CommandRate()
        for _ in 0..<40 { _ = rate.take(at: 1_000_000, limits) }
        for _ in 0..<50 { #expect(rate.take(at: 1_000_000, limits) == .slowDown(retryAfter: 50)) }
        #expect(rate.take(at: 1_000_000, limits) == .tooMany)
    }

    @Test func `refusals of long ago are forgotten`() {
        var rate = CommandRate()
        for now in [1_000_000, 1_010_001] as [Int64] {
            for _ in 0..<40 { #expect(rate.take(at: now, limits) == .fine) }
            for _ in 0..<50 { #expect(rate.take(at: now, limits) == .slowDown(retryAfter: 50)) }
        }
    }
}
