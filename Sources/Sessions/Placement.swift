/// Deals people out to the rooms of a round that is about to open.
struct Placing {
    private(set) var placements: [Placement] = []
    private let round: Int
    private var sizes: [Int] = []
    /// Whom the plan names, and for which room; nil: for any, one a room.
    private var named: [(seat: SeatID, room: Int?)] = []
    private var seats: Set<SeatID> = []

    init(round: Int) {
        self.round = round
    }

    var namedCount: Int { named.count }

    func isNamed(_ seat: SeatID) -> Bool { seats.contains(seat) }

    /// Begins with the people whom the plan names.
    mutating func name(_ plan: OpenBreakouts, in state: SessionState) throws(Refusal) {
        for (index, room) in (plan.rooms ?? []).enumerated() {
            for person in room.people { try name(person, for: index, field: "people", in: state) }
        }
        for person in plan.facilitators { try name(person, for: nil, field: "facilitators", in: state) }
    }

    private mutating func name(
        _ person: PersonID,
        for room: Int?,
        field: String,
        in state: SessionState
    ) throws(Refusal) {
        let seat = try state.seat(of: person, field: field)
        guard state[seat].role != .observer else { throw Refusal(.observersOnlyWatch, field: field) }
        guard seats.insert(seat).inserted else { throw Refusal(.badValue, field: field) }
        named.append((seat, room))
    }

    /// Puts those who are named into so many rooms: facilitators one a room, in their order.
    mutating func open(rooms: Int) {
        sizes = Array(repeating: 0, count: rooms)
        var next = 0
        for (seat, room) in named {
            place(seat, in: room ?? next % rooms)
            if room == nil { next += 1 }
        }
        placements.sort { $0.seat < $1.seat }
    }

    /// Each of `people` into a room with the fewest, in an order drawn from `seed`.
    mutating func deal(_ people: [SeatID], seed: UInt64) {
        var order = people
        var generator = SplitMix(seed: seed)
        generator.shuffle(&order)
        for seat in order {
            var smallest = 0
            for index in sizes.indices where sizes[index] < sizes[smallest] { smallest = index }
            place(seat, in: smallest)
        }
        placements.sort { $0.seat < $1.seat }
    }

    var rooms: Int { sizes.count }

    /// Who is named, and for which room in the end, by its index.
    var fixedRooms: [(seat: SeatID, room: Int)] {
        placements.map { placement in
            guard case .breakout(_, let number) = placement.room else { return (placement.seat, 0) }
            return (placement.seat, number - 1)
        }
    }

    /// Puts people into rooms, by their index, that were found for them.
    mutating func place(_ found: [(seat: SeatID, room: Int)]) {
        for (seat, room) in found { place(seat, in: room) }
        placements.sort { $0.seat < $1.seat }
    }

    private mutating func place(_ seat: SeatID, in index: Int) {
        sizes[index] += 1
        placements.append(Placement(seat: seat, room: .breakout(round: round, number: index + 1)))
    }
}

extension SessionState {
    /// The room for somebody who comes while rooms are open: with the fewest people here, then the fewest of
    /// their school, then the lowest number.
    ///
    /// Nil when late comers stay in `main`, or when they are none to be placed.
    func lateRoom(for role: Role, school: Text) -> RoomID? {
        guard let breakouts, breakouts.phase == .open, breakouts.late == .place, breakouts.mode != .choose,
            role == .participant
        else { return nil }
        let key = SchoolKey(school)
        var people = Array(repeating: 0, count: rooms.count - breakouts.firstRoom)
        var colleagues = people
        for seat in seats {
            guard case .breakout(_, let number) = seat.room, seat.role == .participant,
                seat.presence == .here
            else { continue }
            people[number - 1] += 1
            if !key.isEmpty && seat.schoolKey == key { colleagues[number - 1] += 1 }
        }
        let open = rooms.indices.dropFirst(breakouts.firstRoom).filter { !rooms[$0].isRemoved }
        let best = open.min {
            let (a, b) = ($0 - breakouts.firstRoom, $1 - breakouts.firstRoom)
            return (people[a], colleagues[a], a) < (people[b], colleagues[b], b)
        }
        return best.map { rooms[$0].id }
    }
}

/// A small deterministic generator (SplitMix64, Steele, Lea and Flood 2014), for what must be the same in every replay.
package struct SplitMix: Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, every one as likely.
    package mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Fisher and Yates's shuffle.
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in elements.indices.dropFirst().reversed() {
            elements.swapAt(last, below(last + 1))
        }
    }
}
