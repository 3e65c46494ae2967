import Testing

@testable import plenary_load

struct ReturnsTests {
    @Test func `all are back when the last is, counted from the last lost connection`() {
        var returns = Returns()
        returns.expect([1: 100, 2: 5_000])
        // Back before the last has even been lost.
        returns.isBack(1, at: 2_000)
        #expect(returns.missing == 1 && returns.longest == nil)
        // In the session, but not lost yet.
        returns.isBack(2, at: 4_000)
        #expect(returns.missing == 1)
        returns.isBack(2, at: 9_000)
        #expect(returns.missing == 0 && returns.longest == 4_000)
    }

    @Test func `of several storms the longest counts`() {
        var returns = Returns()
        for (start, back) in [(0, 700), (10_000, 10_300)] {
            returns.expect([1: Int64(start)])
            returns.isBack(1, at: Int64(back))
        }
        #expect(returns.longest == 700)
    }

    @Test func `who was away already is not awaited`() {
        var returns = Returns()
        returns.expect([1: 100, 2: 100])
        returns.spare(2)
        returns.isBack(1, at: 600)
        #expect(returns.missing == 0 && returns.longest == 500)
        returns.expect([3: 100])
        returns.spare(3)
        #expect(returns.missing == 0 && returns.longest == 500)
    }
}
