import Sessions
import Testing

/// What a mix finds is the best there is: on cases so small that all ways can be tried.
@Suite struct MixOptimumTests {
    struct Case {
        var roster: MixRoster
        var fixed: [Int?]
        var met: Meetings

        /// Few people, few schools, few rooms; some are named for rooms, some have met.
        init(_ dice: inout SplitMix) {
            let people = 2 + dice.below(6)
            let rooms = 1 + dice.below(3)
            let schools = 1 + dice.below(3)
            var numbers: [Int: Int] = [0: 0]
            roster = MixRoster(
                schools: (0..<people).map { _ in
                    let drawn = dice.below(schools + 1)
                    let number = numbers[drawn] ?? numbers.count
                    numbers[drawn] = number
                    return number
                },
                rooms: rooms
            )
            let named = dice.below(2) == 0 ? 0 : dice.below(4)
            fixed = (0..<people).map { $0 < named ? dice.below(rooms) : nil }
            met = Meetings(people: people)
            for _ in 0..<dice.below(3) {
                met.meet((0..<people).filter { _ in dice.below(3) == 0 })
            }
        }

        /// The fewest same-school pairs and, with so few, the fewest repeats, of all ways to place those not fixed.
        func best() -> (schools: Int, repeats: Int) {
            var best = (schools: Int.max, repeats: Int.max)
            var rooms = fixed.map { $0 ?? 0 }
            let others = fixed.indices.filter { fixed[$0] == nil }
            while true {
                if isAllowed(rooms) {
                    let here = judged(rooms)
                    if here < best { best = here }
                }
                guard let next = others.first(where: { rooms[$0] < roster.rooms - 1 }) else { return best }
                for person in others where person < next { rooms[person] = 0 }
                rooms[next] += 1
            }
        }

        /// Nobody is put by rule where it is fuller by more than one than elsewhere.
        func isAllowed(_ rooms: [Int]) -> Bool {
            let sizes = (0..<roster.rooms).map { room in rooms.count { $0 == room } }
            let least = sizes.min() ?? 0
            return rooms.indices.allSatisfy { fixed[$0] != nil || sizes[rooms[$0]] <= least + 1 }
        }

        func judged(_ rooms: [Int]) -> (schools: Int, repeats: Int) {
            var judged = (schools: 0, repeats: 0)
            for one in rooms.indices {
                for other in 0..<one where rooms[one] == rooms[other] {
                    if roster.schools[one] != 0, roster.schools[one] == roster.schools[other] {
                        judged.schools += 1
                    }
                    if met.have(one, other) { judged.repeats += 1 }
                }
            }
            return judged
        }
    }

    @Test(arguments: 1...300 as ClosedRange<UInt64>)
    func `a mix is as good as the best of all ways`(seed: UInt64) {
        var dice = SplitMix(seed: seed)
        let small = Case(&dice)
        let best = small.best()
        let mix = small.roster.mixed(met: small.met, fixed: small.fixed, seed: seed)
        #expect(small.isAllowed(mix.rooms))
        #expect(small.fixed.indices.allSatisfy { small.fixed[$0] == nil || small.fixed[$0] == mix.rooms[$0] })
        #expect(mix.schoolPairs == best.schools && mix.repeats == best.repeats, "\(small)")
        #expect(small.judged(mix.rooms) == best)
        // The bounds are none that anything beats.
        #expect(mix.fewestSchoolPairs <= best.schools)
        #expect(mix.schoolPairs > mix.fewestSchoolPairs || mix.fewestRepeats <= best.repeats)
        // Without named people the bound of schools is reached.
        if small.fixed.allSatisfy({ $0 == nil }) { #expect(mix.fewestSchoolPairs == best.schools) }
    }
}
