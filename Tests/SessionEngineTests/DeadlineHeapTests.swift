import Testing

@testable import SessionEngine

@Suite struct DeadlineHeapTests {
    @Test func `sessions come up in the order of their times, then of their numbers`() {
        var heap = DeadlineHeap()
        for (session, at) in [(3, 50), (1, 70), (2, 50), (4, 10)] as [(UInt64, Int64)] {
            heap.set(session, at: at)
        }
        #expect(heap.earliest == 10)
        #expect([heap.popDue(at: 60), heap.popDue(at: 60), heap.popDue(at: 60)] == [4, 2, 3])
        #expect(heap.popDue(at: 60) == nil)
        #expect(heap.popDue(at: 70) == 1)
    }

    @Test func `a newer time makes the older ones stale, and none makes all of them`() {
        var heap = DeadlineHeap()
        heap.set(1, at: 10)
        heap.set(1, at: 30)
        #expect(heap.popDue(at: 20) == nil)
        heap.set(1, at: nil)
        #expect(heap.popDue(at: 40) == nil)
    }

    @Test func `a far deadline that gives way again and again leaves nothing behind`() {
        var heap = DeadlineHeap()
        for round in 0..<10_000 as Range<Int64> {
            heap.set(7, at: 86_400_000)
            heap.set(7, at: round)
            #expect(heap.popDue(at: round) == 7)
        }
        #expect(heap.rowCount <= 66)
    }
}
