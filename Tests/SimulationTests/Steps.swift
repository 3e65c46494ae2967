import Sessions

/// What people do, drawn by weight.
extension World {
    private enum Act: CaseIterable {
        case arrive
        case drop
        case vanish
        case noticeVanished
        case storm
        case speak
        case again
        case talkAbout
        case read
        case spoil
        case lead
        case openRooms
        case tendRooms
        case walk
        case help
        case tendPeople
        case attend
        case life
        case moment
        case minutes
        case hours
        case checkpoint
        case crash
        case stop

        var weight: Int {
            switch self {
            case .arrive: 90
            case .drop: 30
            case .vanish: 12
            case .noticeVanished: 12
            case .storm: 4
            case .speak: 200
            case .again: 20
            case .talkAbout: 110
            case .read: 20
            case .spoil: 60
            case .lead: 110
            case .openRooms: 40
            case .tendRooms: 110
            case .walk: 80
            case .help: 80
            case .tendPeople: 40
            case .attend: 40
            case .life: 30
            case .moment: 120
            case .minutes: 5
            case .hours: 1
            case .checkpoint: 6
            case .crash: 6
            case .stop: 2
            }
        }
    }

    /// One thing happens; then, now and then, the stages take their turns: much is asked at once.
    func step() throws(Broken) {
        try perform(draw())
        if chance(1, in: 2) {
            now += Milliseconds(random.below(400))
            try turn()
        }
        if chance(1, in: 2) { try flush() }
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
            comeBack(to: devices[device].gathering, upTo: 1 + random.below(8))
            repeatUnanswered(device)
            begin(device)
        case .drop: drop(device, pick(AwayCause.allCases))
        case .vanish: vanish(device)
        case .noticeVanished: layGhosts()
        case .storm: try storm(devices[device].gathering)
        case .speak: several(someone(device)) { speak($0) }
        case .again: repeatOnPurpose(someone(device))
        case .talkAbout: talkAbout(someone(device))
        case .read: read(someone(device))
        case .spoil: spoilSomething(someone(device))
        case .lead: several(head(device)) { edit($0, leading($0)) }
        case .openRooms: several(leader(device)) { edit($0, opening($0)) }
        case .tendRooms: several(leader(device)) { edit($0, tending($0)) }
        case .walk: several(someone(device)) { ask($0, walking($0)) }
        case .help: several(chance(1, in: 2) ? leader(device) : someone(device)) { ask($0, helping($0)) }
        case .tendPeople: several(leader(device)) { ask($0, tendingPeople($0)) }
        case .attend: ask(chance(1, in: 2) ? leader(device) : someone(device), attending(device))
        case .life:
            begin(device)
            ask(leader(device), living())
        case .moment: try wait(pick([5, 80, 300, 1_000, 5_000, 10_000]), asleep: chance(1, in: 6))
        case .minutes: try wait(pick([31_000, 95_000, 300_000, 960_000]), asleep: chance(1, in: 2))
        case .hours: try wait(pick([3_700_000, 4 * 3_600_000, 25 * 3_600_000]), asleep: chance(2, in: 3))
        case .checkpoint: try turn(checkpoint: true)
        case .crash: try die()
        case .stop: try stop()
        }
    }

    /// Once, or a few times in one batch, and then perhaps by another of the same people: two hosts at once.
    private func several(_ device: Int, _ act: (Int) -> Void) {
        act(device)
        while chance(2, in: 5) { act(chance(1, in: 2) ? device : leader(device)) }
    }

    /// This device, or one of the same gathering that is joined; rarely one that only watches.
    func someone(_ device: Int) -> Int {
        if devices[device].isJoined, devices[device].picture?.me.role != "observer" { return device }
        let gathering = devices[device].gathering
        let others = active.filter { devices[$0].gathering == gathering && devices[$0].isJoined }
        guard !others.isEmpty else { return device }
        let other = pick(others)
        return devices[other].picture?.me.role == "observer" ? pick(others) : other
    }

    /// Mostly one who may do what hosts do.
    func leader(_ device: Int) -> Int {
        let gathering = devices[device].gathering
        let leaders = active.filter { devices[$0].gathering == gathering && devices[$0].isHosting }
        return leaders.isEmpty || chance(1, in: 6) ? someone(device) : pick(leaders)
    }

    /// Mostly the host.
    func head(_ device: Int) -> Int {
        let gathering = devices[device].gathering
        let heads = active.filter {
            devices[$0].gathering == gathering && devices[$0].picture?.me.role == "host"
        }
        return heads.isEmpty || chance(1, in: 3) ? leader(device) : pick(heads)
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
        for index in active where devices[index].gathering == gathering && devices[index].isHosting {
            ask(index, .start)
        }
    }

    /// Where all is over, people go to another session before long.
    private func renewGatherings() throws(Broken) {
        guard let first = current.first(where: { isOver(gatherings[$0]) }) else { return }
        current.removeAll { $0 == first }
        current.insert(first, at: 0)
        try addGathering()
    }

    private func isOver(_ gathering: Gathering) -> Bool {
        if known.archived.contains(gathering.id) { return true }
        return known.account(gathering.id)?.phase == .ended && chance(1, in: 3)
    }
}
