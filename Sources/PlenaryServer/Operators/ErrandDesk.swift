import Fanout
import Journal
import SessionEngine
import Sessions
import Synchronization
import Transport
import WebSocket

/// Where operators' requests wait until engine, journal and disk have said what there is to say.
///
///     loop ──request──▶ desk ──errand──▶ engine ──▶ journal ──outcome──▶ desk ──response──▶ loop
///                        └──▶ reading, on a queue of its own ──────────────▲
///
/// No stage waits for it, and it waits for none: what takes its time (reading archives, spelling large answers) is done
/// on the desk's queue. So many requests wait at once and no more.
final class ErrandDesk: Sendable {
    private let storage: any Storage
    private let post: @Sendable (Errand) -> Bool
    private let respond: @Sendable (ConnectionID, HTTPResponse) -> Void
    private let waiting = Mutex(Waiting())
    private let reading: BackgroundQueue

    /// Who waits, by ticket.
    private struct Waiting {
        /// 0 is what nobody waits for.
        var lastTicket: UInt64 = 0
        var clients: [UInt64: Client] = [:]
    }

    private struct Client {
        let connection: ConnectionID
        let request: OperatorRequest
    }

    /// A desk for a folder.
    ///
    /// `post` hands an errand to the engine and answers false when that takes nothing in any more; `respond` answers a
    /// connection.
    init(
        storage: any Storage,
        post: @escaping @Sendable (Errand) -> Bool,
        respond: @escaping @Sendable (ConnectionID, HTTPResponse) -> Void
    ) throws(SystemFailure) {
        reading = try BackgroundQueue(name: "reading")
        self.storage = storage
        self.post = post
        self.respond = respond
    }

    /// Takes a request in, to be answered later; false when so many wait already.
    func take(
        _ request: OperatorRequest,
        from connection: ConnectionID,
        atMost maxWaiting: Int = TransportLimits().maxWaitingRequests
    ) -> Bool {
        let ticket = waiting.withLock { waiting -> UInt64? in
            guard waiting.clients.count < maxWaiting else { return nil }
            waiting.lastTicket += 1
            waiting.clients[waiting.lastTicket] = Client(connection: connection, request: request)
            return waiting.lastTicket
        }
        guard let ticket else { return false }
        switch request {
        case .sessions: send(Errand(ticket: ticket, .sessions))
        case .session(let id), .attendance(let id, _): send(Errand(ticket: ticket, .session(id)))
        case .counters: send(Errand(ticket: ticket, .counters))
        case .cutOff(let id, let person, let seconds):
            send(Errand(ticket: ticket, .cutOff(id, person, seconds: seconds)))
        case .eraseSession(let id): send(Errand(ticket: ticket, .eraseSession(id)))
        case .eraseRehearsals(let prefix): send(Errand(ticket: ticket, .eraseRehearsals(prefix: prefix)))
        case .person(let person, let form): read(ticket) { OperatorAnswer.export(person, form, of: $0) }
        case .erasePerson(let person): look(for: person, ticket)
        }
        return true
    }

    /// What came of errands; all of it is on the disk.
    func take(_ outcomes: [ErrandOutcome]) {
        for outcome in outcomes {
            guard let request = request(outcome.errand.ticket) else { continue }
            read(outcome.errand.ticket) { OperatorAnswer.response(to: request, outcome, in: $0) }
        }
    }

    /// What was to be forgotten has left the disk, or why not.
    func take(_ outcome: ErrandOutcome, erased: Result<ErasingReport, JournalFault>) {
        answer(outcome.errand.ticket, OperatorAnswer.erased(outcome, erased))
    }

    /// Finds out what a server before this one has begun to erase, and has it finished; `halfErased` comes first.
    ///
    /// The whole journal is read for it, behind everybody's back: people need not wait for that.
    func resume(_ halfErased: [Errand.Task], through sequence: UInt64, log: Log) {
        for task in halfErased { send(Errand(ticket: 0, task)) }
        reading.async { [self] in
            do throws(JournalFault) {
                guard try isAnythingUnfinished(through: sequence) else { return }
                log.write(.erasingResumed)
                // An errand without anything of its own: what the journal tells of is done with it.
                send(Errand(ticket: 0, .forget(wordsBefore: nil, attendanceBefore: nil)))
            } catch {
                log.write(.erasingFailed, [.text("why", error.description)])
            }
        }
    }

    private func isAnythingUnfinished(through sequence: UInt64) throws(JournalFault) -> Bool {
        var attempts = 3
        while true {
            attempts -= 1
            do throws(JournalFault) {
                return try Erasing.unfinished(in: storage, through: sequence) != nil
            } catch {
                // Segments that are archived go meanwhile.
                guard error.isMissing, attempts > 0 else { throw error }
            }
        }
    }

    /// Waits until what was begun on the desk's queue is done.
    func finish() {
        reading.finish()
    }

    /// Whoever is nowhere cannot be erased: nothing is written for that.
    private func look(for person: PersonID, _ ticket: UInt64) {
        reading.async { [self] in
            do throws(JournalFault) {
                guard try PersonRecord.isKept(person, in: storage) else {
                    return answer(ticket, OperatorAnswer.unknownPerson)
                }
                send(Errand(ticket: ticket, .erasePerson(person, as: Pseudonym.fresh())))
            } catch {
                answer(ticket, OperatorAnswer.failure(error))
            }
        }
    }

    private func send(_ errand: Errand) {
        if !post(errand) { answer(errand.ticket, OperatorAnswer.goingAway) }
    }

    private func read(_ ticket: UInt64, _ body: @escaping @Sendable (any Storage) -> HTTPResponse) {
        // Nobody waits for what the server does by itself.
        guard ticket > 0 else { return }
        reading.async { [self] in answer(ticket, body(storage)) }
    }

    private func request(_ ticket: UInt64) -> OperatorRequest? {
        waiting.withLock { $0.clients[ticket]?.request }
    }

    private func answer(_ ticket: UInt64, _ response: HTTPResponse) {
        guard let client = waiting.withLock({ $0.clients.removeValue(forKey: ticket) }) else { return }
        respond(client.connection, response)
    }
}

/// What takes the place of a person's id.
enum Pseudonym {
    /// One that nobody has had: 48 random bits.
    static func fresh() -> PersonID {
        let digits = String(Entropy.next() >> 16, radix: 16)
        let text = "erased-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
        guard let person = PersonID(text.utf8) else { preconditionFailure("a pseudonym that is no id") }
        return person
    }
}
