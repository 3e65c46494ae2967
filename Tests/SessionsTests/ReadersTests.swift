import Sessions
import Testing

/// Whatever happened of an evening, each seat hears and reads what the design's table says, and nothing else.
@Suite struct ReadersTests {
    private static let tickets: [(name: String, role: Role)] = [
        ("h0", .host), ("h1", .cohost), ("h2", .cohost), ("v0", .observer), ("p0", .participant),
        ("p1", .participant), ("p2", .participant), ("p3", .participant), ("p4", .participant),
        ("p5", .participant),
    ]

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `each seat hears and reads exactly what the table says`(seed: UInt64) throws {
        var evening = Evening(gathering: Gathering(), dice: SplitMix(seed: seed), tickets: Self.tickets)
        var ledger = Ledger()
        var entered = 0
        for ticket in Self.tickets { try evening.gathering.join(ticket.name, ticket.role) }
        try evening.gathering.ask("h0", .start)
        for _ in 1...500 {
            try evening.step()
            for entry in evening.gathering.entries[entered...] {
                ledger.enter(entry)
                try expectHeard(entry, of: evening.gathering, by: ledger)
            }
            entered = evening.gathering.entries.count
        }
        try expectRead(evening.gathering, by: ledger)
        #expect(ledger.rooms.count > 5)
        #expect(ledger.lines.count > 60)
        #expect(ledger.lines.contains { $0.words == nil })
        #expect(ledger.lines.contains { $0.signs > 0 })
        let places = ledger.lines.map(\.place)
        #expect(places.contains { if case .direct = $0 { true } else { false } })
        #expect(places.contains(.room(.hosts)))
        #expect(places.contains { if case .room(.breakout) = $0 { true } else { false } })
        #expect(evening.gathering.replayed() == evening.gathering.state)
    }

    /// Who was told of an event, against the ledger, which has just entered it.
    private func expectHeard(_ entry: SessionEntry, of gathering: Gathering, by ledger: Ledger) throws {
        guard let known = gathering.state.backlog.entries.last(where: { $0.seq == entry.seq }) else {
            let isQuiet = ledger.hearers(of: entry.event) == nil
            #expect(isQuiet || entry.seq <= gathering.state.backlog.reachesBackTo, "\(entry.event)")
            return
        }
        let heard = Set(ledger.seats.filter { known.heardBy.includes($0) })
        #expect(heard == ledger.hearers(of: entry.event), "\(entry.event)")
        switch entry.event {
        case .chatSent(let sent):
            #expect(heard.isSubset(of: ledger.readers(of: sent.place, from: sent.from)))
            #expect(known.text == nil)
        case .chatEdited: #expect(known.text == nil)
        default: break
        }
    }

    /// History and state of every seat in every place, against the ledger.
    private func expectRead(_ gathering: Gathering, by ledger: Ledger) throws {
        for seat in ledger.seats where !ledger.removed.contains(seat) {
            let name = gathering.state[seat].person.text
            for room in [.main, .hosts] + ledger.rooms {
                let place = ChatPlace.room(room)
                let expected = ledger.lines.filter { $0.place == place }
                guard ledger.readers(of: place, from: seat).contains(seat) else {
                    #expect(throws: Refusal(.notReadable, field: "room")) {
                        try gathering.page(name, .history(room))
                    }
                    continue
                }
                try expect(expected, in: pages(gathering, name) { .history(room, before: $0, limit: 7) })
                let newest = gathering.state.newest(50, of: place, seenBy: seat)
                expect(expected.suffix(50), in: newest.messages)
            }
            for other in ledger.seats where other != seat {
                let expected = ledger.lines.filter {
                    ($0.from == seat && $0.place == .direct(to: other))
                        || ($0.from == other && $0.place == .direct(to: seat))
                }
                let person = gathering.state[other].person.text
                try expect(
                    expected,
                    in: pages(gathering, name) { .history(with: person, before: $0, limit: 7) }
                )
            }
            let readable = gathering.state.messages.messages.filter { gathering.state.mayRead($0, by: seat) }
            let mayRead = ledger.lines.filter { ledger.readers(of: $0.place, from: $0.from).contains(seat) }
            #expect(readable.map(\.id) == mayRead.map(\.id))
        }
    }

    private func pages(
        _ gathering: Gathering,
        _ name: String,
        _ command: (MessageID?) -> SessionCommand
    ) throws -> [Message] {
        var all: [Message] = []
        while true {
            let page = try gathering.page(name, command(all.first?.id))
            all = page.messages + all
            if !page.more { return all }
        }
    }

    private func expect(_ lines: some Collection<Ledger.Line>, in messages: [Message]) {
        #expect(messages.map(\.id) == lines.map(\.id))
        #expect(messages.map(\.text) == lines.map(\.words))
        #expect(messages.map { $0.reactions.reduce(0) { $0 + $1.seats.count } } == lines.map(\.signs))
        #expect(messages.allSatisfy { $0.isDeleted == ($0.text == nil) })
    }
}

/// People who do at random all that a chat can be about.
private struct Evening {
    var gathering: Gathering
    var dice: SplitMix
    var tickets: [(name: String, role: Role)]
    private var said = 0

    init(gathering: Gathering, dice: SplitMix, tickets: [(name: String, role: Role)]) {
        self.gathering = gathering
        self.dice = dice
        self.tickets = tickets
    }

    /// Somebody does something; most often they write.
    mutating func step() throws {
        let (name, role) = tickets[dice.below(tickets.count)]
        let seat = try gathering.seat(name)
        if gathering.state[seat].isRemoved { return }
        if !gathering.state[seat].isAttached {
            try gathering.join(name, role)
            return
        }
        switch dice.below(20) {
        case 0: try gathering.drop(name)
        case 1: gathering.wait(seconds: dice.below(15))
        case 2 where dice.below(4) == 0: gathering.crash(downFor: dice.below(60))
        case 3...5: try ask(aHost() ?? name, governing())
        case 6, 7: try ask(name, moving(gathering.state[seat].room))
        case 8, 9: try ask(name, about(seat))
        default: try ask(name, writing(gathering.state[seat]))
        }
        // Not quite as fast as the chat's allowance lets go.
        if dice.below(3) == 0 { gathering.wait(seconds: 1) }
    }

    private func ask(_ name: String, _ command: SessionCommand) throws {
        do { try gathering.ask(name, command) } catch is Refusal {}
    }

    private mutating func anybody() -> String { tickets[dice.below(tickets.count)].name }

    private mutating func aHost() -> String? {
        let hosts = gathering.state.seats.filter { $0.isHosting && $0.isAttached }
        return hosts.isEmpty ? nil : hosts[dice.below(hosts.count)].person.text
    }

    private mutating func anyRoom() -> RoomID {
        let rounds = gathering.state.rounds
        if dice.below(4) == 0 || rounds == 0 { return .main }
        let round = dice.below(3) == 0 ? 1 + dice.below(rounds) : rounds
        return .breakout(round: round, number: 1 + dice.below(4))
    }

    private mutating func anyMessage(of seat: SeatID? = nil) -> MessageID {
        let messages = gathering.state.messages.messages.filter { seat == nil || $0.from == seat }
        return messages.isEmpty ? 0 : messages[dice.below(messages.count)].id
    }

    private mutating func writing(_ seat: Seat) -> SessionCommand {
        said += 1
        let text = "words \(said)"
        switch dice.below(8) {
        case 0: return .tell(anybody(), text)
        case 1: return .write(text, in: .hosts)
        case 2: return .write(text, in: seat.previousRoom ?? .main)
        case 3: return .write(text, in: anyRoom())
        case 4: return .write(text, in: seat.room, replyTo: anyMessage())
        default: return .write(text, in: seat.room)
        }
    }

    private mutating func about(_ seat: SeatID) -> SessionCommand {
        said += 1
        switch dice.below(7) {
        case 0: return .edit(anyMessage(of: seat), "other words \(said)")
        case 1: return .deleteChat(dice.below(2) == 0 ? anyMessage() : anyMessage(of: seat))
        case 2: return .ask("help \(said)")
        case 3: return .claimHelp(gathering.state.help.first?.id ?? 0)
        case 4: return .resolveHelp(gathering.state.help.last?.id ?? 0)
        default: return .react(anyMessage(), dice.below(2) == 0 ? "same" : "👍", on: dice.below(3) > 0)
        }
    }

    private mutating func governing() -> SessionCommand {
        switch dice.below(16) {
        case 0...3: return .openBreakouts(plan())
        case 4: return .closeBreakouts(seconds: dice.below(2) * 5)
        case 5: return .undoBreakouts
        case 6: return .addRoom(RoomPlan())
        case 7: return .removeRoom(anyRoom())
        case 8: return .promote(anybody())
        case 9: return .demote(anybody())
        case 10: return .give(anybody())
        case 11: return .offer(anybody())
        case 12: return dice.below(2) == 0 ? .acceptHandoff : .reclaimHost
        case 13: return .chatSettings(locked: dice.below(4) == 0, slowSeconds: dice.below(4) == 0 ? 5 : 0)
        case 14: return dice.below(2) == 0 ? .mute(anybody()) : .unmute(anybody())
        default: return dice.below(6) == 0 ? .remove(anybody()) : .leave
        }
    }

    private mutating func plan() -> OpenBreakouts {
        let hostsRead = dice.below(2) == 0
        switch dice.below(3) {
        case 0: return OpenBreakouts(count: 1 + dice.below(3), hostsRead: hostsRead)
        case 1: return OpenBreakouts(count: 1 + dice.below(3), mode: .choose, hostsRead: hostsRead)
        default:
            return OpenBreakouts(
                rooms: [RoomPlan(people: [Gathering.person(anybody())]), RoomPlan()],
                hostsRead: hostsRead
            )
        }
    }

    private mutating func moving(_ room: RoomID) -> SessionCommand {
        switch dice.below(4) {
        case 0: return .move(Gathering.person(anybody()), to: anyRoom())
        case 1: return .pass(dice.below(2) == 0)
        default: return .enterRoom(anyRoom())
        }
    }
}
