import Testing

@testable import PlenaryServer

struct PaceTests {
    @Test func `what is cheap is worked off in large slices`() {
        var pace = Pace()
        for _ in 0..<10 { pace.note(pace.size, nanoseconds: 1_000_000) }
        #expect(pace.size == 8_192)
    }

    @Test func `what is dear makes the slices smaller, down to one`() {
        var pace = Pace()
        pace.note(8_192, nanoseconds: 1_000_000_000)
        #expect(pace.size == 4_096)
        pace.note(20, nanoseconds: 100_000_000)
        #expect(pace.size == 10)
        for _ in 0..<10 { pace.note(pace.size, nanoseconds: 100_000_000) }
        #expect(pace.size == 1)
    }

    @Test func `small slices grow again when they were quick and full`() {
        var pace = Pace()
        for _ in 0..<20 { pace.note(pace.size, nanoseconds: 100_000_000) }
        pace.note(0, nanoseconds: 1)
        #expect(pace.size == 1)
        for _ in 0..<4 { pace.note(pace.size, nanoseconds: 1_000) }
        #expect(pace.size == 16)
        pace.note(5, nanoseconds: 1_000)
        #expect(pace.size == 16)
    }
}
