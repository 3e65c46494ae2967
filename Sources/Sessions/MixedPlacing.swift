/// What could not be avoided in a mix, and why.
struct MixReport {
    var sameSchool: [SchoolPairs]
    var repeats: Int
    /// The search was over before it was shown that this is the best there is.
    var isBudgetUsed: Bool
}

/// The pairs of one school who share a room.
package struct SchoolPairs: Equatable, Sendable {
    /// As the first of its people spells it.
    package var school: Text
    package var pairs: Int
    /// It cannot be fewer, with so many people of the school and so many rooms.
    package var fewest: Int
    /// So many of the school are placed.
    package var people: Int
    /// So many are placed in all.
    package var of: Int

    package init(school: Text, pairs: Int, fewest: Int, people: Int, of: Int) {
        self.school = school
        self.pairs = pairs
        self.fewest = fewest
        self.people = people
        self.of = of
    }
}

extension Placing {
    /// Mixes `others` among those who are placed already, who count for schools and meetings but are not moved.
    mutating func mix(
        _ others: [SeatID],
        in state: SessionState,
        seed: UInt64,
        limits: SessionsLimits
    ) throws(Refusal) -> MixReport {
        let fixed = fixedRooms
        let people = (fixed.map(\.seat) + others).sorted()
        // The tables of a mix are as large as people times people and people times rooms.
        guard people.count <= limits.mixPeople, people.count * rooms <= limits.mixPeople * limits.mixRooms
        else {
            throw Refusal(.badValue, field: "mode")
        }
        var roomOf: [SeatID: Int] = [:]
        for (seat, room) in fixed { roomOf[seat] = room }
        let schools = SchoolNumbers(of: people, in: state)
        let task = MixTask(
            rooms: rooms,
            schools: schools.numbers,
            fixed: people.map { roomOf[$0] },
            met: state.meetings(among: people)
        )
        let budget = min(limits.mixEvaluations, limits.mixEvaluationsPerPair * people.count * people.count)
        let mix = Mixing.mix(task, seed: seed, budget: budget)
        place(zip(people, mix.rooms).filter { roomOf[$0.0] == nil }.map { (seat: $0.0, room: $0.1) })
        return MixReport(
            sameSchool: schools.pairs(in: mix, state),
            repeats: mix.repeats,
            isBudgetUsed: mix.isBudgetUsed
        )
    }
}

/// The schools of some people, numbered from 1 in the order of their first.
private struct SchoolNumbers {
    /// Each person's; 0: none.
    private(set) var numbers: [Int] = []
    private var firsts: [SeatID] = []

    init(of people: [SeatID], in state: SessionState) {
        var known: [SchoolKey: Int] = [:]
        for seat in people {
            let key = state[seat].schoolKey
            if key.isEmpty {
                numbers.append(0)
            } else if let number = known[key] {
                numbers.append(number)
            } else {
                firsts.append(seat)
                known[key] = firsts.count
                numbers.append(firsts.count)
            }
        }
    }

    /// The schools of which some share a room, those with the most pairs first.
    func pairs(in mix: Mix, _ state: SessionState) -> [SchoolPairs] {
        var people = Array(repeating: 0, count: firsts.count + 1)
        for number in numbers { people[number] += 1 }
        let schools = firsts.indices.map { index in
            SchoolPairs(
                school: state[firsts[index]].school,
                pairs: mix.pairsBySchool[index + 1],
                fewest: mix.fewestBySchool[index + 1],
                people: people[index + 1],
                of: numbers.count
            )
        }
        return schools.enumerated().filter { $0.element.pairs > 0 }.sorted {
            ($1.element.pairs, $0.offset) < ($0.element.pairs, $1.offset)
        }.map(\.element)
    }
}

extension SessionState {
    /// Which of these people have been in a breakout room of one round together, rounds that were undone apart.
    func meetings(among people: [SeatID]) -> Meetings {
        var meetings = Meetings(people: people.count)
        var places: [Int?] = Array(repeating: nil, count: seats.count)
        for (place, seat) in people.enumerated() { places[seat.index] = place }
        for room in rooms where !room.isUndone {
            meetings.meet(room.visitors.compactMap { places[$0.index] })
        }
        return meetings
    }
}
