import PlenaryServer
import Testing

struct ReadinessTests {
    @Test func `a server starts, is ready, stalls, moves on and drains`() {
        let readiness = Readiness()
        #expect(readiness.current == .starting)
        readiness.setStalled(true)
        #expect(readiness.current == .starting)
        readiness.becomeReady()
        #expect(readiness.current == .ready)
        readiness.setStalled(true)
        #expect(readiness.current == .stalled)
        readiness.setStalled(false)
        #expect(readiness.current == .ready)
        readiness.drain()
        readiness.setStalled(true)
        readiness.becomeReady()
        #expect(readiness.current == .draining)
    }

    @Test func `a queue stands still when something waits and nothing is taken for ten seconds`() {
        var watch = StallWatch()
        let looks: [(waiting: Int, taken: Int, at: Int64, still: Bool)] = [
            (100, 1, 0, false), (100, 1, 1_000, false), (200, 1, 10_999, false), (200, 1, 11_000, true),
            (200, 1, 12_000, true), (200, 2, 13_000, false), (200, 2, 22_000, false), (0, 2, 30_000, false),
            (50, 2, 31_000, false), (50, 2, 41_000, true),
        ]
        for look in looks {
            #expect(
                watch.isStill(waiting: look.waiting, taken: look.taken, at: look.at) == look.still,
                "\(look)"
            )
        }
    }
}
