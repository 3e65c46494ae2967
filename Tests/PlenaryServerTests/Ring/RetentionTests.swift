import PlenaryServer
import SessionEngine
import Sessions
import Testing

struct RetentionTests {
    private let day: Milliseconds = 86_400_000
    private let start: Milliseconds = 1_790_000_000_000

    @Test func `nothing is ever due when everything is kept`() {
        var rhythm = RetentionRhythm()
        #expect(rhythm.due(Retention(), at: start) == nil)
        #expect(rhythm.due(Retention(), at: start + 1_000 * day) == nil)
    }

    @Test func `it is due at the start, and then once a day`() {
        var (retention, rhythm) = (Retention(), RetentionRhythm())
        retention.textDays = 30
        retention.attendanceDays = 365
        #expect(
            rhythm.due(retention, at: start)
                == .forget(wordsBefore: start - 30 * day, attendanceBefore: start - 365 * day)
        )
        var due: [Milliseconds] = []
        // An hour at a time, for a week.
        for hour in 1...168 where rhythm.due(retention, at: start + Milliseconds(hour) * 3_600_000) != nil {
            due.append(Milliseconds(hour) / 24)
        }
        #expect(due == [1, 2, 3, 4, 5, 6, 7])
    }

    @Test func `a server that slept for days forgets once`() {
        var (retention, rhythm) = (Retention(), RetentionRhythm())
        retention.attendanceDays = 1
        _ = rhythm.due(retention, at: start)
        let later = start + 10 * day
        #expect(rhythm.due(retention, at: later) == .forget(wordsBefore: nil, attendanceBefore: later - day))
        #expect(rhythm.due(retention, at: later + 1_000) == nil)
    }

    @Test func `what an operator changes is due at once, and the day begins anew`() {
        var (retention, rhythm) = (Retention(), RetentionRhythm())
        #expect(rhythm.due(retention, at: start) == nil)
        retention.textDays = 30
        let hour: Milliseconds = 3_600_000
        #expect(
            rhythm.due(retention, at: start + hour)
                == .forget(wordsBefore: start + hour - 30 * day, attendanceBefore: nil)
        )
        #expect(rhythm.due(retention, at: start + day) == nil)
        #expect(rhythm.due(retention, at: start + day + hour) != nil)
        #expect(rhythm.due(Retention(), at: start + day + 2 * hour) == nil)
    }
}
