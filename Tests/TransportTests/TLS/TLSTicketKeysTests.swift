import Synchronization
import Testing

@testable import Transport

/// RFC 5077: keys that come and go.
struct TLSTicketKeysTests {
    private let hour = TLSTicketKeys.rotationMilliseconds

    @Test func `a key seals for an hour, opens for another, and is gone then`() throws {
        let now = Mutex<Int64>(0)
        let keys = TLSTicketKeys(clock: { now.withLock { $0 } })
        let first = keys.current().name
        now.withLock { $0 = hour - 1 }
        #expect(keys.current().name == first)
        #expect(try #require(keys.named(first)).isNewest)
        now.withLock { $0 = hour }
        let second = keys.current().name
        #expect(second != first)
        #expect(try !#require(keys.named(first)).isNewest)
        now.withLock { $0 = 2 * hour - 1 }
        #expect(keys.named(first) != nil)
        now.withLock { $0 = 2 * hour }
        #expect(keys.named(first) == nil)
        #expect(keys.current().name != second)
        #expect(keys.named(second) != nil)
    }

    @Test func `a ticket of another server is not known`() {
        let name = TLSTicketKeys().current().name
        #expect(TLSTicketKeys().named(name) == nil)
    }
}
