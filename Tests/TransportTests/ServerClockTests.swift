import Testing
import Transport

struct ServerClockTests {
    @Test func `it begins at the wall clock and does not run backwards`() {
        let before = ServerClock.wall()
        let clock = ServerClock()
        var last = clock.now()
        #expect(last >= before)
        for _ in 0..<1_000 {
            let now = clock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test func `it begins no earlier than the floor`() {
        let floor = ServerClock.wall() + 3_600_000
        #expect(ServerClock(notBefore: floor).now() >= floor)
    }
}
