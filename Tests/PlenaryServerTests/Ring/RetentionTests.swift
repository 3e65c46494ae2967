import PlenaryServer
import SessionEngine
import Sessions
import Testing

struct RetentionTests {
    private let day: Milliseconds = 86_400_000
    private let start: Milliseconds = 1_790_000_000_000

    @Test func `nothing is ever due when everything is kept`() {
        var retention = Retention()
        #expect(retention.due(at: start) == nil)
        #expect(retention.due(at: start + 1_000 * day) == nil)
    }

    @Test func `it is due at the start, and then once a day`() {
        var retention = Retention()
        retention.textDays = 30
        retention.attendanceDays = 365
        #expect(
            retention.due(at: start)
                == .forget(wordsBefore: start - 30 * day, attendanceBefore: start - 365 * day)
        )
        var due: [Milliseconds] = []
        // An hour at a time, for a week.
        for hour in 1...168 where retention.due(at: start + Milliseconds(hour) * 3_600_000) != nil {
            due.append(Milliseconds(hour) / 24)
        }
        #expect(due == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func `a server that slept for days forgets once`() {
        var retention = Retention()
        retention.attendanceDays = 1
        _ = retention.due(at: start)
        let later = start + 10 * day
        #expect(retention.due(at: later) == .forget(wordsBefore: nil, attendanceBefore: later - day))
        #expect(retention.due(at: later + 1_000) == nil)
    }
}
