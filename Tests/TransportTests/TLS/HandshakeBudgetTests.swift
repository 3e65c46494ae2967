import Testing

@testable import Transport

/// Half of the time, and not more.
struct HandshakeBudgetTests {
    @Test func `in the long run half of the time goes to handshakes`() {
        var budget = HandshakeBudget(now: 0)
        var now: Int64 = 0
        var spent: Int64 = 0
        while now < 10_000 {
            if budget.allows(at: now) {
                budget.spend(microseconds: 700)
                spent += 700
                now += 1
            } else {
                now = max(now + 1, budget.nextMoment)
            }
        }
        // What it holds at the beginning comes on top.
        #expect((5_000_000...5_051_000).contains(spent))
    }

    /// `#expect` takes no mutating call.
    private func allows(_ budget: inout HandshakeBudget, at now: Int64) -> Bool {
        budget.allows(at: now)
    }

    @Test func `after a long step nobody goes on until it is made good`() {
        var budget = HandshakeBudget(now: 0)
        #expect(allows(&budget, at: 0))
        budget.spend(microseconds: 150_000)
        #expect(!allows(&budget, at: 0))
        #expect(budget.nextMoment == 201)
        #expect(!allows(&budget, at: 199))
        #expect(allows(&budget, at: 201))
    }

    @Test func `a pause saves up no more than fifty milliseconds, and a clock that stands still nothing`() {
        var budget = HandshakeBudget(now: 0)
        #expect(allows(&budget, at: 1_000_000))
        budget.spend(microseconds: 50_000)
        #expect(!allows(&budget, at: 1_000_000))
    }
}
