/// What no mix can do better than.
struct MixBounds {
    /// Of each school: the pairs of it who share a room at least.
    private(set) var pairs: [Int]
    private(set) var schoolPairs = 0
    private(set) var repeats = 0

    init(_ task: MixTask) {
        let schools = 1 + (task.schools.max() ?? 0)
        pairs = Array(repeating: 0, count: schools)
        countPairs(task)
        countRepeats(task)
    }

    /// A school has the fewest pairs when it is spread evenly, on top of those who are fixed: each of the others goes
    /// where the fewest of the school are, in rooms that are not full of those who are fixed.
    private mutating func countPairs(_ task: MixTask) {
        let schools = pairs.count
        var fixed: [[Int]] = Array(repeating: [], count: schools)
        var others = Array(repeating: 0, count: schools)
        for (person, school) in task.schools.enumerated() where school != 0 {
            if let room = task.fixed[person] { fixed[school].append(room) } else { others[school] += 1 }
        }
        let takes = roomsThatTake(task)
        for school in 1..<max(1, schools) {
            var counts = Array(repeating: 0, count: task.rooms)
            for room in fixed[school] { counts[room] += 1 }
            let sizes = RoomSizes(fixed: takes.map { counts[$0] }, others: others[school])
            for room in takes { counts[room] = max(counts[room], sizes.level) }
            for count in counts { pairs[school] += Self.pairs(among: count) }
            pairs[school] += sizes.larger * sizes.level
        }
        schoolPairs = pairs.reduce(0, +)
    }

    /// The rooms in which there is a place for somebody who is not fixed.
    private func roomsThatTake(_ task: MixTask) -> [Int] {
        var fixed = Array(repeating: 0, count: task.rooms)
        for case .some(let room) in task.fixed { fixed[room] += 1 }
        let sizes = RoomSizes(fixed: fixed, others: task.fixed.count { $0 == nil })
        return fixed.indices.filter { fixed[$0] < sizes.level + (sizes.larger > 0 ? 1 : 0) }
    }

    private static func pairs(among people: Int) -> Int { people * (people - 1) / 2 }

    /// Somebody in a room of n who has not yet met m meets n - 1 - m again at least, and all those again who are fixed in
    /// the same room; everybody's sum counts each pair twice.
    private mutating func countRepeats(_ task: MixTask) {
        let people = task.schools.count
        var fixed: [[Int]] = Array(repeating: [], count: task.rooms)
        for (person, room) in task.fixed.enumerated() {
            if let room { fixed[room].append(person) }
        }
        let sizes = RoomSizes(fixed: fixed.map(\.count), others: task.fixed.count { $0 == nil })
        var sum = 0
        // Places in the larger rooms, less the people whom it costs nothing to be there.
        var places = sizes.larger * (sizes.level + 1)
        for person in 0..<people {
            let unmet = people - 1 - task.met.count(metBy: person)
            let beside = task.fixed[person].map { fixed[$0] } ?? []
            let again = beside.count { task.met.have(person, $0) }
            if beside.count > sizes.level {
                sum += max(again, beside.count - 1 - unmet)
            } else {
                sum += max(again, sizes.level - 1 - unmet)
                if max(again, sizes.level - unmet) == max(again, sizes.level - 1 - unmet) { places -= 1 }
            }
        }
        repeats = (sum + max(0, places) + 1) / 2
    }
}
