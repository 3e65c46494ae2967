import Glibc
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(2)))
struct BackgroundQueueTests {
    @Test func `one piece is done after the other, and whoever waits for them goes on afterwards`() throws {
        let queue = try BackgroundQueue(name: "test")
        let done = Mutex<[Int]>([])
        for number in 0..<100 {
            queue.async { done.withLock { $0.append(number) } }
        }
        queue.finish()
        #expect(done.withLock { $0 } == Array(0..<100))
        queue.finish()
    }

    @Test func `what was asked for is done though nobody holds the queue any more`() throws {
        let arrivals = Mailbox<Int>()
        try BackgroundQueue(name: "test").async { arrivals.post([1], bytes: 1) }
        var batch: [Int] = []
        #expect(arrivals.wait(into: &batch) == .elements)
        #expect(batch == [1])
    }

    @Test func `it goes behind the others, on a thread of its own`() throws {
        let queue = try BackgroundQueue(name: "test")
        let found = Mutex<(niceness: Int32, thread: pthread_t)?>(nil)
        queue.async {
            // Of 0 the niceness is the calling thread's.
            let niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            found.withLock { $0 = (niceness, pthread_self()) }
        }
        queue.finish()
        let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let (niceness, thread) = try #require(found.withLock { $0 })
        #expect(niceness == max(own, 10))
        #expect(pthread_equal(thread, pthread_self()) == 0)
    }
}
