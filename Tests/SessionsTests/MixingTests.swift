import Foundation
import Sessions
import Testing

/// So many evenings of each kind, `SEEDS=1000` for so many.
private let seeds = UInt64(ProcessInfo.processInfo.environment["SEEDS"] ?? "") ?? 20

/// People are mixed so that schools are spread and nobody meets anybody twice.
@Suite struct MixingTests {
    /// Pairs in one room of whom something is true, counted each with each.
    private func pairs(_ mix: Mix, _ rooms: Int, where isTrue: (Int, Int) -> Bool) -> Int {
        var count = 0
        for room in mix.groups(rooms) {
            for (index, one) in room.enumerated() { count += room[..<index].count { isTrue($0, one) } }
        }
        return count
    }

    @Test
    func `48 people of 20 schools in rooms of four: four rounds without colleagues and without repeats`() {
        for seed in 1...seeds {
            for mix in MixRoster.manySchools.evening(rounds: 4, seed: seed) {
                #expect(mix.schoolPairs == 0 && mix.repeats == 0 && !mix.isBudgetUsed, "seed \(seed)")
                #expect(mix.groups(12).allSatisfy { $0.count == 4 })
            }
        }
    }

    @Test func `24 of 48 from one school: twelve pairs a round, and two repeats at most over four rounds`() {
        for seed in 1...seeds {
            let evening = MixRoster.oneLargeSchool.evening(rounds: 4, seed: seed)
            #expect(evening.map(\.schoolPairs) == [12, 12, 12, 12], "seed \(seed)")
            #expect(evening.map(\.fewestSchoolPairs) == [12, 12, 12, 12])
            #expect(evening.map(\.repeats).reduce(0, +) <= 2, "seed \(seed)")
        }
    }

    @Test func `what a mix says of itself is what one counts, round after round until nothing can be new`() {
        for (seed, roster) in [
            (1, MixRoster.manySchools), (2, .oneLargeSchool),
            (3, MixRoster(schools: [1, 1, 2, 2, 3, 3, 0, 0, 0, 0], rooms: 3)),
        ] as [(UInt64, MixRoster)] {
            var met = Meetings(people: roster.schools.count)
            for round in 1...9 {
                let mix = roster.mixed(met: met, seed: seed &+ UInt64(round))
                let schools = roster.schools
                let colleagues = pairs(mix, roster.rooms) { schools[$0] == schools[$1] && schools[$0] != 0 }
                #expect(mix.schoolPairs == colleagues)
                #expect(mix.repeats == pairs(mix, roster.rooms) { met.have($0, $1) })
                #expect(mix.repeats >= mix.fewestRepeats && mix.schoolPairs >= mix.fewestSchoolPairs)
                for room in mix.groups(roster.rooms) { met.meet(room) }
            }
        }
    }

    @Test func `the same task and seed give the same rooms, and another seed other ones`() {
        let roster = MixRoster.manySchools
        #expect(roster.evening(rounds: 5, seed: 7) == roster.evening(rounds: 5, seed: 7))
        #expect(roster.mixed(seed: 7).rooms != roster.mixed(seed: 8).rooms)
    }

    /// So that a change of the search, and with it of the rooms that a preview's seed stands for, is noticed.
    @Test func `a seed stands for the same rooms in every version`() {
        let roster = MixRoster(schools: [1, 1, 2, 2, 3, 3, 0, 0, 0], rooms: 3)
        let rounds = roster.evening(rounds: 3, seed: 42).map(\.rooms)
        #expect(
            rounds == [
                [0, 1, 1, 2, 2, 0, 0, 2, 1], [2, 1, 0, 1, 2, 0, 1, 0, 2], [1, 0, 1, 2, 0, 2, 0, 1, 2],
            ]
        )
    }

    @Test(arguments: [1, 2, 3, 7, 10, 11, 12, 13, 30])
    func `sizes are within one, whatever the number of people and rooms`(people: Int) {
        for rooms in 1...12 {
            let roster = MixRoster(schools: (0..<people).map { $0 % 4 }, rooms: rooms)
            for mix in roster.evening(rounds: 3, seed: UInt64(rooms)) {
                let sizes = mix.groups(rooms).map(\.count)
                #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
            }
        }
    }

    @Test func `nobody at all, one room, more rooms than people`() {
        #expect(MixRoster(schools: [], rooms: 3).mixed(seed: 1).rooms == [])
        let together = MixRoster(schools: [1, 1, 2, 0], rooms: 1).mixed(seed: 1)
        #expect(together.rooms == [0, 0, 0, 0] && together.schoolPairs == 1 && !together.isBudgetUsed)
        let apart = MixRoster(schools: [1, 1, 1], rooms: 5).mixed(seed: 1)
        #expect(Set(apart.rooms).count == 3 && apart.schoolPairs == 0)
    }

    @Test func `when all have met all, it says at once that nothing can be avoided`() {
        var met = Meetings(people: 12)
        met.meet(Array(0..<12))
        let mix = MixRoster(schools: Array(repeating: 0, count: 12), rooms: 3).mixed(met: met, seed: 1)
        #expect(mix.repeats == 18 && mix.fewestRepeats == 18 && !mix.isBudgetUsed && mix.evaluations == 0)
    }

    @Test func `a search ends with its budget`() {
        var met = Meetings(people: 48)
        for first in 0..<2 { met.meet(Array(first * 24..<first * 24 + 24)) }
        let task = MixTask(
            rooms: 12,
            schools: MixRoster.oneLargeSchool.schools,
            fixed: Array(repeating: nil, count: 48),
            met: met
        )
        for budget in [0, 1, 1_000, 20_000] {
            let mix = Mixing.mix(task, seed: 3, budget: budget)
            #expect(mix.isBudgetUsed && mix.schoolPairs == 12)
            // The last step is made to its end: all places, rooms, and whom the two have met.
            #expect((budget..<budget + 400).contains(mix.evaluations) || budget == 0 && mix.evaluations == 0)
        }
    }

    /// Printed and never judged: how long it takes is a figure of a machine, and of a release build.
    @Test func `1,000 people in 200 rooms with the budget used up`() {
        var dice = SplitMix(seed: 1)
        var met = Meetings(people: 1_000)
        var order = Array(0..<1_000)
        for _ in 0..<20 {
            dice.shuffle(&order)
            for first in stride(from: 0, to: 1_000, by: 50) { met.meet(Array(order[first..<first + 50])) }
        }
        let roster = MixRoster(schools: (0..<1_000).map { $0 % 250 + 1 }, rooms: 200)
        let clock = ContinuousClock()
        let times = (1...5).map { seed in
            clock.measure {
                let mix = roster.mixed(met: met, seed: UInt64(seed))
                #expect(mix.isBudgetUsed && mix.evaluations >= SessionsLimits().mixEvaluations)
                #expect(mix.schoolPairs == 0 && mix.groups(200).allSatisfy { $0.count == 5 })
            }
        }
        let milliseconds = times.map { $0 / .milliseconds(1) }.sorted()
        print("1,000 people in 200 rooms, budget used up: \(milliseconds[0]) to \(milliseconds[4]) ms")
    }
}
