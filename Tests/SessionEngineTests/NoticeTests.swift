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
}
