import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(2)))
struct MailboxTests {
    @Test func `what is posted is taken once, in order`() {
        let mailbox = Mailbox<Int>()
        mailbox.post([1, 2], bytes: 2)
        mailbox.post([3], bytes: 1)
        #expect(mailbox.byteCount == 3)
        var batch = [0]
        #expect(mailbox.take(into: &batch))
        #expect(batch == [0, 1, 2, 3])
        #expect(!mailbox.take(into: &batch))
        #expect(mailbox.byteCount == 0)
    }

    @Test func `what is posted from an array to be filled again leaves it empty, also when refused`() {
        let mailbox = Mailbox<Int>()
        var posted = [1, 2]
        for next in [3, 5] {
            #expect(mailbox.post(all: &posted, bytes: 2))
            #expect(posted.isEmpty)
            posted += [next, next + 1]
        }
        var batch: [Int] = []
        #expect(mailbox.take(into: &batch))
        #expect(batch == [1, 2, 3, 4])
        mailbox.close()
        #expect(!mailbox.post(all: &posted, bytes: 2))
        #expect(posted.isEmpty)
    }

    @Test func `a loop may post beyond the limit, and knows that it is full`() {
        let spaces = Atomic<Int>(0)
        let mailbox = Mailbox<Int>(
            limitBytes: 10,
            onSpace: { spaces.wrappingAdd(1, ordering: .relaxed) }
        )
        mailbox.post([1], bytes: 9)
        #expect(!mailbox.isFull)
        mailbox.post([2], bytes: 9)
        #expect(mailbox.isFull)
        var batch: [Int] = []
        _ = mailbox.take(into: &batch)
        #expect(batch == [1, 2])
        #expect(!mailbox.isFull)
        #expect(spaces.load(ordering: .relaxed) == 1)
    }

    @Test func `an arrival is said once until the mailbox has been emptied`() {
        let arrivals = Atomic<Int>(0)
        let mailbox = Mailbox<Int>(onArrival: { arrivals.wrappingAdd(1, ordering: .relaxed) })
        mailbox.post([1], bytes: 0)
        mailbox.post([2], bytes: 0)
        mailbox.post([], bytes: 0)
        #expect(arrivals.load(ordering: .relaxed) == 1)
        var batch: [Int] = []
        _ = mailbox.take(into: &batch)
        mailbox.post([3], bytes: 0)
        #expect(arrivals.load(ordering: .relaxed) == 2)
    }

    @Test func `a consumer waits for what comes from another thread`() throws {
        let mailbox = Mailbox<Int>()
        let thread = try Thread(name: "poster") {
            mailbox.post([7], bytes: 1)
        }
        var batch: [Int] = []
        #expect(mailbox.wait(into: &batch) == .elements)
        #expect(batch == [7])
        thread.join()
    }

    @Test func `a consumer is woken though nothing has come, once, also when it waits only afterwards`()
        throws
    {
        let mailbox = Mailbox<Int>()
        let thread = try Thread(name: "waker") { mailbox.wake() }
        var batch: [Int] = []
        #expect(mailbox.wait(into: &batch) == .deadline)
        thread.join()
        mailbox.wake()
        #expect(mailbox.wait(into: &batch) == .deadline)
        mailbox.close()
        #expect(mailbox.wait(into: &batch) == .closed && batch.isEmpty)
    }

    @Test func `a consumer waits no longer than it says`() {
        let mailbox = Mailbox<Int>()
        var batch: [Int] = []
        #expect(mailbox.wait(atMostMilliseconds: 0, into: &batch) == .deadline)
        #expect(mailbox.wait(atMostMilliseconds: 5, into: &batch) == .deadline)
    }

    @Test func `a producer that may wait is let go when there is space`() throws {
        let mailbox = Mailbox<Int>(limitBytes: 10)
        let thread = try Thread(name: "poster") {
            for number in 0..<1_000 {
                mailbox.postWaiting([number], bytes: 6)
            }
            mailbox.close()
        }
        var all: [Int] = []
        var batch: [Int] = []
        while mailbox.wait(into: &batch) == .elements {
            // Two of six bytes reach the limit of ten, and a third one waits.
            #expect(batch.count <= 2)
            all += batch
            batch.removeAll()
        }
        thread.join()
        #expect(all == Array(0..<1_000))
    }

    @Test func `a closed mailbox gives out what it has and takes no more`() {
        let mailbox = Mailbox<Int>(limitBytes: 1)
        mailbox.post([1], bytes: 1)
        mailbox.close()
        #expect(!mailbox.post([2], bytes: 1))
        #expect(!mailbox.postWaiting([3], bytes: 1))
        var batch: [Int] = []
        #expect(mailbox.wait(into: &batch) == .elements)
        #expect(batch == [1])
        #expect(mailbox.wait(into: &batch) == .closed)
    }

    @Test func `closing releases a producer that waits`() throws {
        let mailbox = Mailbox<Int>(limitBytes: 1)
        mailbox.post([1], bytes: 1)
        let answer = Mailbox<Bool>()
        let thread = try Thread(name: "poster") {
            answer.post([mailbox.postWaiting([2], bytes: 1)], bytes: 0)
        }
        mailbox.close()
        var answers: [Bool] = []
        #expect(answer.wait(into: &answers) == .elements)
        #expect(answers == [false])
        thread.join()
    }
}
