import Sessions
import Testing

@testable import SessionEngine

@Suite struct NoticePaceTests {
    @Test func `a little goes out at once, and the rest at the pace, in the order of asking`() {
        var pace = NoticePace()
        let turns = (0..<20).map { _ in pace.turn(for: 50, at: 1_000_000, perSecond: 25_000) - 1_000_000 }
        // 50 take 2 ms at the pace, so 11 fit into the first 20 ms, at once.
        #expect(turns == Array(repeating: 0, count: 11) + (1...9).map { 2 * $0 })
        #expect(pace.turn(for: 0, at: 1_000_000, perSecond: 25_000) == 1_000_000)
    }

    @Test func `a quiet time saves up nothing`() {
        var pace = NoticePace()
        for start in [1_000_000, 9_000_000] as [Milliseconds] {
            #expect(pace.turn(for: 25_000, at: start, perSecond: 25_000) == start)
            #expect(pace.turn(for: 1, at: start, perSecond: 25_000) == start + 980)
        }
    }

    @Test func `where there is more to tell than the pace allows every session has its turn`() throws {
        var limits = EngineLimits()
        limits.noticesPerSecond = 100
        let board = Switchboard(limits: limits)
        let names = (0..<20).map { "evening-\($0)" }
        let hosts = try names.map { try board.join("host", .host, to: $0) }
        var told = Array(repeating: 0, count: hosts.count)
        for round in 0..<24 {
            for name in names { try board.join("guest-\(round)", to: name) }
            board.wait(milliseconds: 500)
            for (index, host) in hosts.enumerated() {
                told[index] += board.hear(host).count { $0 == "attendance.count" }
            }
        }
        // Twelve people on the average in twenty sessions take more than two seconds, so none tells once a second.
        #expect((told.min() ?? 0) >= 5 && (told.max() ?? 0) <= 9, "\(told)")
        #expect((told.max() ?? 0) - (told.min() ?? 0) <= 1, "\(told)")
    }

    @Test func `sessions that all want to tell at once do so one after the other, each of them soon`() throws
    {
        var limits = EngineLimits()
        limits.noticesPerSecond = 100
        let board = Switchboard(limits: limits)
        let names = (0..<20).map { "evening-\($0)" }
        let hosts = try names.map { try board.join("host", .host, to: $0) }
        let guests = try names.map { try board.join("guest", to: $0) }
        board.wait(seconds: 10)
        for host in hosts { _ = board.told(host) }
        board.take(guests.map { .closed($0, .closed) })
        func heard() -> Int { hosts.count { board.hear($0).contains("attendance.count") } }
        // One in 10 ms, and at once those of 20 ms.
        #expect(heard() == 3)
        board.wait(milliseconds: 100)
        #expect(heard() == 10)
        board.wait(milliseconds: 70)
        #expect(heard() == 7)
    }
}
