import Sessions
import Testing

/// Two hosts who work at once: what the one changes, the other does not undo unknowingly.
@Suite struct EditsTests {
    /// A host, a co-host, four participants in two rooms, one who sits out, and time left.
    private static func round(_ mode: BreakoutMode = .manual) throws -> Gathering {
        let gathering = try BreakoutTests.evening(6)
        try gathering.ask("p5", .pass(true))
        let rooms = [["p0", "p1"], ["p2", "p3"]].map { RoomPlan(people: $0.map(Gathering.person)) }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: rooms, mode: mode, seconds: 600)))
        return gathering
    }

    private static func room(_ number: Int) -> RoomID { .breakout(round: 1, number: number) }

    private static func person(_ name: String) -> PersonID { Gathering.person(name) }

    /// Changes of an open round, each of which is one where it comes first, with the name that `changed` gives it.
    private static let changes: [(SessionCommand, EditName)] = [
        (.move(person("p0"), to: room(2)), .moved),
        (.move(person("p2"), to: .main), .moved),
        (.addRoom(RoomPlan(name: Text("Quiet"))), .roomAdded),
        (.renameRoom(room(1), name: Text("Birds")), .roomRenamed),
        (.removeRoom(room(2)), .roomRemoved),
        (.extendBreakouts(seconds: 60), .breakoutsExtended),
        (.announce(Text("Write it down")), .breakoutsAnnounced),
        (.closeBreakouts(seconds: 90), .breakoutsClosing),
        (.closeBreakouts(seconds: 0), .breakoutsClosed),
        (.undoBreakouts, .breakoutsUndone),
    ]

    /// What happens between the hosts' commands and is no edit of theirs.
    private static let bystanders: [@Sendable (Gathering) throws -> Void] = [
        { gathering in
            try gathering.join("late")
            try gathering.join("guest", .cohost)
        },
        { gathering in
            try gathering.drop("p1")
            gathering.wait(seconds: 6)
        },
        { gathering in try gathering.ask("p3", .pass(true)) },
        { gathering in try gathering.ask("p5", .pass(false)) },
        { gathering in
            if let room = gathering.state.openRooms.first { try gathering.ask("deputy", .enterRoom(room.id)) }
        },
    ]

    /// Two hosts' steps: each first looks (notes the newest event) and then asks.
    private enum Step {
        case looks(Int)
        case asks(Int)
    }

    /// All orders in which both look before they ask; true: each knew all that the other had done.
    private static let orders: [(steps: [Step], isOneAfterTheOther: Bool)] = [
        ([.looks(0), .asks(0), .looks(1), .asks(1)], true),
        ([.looks(1), .asks(1), .looks(0), .asks(0)], true),
        ([.looks(0), .looks(1), .asks(0), .asks(1)], false),
        ([.looks(0), .looks(1), .asks(1), .asks(0)], false),
        ([.looks(1), .looks(0), .asks(0), .asks(1)], false),
        ([.looks(1), .looks(0), .asks(1), .asks(0)], false),
    ]

    private static let hosts = ["host", "deputy"]

    /// What became of the two commands, in the order in which they were asked.
    private func play(
        _ order: [Step],
        _ commands: [SessionCommand],
        in gathering: Gathering,
        between: (Gathering) throws -> Void
    ) throws -> [Result<Int, Refusal>] {
        var known = [0, 0]
        var results: [Result<Int, Refusal>] = []
        for step in order {
            switch step {
            case .looks(let host): known[host] = gathering.state.seq
            case .asks(let host):
                do {
                    let before = gathering.state.seq
                    try gathering.ask(Self.hosts[host], commands[host], ifSeq: known[host])
                    results.append(.success(before + 1))
                } catch let refusal as Refusal {
                    results.append(.failure(refusal))
                }
            }
            try between(gathering)
        }
        return results
    }

    @Test func `of two edits at once exactly one is accepted, and the other is told what, when and by whom`()
        throws
    {
        let start = try Self.round()
        for (first, _) in Self.changes {
            for (second, _) in Self.changes {
                for order in Self.orders {
                    let gathering = Gathering(from: start)
                    let results = try play(order.steps, [first, second], in: gathering) { _ in }
                    try check(results, of: [first, second], order)
                }
            }
        }
    }

    @Test(arguments: bystanders.indices)
    func `who comes, goes, walks, sits out or is placed late makes no edit stale`(bystander: Int) throws {
        let start = try Self.round()
        for (index, (first, _)) in Self.changes.enumerated() {
            // Each edit with each of the bystanders, in each order, and with two of the others.
            for (second, _) in [
                Self.changes[(index + bystander + 1) % Self.changes.count], Self.changes[index],
            ] {
                for order in Self.orders {
                    let gathering = Gathering(from: start)
                    let between = Self.bystanders[bystander]
                    let results = try play(order.steps, [first, second], in: gathering, between: between)
                    try check(results, of: [first, second], order)
                }
            }
        }
    }

    private func check(
        _ results: [Result<Int, Refusal>],
        of commands: [SessionCommand],
        _ order: (steps: [Step], isOneAfterTheOther: Bool)
    ) throws {
        let asked = order.steps.compactMap { if case .asks(let host) = $0 { host } else { nil } }
        guard case .success(let seq) = results[0] else {
            Issue.record("the first was refused: \(results[0])")
            return
        }
        if order.isOneAfterTheOther {
            // They knew: whatever comes of the second, it is not for being stale.
            if case .failure(let refusal) = results[1] { #expect(refusal.code != .stale) }
            return
        }
        let what = try #require(Self.changes.first { $0.0 == commands[asked[0]] }?.1)
        let stale = Refusal(staleBecauseOf: [Edit(seq: seq, what: what, by: SeatID(asked[0]))])
        guard results[1] == .failure(stale) else {
            Issue.record("\(commands[asked[1]]) after \(commands[asked[0]]): \(results[1])")
            return
        }
    }

    @Test func `whom neither host named stays put, in every order of two moves or new rooms`() throws {
        let start = try Self.round()
        let named: [(SessionCommand, String?)] = [
            (.move(Self.person("p0"), to: Self.room(2)), "p0"), (.move(Self.person("p0"), to: .main), "p0"),
            (.move(Self.person("p3"), to: Self.room(1)), "p3"),
            (.addRoom(RoomPlan()), nil), (.renameRoom(Self.room(1), name: Text("Birds")), nil),
            (.extendBreakouts(seconds: 60), nil), (.announce(Text("Soon")), nil),
            (.closeBreakouts(seconds: 30), nil),
        ]
        for (first, one) in named {
            for (second, other) in named {
                for order in Self.orders {
                    let gathering = Gathering(from: start)
                    _ = try play(order.steps, [first, second], in: gathering) { _ in }
                    for (before, after) in zip(start.state.seats, gathering.state.seats)
                    where before.person.text != one && before.person.text != other {
                        #expect(before.room == after.room)
                    }
                }
            }
        }
    }

    @Test func `of two hosts who open rooms by hand at once one does, and only whom that one named goes`()
        throws
    {
        let start = try BreakoutTests.evening(4)
        let plans = ["p0", "p1"].map {
            SessionCommand.openBreakouts(OpenBreakouts(rooms: [RoomPlan(people: [Self.person($0)])]))
        }
        for order in Self.orders where !order.isOneAfterTheOther {
            let gathering = Gathering(from: start)
            let results = try play(order.steps, plans, in: gathering) { _ in }
            guard case .failure(let refusal) = results[1] else {
                Issue.record("both opened")
                return
            }
            #expect(refusal.code == .stale)
            #expect(refusal.changed.map(\.what) == [.breakoutsOpened])
            let first = order.steps.compactMap { if case .asks(let host) = $0 { host } else { nil } }[0]
            #expect(gathering.people(in: Self.room(1)) == ["p\(first)"])
        }
    }

    @Test func `time that runs out makes no breakout edit stale`() throws {
        let gathering = try Self.round()
        let known = gathering.state.seq
        gathering.wait(seconds: 595)
        #expect(gathering.state.breakouts?.phase == .closing)
        #expect(gathering.entries.last?.event == .breakoutsWarning)
        try gathering.ask("deputy", .extendBreakouts(seconds: 5), ifSeq: known)
        let later = gathering.state.seq
        gathering.wait(seconds: 10)
        #expect(throws: Refusal(.noBreakouts)) {
            try gathering.ask("deputy", .extendBreakouts(seconds: 5), ifSeq: later)
        }
        let plan = OpenBreakouts(count: 1)
        #expect(try gathering.ask("host", .openBreakouts(plan), ifSeq: later).count == 1)
    }

    @Test func `who undoes a round is told that it is another one by now`() throws {
        let gathering = try Self.round()
        let known = gathering.state.seq
        gathering.wait(seconds: 600)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let opened = Edit(seq: gathering.state.seq, what: .breakoutsOpened, by: SeatID(0))
        #expect(throws: Refusal(staleBecauseOf: [opened])) {
            try gathering.ask("deputy", .undoBreakouts, ifSeq: known)
        }
    }

    @Test func `hosting edits make no breakout edit stale, nor breakout edits a hosting edit`() throws {
        let start = try Self.round()
        try start.join("owner", .host)
        let hosting: [(String, SessionCommand)] = [
            ("host", .addCohost(Self.person("p0"))), ("host", .removeCohost(Self.person("deputy"))),
            ("host", .setSuccession([Self.person("p1")])), ("host", .offerHandoff(to: Self.person("p2"))),
            ("host", .giveHost(to: Self.person("p3"))), ("owner", .reclaimHost),
            ("deputy", .takeFloor(seconds: 30)),
        ]
        let known = start.state.seq
        for (name, edit) in hosting {
            for (change, _) in Self.changes {
                let first = Gathering(from: start)
                try first.ask(name, edit)
                #expect(try first.ask("owner", change, ifSeq: known) != [])
                let second = Gathering(from: start)
                try second.ask("owner", change)
                #expect(try second.ask(name, edit, ifSeq: known) != [])
            }
        }
    }

    @Test func `of two hosting edits at once exactly one is accepted, whoever is first`() throws {
        let start = try Self.round()
        try start.join("owner", .host)
        try start.ask("host", .offerHandoff(to: Self.person("deputy")))
        let known = start.state.seq
        let pairs: [[(String, SessionCommand)]] = [
            [("host", .giveHost(to: Self.person("p0"))), ("owner", .reclaimHost)],
            [("host", .addCohost(Self.person("p0"))), ("owner", .reclaimHost)],
            [("host", .removeCohost(Self.person("deputy"))), ("deputy", .acceptHandoff)],
            [("host", .withdrawHandoff), ("deputy", .acceptHandoff)],
            [("host", .setSuccession([Self.person("p1")])), ("deputy", .declineHandoff)],
            [("owner", .reclaimHost), ("deputy", .acceptHandoff)],
        ]
        for pair in pairs {
            for (first, second) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                let gathering = Gathering(from: start)
                #expect(try gathering.ask(first.0, first.1, ifSeq: known) != [])
                let before = gathering.state
                do {
                    try gathering.ask(second.0, second.1, ifSeq: known)
                    Issue.record("both were accepted: \(first) and \(second)")
                } catch let refusal as Refusal {
                    // Who is no host any more is told so; who still may is told what has changed.
                    let wasHost = second.0 == "host" && gathering.hostName != "host"
                    #expect(refusal.code == (wasHost ? .notHost : .stale))
                    #expect(wasHost || refusal.changed.map(\.seq).contains(known + 1))
                }
                #expect(gathering.state == before)
            }
        }
    }

    @Test func `stepping in is a sign: it makes no hosting edit stale`() throws {
        let gathering = try Self.round()
        let known = gathering.state.seq
        try gathering.ask("deputy", .takeFloor(seconds: 60))
        #expect(try gathering.ask("host", .setSuccession([Self.person("deputy")]), ifSeq: known).count == 1)
        #expect(throws: Refusal.self) { try gathering.ask("deputy", .yieldFloor, ifSeq: known) }
    }

    @Test func `a preview rests on the rooms as they are and changes nothing for anybody`() throws {
        let gathering = try Self.round()
        let known = gathering.state.seq
        let preview = SessionCommand.previewBreakouts(OpenBreakouts(count: 2))
        #expect(try gathering.ask("deputy", preview, ifSeq: known) == [])
        #expect(try gathering.ask("host", .addRoom(RoomPlan()), ifSeq: known).count == 1)
        let added = Edit(seq: known + 1, what: .roomAdded, by: SeatID(0))
        #expect(throws: Refusal(staleBecauseOf: [added])) {
            try gathering.ask("deputy", preview, ifSeq: known)
        }
    }

    @Test func `without a number nothing is stale, and one from the future is no number`() throws {
        let gathering = try Self.round()
        for index in 0..<4 {
            let name = Text("Room of \(index)")
            #expect(
                try gathering.ask(Self.hosts[index % 2], .renameRoom(Self.room(1), name: name)).count == 1
            )
        }
        for wrong in [gathering.state.seq + 1, .max, -1, .min] {
            for command in [SessionCommand.announce(Text("x")), .setSuccession([])] {
                #expect(throws: Refusal(.badValue, field: "ifSeq")) {
                    try gathering.ask("host", command, ifSeq: wrong)
                }
            }
        }
        #expect(try gathering.ask("host", .announce(Text("x")), ifSeq: gathering.state.seq).count == 1)
    }

    @Test func `who may not edit at all is told that, and not what others have changed`() throws {
        let gathering = try Self.round()
        try gathering.ask("host", .addRoom(RoomPlan()))
        #expect(throws: Refusal(.hostsOnly)) {
            try gathering.ask("p0", .announce(Text("x")), ifSeq: 0)
        }
    }

    @Test func `the newest edits of each kind are kept, and the oldest still stale`() throws {
        let gathering = try Self.round()
        let known = gathering.state.seq
        for index in 0..<100 {
            try gathering.ask("host", .renameRoom(Self.room(1), name: Text("Name \(index)")))
        }
        try gathering.ask("host", .setSuccession([Self.person("deputy")]))
        let kept = gathering.state.edits.entries
        #expect(kept.count { $0.what == .roomRenamed } == StateBounds.editsPerKind)
        #expect(kept.map(\.what).contains(.successionChanged))
        do {
            try gathering.ask("deputy", .announce(Text("x")), ifSeq: known)
            Issue.record("accepted")
        } catch let refusal as Refusal {
            #expect(refusal.code == .stale)
            #expect(refusal.changed.count == StateBounds.editsPerKind)
            #expect(refusal.changed.last?.seq == gathering.state.seq - 1)
        }
        #expect(gathering.replayed() == gathering.state)
    }
}
