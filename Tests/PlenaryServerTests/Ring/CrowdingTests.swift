import SessionEngine
import Sessions
import Testing

@testable import PlenaryServer

struct CrowdingTests {
    @Test func `one line is crowded and the others are not`() throws {
        let crowding = Crowding()
        let (busy, quiet) = (
            Lane(try #require(SessionID("busy".utf8))), Lane(try #require(SessionID("quiet".utf8)))
        )
        crowding[busy] = true
        #expect(crowding[busy] && !crowding[quiet] && !crowding[.rest])
        crowding[busy] = false
        #expect(!crowding[busy])
    }
}
