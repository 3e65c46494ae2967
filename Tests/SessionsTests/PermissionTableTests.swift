import Sessions
import Testing

/// The permission table, cell by cell: everybody who can be told apart, in every phase, tries every command.
@Suite struct PermissionTableTests {
    /// Somebody in the fixture, and what the table asks of them.
    private struct Person {
        var name: String
        var ticket: Role
        var role: Role
        var isEligible: Bool
        var isOwner: Bool { ticket == .host }
    }

    /// Who is in the fixture when `leader` leads.
    private static func people(led leader: String) -> [Person] {
        [
            Person(name: "chair", ticket: .cohost, role: .cohost, isEligible: true),
            Person(name: "owner", ticket: .host, role: .cohost, isEligible: true),
            Person(name: "deputy", ticket: .cohost, role: .cohost, isEligible: true),
            Person(name: "promoted", ticket: .participant, role: .cohost, isEligible: true),
            Person(name: "member", ticket: .participant, role: .participant, isEligible: true),
            Person(name: "former", ticket: .cohost, role: .participant, isEligible: false),
            Person(name: "former-owner", ticket: .host, role: .participant, isEligible: false),
            Person(name: "guest", ticket: .participant, role: .participant, isEligible: false),
            Person(name: "offered", ticket: .participant, role: .participant, isEligible: false),
            Person(name: "walker", ticket: .participant, role: .participant, isEligible: false),
            Person(name: "viewer", ticket: .observer, role: .observer, isEligible: false),
        ].map { person in
            var person = person
            if person.name == leader { person.role = .host }
            return person
        }
    }

    /// A session with something for every command to be about.
    private struct Fixture {
        var gathering: Gathering
        var commands: [SessionCommand]
    }

    private func fixture(_ phase: Phase, led leader: String = "chair", rooms: Bool = true) throws -> Fixture {
        let gathering = Gathering()
        for person in Self.people(led: leader) { try gathering.join(person.name, person.ticket) }
        for command in [SessionCommand.promote("promoted"), .demote("former"), .demote("former-owner")] {
            try gathering.ask("chair", command)
        }
        try gathering.ask("chair", .order("member"))
        if leader != "chair" { try gathering.ask("chair", .give(leader)) }
        try gathering.ask(leader, .offer("offered"))
        try gathering.ask("deputy", .takeFloor(seconds: 60))
        guard phase != .lobby else {
            return Fixture(gathering: gathering, commands: Self.commands(help: 1, message: 1))
        }
        try gathering.ask("member", .start)
        let message = try gathering.sent("guest", .write("hello"))
        let help = try gathering.asked("guest")
        gathering.wait(seconds: 1)
        try gathering.ask("guest", .claimAttendance(Self.firstSecond))
        try gathering.ask("owner", .end(seconds: 600))
        if rooms {
            let plan = OpenBreakouts(count: 2, mode: .choose, seconds: 300)
            try gathering.ask("deputy", .openBreakouts(plan))
            try gathering.ask("walker", .enterRoom(.breakout(round: 1, number: 1)))
        }
        if phase == .ended { try gathering.ask(leader, .end(seconds: 0)) }
        return Fixture(gathering: gathering, commands: Self.commands(help: help, message: message))
    }

    /// One well-formed command of each kind.
    static func commands(help: HelpID, message: MessageID) -> [SessionCommand] {
        let room = RoomID.breakout(round: 1, number: 1)
        return [
            .start, .end(seconds: nil), .keep, .leave, .lock(true), .set(title: Text("Night"), place: nil),
            .timeSync,
            .offer("former"), .acceptHandoff, .declineHandoff, .withdrawHandoff, .give("guest"), .reclaimHost,
            .promote("guest"), .demote("promoted"), .order("guest"), .takeFloor(seconds: 5), .yieldFloor,
            .previewBreakouts(OpenBreakouts(count: 1)), .openBreakouts(OpenBreakouts(count: 1)),
            .move(Gathering.person("guest"), to: room), .addRoom(RoomPlan()),
            .renameRoom(room, name: Text("Birds")),
            .removeRoom(room), .extendBreakouts(seconds: 60), .announce(Text("soon")),
            .closeBreakouts(seconds: nil),
            .undoBreakouts, .enterRoom(room), .confirmRoom(.main, seen: true), .signalRoom(.done),
            .pass(true),
            .ask("?"), .claimHelp(help), .resolveHelp(help), .withdrawHelp(help), .raiseHand, .lowerHand(nil),
            .label(nil, "x"), .mute("guest"), .remove("guest"), .write("hello"), .edit(message, "hi"),
            .deleteChat(message), .react(message, "same"), .history(.main),
            .chatSettings(locked: true, slowSeconds: nil), .typing(nil),
            .reportAttendance(nil), .ownAttendance, .claimAttendance(firstSecond),
            .acceptAttendance(Gathering.person("guest")),
            .markAttendance(Gathering.person("guest"), firstSecond, present: true, reason: Text("seen")),
        ]
    }

    /// Lived by everybody, when the session is live.
    private static let firstSecond = Interval(from: 1_000_000, to: 1_001_000)

    private let attendance: Set<CommandKind> = [
        .reportAttendance, .ownAttendance, .claimAttendance, .acceptAttendance, .markAttendance,
    ]

    /// The code that the table has for this cell; nil when it allows.
    private func forbidden(_ kind: CommandKind, to person: Person, in phase: Phase) -> RefusalCode? {
        let rule = Permissions.rule(for: kind)
        guard rule.phases.contains(phase) else {
            return [.lobby: .notLive, .live: .alreadyLive, .ended: .ended][phase]
        }
        switch rule.right {
        case .everybody: return nil
        case .writers: return person.role == .observer ? .observersOnlyWatch : nil
        case .eligible: return person.isEligible ? nil : .notEligible
        case .owner: return person.isOwner ? nil : .notOwner
        case .hosting: return person.role == .host || person.role == .cohost ? nil : .hostsOnly
        case .host: return person.role == .host ? nil : .notHost
        }
    }

    private static let permissionCodes: Set<RefusalCode> = [
        .notHost, .hostsOnly, .notEligible, .notOwner, .observersOnlyWatch, .notLive, .alreadyLive, .ended,
        .removed,
    ]

    /// The chat waits for `live`, except for hosts: the one condition of a phase that is not the table's.
    private func waitsForLive(_ kind: CommandKind, of person: Person, in phase: Phase) -> Bool {
        phase == .lobby && person.role == .participant && (kind == .sendChat || kind == .typing)
    }

    @Test(arguments: Phase.allCases, ["chair", "owner"])
    func `each forbidden cell is refused with its code, and no allowed one is`(
        phase: Phase,
        leader: String
    ) throws {
        let fixture = try fixture(phase, led: leader)
        let before = fixture.gathering.state
        for person in Self.people(led: leader) {
            #expect(try fixture.gathering.role(of: person.name) == person.role)
            for command in fixture.commands {
                let refusal = try self.refusal(of: command, by: person.name, in: fixture.gathering)
                let cell = "\(person.name) \(command.kind.rawValue) \(phase)"
                if let code = forbidden(command.kind, to: person, in: phase) {
                    #expect(refusal == Refusal(code), "\(cell)")
                } else if waitsForLive(command.kind, of: person, in: phase) {
                    #expect(refusal == Refusal(.notLive), "\(cell)")
                } else if let refusal {
                    #expect(!Self.permissionCodes.contains(refusal.code), "\(cell)")
                }
            }
        }
        #expect(fixture.gathering.state == before)
    }

    private func refusal(
        of command: SessionCommand,
        by name: String,
        in gathering: Gathering
    ) throws -> Refusal? {
        let seat = try gathering.seat(name)
        do throws(Refusal) {
            _ = try gathering.session.decide(
                command,
                by: seat,
                at: gathering.now,
                entropy: 1,
                limits: gathering.limits
            )
            return nil
        } catch { return error }
    }

    @Test func `there is a command of each kind, and somebody for whom it works`() throws {
        #expect(Self.commands(help: 1, message: 1).map(\.kind) == CommandKind.allCases)
        var works: Set<CommandKind> = []
        for fixture in [try fixture(.lobby), try fixture(.live), try fixture(.live, rooms: false)] {
            for person in Self.people(led: "chair") {
                for command in fixture.commands where !works.contains(command.kind) {
                    if try refusal(of: command, by: person.name, in: fixture.gathering) == nil {
                        works.insert(command.kind)
                    }
                }
            }
        }
        #expect(works == Set(CommandKind.allCases))
    }

    // MARK: - The table itself, as the design has it

    private func kinds(_ isMeant: (PermissionRule) -> Bool) -> Set<CommandKind> {
        Set(CommandKind.allCases.filter { isMeant(Permissions.rule(for: $0)) })
    }

    @Test func `only the host: handing over, the succession and co-hosts; only an owner: reclaiming`() {
        #expect(
            kinds { $0.right == .host } == [
                .offerHandoff, .withdrawHandoff, .giveHost, .addCohost, .removeCohost, .setSuccession,
            ]
        )
        #expect(kinds { $0.right == .owner } == [.reclaimHost])
        #expect(kinds { $0.right == .eligible } == [.start])
    }

    @Test func `all else that governs others is the host's and the co-hosts'`() {
        #expect(
            kinds { $0.right == .hosting } == [
                .end, .keep, .lock, .set, .takeFloor, .yieldFloor, .previewBreakouts, .openBreakouts, .move,
                .addRoom, .renameRoom, .removeRoom, .extendBreakouts, .announce, .closeBreakouts,
                .undoBreakouts,
                .claimHelp, .mute, .remove, .chatSettings, .reportAttendance, .acceptAttendance,
                .markAttendance,
            ]
        )
    }

    @Test func `observers leave, read, confirm, ask the time and how long they were here, and nothing else`()
    {
        #expect(
            kinds { $0.right == .everybody } == [
                .leave, .timeSync, .confirmRoom, .chatHistory, .ownAttendance,
            ]
        )
    }

    @Test
    func
        `rooms, help, hands, the end and attendance wait for live; ended, only reading, the time and attendance`()
    {
        #expect(kinds { $0.phases.contains(.ended) } == attendance.union([.timeSync, .chatHistory]))
        #expect(kinds { !$0.phases.contains(.live) } == [.start])
        #expect(
            kinds { !$0.phases.contains(.lobby) }
                == attendance.union([
                    .end, .keep, .openBreakouts, .move, .addRoom, .renameRoom, .removeRoom, .extendBreakouts,
                    .announce,
                    .closeBreakouts, .undoBreakouts, .enterRoom, .signalRoom, .askHelp, .claimHelp,
                    .resolveHelp,
                    .withdrawHelp, .raiseHand, .lowerHand,
                ])
        )
    }
}
