import Sessions
import Testing

@testable import SessionEngine

@Suite struct NoticePaceTests {
    @Test func `a little goes out at once, and the rest at the pace`() {
        var pace = NoticePace()
        var told: [Milliseconds] = []
        var now: Milliseconds = 1_000_000
        for _ in 0..<20 {
            now = max(now, pace.next())
            told.append(now - 1_000_000)
            pace.tell(50, at: now, perSecond: 25_000)
        }
        // 50 take 2 ms at the pace, so 11 fit into the first 20 ms, at once.
        #expect(told == Array(repeating: 0, count: 11) + (1...9).map { 2 * $0 })
        #expect(pace.next() <= now + 2)
    }

    @Test func `a quiet time saves up nothing`() {
        var pace = NoticePace()
        pace.tell(25_000, at: 1_000_000, perSecond: 25_000)
        #expect(pace.next() == 1_000_980)
        pace.tell(25_000, at: 9_000_000, perSecond: 25_000)
        #expect(pace.next() == 9_000_980)
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
