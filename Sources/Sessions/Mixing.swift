/// Who is to be mixed: people by their index, in seat order.
package struct MixTask: Sendable {
    /// How many rooms there are.
    package var rooms: Int
    /// Each person's school, by a number from 1 without gaps; 0: none, and colleagues of nobody.
    package var schools: [Int]
    /// The room in which somebody is whatever comes; nil: a rule says where.
    package var fixed: [Int?]
    /// Who has met whom before.
    package var met: Meetings

    package init(rooms: Int, schools: [Int], fixed: [Int?], met: Meetings) {
        self.rooms = rooms
        self.schools = schools
        self.fixed = fixed
        self.met = met
    }
}

/// People dealt to rooms, and how well that went.
package struct Mix: Equatable, Sendable {
    /// Each person's room.
    package var rooms: [Int]
    /// Pairs in one room who are from one school.
    package var schoolPairs = 0
    /// Of those it cannot be fewer: every school spread evenly, on top of who is fixed.
    package var fewestSchoolPairs = 0
    /// The same, school by school; the first is for people without one.
    package var pairsBySchool: [Int] = []
    package var fewestBySchool: [Int] = []
    /// Pairs in one room who have met before.
    package var repeats = 0
    /// Of those it cannot be fewer, as far as counting shows.
    package var fewestRepeats = 0
    /// What the search took, in pair evaluations.
    package var evaluations = 0
    /// The search ended before it was at the bound, because its budget was used up.
    package var isBudgetUsed = false
}

/// Keeps people of one school apart, and then people who have met.
///
/// 1. `Dealing` begins with an even spread of every school, sizes within one.
/// 2. As long as somebody shares a room with a colleague too many or with a person they have met, one of these, drawn
///    from the seed, changes places with whoever makes the most of it, also when that is worse for now; who has just
///    moved stays for a few steps, so that the search goes on and does not go round. Once no school can be spread any
///    better, nothing that spreads one worse is done any more.
/// 3. The best that was seen is kept. The search ends at the bound, or when its budget is used up.
///
/// Empty places are people, too, without a school and without acquaintances, one a room at most: who changes places with
/// one of them walks into a smaller room.
///
/// All in integers and in a fixed order: the same task, seed and budget give the same rooms on every machine.
package struct Mixing {
    /// One same-school pair is worse than any number of repeats.
    private static let schoolWeight = 1 << 32

    /// In one step of so many anybody moves: those who had better may be held where they are by one who is well placed.
    private static let anybodyEvery = 32

    private let task: MixTask
    private let bounds: MixBounds
    private let budget: Int
    private var generator: SplitMix
    private var table: MixTable
    private var evaluations = 0
    private var steps = 0
    /// What it would come to if the one who is to move were in each of the rooms.
    private var gains: [Int]
    /// Until which step somebody stays where they are.
    private var staysUntil: [Int]

    private init(_ task: MixTask, seed: UInt64, budget: Int) {
        self.task = task
        self.budget = budget
        generator = SplitMix(seed: seed)
        bounds = MixBounds(task)
        table = Dealing.deal(task, using: &generator)
        gains = Array(repeating: 0, count: task.rooms)
        staysUntil = Array(repeating: 0, count: table.room.count)
    }

    /// Deals people to rooms, with a search of at most about `budget` pair evaluations.
    ///
    /// An evaluation asks once what would become of two people.
    package static func mix(_ task: MixTask, seed: UInt64, budget: Int) -> Mix {
        var mixing = Mixing(task, seed: seed, budget: budget)
        return mixing.search()
    }

    private var cost: Int { table.schoolPairs * Self.schoolWeight + table.repeats }

    private mutating func search() -> Mix {
        let bound = bounds.schoolPairs * Self.schoolWeight + bounds.repeats
        var best = table.room
        var bestCost = cost
        // Only where people are named for rooms may schools be better spread than they are dealt.
        var spreading = table.schoolPairs > bounds.schoolPairs
        while bestCost > bound, evaluations < budget {
            if spreading, table.schoolPairs == bounds.schoolPairs || evaluations > budget / 4 {
                spreading = false
                table.move(to: best, met: task.met)
            }
            // Counted although it may come to nothing: in a small round everybody may have to stay for now.
            steps += 1
            guard let person = nextToMove(),
                let other = bestExchange(for: person, below: bestCost, spreading: spreading)
            else { continue }
            staysUntil[person] = steps + 2 + generator.below(8)
            staysUntil[other] = steps + 2 + generator.below(8)
            evaluations += table.exchange(person, other, met: task.met)
            if cost < bestCost {
                best = table.room
                bestCost = cost
            }
        }
        table.move(to: best, met: task.met)
        var mix = Mix(rooms: Array(best.prefix(table.people)))
        mix.schoolPairs = table.schoolPairs
        mix.fewestSchoolPairs = bounds.schoolPairs
        mix.pairsBySchool = table.pairs
        mix.fewestBySchool = bounds.pairs
        mix.repeats = table.repeats
        mix.fewestRepeats = bounds.repeats
        mix.evaluations = evaluations
        mix.isBudgetUsed = bestCost > bound
        return mix
    }

    /// Somebody who may move and had better, the next one from a place that is drawn; now and then whoever is there.
    private mutating func nextToMove() -> Int? {
        let people = table.movable.count - table.emptyPlaces
        guard people > 0 else { return nil }
        let first = generator.below(people)
        evaluations += 1
        if generator.below(Self.anybodyEvery) == 0 { return table.movable[first] }
        for step in 0..<people {
            let index = first + step
            let person = table.movable[index < people ? index : index - people]
            if table.isMetAgain(person) || hasColleagueTooMany(person) { return person }
        }
        return nil
    }

    private func hasColleagueTooMany(_ person: Int) -> Bool {
        let school = table.school[person]
        return table.pairs[school] > bounds.pairs[school] && table.colleagues(of: person) > 0
    }

    /// With whom somebody changes places best; of several one that is drawn.
    private mutating func bestExchange(for person: Int, below best: Int, spreading: Bool) -> Int? {
        let here = table.room[person]
        for room in 0..<table.rooms {
            gains[room] = change(by: person, in: room)
        }
        // No longer worse for a school: a difference below one same-school pair.
        let worst = spreading ? Int.max : Self.schoolWeight / 2
        let stays = staysUntil[person] > steps
        let (school, isFull, now) = (table.school[person], !table.hasEmptyPlace(here), cost)
        let people = table.people
        var (found, least, ties) = (-1, Int.max, 0)
        evaluations += table.movable.count + table.rooms
        for other in table.movable {
            let there = table.room[other]
            guard there != here else { continue }
            var change = gains[there]
            if other < people {
                change += self.change(by: other, in: here)
                // Each was counted as if the other stayed.
                if school != 0 && table.school[other] == school { change -= 2 * Self.schoolWeight }
                if task.met.have(person, other) { change -= 2 }
            } else if !isFull {
                continue
            }
            guard change <= least, change < worst else { continue }
            if (stays || staysUntil[other] > steps) && now + change >= best { continue }
            if change < least {
                (found, least, ties) = (other, change, 1)
            } else {
                ties += 1
                if generator.below(ties) == 0 { found = other }
            }
        }
        return found < 0 ? nil : found
    }

    /// What it would come to if somebody were in another room, and nobody else went.
    private func change(by person: Int, in room: Int) -> Int {
        table.colleaguesGained(by: person, in: room) * Self.schoolWeight
            + table.repeatsGained(by: person, in: room)
    }
}
