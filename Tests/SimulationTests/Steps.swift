import Sessions

/// What people do, drawn by weight.
extension World {
    private enum Act: CaseIterable {
        case arrive
        case drop
        case speak
        case again
        case read
        case lead
        case openRooms
        case tendRooms
        case walk
        case life
        case moment
        case minutes
        case hours
        case checkpoint
        case crash
        case stop

        var weight: Int {
            switch self {
            case .arrive: 160
            case .drop: 55
            case .speak: 260
            case .again: 30
            case .read: 30
            case .lead: 50
            case .openRooms: 30
            case .tendRooms: 45
            case .walk: 70
            case .life: 30
            case .moment: 130
            case .minutes: 12
            case .hours: 3
            case .checkpoint: 10
            case .crash: 14
            case .stop: 4
            }
        }
    }

    /// One thing happens; then, mostly, the stages take their turns.
    func step() throws(Broken) {
        try perform(draw())
        if chance(3, in: 4) {
            now += Milliseconds(random.below(400))
            try turn()
        }
        if chance(3, in: 4) { try flush() }
        if chance(1, in: 20) { try renewGatherings() }
    }

    private func draw() -> Act {
        var left = random.below(Act.allCases.reduce(0) { $0 + $1.weight })
        for act in Act.allCases {
            left -= act.weight
            if left < 0 { return act }
        }
        return .moment
    }

    private func perform(_ act: Act) throws(Broken) {
        let device = pick(active)
        switch act {
        case .arrive:
            for _ in 0...random.below(6) { arrive(pick(active)) }
            repeatUnanswered(device)
            begin(device)
        case .drop: drop(device)
        case .speak: speak(someone(device))
        case .again: repeatOnPurpose(someone(device))
        case .read: read(someone(device))
        case .lead: ask(leader(device), leading(device))
        case .openRooms: ask(leader(device), .openBreakouts(opening(device)))
        case .tendRooms: ask(leader(device), tending(device))
        case .walk: ask(someone(device), walking(device))
        case .life: ask(someone(device), living())
        case .moment: try wait(pick([5, 80, 300, 1_000, 5_000, 10_000]), asleep: chance(1, in: 6))
        case .minutes: try wait(pick([31_000, 95_000, 300_000, 960_000]), asleep: chance(1, in: 2))
        case .hours: try wait(pick([3_700_000, 4 * 3_600_000, 25 * 3_600_000]), asleep: chance(2, in: 3))
        case .checkpoint: try turn(checkpoint: true)
        case .crash: try die()
        case .stop: try stop()
        }
    }

    /// This device, or one of the same people that is joined.
    private func someone(_ device: Int) -> Int {
        if devices[device].isJoined { return device }
        return active.first { devices[$0].isJoined && $0 > device } ?? device
    }

    /// Mostly one who may do what hosts do.
    private func leader(_ device: Int) -> Int {
        let leaders = active.filter {
            devices[$0].isJoined && devices[$0].gathering == devices[device].gathering
                && ["host", "cohost"].contains(devices[$0].role)
        }
        return leaders.isEmpty || chance(1, in: 4) ? someone(device) : pick(leaders)
    }

    /// Now, or in one of the next calls to the disk.
    private func die() throws(Broken) {
        if chance(1, in: 4) { return try crash(losingPower: chance(1, in: 2)) }
        note("a crash is laid out")
        layOutCrash(within: 5)
    }

    /// Whoever may do so starts a session that has not begun: little happens in a lobby.
    private func begin(_ device: Int) {
        let gathering = devices[device].gathering
        guard ahead.session(gatherings[gathering].id)?.state.phase == .lobby else { return }
        for index in active where devices[index].gathering == gathering && devices[index].role == "host" {
            ask(index, .start)
        }
    }

    private func renewGatherings() throws(Broken) {
        guard gatherings.suffix(3).contains(where: { isOver($0) }) else { return }
        try addGathering()
    }

    private func isOver(_ gathering: Gathering) -> Bool {
        numbers[gathering.id].flatMap { accounts[$0] }?.isArchived ?? false
    }
}

/// What people say.
extension World {
    private func speak(_ index: Int) {
        var room = RoomID(Array(devices[index].room.utf8)) ?? .main
        switch random.below(12) {
        case 0: room = .hosts
        case 3...5 where devices[index].role.hasSuffix("host"): room = .hosts
        case 1: room = someRoom(index)
        case 2: room = .main
        default: break
        }
        var text = "\(index): \(random.below(1_000_000)) \u{201C}so\u{201D}\n\t\\ \u{1F44B}"
        let isTalkative = gatherings[devices[index].gathering].isTalkative
        switch random.below(isTalkative ? 6 : 60) {
        case 0: text = ""
        case 1: text = String(repeating: "long ", count: 801)
        case 2...5: text = String(repeating: "word", count: 1_000)
        default: break
        }
        let replyTo = chance(1, in: 8) ? random.below(devices[index].cursor * 2 + 2) : nil
        let message = SendChat(room: room, text: Text(text), replyTo: replyTo)
        guard devices[index].isJoined else { return }
        ask(index, .sendChat(chance(2, in: 3) ? keyed(index, message) : message))
    }

    /// A client that is not sure sends the same again, perhaps from another device.
    private func repeatOnPurpose(_ index: Int) {
        let device = devices[index]
        let sent = gatherings[device.gathering].sent[device.person].suffix(30)
        if !sent.isEmpty { ask(index, .sendChat(pick(Array(sent)))) }
    }

    private func read(_ index: Int) {
        let before = chance(1, in: 2) ? random.below(400) : nil
        let room = chance(1, in: 3) ? someRoom(index) : RoomID(Array(devices[index].room.utf8)) ?? .main
        ask(index, .chatHistory(room: room, before: before, limit: pick([nil, 1, 7, 100, 101, 0])))
    }

    /// Any room that there is, was, or never will be.
    private func someRoom(_ index: Int) -> RoomID {
        let round = ahead.session(gatherings[devices[index].gathering].id)?.state.rounds ?? 0
        switch random.below(8) {
        case 0: return .main
        case 1: return .hosts
        case 2: return .breakout(round: 1 + random.below(round + 2), number: 1 + random.below(9_999))
        default: return .breakout(round: max(1, round), number: 1 + random.below(3))
        }
    }

    private func person(_ index: Int) -> PersonID {
        pick(gatherings[devices[index].gathering].people).person
    }

    // MARK: - What people ask

    private func leading(_ index: Int) -> SessionCommand {
        switch random.below(8) {
        case 0, 1: .giveHost(to: person(index))
        case 2, 3: .reclaimHost
        case 4: .addCohost(person(index))
        case 5: .removeCohost(person(index))
        default: .setSuccession((0..<random.below(4)).map { _ in person(index) })
        }
    }

    private func opening(_ index: Int) -> OpenBreakouts {
        var plan = OpenBreakouts(
            seconds: pick([nil, 1, 15, 70, 180, 180, 600, 0, 100_000]),
            closing: pick([nil, nil, 0, 5, 60, -1]),
            late: pick([nil, .place, .main]),
            task: Text("Talk about it"),
            hostsRead: chance(1, in: 3)
        )
        switch random.below(8) {
        case 0, 1: plan.count = pick([1, 2, 3, 5, 0, 201, 1 << 53 - 1])
        case 2, 3: plan.size = pick([1, 2, 3, 10, 0, -1, 1 << 53 - 1])
        case 4, 5:
            plan.count = 2
            plan.mode = .choose
        default:
            var rooms = (0...random.below(3)).map { _ in RoomPlan() }
            for _ in 0..<random.below(5) { rooms[random.below(rooms.count)].people.append(person(index)) }
            plan.rooms = rooms
            plan.mode = pick([nil, .manual, .even, .mix, .choose])
            plan.seed = random.next() & (1 << 53 - 1)
            plan.seed.map { _ = seedsWithNames.insert($0) }
        }
        return plan
    }

    private func tending(_ index: Int) -> SessionCommand {
        switch random.below(8) {
        case 0, 1: .extendBreakouts(seconds: pick([-1_000, -30, 30, 60, 600, 0, 1 << 53 - 1]))
        case 2, 3: .closeBreakouts(seconds: pick([nil, 0, 5, 30, -1]))
        case 4: .undoBreakouts
        default: .move(person(index), to: someRoom(index))
        }
    }

    private func walking(_ index: Int) -> SessionCommand {
        let own = RoomID(Array(devices[index].room.utf8)) ?? .main
        return chance(1, in: 2)
            ? .enterRoom(someRoom(index))
            : .confirmRoom(chance(4, in: 5) ? own : someRoom(index), seen: chance(1, in: 2))
    }

    private func living() -> SessionCommand {
        switch random.below(16) {
        case 0...5: .start
        case 6: .end(seconds: pick([nil, 0, 10, 60, -1, 1 << 53 - 1]))
        case 7, 8: .keep
        case 9: .leave
        case 10...12: .lock(chance(1, in: 3))
        default: .timeSync
        }
    }
}
