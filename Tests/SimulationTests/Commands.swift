import Sessions

/// What people ask for: mostly what they may, of what they see; now and then anything.
extension World {
    /// An edit says what it rests on: what the client knows, something older, or something that is yet to come.
    func edit(_ index: Int, _ command: SessionCommand) {
        let known = devices[index].memory?.lastSeq ?? 0
        let ifSeq: Int? =
            switch random.below(8) {
            case 0, 1: known
            case 2: max(0, known - random.below(30))
            case 3 where chance(1, in: 4): known + 1 + random.below(1_000)
            default: nil
            }
        ask(index, command, ifSeq: ifSeq)
    }

    /// Somebody of the same gathering; mostly one who is here, or takes part.
    func person(_ index: Int) -> PersonID {
        let people = gatherings[devices[index].gathering].people
        guard let picture = devices[index].picture, !chance(1, in: 5) else { return pick(people).person }
        let here = picture.participants.filter { $0.presence == "here" && $0.role != "observer" }
        guard let one = here.isEmpty ? nil : pick(here), let id = PersonID(Array(one.person.utf8)) else {
            return pick(people).person
        }
        return id
    }

    private func persons(_ index: Int, upTo count: Int) -> [PersonID] {
        let all = (0..<random.below(count + 1)).map { _ in person(index) }
        guard !chance(1, in: 6) else { return all }
        return all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// A room that is open, or any that there is, was, or never will be.
    func someRoom(_ index: Int) -> RoomID {
        let round = devices[index].picture?.round
        if let round, !round.rooms.isEmpty, !chance(1, in: 5) {
            return RoomID(Array(pick(round.rooms).room.utf8)) ?? .main
        }
        let number = round?.round ?? 1
        switch random.below(8) {
        case 0...2: return .main
        case 3: return .hosts
        case 4: return .breakout(round: 1 + random.below(number + 2), number: 1 + random.below(9_999))
        default: return .breakout(round: 1 + random.below(number), number: 1 + random.below(3))
        }
    }

    // MARK: - Life and hosting

    func living() -> SessionCommand {
        switch random.below(24) {
        case 0...4: .start
        case 5, 6: .end(seconds: pick([nil, 10, 60, 60, 600, -1, 1 << 53 - 1]))
        case 7: chance(1, in: 4) ? .end(seconds: 0) : .keep
        case 8...11: .keep
        case 12...14: .leave
        case 15...17: .lock(chance(1, in: 3))
        case 18...21:
            .set(
                title: pick([nil, Text("Another evening"), Text("Evening \(random.below(9))"), .empty]),
                place: pick([nil, Text("https://example.org/\(random.below(9))"), .empty])
            )
        default: .timeSync
        }
    }

    func leading(_ index: Int) -> SessionCommand {
        switch random.below(26) {
        case 0...3: .offerHandoff(to: person(index))
        case 4...6: .acceptHandoff
        case 7, 8: .declineHandoff
        case 9, 10: .withdrawHandoff
        case 11, 12: .giveHost(to: person(index))
        case 13...15: .reclaimHost
        case 16...18: .addCohost(person(index))
        case 19, 20: .removeCohost(person(index))
        case 21, 22: .setSuccession(persons(index, upTo: 4))
        case 23, 24: .takeFloor(seconds: pick([1, 20, 60, 300, 0, 3_601]))
        default: .yieldFloor
        }
    }

    // MARK: - Rooms

    func opening(_ index: Int) -> SessionCommand {
        let plan = plan(index)
        return chance(1, in: 4) ? .previewBreakouts(plan) : .openBreakouts(plan)
    }

    private func plan(_ index: Int) -> OpenBreakouts {
        var plan = OpenBreakouts(
            seconds: pick([nil, nil, 15, 70, 180, 180, 600]),
            closing: pick([nil, nil, 0, 5, 60]),
            late: pick([nil, .place, .main]),
            task: pick([.empty, Text("Talk about it"), Text(String(repeating: "task ", count: 300))]),
            hostsRead: chance(1, in: 3),
            seed: chance(1, in: 4) ? random.next() & (1 << 53 - 1) : nil
        )
        switch random.below(8) {
        case 0...2: (plan.count, plan.mode) = (pick([1, 2, 2, 3, 3, 5]), pick([nil, .even, .mix]))
        case 3, 4: plan.size = pick([1, 2, 3, 10])
        case 5: (plan.count, plan.mode) = (2, .choose)
        default:
            var rooms = (0...random.below(3)).map { number in
                RoomPlan(
                    name: pick([nil, Text("Table \(number)")]),
                    task: pick([nil, Text("Task \(number)")]),
                    place: pick([.empty, Text("Zoom: Room \(number)")])
                )
            }
            for person in persons(index, upTo: 4) {
                rooms[random.below(rooms.count)].people.append(person)
            }
            plan.rooms = rooms
            plan.mode = pick([nil, .manual, .even, .mix, .choose])
        }
        if chance(1, in: 4) { plan.facilitators = persons(index, upTo: 3) }
        if chance(1, in: 6) { spoil(&plan) }
        // So that it is known afterwards of which round a rule is not to be held to.
        if plan.names { plan.seed = random.next() & (1 << 53 - 1) }
        return plan
    }

    /// Makes a plan one that is refused.
    private func spoil(_ plan: inout OpenBreakouts) {
        switch random.below(6) {
        case 0: plan.count = pick([0, 201, -1, 1 << 53 - 1])
        case 1: plan.size = pick([0, -1, 1 << 53 - 1])
        case 2: plan.seconds = pick([0, -1, 100_000, 1 << 53 - 1])
        case 3: plan.closing = pick([-1, 100_000])
        case 4: (plan.mode, plan.count, plan.size) = (.mix, 2, 2)
        default: plan.rooms = []
        }
    }

    func tending(_ index: Int) -> SessionCommand {
        if devices[index].picture?.round == nil, !chance(1, in: 4) { return opening(index) }
        return switch random.below(24) {
        case 0...2: .extendBreakouts(seconds: pick([-1_000, -30, 30, 30, 60, 60, 600, 0, 1 << 53 - 1]))
        case 3...5: .closeBreakouts(seconds: pick([nil, 0, 5, 30, -1]))
        case 6, 7: .undoBreakouts
        case 8...10:
            .addRoom(
                RoomPlan(
                    name: pick([nil, Text("One more")]),
                    task: pick([nil, Text("Something else")]),
                    place: pick([.empty, Text("Zoom: one more")])
                )
            )
        case 11, 12: .renameRoom(someRoom(index), name: Text("Room of \(random.below(5))"))
        case 13, 14: .removeRoom(someRoom(index))
        case 15, 16: .announce(pick([Text("Five minutes"), Text("Come back"), .empty]))
        default: .move(person(index), to: someRoom(index))
        }
    }

    func walking(_ index: Int) -> SessionCommand {
        let own = RoomID(Array(devices[index].room.utf8)) ?? .main
        switch random.below(16) {
        case 0...5: return .enterRoom(someRoom(index))
        case 6...9: return .confirmRoom(chance(4, in: 5) ? own : someRoom(index), seen: chance(1, in: 2))
        case 10...12: return .signalRoom(pick([nil, .done, .moreTime]))
        default: return .pass(chance(1, in: 2))
        }
    }

    // MARK: - Help, hands, people

    func helping(_ index: Int) -> SessionCommand {
        let requests = devices[index].picture?.own.help.map(\.help) ?? []
        let help = requests.isEmpty || chance(1, in: 8) ? random.below(300) + 1 : pick(requests)
        switch random.below(20) {
        case 0...4: return .askHelp(pick([.empty, Text("Where are we?")]), unnamed: chance(1, in: 3))
        case 5...8: return .claimHelp(help)
        case 9...11: return .resolveHelp(help)
        case 12, 13: return .withdrawHelp(help)
        case 14...16: return .raiseHand
        default: return .lowerHand(chance(1, in: 2) ? nil : person(index))
        }
    }

    func tendingPeople(_ index: Int) -> SessionCommand {
        switch random.below(16) {
        case 0: chance(1, in: 3) ? .remove(person(index)) : .mute(person(index), true)
        case 1, 2: .mute(person(index), true)
        case 3...5: .mute(person(index), false)
        case 6...9:
            .label(
                chance(1, in: 2) ? nil : person(index),
                pick([.empty, Text("she/her"), Text("takes notes"), Text("\(random.below(9))")])
            )
        case 10...12:
            .chatSettings(
                locked: pick([nil, false, false, false, true]),
                slowSeconds: pick([nil, 0, 0, 5, -1])
            )
        default: .lowerHand(person(index))
        }
    }

    // MARK: - Attendance

    func attending(_ index: Int) -> SessionCommand {
        switch random.below(12) {
        case 0: .reportAttendance(chance(1, in: 2) ? nil : person(index))
        case 1, 2: .ownAttendance
        case 3...6: .claimAttendance(lived())
        case 7...9: .acceptAttendance(person(index))
        default:
            .markAttendance(
                person(index),
                lived(),
                present: chance(1, in: 2),
                reason: Text("seen by \(random.below(9))")
            )
        }
    }

    /// Mostly a time that has been lived.
    private func lived() -> Interval {
        let to =
            now - Milliseconds(random.below(pick([1, 60_000, 900_000]))) + (chance(1, in: 9) ? 5_000 : 0)
        return Interval(from: to - Milliseconds(pick([0, 1_000, 30_000, 200_000])), to: to)
    }

    /// Any command, to be spoilt.
    func spoilSomething(_ index: Int) {
        let command =
            switch random.below(10) {
            case 9: attending(index)
            case 0: living()
            case 1: leading(index)
            case 2: opening(index)
            case 3: tending(index)
            case 4: walking(index)
            case 5: helping(index)
            case 6: tendingPeople(index)
            case 7: SessionCommand.chatHistory(.room(someRoom(index)), before: nil, limit: 7)
            default: SessionCommand.sendChat(SendChat(to: .room(.main), text: words(index)))
            }
        askSpoilt(index, command)
    }
}
