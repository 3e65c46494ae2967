import Foundation
import Sessions
import Testing

/// Nobody gets lost when rooms open or close.
///
/// `EVENTS=100000 swift test --filter NobodyIsLostTests` goes on for so many random events; `SEED=n` begins with that seed.
@Suite struct NobodyIsLostTests {
    private let environment = ProcessInfo.processInfo.environment

    private func room(_ number: Int) -> RoomID { .breakout(round: 1, number: number) }

    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    /// What moves people, or takes their connection.
    private enum Turn: String, CaseIterable {
        case opened, closed, closedInTime, undone, added, removed, moved, entered, placedLate, joinedLate,
            dropped
        case passed, left, sentAway, recovered

        init?(_ event: SessionEvent) {
            switch event {
            case .breakoutsOpened: self = .opened
            case .breakoutsClosed(_, let by): self = by == nil ? .closedInTime : .closed
            case .breakoutsUndone: self = .undone
            case .roomAdded: self = .added
            case .roomRemoved: self = .removed
            case .moved(_, _, _, let reason, _):
                self = reason == .moved ? .moved : reason == .entered ? .entered : .placedLate
            case .joined(let joined):
                guard joined.room != .main else { return nil }
                self = .joinedLate
            case .detached: self = .dropped
            case .passed: self = .passed
            case .left: self = .left
            case .removed: self = .sentAway
            case .recovered: self = .recovered
            default: return nil
            }
        }
    }

    @Test func `each seat is in exactly one existing room after every one of so many random events`() throws {
        let wanted = try #require(Int(environment["EVENTS"] ?? "3000"), "EVENTS is a number")
        var seed = try #require(UInt64(environment["SEED"] ?? "1"), "SEED is a number")
        var events = 0
        var turns: [Turn: Int] = [:]
        while events < wanted {
            let crowd = Crowd(seed: seed)
            crowd.run(events: min(500, wanted - events))
            guard crowd.fault == nil else {
                Issue.record("SEED=\(seed), event \(crowd.entries.count): \(crowd.fault ?? "")")
                return
            }
            for entry in crowd.entries {
                if let turn = Turn(entry.event) { turns[turn, default: 0] += 1 }
            }
            events += crowd.entries.count
            seed += 1
        }
        for turn in Turn.allCases { #expect(turns[turn, default: 0] > wanted / 2_000, "\(turn)") }
        let told = Turn.allCases.map { "\($0.rawValue) \(turns[$0, default: 0])" }
        print("\(events) random events: \(told.joined(separator: ", "))")
    }

    @Test func `the events of a crowd give the same state again`() {
        let crowd = Crowd(seed: 4_711)
        crowd.run(events: 400)
        var table = SessionTable()
        for entry in crowd.entries { table.apply(entry) }
        #expect(crowd.entries.count >= 400)
        #expect(table.sessions[1]?.state == crowd.state)
    }

    // MARK: - One event, however many people

    @Test(arguments: [1, 10, 60])
    func `opening, closing, undo and the removal of a room are one event each for so many people`(
        people: Int
    )
        throws
    {
        let gathering = try BreakoutTests.evening(people)
        let everybody = (0..<people).map { SeatID(3 + $0) }
        let back = everybody.map { Placement(seat: $0, room: .main) }
        for command in [SessionCommand.closeBreakouts(seconds: 0), .undoBreakouts] {
            let opened = try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 7)))
            guard case .breakoutsOpened(let opening)? = opened.first, opened.count == 1 else {
                Issue.record("opened with \(opened.count) events")
                return
            }
            #expect(opening.placements.map(\.seat) == everybody)
            let room = try #require(opening.placements.first?.room)
            let inRoom = opening.placements.filter { $0.room == room }.map(\.seat)
            let removed = try gathering.ask("host", .removeRoom(room))
            let out = inRoom.map { Placement(seat: $0, room: .main) }
            #expect(removed == [.roomRemoved(room, placements: out, by: SeatID(0))])
            let rest = back.filter { !inRoom.contains($0.seat) }
            let closed = try gathering.ask("host", command)
            let isUndo = command == .undoBreakouts
            #expect(
                closed == [
                    isUndo
                        ? .breakoutsUndone(placements: rest, by: SeatID(0))
                        : .breakoutsClosed(placements: rest, by: SeatID(0))
                ]
            )
            #expect(gathering.people(in: .main).count == people + 3)
        }
    }

    @Test func `undo takes back facilitators, late comers, walkers and who was away, in one event`() throws {
        let gathering = try BreakoutTests.evening(6)
        try gathering.drop("p1")
        gathering.wait(seconds: 100)
        let named = ["deputy", "p0"].map(person)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, seconds: 600, facilitators: named)))
        try gathering.ask("host", .enterRoom(room(2)))
        try gathering.join("late")
        try gathering.join("p1")
        try gathering.ask("p2", .pass(true))
        try gathering.drop("p3")
        try gathering.ask("p4", .leave)
        try gathering.ask("host", .remove(person("p5")))
        gathering.wait(seconds: 15)
        let away = gathering.state.seats.indices.filter { gathering.state.seats[$0].room != .main }
        let back = away.map { Placement(seat: SeatID($0), room: .main) }
        #expect(away.count >= 6)
        #expect(
            try gathering.ask("deputy", .undoBreakouts) == [.breakoutsUndone(placements: back, by: SeatID(1))]
        )
        #expect(gathering.state.seats.allSatisfy { $0.room == .main })
        #expect(gathering.state[try gathering.seat("p2")].passes)
        for name in ["p3", "p4"] {
            try gathering.join(name)
            #expect(try gathering.room(of: name) == .main)
        }
    }

    @Test
    func `a round that was undone is over: it neither closes nor warns, and its number is not used again`()
        throws
    {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, seconds: 30)))
        try gathering.ask("host", .undoBreakouts)
        #expect(gathering.wait(seconds: 100) == [])
        #expect(throws: Refusal(.noBreakouts)) { try gathering.ask("host", .undoBreakouts) }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(gathering.state.breakouts?.round == 2)
    }

    @Test func `the fifteen seconds count from the opening, whatever has happened since`() throws {
        let gathering = try BreakoutTests.evening(2)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, seconds: 60)))
        gathering.wait(seconds: 10)
        try gathering.ask("host", .extendBreakouts(seconds: 60))
        try gathering.ask("host", .addRoom(RoomPlan()))
        try gathering.ask("host", .closeBreakouts(seconds: 30))
        gathering.wait(seconds: 6)
        #expect(throws: Refusal(.tooLate)) { try gathering.ask("host", .undoBreakouts) }
        #expect(try gathering.room(of: "p0") != .main)
    }

    @Test func `who is removed while rooms are open is in no room, and the others stay`() throws {
        let gathering = try BreakoutTests.evening(4)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        try gathering.ask("host", .remove(person("p0")))
        #expect(try gathering.room(of: "p0") == .main)
        #expect(gathering.people(in: room(1)) == ["p1", "p2", "p3"])
        #expect(throws: Refusal(.noSuchPerson, field: "person")) {
            try gathering.ask("host", .move(person("p0"), to: room(1)))
        }
        let closed = try gathering.ask("host", .closeBreakouts(seconds: 0))
        let back = [4, 5, 6].map { Placement(seat: SeatID($0), room: .main) }
        #expect(closed == [.breakoutsClosed(placements: back, by: SeatID(0))])
    }

    @Test func `a session that ends brings everybody back in one event first`() throws {
        let gathering = try BreakoutTests.evening(3)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2)))
        let back = [3, 4, 5].map { Placement(seat: SeatID($0), room: .main) }
        let end = SessionEvent.ended(reason: .ended, endedAt: gathering.now)
        #expect(
            try gathering.ask("host", .end(seconds: 0))
                == [.breakoutsClosed(placements: back, by: nil), end]
        )
    }
}
