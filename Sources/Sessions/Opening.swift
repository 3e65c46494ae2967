/// From a host's plan to the rooms of a round and who goes where; a preview and an opening are the same up to here.
extension SessionState {
    /// What opening with this plan comes to, and how well people were mixed if they were.
    func opening(
        _ plan: OpenBreakouts,
        _ asking: Asking
    ) throws(Refusal) -> (event: BreakoutsOpened, mix: MixReport?) {
        let limits = asking.limits
        guard rounds < limits.roundsPerSession else { throw Refusal(.tooManyRounds) }
        if let seconds = plan.seconds, !(1...limits.roundSeconds).contains(seconds) {
            throw Refusal(.badValue, field: "seconds")
        }
        if let closing = plan.closing, !(0...limits.roundSeconds).contains(closing) {
            throw Refusal(.badValue, field: "closing")
        }
        let mode = plan.mode ?? (plan.rooms == nil ? .even : .manual)
        var placing = Placing(round: rounds + 1)
        try placing.name(plan, in: self)
        let others = placeable.filter { !placing.isNamed($0) }
        // Where people are put by hand or choose, there must be as much room for them.
        let rooms = try rooms(of: plan, people: placing.namedCount + others.count, limits: limits)
        // What a host reads and may ask for again is an integer of JavaScript's: at most 2^53 - 1.
        let seed = (plan.seed ?? asking.entropy) & (1 << 53 - 1)
        placing.open(rooms: rooms.count)
        var mix: MixReport?
        switch mode {
        case .even: placing.deal(others, seed: seed)
        case .manual, .choose: break
        case .mix: mix = try placing.mix(others, in: self, seed: seed, limits: limits)
        }
        let event = BreakoutsOpened(
            round: rounds + 1,
            mode: mode,
            rooms: rooms,
            placements: placing.placements,
            closesAt: plan.seconds.map { asking.now + Milliseconds($0) * 1_000 },
            closing: countdown(of: plan, limits: limits),
            late: plan.late ?? .place,
            hostsRead: plan.hostsRead,
            seed: seed,
            by: asking.seat
        )
        return (event, mix)
    }

    /// The length of the phase `closing`.
    ///
    /// When the plan is silent no more than half of the round, so that a round of a minute is not closing from its first
    /// moment: then nobody could choose a room, and whoever comes late would stay outside.
    private func countdown(of plan: OpenBreakouts, limits: SessionsLimits) -> Milliseconds {
        if let closing = plan.closing { return Milliseconds(closing) * 1_000 }
        let usual = Milliseconds(limits.closingSeconds) * 1_000
        return plan.seconds.map { min(usual, Milliseconds($0) * 500) } ?? usual
    }

    /// Whom a rule places: participants who are here or away and do not sit out, in seat order.
    var placeable: [SeatID] {
        seats.indices.map(SeatID.init).filter {
            self[$0].role == .participant && (self[$0].presence == .here || self[$0].presence == .away)
                && !self[$0].passes
        }
    }

    /// The rooms that a plan asks for, when so many people are to be in them.
    private func rooms(
        of plan: OpenBreakouts,
        people: Int,
        limits: SessionsLimits
    ) throws(Refusal) -> [RoomSetup] {
        let ways = (plan.rooms == nil ? 0 : 1) + (plan.count == nil ? 0 : 1) + (plan.size == nil ? 0 : 1)
        guard ways == 1 else { throw Refusal(.badValue, field: "rooms") }
        let count: Int
        if let size = plan.size {
            guard (1...limits.seatsPerSession).contains(size) else { throw Refusal(.badValue, field: "size") }
            count = max(1, (people + size - 1) / size)
        } else {
            count = plan.count ?? plan.rooms?.count ?? 0
        }
        guard count >= 1 else { throw Refusal(.badValue, field: plan.rooms == nil ? "count" : "rooms") }
        guard count <= limits.roomsPerRound else { throw Refusal(.tooManyRooms) }
        let rooms = (0..<count).map { index in
            let room = plan.rooms?[index]
            return RoomSetup(
                name: room?.name ?? .room(index + 1),
                task: room?.task ?? plan.task,
                place: room?.place ?? .empty
            )
        }
        // One event tells it all, and must fit into a record and a message.
        guard rooms.map(\.textBytes).reduce(0, +) <= limits.roundTextBytes else {
            throw Refusal(.tooLong, field: "task")
        }
        return rooms
    }
}

extension RoomSetup {
    var textBytes: Int { name.utf8.count + task.utf8.count + place.utf8.count }
}

extension Text {
    /// What a room is called that nobody has named.
    static func room(_ number: Int) -> Text { Text("Room \(number)") }
}
