import Sessions
import Testing

/// Two hosting commands that were given at once: every one by everybody, before every other by everybody.
@Suite struct HostingPairsTests {
    private typealias Move = (name: String, command: SessionCommand)

    /// A host who is no owner, a co-host who has stepped in, an owner who is co-host, a participant who holds an
    /// offer, and one who is in the succession.
    private static let names = ["host", "deputy", "owner", "offered", "member"]

    private func start(_ phase: Phase) throws -> Gathering {
        let gathering = Gathering()
        try gathering.join("host", .cohost)
        try gathering.join("deputy", .cohost)
        try gathering.join("owner", .host)
        try gathering.join("offered")
        try gathering.join("member")
        try gathering.ask("host", .order("member"))
        try gathering.ask("host", .offer("offered"))
        try gathering.ask("deputy", .takeFloor(seconds: 600))
        if phase == .live { try gathering.ask("owner", .start) }
        return gathering
    }

    private static let moves: [Move] = names.flatMap { name in
        var commands: [SessionCommand] = [
            .acceptHandoff, .declineHandoff, .withdrawHandoff, .reclaimHost, .order(),
            .order("owner", "offered"),
            .takeFloor(seconds: 60), .yieldFloor, .leave,
        ]
        commands += names.flatMap { [.offer($0), .give($0), .promote($0), .demote($0)] }
        return commands.map { (name, $0) }
    }

    @Test func `every hosting command is among them`() {
        let kinds = Set(Self.moves.map(\.command.kind)).subtracting([.leave])
        #expect(kinds == Set(CommandKind.allCases.filter { $0.edits == .hosting }))
    }

    @Test(arguments: [Phase.lobby, .live])
    func `each pair, in both orders, leaves one host and refuses only what makes no sense any more`(
        phase: Phase
    ) throws {
        let before = try start(phase)
        for first in Self.moves {
            let middle = Session(state: before.state)
            guard try make(first, in: middle, of: before) else {
                // Refused: then the second finds what it would have found without it.
                #expect(middle.state == before.state)
                continue
            }
            try judge(middle, of: before, "\(first)")
            for second in Self.moves where try isHere(second.name, in: middle, of: before) {
                let after = Session(state: middle.state)
                guard try make(second, in: after, of: before) else { continue }
                try judge(after, of: before, "\(first), \(second)")
            }
        }
    }

    /// Gives the command; false when it was refused, which it must be exactly when the design says so.
    private func make(_ move: Move, in session: Session, of gathering: Gathering) throws -> Bool {
        let seat = try gathering.seat(move.name)
        let expected = reason(against: move.command, by: seat, in: session.state)
        do throws(Refusal) {
            let decision = try session.decide(
                move.command,
                by: seat,
                at: gathering.now,
                entropy: 1,
                limits: gathering.limits
            )
            #expect(expected == nil, "\(move) should have been refused")
            apply(decision.occurrences.map(\.event), to: session, at: gathering.now)
        } catch {
            #expect(error.code == expected, "\(move)")
            return false
        }
        while case let due = session.due(at: gathering.now, limits: gathering.limits), !due.isEmpty {
            apply(due, to: session, at: gathering.now)
        }
        return true
    }

    private func apply(_ events: [SessionEvent], to session: Session, at now: Milliseconds) {
        for event in events {
            session.apply(
                SessionEntry(session: 1, seq: session.state.seq + 1, at: now, event: event, text: nil)
            )
        }
    }

    /// Why a hosting command has to be refused, as the design has it; nil when it has not.
    private func reason(
        against command: SessionCommand,
        by seat: SeatID,
        in state: SessionState
    ) -> RefusalCode? {
        let leads = state.host == seat
        let hosts = [.host, .cohost].contains(state[seat].role)
        func role(_ person: PersonID) -> Role? { state.seatByPerson[person].map { state[$0].role } }
        switch command {
        case .offerHandoff(let to), .giveHost(let to):
            let isHere = state.seatByPerson[to].map { state[$0].isAttached } ?? false
            return !leads ? .notHost : role(to) == .host ? .alreadyHost : isHere ? nil : .personNotHere
        case .acceptHandoff, .declineHandoff: return state.offer?.to == seat ? nil : .noOffer
        case .withdrawHandoff: return !leads ? .notHost : state.offer == nil ? .noOffer : nil
        case .reclaimHost: return state[seat].ticketRole != .host ? .notOwner : leads ? .alreadyHost : nil
        case .addCohost(let person):
            let known: [Role: RefusalCode] = [.host: .alreadyHost, .cohost: .alreadyCohost]
            return !leads ? .notHost : role(person).flatMap { known[$0] }
        case .removeCohost(let person): return !leads ? .notHost : role(person) == .cohost ? nil : .notCohost
        case .setSuccession: return leads ? nil : .notHost
        case .takeFloor: return hosts ? nil : .hostsOnly
        case .yieldFloor:
            return !hosts
                ? .hostsOnly : state.floor?.seat == seat || leads && state.floor != nil ? nil : .noFloor
        default: return nil
        }
    }

    private func isHere(_ name: String, in session: Session, of gathering: Gathering) throws -> Bool {
        session.state[try gathering.seat(name)].isAttached
    }

    /// Exactly one leads while somebody may and is here; and in the lobby those may start, and nobody else.
    ///
    /// The other invariants `apply` looks at itself.
    private func judge(_ session: Session, of gathering: Gathering, _ what: @autoclosure () -> String) throws
    {
        let state = session.state
        let here = state.seats.indices.map(SeatID.init).filter { state[$0].isAttached }
        let mayLead = here.filter { state[$0].isHosting || state.succession.contains($0) }
        #expect(state.seats.count { $0.role == .host } == (mayLead.isEmpty ? 0 : 1), "\(what())")
        guard state.phase == .lobby else { return }
        let mayStart = here.filter { seat in
            (try? session.decide(.start, by: seat, at: gathering.now, entropy: 1, limits: gathering.limits))
                != nil
        }
        #expect(mayStart == mayLead, "\(what())")
    }

    // MARK: - Some of them by name

    @Test func `an owner who reclaims and a host who gives to the owner at once end with the owner leading`()
        throws
    {
        let first = try start(.live)
        try first.ask("host", .give("owner"))
        #expect(throws: Refusal(.alreadyHost)) { try first.ask("owner", .reclaimHost) }
        let second = try start(.live)
        try second.ask("owner", .reclaimHost)
        #expect(throws: Refusal(.notHost)) { try second.ask("host", .give("owner")) }
        #expect([first.hostName, second.hostName] == ["owner", "owner"])
    }

    @Test func `accepting and withdrawing at once, the first of the two counts`() throws {
        let first = try start(.live)
        try first.ask("offered", .acceptHandoff)
        #expect(throws: Refusal(.notHost)) { try first.ask("host", .withdrawHandoff) }
        let second = try start(.live)
        try second.ask("host", .withdrawHandoff)
        #expect(throws: Refusal(.noOffer)) { try second.ask("offered", .acceptHandoff) }
        #expect([first.hostName, second.hostName] == ["offered", "host"])
    }

    @Test func `accepting and the host's leaving at once, somebody leads either way`() throws {
        let first = try start(.live)
        try first.ask("offered", .acceptHandoff)
        #expect(try first.ask("host", .leave) == [.left(SeatID(0))])
        let second = try start(.live)
        try second.ask("host", .leave)
        #expect(throws: Refusal(.noOffer)) { try second.ask("offered", .acceptHandoff) }
        #expect([first.hostName, second.hostName] == ["offered", "member"])
    }

    @Test func `a host who makes a co-host of who is just accepting is told that it is done`() throws {
        let gathering = try start(.lobby)
        try gathering.ask("offered", .acceptHandoff)
        #expect(throws: Refusal(.notHost)) { try gathering.ask("host", .promote("offered")) }
        #expect(throws: Refusal(.alreadyHost, field: "person")) {
            try gathering.ask("offered", .promote("offered"))
        }
    }

    // MARK: - A long evening

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `nobody who may lead is here for longer than a lease without a host who is here`(seed: UInt64) throws
    {
        var dice = SplitMix(seed: seed)
        let gathering = Gathering()
        let tickets: [(name: String, role: Role)] = [
            ("a", .host), ("b", .cohost), ("c", .cohost), ("d", .participant), ("e", .participant),
        ]
        for ticket in tickets.reversed() { try gathering.join(ticket.name, ticket.role) }
        var changes = 0
        for _ in 0..<500 {
            let (name, role) = tickets[dice.below(tickets.count)]
            let other = tickets[dice.below(tickets.count)].name
            let before = gathering.state.host
            switch dice.below(10) {
            case 0, 1: try gathering.drop(name)
            case 2, 3: try gathering.join(name, role)
            case 4: gathering.wait(seconds: dice.below(40))
            case 5: gathering.crash(downFor: dice.below(100))
            default:
                guard gathering.state[try gathering.seat(name)].isAttached else { continue }
                let commands: [SessionCommand] = [
                    .leave, .give(other), .offer(other), .acceptHandoff, .reclaimHost, .promote(other),
                    .demote(other), .order(name, other),
                ]
                do { try gathering.ask(name, commands[dice.below(commands.count)]) } catch is Refusal {}
            }
            if gathering.state.host != before { changes += 1 }
            expectALeader(gathering)
        }
        #expect(changes > 8)
        #expect(gathering.replayed() == gathering.state)
    }

    private func expectALeader(_ gathering: Gathering) {
        let state = gathering.state
        let mayLead = state.seats.indices.contains {
            state[SeatID($0)].isAttached && state.isEligible(SeatID($0))
        }
        guard mayLead else { return }
        guard let host = state.host else {
            Issue.record("nobody leads")
            return
        }
        let absent = state[host].detachedAt.map { gathering.now - $0 } ?? 0
        #expect(absent < gathering.limits.leaseMilliseconds)
    }
}
