/// Who is where while people are being mixed, and for each person and room how many they know there.
///
/// People come first, then the empty places; the tables are as large as people times rooms, 16 bits each.
struct MixTable {
    let rooms: Int
    let people: Int
    /// Each one's room; -1 before they are put into one.
    private(set) var room: [Int]
    /// Each one's school, as in `MixTask`.
    let school: [Int]
    /// Those whom a rule places, rising: first people, then empty places.
    private(set) var movable: [Int]
    private(set) var emptyPlaces = 0
    private(set) var schoolPairs = 0
    private(set) var repeats = 0
    /// Of each school: the pairs of it who share a room.
    private(set) var pairs: [Int]
    /// Of each school and room (room by room): how many of it are there.
    private var schoolCounts: [UInt16]
    /// Of each room and person (person by person): how many there they have met.
    private var metCounts: [UInt16]
    /// Of each person: how many they have met in the room in which they are.
    private var metHere: [UInt16]
    private var hasEmpty: [Bool]

    init(_ task: MixTask) {
        rooms = task.rooms
        people = task.schools.count
        school = task.schools
        room = Array(repeating: -1, count: people)
        movable = task.fixed.indices.filter { task.fixed[$0] == nil }
        let schools = 1 + (task.schools.max() ?? 0)
        pairs = Array(repeating: 0, count: schools)
        schoolCounts = Array(repeating: 0, count: schools * rooms)
        metCounts = Array(repeating: 0, count: rooms * people)
        metHere = Array(repeating: 0, count: people)
        hasEmpty = Array(repeating: false, count: rooms)
    }

    func hasEmptyPlace(_ room: Int) -> Bool { hasEmpty[room] }

    /// Shares a room with somebody whom they have met.
    func isMetAgain(_ person: Int) -> Bool { metHere[person] > 0 }

    /// How many of the person's school are in a room, people without a school being of none.
    func count(of school: Int, in room: Int) -> Int { Int(schoolCounts[school * rooms + room]) }

    /// How many colleagues share the person's room.
    func colleagues(of person: Int) -> Int {
        school[person] == 0 ? 0 : count(of: school[person], in: room[person]) - 1
    }

    /// How many more colleagues somebody would share a room with in another one.
    func colleaguesGained(by person: Int, in other: Int) -> Int {
        let school = school[person]
        // People without a school count for none, and so for themselves neither.
        return school == 0 ? 0 : count(of: school, in: other) - count(of: school, in: room[person]) + 1
    }

    /// How many more whom they have met somebody would share a room with in another one.
    func repeatsGained(by person: Int, in other: Int) -> Int {
        Int(metCounts[other * people + person]) - Int(metHere[person])
    }

    /// How many in a room a person has met.
    func met(by person: Int, in room: Int) -> Int { Int(metCounts[room * people + person]) }

    /// Leaves a place in the room empty.
    mutating func leaveEmptyPlace(in room: Int) {
        movable.append(self.room.count)
        self.room.append(room)
        hasEmpty[room] = true
        emptyPlaces += 1
    }

    /// Two who are in different rooms change places; the second may be an empty place.
    ///
    /// - Returns: how many people were asked whether they know one of the two.
    mutating func exchange(_ person: Int, _ other: Int, met: Meetings) -> Int {
        let (here, there) = (room[person], room[other])
        var asked = take(person, met: met)
        if other < people {
            asked += take(other, met: met)
            asked += put(other, in: here, met: met)
        } else {
            room[other] = here
            hasEmpty[here] = true
            hasEmpty[there] = false
        }
        return asked + put(person, in: there, met: met)
    }

    /// Puts somebody into a room who is in none.
    @discardableResult
    mutating func put(_ person: Int, in place: Int, met: Meetings) -> Int {
        room[person] = place
        let school = school[person]
        if school != 0 {
            let there = count(of: school, in: place)
            pairs[school] += there
            schoolPairs += there
            schoolCounts[school * rooms + place] += 1
        }
        let row = place * people
        metHere[person] = metCounts[row + person]
        repeats += Int(metHere[person])
        return met.forEach(metBy: person) { other in
            metCounts[row + other] += 1
            if room[other] == place { metHere[other] += 1 }
        }
    }

    /// Puts all back to where they were at another time.
    mutating func move(to rooms: [Int], met: Meetings) {
        for person in 0..<people where room[person] != rooms[person] {
            _ = take(person, met: met)
            put(person, in: rooms[person], met: met)
        }
        for place in people..<room.count { hasEmpty[room[place]] = false }
        for place in people..<room.count {
            room[place] = rooms[place]
            hasEmpty[rooms[place]] = true
        }
    }

    private mutating func take(_ person: Int, met: Meetings) -> Int {
        let place = room[person]
        room[person] = -1
        let school = school[person]
        if school != 0 {
            schoolCounts[school * rooms + place] -= 1
            let there = count(of: school, in: place)
            pairs[school] -= there
            schoolPairs -= there
        }
        let row = place * people
        repeats -= Int(metHere[person])
        return met.forEach(metBy: person) { other in
            metCounts[row + other] -= 1
            if room[other] == place { metHere[other] -= 1 }
        }
    }
}
