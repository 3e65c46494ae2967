import Sessions

/// People and rooms for mixing, round after round.
struct MixRoster {
    /// Each person's school, from 1; 0: none.
    var schools: [Int]
    var rooms: Int

    /// 48 people from 20 schools in 12 rooms of 4.
    static let manySchools = MixRoster(schools: (0..<48).map { $0 % 20 + 1 }, rooms: 12)
    /// 24 of 48 people from one school, and the others from 20.
    static let oneLargeSchool = MixRoster(schools: (0..<48).map { $0 < 24 ? 1 : $0 % 20 + 2 }, rooms: 12)

    /// Mixes so many rounds, each knowing who met in those before.
    func evening(rounds: Int, seed: UInt64) -> [Mix] {
        var met = Meetings(people: schools.count)
        var dice = SplitMix(seed: seed)
        return (0..<rounds).map { _ in
            let mix = mixed(met: met, seed: dice.next())
            for room in mix.groups(rooms) { met.meet(room) }
            return mix
        }
    }

    /// One round, with the budget that a session has for so many people.
    func mixed(met: Meetings? = nil, fixed: [Int?]? = nil, seed: UInt64) -> Mix {
        let limits = SessionsLimits()
        let people = schools.count
        let task = MixTask(
            rooms: rooms,
            schools: schools,
            fixed: fixed ?? Array(repeating: nil, count: people),
            met: met ?? Meetings(people: people)
        )
        let budget = min(limits.mixEvaluations, limits.mixEvaluationsPerPair * people * people)
        return Mixing.mix(task, seed: seed, budget: budget)
    }
}

extension Mix {
    /// The people of each room.
    func groups(_ count: Int) -> [[Int]] {
        var groups: [[Int]] = Array(repeating: [], count: count)
        for (person, room) in rooms.enumerated() { groups[room].append(person) }
        return groups
    }
}
