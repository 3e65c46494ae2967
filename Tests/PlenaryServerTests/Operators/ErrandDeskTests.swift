import Fanout
import Journal
import SessionEngine
import Sessions
import Synchronization
import Testing
import Transport
import WebSocket

@testable import PlenaryServer

/// Who asks is answered once, and nobody else is.
struct ErrandDeskTests {
    /// A desk before an empty folder; what it posts and answers is kept.
    private final class Surroundings: Sendable {
        let posted = Mutex<[Errand]>([])
        let answered = Mutex<[(connection: ConnectionID, response: HTTPResponse)]>([])
        let isOpen = Mutex(true)

        func desk() throws -> ErrandDesk {
            try ErrandDesk(
                storage: SimulatedStorage(seed: 1),
                post: { [self] errand in
                    posted.withLock { $0.append(errand) }
                    return isOpen.withLock { $0 }
                },
                respond: { [self] connection, response in
                    answered.withLock { $0.append((connection, response)) }
                }
            )
        }
    }

    private func connection(_ slot: UInt32) -> ConnectionID {
        ConnectionID(loop: 0, slot: slot, generation: 1)
    }

    /// What an engine without sessions says to errands.
    private func outcomes(_ errands: [Errand]) -> [ErrandOutcome] {
        let engine = SessionEngine(table: SessionTable(), loops: 1)
        return engine.process(errands.map { .errand($0) }, at: 1, entropy: 1).errands
    }

    @Test func `each outcome answers the one who asked for it`() throws {
        let around = Surroundings()
        let desk = try around.desk()
        let id = try #require(SessionID("evening".utf8))
        let requests: [OperatorRequest] = [.counters, .sessions, .session(id), .attendance(id, .csv)]
        for (slot, request) in requests.enumerated() {
            #expect(desk.take(request, from: connection(UInt32(slot))))
        }
        let errands = around.posted.withLock { $0 }
        #expect(errands.map(\.task) == [.counters, .sessions, .session(id), .session(id)])
        #expect(Set(errands.map(\.ticket)).count == 4)
        desk.take(outcomes(errands.reversed()))
        desk.finish()
        desk.take(outcomes(errands))
        desk.finish()
        let answered = around.answered.withLock { $0 }
        #expect(answered.map(\.connection) == [3, 2, 1, 0].map(connection))
        #expect(answered.map(\.response.status) == [.notFound, .notFound, .ok, .ok])
    }

    @Test func `so many wait and no more, until somebody is answered`() throws {
        let around = Surroundings()
        let desk = try around.desk()
        for slot in 0..<UInt32(TransportLimits().maxWaitingRequests) {
            #expect(desk.take(.counters, from: connection(slot)))
        }
        #expect(!desk.take(.counters, from: connection(99)))
        desk.take(outcomes(Array(around.posted.withLock { $0 }.prefix(1))))
        desk.finish()
        #expect(desk.take(.counters, from: connection(99)))
    }

    @Test func `an engine that takes nothing more is said to go away`() throws {
        let around = Surroundings()
        around.isOpen.withLock { $0 = false }
        let desk = try around.desk()
        #expect(desk.take(.counters, from: connection(1)))
        #expect(around.answered.withLock { $0.map(\.response.status) } == [.serviceUnavailable])
    }

    @Test func `what the server does by itself answers nobody`() throws {
        let around = Surroundings()
        let desk = try around.desk()
        desk.take(
            outcomes([
                Errand(ticket: 0, .forget(wordsBefore: 5, attendanceBefore: nil)),
                Errand(ticket: 77, .counters),
            ])
        )
        desk.finish()
        #expect(around.answered.withLock { $0.isEmpty })
    }

    @Test func `pseudonyms are fresh, and ids like any other`() {
        let made = (0..<100).map { _ in Pseudonym.fresh().text }
        #expect(Set(made).count == 100)
        #expect(made.allSatisfy { $0.wholeMatch(of: /erased-[0-9a-f]{12}/) != nil })
    }
}
