/// The first deal of a mix: every school spread as evenly as it goes, sizes within one.
///
/// School by school, the largest first, each person goes into the room with the fewest of their school, then the fewest
/// people, then the fewest whom they have met, then by lot. When nobody is fixed that spreads every school evenly, and
/// keeps sizes within one all along: each full turn of a school gives every room one more, and what is left over goes
/// into the smallest rooms.
struct Dealing {
    private let task: MixTask
    private var table: MixTable
    private var sizes: [Int]
    private var capacity: RoomSizes
    /// The rooms in the order of the lot.
    private var order: [Int]

    static func deal(_ task: MixTask, using generator: inout SplitMix) -> MixTable {
        var dealing = Dealing(task, using: &generator)
        let hasLarger = dealing.capacity.larger > 0
        for person in dealing.inOrder(using: &generator) { dealing.place(person) }
        for room in 0..<task.rooms where hasLarger && dealing.sizes[room] == dealing.capacity.level {
            dealing.table.leaveEmptyPlace(in: room)
        }
        return dealing.table
    }

    private init(_ task: MixTask, using generator: inout SplitMix) {
        self.task = task
        table = MixTable(task)
        sizes = Array(repeating: 0, count: task.rooms)
        for (person, room) in task.fixed.enumerated() {
            guard let room else { continue }
            table.put(person, in: room, met: task.met)
            sizes[room] += 1
        }
        capacity = RoomSizes(fixed: sizes, others: table.movable.count)
        order = Array(0..<task.rooms)
        generator.shuffle(&order)
    }

    /// Those who are to be dealt: the largest school first, people without a school last; else by lot.
    private func inOrder(using generator: inout SplitMix) -> [Int] {
        var bySchool: [[Int]] = Array(repeating: [], count: table.pairs.count)
        var people = table.movable
        generator.shuffle(&people)
        for person in people { bySchool[table.school[person]].append(person) }
        var schools = Array(bySchool.indices.dropFirst())
        generator.shuffle(&schools)
        let ranked = schools.enumerated().sorted {
            let (one, other) = (bySchool[$0.element].count, bySchool[$1.element].count)
            return one == other ? $0.offset < $1.offset : one > other
        }
        return ranked.flatMap { bySchool[$0.element] } + bySchool[0]
    }

    private mutating func place(_ person: Int) {
        let school = table.school[person]
        var best: (school: Int, size: Int, met: Int) = (.max, .max, .max)
        var found = 0
        for room in order where sizes[room] < capacity.level + (capacity.larger > 0 ? 1 : 0) {
            let here = (table.count(of: school, in: room), sizes[room], table.met(by: person, in: room))
            if here < best { (best, found) = (here, room) }
        }
        if sizes[found] == capacity.level { capacity.larger -= 1 }
        sizes[found] += 1
        table.put(person, in: found, met: task.met)
    }
}

/// How large rooms become when people are added to those who are fixed, always to the smallest.
struct RoomSizes {
    /// Every room has at least so many.
    var level: Int
    /// So many rooms have one more, of those in which no more than `level` are fixed.
    var larger: Int

    init(fixed: [Int], others: Int) {
        level = fixed.min() ?? 0
        larger = others
        while true {
            let filled = fixed.count { $0 <= level }
            if filled == 0 || larger < filled { return }
            larger -= filled
            level += 1
        }
    }
}
