import Testing

@testable import plenary_load

struct CapacitySearchTests {
    /// Searches on a machine that carries so many, and answers what was tried.
    private func search(
        from first: Int = 10,
        most: Int = 10_000,
        _ judge: (Int) -> CapacitySearch.Trial
    ) -> (CapacitySearch.Outcome?, [Int]) {
        var search = CapacitySearch(from: first, most: most)
        while let next = search.next, search.trials.count < 100 { search.take(judge(next)) }
        return (search.outcome, search.trials.map(\.sessions))
    }

    @Test(arguments: [1, 2, 9, 10, 11, 63, 640, 7_777])
    func `the largest number is found to a twentieth, and met three times`(_ capacity: Int) throws {
        let (outcome, tried) = search { $0 <= capacity ? .met : .broken("p99 was 300 ms (limit 250)") }
        guard case .found(let found, let limit) = try #require(outcome) else { throw Unfound() }
        #expect(found <= capacity)
        #expect(capacity - found <= max(1, found / 20))
        #expect(limit == "p99 was 300 ms (limit 250)")
        #expect(tried.count { $0 == found } == 3)
        #expect(tried.count < 30)
    }

    @Test func `a machine that carries none says so`() {
        #expect(search { _ in .broken("violations") }.0 == .none("violations"))
    }

    @Test func `a point that breaks when it is repeated is not the answer`() throws {
        var times: [Int: Int] = [:]
        let (outcome, _) = search(from: 16, most: 64) { sessions in
            times[sessions, default: 0] += 1
            // Above twenty it is met by luck, at the first time alone.
            return sessions > 40 || (sessions > 20 && times[sessions, default: 0] > 1)
                ? .broken("luck") : .met
        }
        guard case .found(let found, _) = try #require(outcome) else { throw Unfound() }
        #expect(found <= 20)
    }

    @Test func `where the driver is the bottleneck, it says at least`() {
        let (outcome, _) = search { $0 <= 50 ? .met : .invalid("the driver was the bottleneck") }
        guard case .atLeast(let found, let why) = outcome else { return #expect(Bool(false)) }
        #expect(48...50 ~= found)
        #expect(why == "the driver was the bottleneck")
    }

    @Test func `it does not go beyond the most that it may`() {
        let (outcome, tried) = search(from: 3, most: 20) { _ in .met }
        #expect(outcome == .atLeast(20, why: "more were not asked for"))
        #expect(tried == [3, 6, 12, 20, 20, 20])
    }

    private struct Unfound: Error {}
}
