import Testing
import Transport
import WebSocket

struct TransportLimitsTests {
    @Test func `the defaults go together`() {
        #expect(TransportLimits().problems() == [])
    }

    @Test func `what does not go together is said in sentences`() {
        var limits = TransportLimits()
        limits.silentAfter = limits.pingAfter
        limits.outboxHardBytes = limits.outboxBytes - 1
        limits.messagesAfterJoin.maxMessageBytes = 1
        limits.sliceMembers = 0
        #expect(limits.problems().count == 4)
    }
}
