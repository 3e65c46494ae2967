import SessionEngine
import Sessions
import Testing

/// Running counts: derived, merged, and at most one a second.
@Suite struct NoticeTests {
    let board = Switchboard()

    @Test func `counts are told at most once a second, and the last one is right`() throws {
        let host = try board.join("host", .host)
        #expect(board.hear(host).last == "attendance.count")
        for number in 1...5 {
            try board.join("p\(number)")
            board.wait(milliseconds: 100)
        }
        #expect(!board.hear(host).contains("attendance.count"))
        board.wait(milliseconds: 500)
        let counts = board.told(host).filter { $0.words == "attendance.count" }
        #expect(counts.count == 1)
        #expect(counts.first?.json.contains(#""here":6,"unique":6,"peak":6"#) == true)
        board.wait(seconds: 5)
        #expect(board.hear(host) == [])
    }

    @Test func `only hosts are told how many are in each room`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        board.wait(seconds: 2)
        _ = board.told(host)
        _ = board.told(guest)
        try board.join("deputy")
        board.wait(seconds: 2)
        let hosts = board.told(host).first { $0.words == "attendance.count" }
        let others = board.told(guest).first { $0.words == "attendance.count" }
        #expect(hosts?.json.contains(#""rooms":[{"room":"main","here":3}]"#) == true)
        #expect(others?.json.contains("rooms") == false)
    }

    @Test func `hosts are told who has not confirmed a room, and nobody else is`() throws {
        let host = try board.join("host", .host)
        let guest = try board.join("guest")
        let deputy = try board.join("deputy")
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 1)))
        board.wait(seconds: 2)
        for connection in [host, guest, deputy] { _ = board.told(connection) }
        board.ask(guest, .confirmRoom(.breakout(round: 1, number: 1), seen: true))
        board.wait(seconds: 2)
        let told = board.told(host)
        #expect(told.map(\.words) == ["breakouts.confirmed"])
        #expect(told.first?.json.contains(#""confirmed":1,"seen":1,"of":2,"missing":["deputy"]"#) == true)
        #expect(board.hear(deputy) == [])
    }

    @Test func `an observer is told the count and is not in it`() throws {
        try board.join("host", .host)
        board.wait(seconds: 2)
        let eye = try board.join("eye", .observer)
        try board.join("guest")
        board.wait(seconds: 2)
        let counts = board.told(eye).filter { $0.words == "attendance.count" }
        #expect(counts.last?.json.contains(#""here":2,"unique":2"#) == true)
    }

    @Test func `who writes is told once a second, to those who would hear the words`() throws {
        let host = try board.join("host", .host)
        let people = try (1...7).map { try board.join("p\($0)") }
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 1, mode: .choose)))
        board.ask(people[6], .enterRoom(.breakout(round: 1, number: 1)))
        board.wait(seconds: 2)
        for connection in people + [host] { _ = board.told(connection) }
        board.take(people.prefix(6).map { .command($0, id: 9, .typing(nil)) })
        #expect(board.hear(people[0]).first == "ok 9")
        board.wait(seconds: 2)
        let typing = board.told(host).filter { $0.words == "chat.typing" }
        #expect(typing.count == 1)
        #expect(typing.first?.json.contains(#""people":["p1","p2","p3","p4","p5"],"count":6"#) == true)
        #expect(!board.hear(people[6]).contains("chat.typing"), "in another room")
    }

    @Test func `who writes to one person is told to that person alone`() throws {
        let host = try board.join("host", .host)
        let (guest, other) = (try board.join("guest"), try board.join("other"))
        board.ask(host, .start)
        board.wait(seconds: 2)
        for connection in [host, guest, other] { _ = board.told(connection) }
        board.ask(guest, .typing(.person(try Switchboard.person("other"))))
        board.wait(seconds: 2)
        #expect(board.hear(other) == ["chat.typing"])
        #expect(board.hear(host) == [])
    }

    @Test func `hosts are told how each room is doing, and who has been alone for a minute`() throws {
        let host = try board.join("host", .host)
        let people = try (1...3).map { try board.join("p\($0)") }
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 2, mode: .choose)))
        let (first, second) = (RoomID.breakout(round: 1, number: 1), RoomID.breakout(round: 1, number: 2))
        for (person, room) in zip(people, [first, first, second]) { board.ask(person, .enterRoom(room)) }
        board.wait(seconds: 2)
        for connection in people + [host] { _ = board.told(connection) }
        board.ask(people[0], .signalRoom(.done))
        board.ask(people[1], .typing(nil))
        board.wait(seconds: 1)
        let pulse = board.told(host).last { $0.words == "rooms.pulse" }
        #expect(
            pulse?.json.contains(
                #"{"room":"b1-1","present":2,"writing":1,"done":1,"moreTime":0,"alone":null"#
            ) == true
        )
        #expect(
            pulse?.json.contains(#""room":"b1-2","present":1,"writing":0,"done":0,"moreTime":0,"alone":null"#)
                == true
        )
        board.wait(seconds: 60)
        let later = board.told(host).last { $0.words == "rooms.pulse" }
        #expect(later?.json.contains(#""room":"b1-1","present":2,"writing":0"#) == true)
        #expect(later?.json.contains(#""present":1,"writing":0,"done":0,"moreTime":0,"alone":"p3""#) == true)
        board.take([.command(host, id: 9, .enterRoom(second))])
        board.wait(seconds: 2)
        let visited = board.told(host).last { $0.words == "rooms.pulse" }
        #expect(visited?.json.contains(#""alone":null,"visitedBy":"host""#) == true)
        for person in people { #expect(!board.hear(person).contains("rooms.pulse")) }
    }

    @Test func `a host who comes while rooms are open is told how they are doing`() throws {
        let host = try board.join("host", .host)
        try board.join("guest")
        board.ask(host, .start)
        board.ask(host, .openBreakouts(OpenBreakouts(count: 1)))
        board.wait(seconds: 5)
        let cohost = try board.join("cohost", .cohost)
        board.wait(seconds: 2)
        let heard = Set(board.hear(cohost))
        #expect(heard.isSuperset(of: ["attendance.count", "breakouts.confirmed", "rooms.pulse"]))
    }
}
