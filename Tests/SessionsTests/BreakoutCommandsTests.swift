import Sessions
import Testing

/// Rooms while they are open: adding, renaming, removing, speaking to all, walking, sitting out, saying how it goes.
@Suite struct BreakoutCommandsTests {
    private func room(_ number: Int, round: Int = 1) -> RoomID { .breakout(round: round, number: number) }

    private func person(_ name: String) -> PersonID { Gathering.person(name) }

    /// `p0`, `p1`, … by hand in so many rooms of two; the rest in `main`.
    private func round(_ rooms: Int, of people: Int) throws -> Gathering {
        let gathering = try BreakoutTests.evening(people)
        let plans = (0..<rooms).map { index in
            RoomPlan(people: ["p\(2 * index)", "p\(2 * index + 1)"].map(person))
        }
        try gathering.ask("host", .openBreakouts(OpenBreakouts(rooms: plans, hostsRead: true)))
        return gathering
    }

    // MARK: - Rooms

    @Test func `a room is added with name, task and place, under the round's promise of who reads`() throws {
        let gathering = try round(2, of: 4)
        let plan = RoomPlan(name: Text("Quiet"), task: Text("Write"), place: Text("Zoom: Room 3"))
        let setup = RoomSetup(name: Text("Quiet"), task: Text("Write"), place: Text("Zoom: Room 3"))
        #expect(
            try gathering.ask("deputy", .addRoom(plan)) == [.roomAdded(room(3), setup, by: SeatID(1))]
        )
        try gathering.ask("host", .addRoom(RoomPlan()))
        let added = gathering.state.openRooms.suffix(2)
        #expect(added.map(\.setup.name) == [Text("Quiet"), Text("Room 4")])
        #expect(added.map(\.hostsRead) == [true, true])
        try gathering.ask("host", .move(person("p0"), to: room(3)))
        #expect(gathering.people(in: room(3)) == ["p0"])
    }

    @Test func `an id is used once: not by a room added later, nor by another round`() throws {
        let gathering = try round(2, of: 4)
        var seen = Set(gathering.state.rooms.map(\.id))
        for _ in 0..<5 {
            try gathering.ask("host", .addRoom(RoomPlan()))
            let added = try #require(gathering.state.openRooms.last?.id)
            #expect(seen.insert(added).inserted)
            try gathering.ask("host", .removeRoom(added))
        }
        try gathering.ask("host", .undoBreakouts)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 3)))
        for room in gathering.state.openRooms { #expect(seen.insert(room.id).inserted) }
        #expect(throws: Refusal(.noSuchRoom, field: "room")) {
            try gathering.ask("host", .renameRoom(room(1), name: Text("Old")))
        }
    }

    @Test func `removing a room brings its people back to main in the one event, and nobody else`() throws {
        let gathering = try round(3, of: 6)
        try gathering.ask("deputy", .enterRoom(room(2)))
        try gathering.drop("p3")
        let events = try gathering.ask("host", .removeRoom(room(2)))
        let back = [1, 5, 6].map { Placement(seat: SeatID($0), room: .main) }
        #expect(events == [.roomRemoved(room(2), placements: back, by: SeatID(0))])
        #expect(gathering.people(in: .main) == ["host", "deputy", "viewer", "p2", "p3"])
        #expect(gathering.people(in: room(1)) == ["p0", "p1"])
        for command in [
            SessionCommand.removeRoom(room(2)), .renameRoom(room(2), name: Text("x")),
            .move(person("p0"), to: room(2)), .enterRoom(room(2)),
        ] {
            #expect(throws: Refusal(.noSuchRoom, field: "room")) { try gathering.ask("host", command) }
        }
    }

    @Test func `the last room stays, whatever its number`() throws {
        let gathering = try round(2, of: 4)
        try gathering.ask("host", .removeRoom(room(1)))
        #expect(throws: Refusal(.lastRoom, field: "room")) {
            try gathering.ask("host", .removeRoom(room(2)))
        }
        try gathering.ask("host", .addRoom(RoomPlan()))
        #expect(try gathering.ask("host", .removeRoom(room(2))).count == 1)
        #expect(gathering.state.openRooms.map(\.id) == [room(3)])
    }

    @Test func `main, the hosts' room and rooms that are not there cannot be renamed or removed`() throws {
        let gathering = try round(2, of: 4)
        for id in [RoomID.main, .hosts, room(3), room(1, round: 2), room(0), room(-1), room(.max)] {
            for command in [SessionCommand.removeRoom(id), .renameRoom(id, name: Text("x"))] {
                #expect(throws: Refusal(.noSuchRoom, field: "room")) { try gathering.ask("host", command) }
            }
        }
    }

    @Test func `a room is renamed, and to the same name it is not`() throws {
        let gathering = try round(1, of: 2)
        let rename = SessionCommand.renameRoom(room(1), name: Text("Birds"))
        #expect(
            try gathering.ask("deputy", rename)
                == [.roomRenamed(room(1), name: Text("Birds"), by: SeatID(1))]
        )
        #expect(try gathering.ask("host", rename) == [])
        #expect(gathering.state.openRooms.map(\.setup.name) == [Text("Birds")])
    }

    @Test func `two hundred numbers are given out in a round and no more`() throws {
        let gathering = try BreakoutTests.evening(0)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 199)))
        try gathering.ask("host", .addRoom(RoomPlan()))
        #expect(throws: Refusal(.tooManyRooms)) { try gathering.ask("host", .addRoom(RoomPlan())) }
        try gathering.ask("host", .removeRoom(room(7)))
        #expect(throws: Refusal(.tooManyRooms)) { try gathering.ask("host", .addRoom(RoomPlan())) }
    }

    @Test func `the words of a round stay within their limit, however rooms are added and renamed`() throws {
        let gathering = try BreakoutTests.evening(0)
        gathering.limits.roundTextBytes = 39
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 2, task: Text("twelve bytes"))))
        #expect(throws: Refusal(.tooLong, field: "task")) {
            try gathering.ask("host", .addRoom(RoomPlan(name: Text("abc"), place: Text("x"))))
        }
        try gathering.ask("host", .addRoom(RoomPlan(name: Text("abc"), place: .empty)))
        #expect(throws: Refusal(.tooLong, field: "name")) {
            try gathering.ask("host", .renameRoom(room(3), name: Text("abcdef")))
        }
        try gathering.ask("host", .renameRoom(room(1), name: Text("Ro")))
        try gathering.ask("host", .renameRoom(room(3), name: Text("abcdef")))
        let words = gathering.state.openRooms.reduce(0) {
            $0 + $1.setup.name.utf8.count + $1.setup.task.utf8.count + $1.setup.place.utf8.count
        }
        #expect(words == 38)
    }

    @Test func `words for all rooms are heard by everybody, in main too, and are no empty words`() throws {
        let gathering = try round(2, of: 4)
        let events = try gathering.ask("host", .announce(Text("Two minutes")))
        #expect(events == [.breakoutsAnnounced(by: SeatID(0))])
        #expect(gathering.entries.last?.text == Text("Two minutes"))
        #expect(gathering.state.audience(of: events[0]) == .everybody)
        #expect(gathering.state.backlog.entries.last?.text == Text("Two minutes"))
        #expect(throws: Refusal(.badValue, field: "text")) { try gathering.ask("host", .announce(.empty)) }
    }

    @Test func `without open rooms there is nothing to work on`() throws {
        let gathering = try BreakoutTests.evening(1)
        let commands: [SessionCommand] = [
            .addRoom(RoomPlan()), .renameRoom(room(1), name: Text("x")), .removeRoom(room(1)),
            .announce(Text("x")), .move(person("p0"), to: room(1)), .enterRoom(room(1)),
            .enterRoom(.main), .signalRoom(.done), .extendBreakouts(seconds: 1),
        ]
        for command in commands {
            #expect(throws: Refusal(.noBreakouts)) { try gathering.ask("host", command) }
        }
    }

    // MARK: - Sitting out

    @Test func `who passes is back in main at once, stays out over rounds, and is asked for no reason`()
        throws
    {
        let gathering = try BreakoutTests.evening(3)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        let p0 = SeatID(3)
        #expect(
            try gathering.ask("p0", .pass(true)) == [
                .passed(p0, pass: true),
                .moved(p0, from: room(1), to: .main, reason: .entered, by: p0),
            ]
        )
        #expect(try gathering.ask("p0", .pass(true)) == [])
        for round in 2...4 {
            try gathering.ask("host", .closeBreakouts(seconds: 0))
            try gathering.drop("p0")
            gathering.wait(seconds: 200)
            try gathering.join("p0")
            try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
            #expect(gathering.people(in: room(1, round: round)) == ["p1", "p2"])
        }
    }

    @Test func `who takes part again is placed as one who comes late`() throws {
        let gathering = try round(2, of: 5)
        try gathering.ask("host", .move(person("p3"), to: room(1)))
        try gathering.ask("p0", .pass(true))
        try gathering.ask("p0", .pass(false))
        #expect(try gathering.room(of: "p0") == room(2))
        #expect(
            gathering.entries.last?.event
                == .moved(SeatID(3), from: .main, to: room(2), reason: .late, by: nil)
        )
        for (name, role) in [("deputy", Role.cohost), ("host", .host)] {
            try gathering.ask(name, .pass(true))
            #expect(try gathering.ask(name, .pass(false)).count == 1)
            #expect(try gathering.room(of: name) == .main)
            #expect(try gathering.role(of: name) == role)
        }
    }

    @Test func `in the lobby one may say that one sits out, and a host may still name who does`() throws {
        let gathering = Gathering()
        try gathering.join("host", .host)
        try gathering.join("p0")
        try gathering.join("p1")
        #expect(try gathering.ask("p0", .pass(true)) == [.passed(SeatID(1), pass: true)])
        try gathering.ask("host", .start)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1)))
        #expect(gathering.people(in: room(1)) == ["p1"])
        try gathering.ask("host", .undoBreakouts)
        try gathering.ask("host", .openBreakouts(OpenBreakouts(count: 1, facilitators: [person("p0")])))
        #expect(gathering.people(in: room(1, round: 2)) == ["p0", "p1"])
        #expect(gathering.state[SeatID(1)].passes)
    }

    // MARK: - Saying how it goes

    @Test func `a signal is for the room one is in, told once, taken back, and forgotten on leaving it`()
        throws
    {
        let gathering = try round(2, of: 5)
        let p0 = SeatID(3)
        #expect(
            try gathering.ask("p0", .signalRoom(.done)) == [.signalled(p0, signal: .done)]
        )
        #expect(try gathering.ask("p0", .signalRoom(.done)) == [])
        #expect(try gathering.ask("p0", .signalRoom(.moreTime)) == [.signalled(p0, signal: .moreTime)])
        #expect(try gathering.ask("p0", .signalRoom(nil)) == [.signalled(p0, signal: nil)])
        for name in ["p4", "host"] {
            #expect(throws: Refusal(.notInRoom)) { try gathering.ask(name, .signalRoom(.done)) }
        }
        let ways: [(Gathering) throws -> Void] = [
            { try $0.ask("host", .move(Gathering.person("p0"), to: .breakout(round: 1, number: 2))) },
            { try $0.ask("host", .removeRoom(.breakout(round: 1, number: 1))) },
            { try $0.ask("host", .closeBreakouts(seconds: 0)) },
            { try $0.ask("host", .undoBreakouts) },
            { try $0.ask("p0", .pass(true)) },
            { try $0.ask("host", .remove(Gathering.person("p0"))) },
        ]
        try gathering.ask("p0", .signalRoom(.moreTime))
        for way in ways {
            let there = Gathering(from: gathering)
            try way(there)
            #expect(there.state[p0].signal == nil)
            #expect(there.state[SeatID(4)].signal == nil)
        }
    }
}
