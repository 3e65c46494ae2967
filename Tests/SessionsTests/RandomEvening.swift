import Sessions

/// An evening at random, from a seed, in whole seconds: people come with devices and lose them, leave, are sent away,
/// claim and are believed, hosts mark, rooms open and close, the server dies and comes back.
///
/// `deeds` tells what was done to the session from outside: what `SecondBySecond` counts from.
final class RandomEvening {
    let gathering = Gathering()
    private(set) var deeds: [(at: Milliseconds, deed: Deed)] = []
    /// What was done, for judging whether the seeds have seen everything.
    private(set) var seen: Set<String> = []

    enum Deed {
        case connected(String)
        case lostDevice(String)
        /// Left, or was sent away: with all devices.
        case isGone(String)
        /// Nobody is connected after it.
        case serverDown(from: Milliseconds, to: Milliseconds)
        case claimed(String, Interval)
        case accepted(String)
        case marked(String, Interval, present: Bool)
    }

    private var dice: SplitMix
    private var devices: [String: Int] = [:]
    private let names: [String]

    init(seed: UInt64) throws {
        dice = SplitMix(seed: seed)
        names = (0..<4 + dice.below(5)).map { "p\($0)" }
        // What is over can be asked about for long.
        gathering.limits.readingMilliseconds = 48 * 3_600_000
        gathering.limits.claimsPerSeat = 3
        gathering.limits.marksPerSeat = 4
        connect("p0")
        for _ in 0..<6 { try step() }
        if devices["p0", default: 0] == 0 { connect("p0") }
        try gathering.ask("p0", .start)
        // At the very start, now and then.
        if dice.below(6) == 0 { try crash() }
        for _ in 0..<30 + dice.below(40) where gathering.state.phase == .live { try step() }
        try finish(Int(seed % 5))
    }

    private var isConnected: [String] { names.filter { devices[$0, default: 0] > 0 } }

    /// How an evening comes to its end, or does not.
    private func finish(_ way: Int) throws {
        guard gathering.state.phase == .live else { return }
        switch way {
        case 0: break
        case 1:
            for name in isConnected { try loseAll(name) }
            gathering.wait(seconds: 1_200)
        case 2:
            for name in isConnected.dropFirst() { try loseAll(name) }
            gathering.wait(seconds: 60)
            try crash(seconds: 3_600)
            gathering.wait(seconds: 1_200)
        case 3:
            try crash(seconds: 3_600)
            gathering.wait(seconds: 1_200)
        default:
            connect(gathering.hostName ?? "p0")
            if let host = gathering.hostName {
                try gathering.ask(host, .end(seconds: 30))
                gathering.wait(seconds: 31)
            }
        }
        note("\(gathering.state.phase) \(way)")
        for _ in 0..<6 { try say() }
    }

    private func step() throws {
        switch dice.below(100) {
        case ..<24: connect(pick(names))
        case ..<42: if let name = somebody { try loseDevice(name) }
        case ..<45: if let name = somebody { try leave(name) }
        case ..<46: try sendAway(pick(names))
        case ..<50: try crash()
        case ..<68: try changeRooms()
        case ..<90: try say()
        default: break
        }
        gathering.wait(seconds: pick([0, 0, 1, 5, 20, 60, 60, 119, 120, 121, 300, 580]))
    }

    private var somebody: String? { isConnected.isEmpty ? nil : pick(isConnected) }

    // MARK: - Connections

    private func connect(_ name: String) {
        let role: Role =
            name == "p0" ? .host : name == "p1" ? .cohost : name == "p2" ? .observer : .participant
        guard (try? gathering.join(name, role)) != nil else { return }
        devices[name, default: 0] += 1
        did(.connected(name))
        note("\(devices[name, default: 0]) devices")
    }

    private func loseDevice(_ name: String) throws {
        devices[name, default: 0] -= 1
        did(.lostDevice(name))
        if devices[name] == 0 { try gathering.drop(name, pick([.closed, .silent, .slow])) }
    }

    private func loseAll(_ name: String) throws {
        while devices[name, default: 0] > 0 { try loseDevice(name) }
    }

    private func leave(_ name: String) throws {
        guard (try? gathering.ask(name, .leave)) != nil else { return }
        devices[name] = 0
        did(.isGone(name))
        note("left")
    }

    private func sendAway(_ name: String) throws {
        guard let host = gathering.hostName, devices[host, default: 0] > 0,
            (try? gathering.ask(host, .remove(name))) != nil
        else { return }
        devices[name] = 0
        did(.isGone(name))
        note("sent away")
    }

    private func crash(seconds: Int? = nil) throws {
        guard gathering.state.phase != .ended else { return }
        let wereHere = isConnected
        let from = gathering.now
        devices = [:]
        gathering.crash(downFor: seconds ?? pick([1, 10, 119, 300, 300, 900]))
        did(.serverDown(from: from, to: gathering.now))
        note("outage")
        guard seconds == nil else { return }
        for name in wereHere where dice.below(5) > 0 && gathering.state.phase != .ended {
            gathering.wait(seconds: pick([0, 0, 1, 10, 30, 119, 300, 590, 700]))
            connect(name)
        }
    }

    // MARK: - Rooms

    private func changeRooms() throws {
        guard let host = gathering.hostName, devices[host, default: 0] > 0 else { return }
        let command: SessionCommand
        if gathering.state.breakouts == nil {
            command = .openBreakouts(OpenBreakouts(count: 1 + dice.below(3), seconds: pick([nil, 120, 600])))
        } else {
            let room = pick(gathering.state.openRooms.map(\.id) + [.main])
            command =
                switch dice.below(12) {
                case 0, 1: .closeBreakouts(seconds: pick([0, 30]))
                case 2: .undoBreakouts
                case 3: .addRoom(RoomPlan())
                case 4: .removeRoom(room)
                case 5, 6: .enterRoom(room)
                default: .move(Gathering.person(pick(names)), to: room)
                }
        }
        if (try? gathering.ask(host, command)) != nil { note("\(command.kind)") }
    }

    // MARK: - What people say of it

    private func say() throws {
        let name = pick(names)
        let time = anyTime
        let host = gathering.hostName ?? "p0"
        switch dice.below(6) {
        case ..<2:
            guard ask(name, .claimAttendance(time)) else { return }
            did(.claimed(name, time))
        case ..<4:
            guard ask(host, .acceptAttendance(Gathering.person(name))) else { return }
            did(.accepted(name))
        default:
            let present = dice.below(2) == 0
            let mark = SessionCommand.markAttendance(
                Gathering.person(name),
                time,
                present: present,
                reason: .empty
            )
            guard ask(host, mark) else { return }
            did(.marked(name, time, present: present))
        }
    }

    private func ask(_ name: String, _ command: SessionCommand) -> Bool {
        guard gathering.state.seatByPerson[Gathering.person(name)] != nil else { return false }
        guard (try? gathering.ask(name, command)) != nil else { return false }
        note("\(command.kind)")
        return true
    }

    /// Some time between the session's beginning and now; not all of it need be live.
    private var anyTime: Interval {
        let first = gathering.state.startedAt ?? gathering.now
        let seconds = max(1, Int((gathering.now - first) / 1_000))
        let from = first + Milliseconds(dice.below(seconds)) * 1_000
        return Interval(from: from, to: from + Milliseconds(1 + dice.below(seconds)) * 1_000)
    }

    private func did(_ deed: Deed) { deeds.append((gathering.now, deed)) }

    private func note(_ what: String) { seen.insert(what) }

    private func pick<Choice>(_ choices: [Choice]) -> Choice { choices[dice.below(choices.count)] }
}
