import Sessions
import Testing

@Suite struct IntervalsTests {
    private func list(_ pairs: (Milliseconds, Milliseconds)...) -> [Interval] {
        pairs.map { Interval(from: $0.0, to: $0.1) }
    }

    @Test func `any intervals become a list that rises, without empty ones, and what touches is one`() {
        let union = [Interval](union: list((5, 7), (0, 2), (2, 3), (9, 9), (6, 8), (12, 11), (0, 1)))
        #expect(union == list((0, 3), (5, 8)))
        #expect(union.total == 6)
        #expect([Interval](union: []) == [])
    }

    @Test func `what touches has nothing in common`() {
        #expect(list((0, 5)).intersection(list((5, 9))) == [])
        #expect(list((0, 5), (7, 9)).intersection(list((3, 8))) == list((3, 5), (7, 8)))
    }

    @Test func `taking away leaves what is before, between and behind`() {
        #expect(list((0, 10)).subtracting(list((2, 3), (5, 6))) == list((0, 2), (3, 5), (6, 10)))
        #expect(list((0, 10)).subtracting(list((0, 10))) == [])
        #expect(list((3, 5)).subtracting(list((0, 3), (5, 8))) == list((3, 5)))
    }

    @Test func `clipping can leave nothing, and nothing has no length`() {
        let clipped = Interval(from: 1, to: 2).clipped(to: Interval(from: 5, to: 9))
        #expect(clipped.isEmpty)
        #expect(clipped.length == 0)
    }

    @Test func `lists from seeds are what a set of numbers says`() {
        var dice = SplitMix(seed: 11)
        for _ in 0..<500 {
            let (left, right) = (drawn(&dice), drawn(&dice))
            let (mine, theirs) = ([Interval](union: left), [Interval](union: right))
            #expect(numbers(mine) == numbers(left))
            #expect(numbers(mine.union(theirs)) == numbers(left).union(numbers(right)))
            #expect(numbers(mine.intersection(theirs)) == numbers(left).intersection(numbers(right)))
            #expect(numbers(mine.subtracting(theirs)) == numbers(left).subtracting(numbers(right)))
            for result in [mine.union(theirs), mine.intersection(theirs), mine.subtracting(theirs)] {
                #expect(Int(result.total) == numbers(result).count)
                for (index, interval) in result.enumerated().dropFirst() {
                    #expect(!interval.isEmpty && result[index - 1].to <= interval.from)
                }
            }
        }
    }

    private func drawn(_ dice: inout SplitMix) -> [Interval] {
        (0..<dice.below(6)).map { _ in
            let from = Milliseconds(dice.below(40))
            return Interval(from: from, to: from + Milliseconds(dice.below(12)))
        }
    }

    private func numbers(_ intervals: [Interval]) -> Set<Milliseconds> {
        Set(intervals.flatMap { $0.isEmpty ? [] : Array($0.from..<$0.to) })
    }
}
