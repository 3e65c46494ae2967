import Journal
import SessionEngine
import SessionProtocol
import Sessions
import WebSocket

/// What operators are answered.
enum OperatorAnswer {
    /// The answer to what the engine was asked.
    static func response(
        to request: OperatorRequest,
        _ outcome: ErrandOutcome,
        in storage: any Storage
    ) -> HTTPResponse {
        do throws(JournalFault) {
            switch request {
            case .sessions: return json(SessionListing.list(outcome.states))
            case .counters:
                guard let counters = outcome.counters else { return unknownSession }
                return json(CountersDocument.json(of: counters))
            case .session(let id):
                guard let found = try session(id, outcome, in: storage) else { return unknownSession }
                return json(SessionListing.one(found.state, isArchived: found.isArchived))
            case .attendance(let id, let form):
                guard let found = try session(id, outcome, in: storage) else { return unknownSession }
                return attendance(of: found.state, at: outcome.at, form)
            case .cutOff: return cut(outcome)
            // What there is to erase is answered by `erased`.
            case .eraseSession, .eraseRehearsals: return unknownSession
            case .person, .erasePerson: return unknownPerson
            }
        } catch {
            return failure(error)
        }
    }

    /// What came of cutting somebody off.
    private static func cut(_ outcome: ErrandOutcome) -> HTTPResponse {
        guard let state = outcome.states.first else { return unknownSession }
        guard state.isRehearsal else { return noRehearsal }
        return json(Array("{\"closed\":\(outcome.connectionsCut)}".utf8))
    }

    /// All that is kept of a person.
    static func export(_ person: PersonID, _ form: ExportForm, of storage: any Storage) -> HTTPResponse {
        do throws(JournalFault) {
            let record = try PersonRecord(of: person, in: storage)
            guard !record.isEmpty else { return unknownPerson }
            switch form {
            case .json: return json(record.json)
            case .text: return text(Array(record.text.utf8) + [0x0A], "text/plain; charset=utf-8")
            }
        } catch {
            return failure(error)
        }
    }

    /// What came of forgetting a person or a session.
    static func erased(
        _ outcome: ErrandOutcome,
        _ result: Result<ErasingReport, JournalFault>
    ) -> HTTPResponse {
        let report: ErasingReport
        switch result {
        case .success(let done): report = done
        case .failure(let fault): return failure(fault)
        }
        if report.isStopped { return goingAway }
        if case .eraseSession(let id) = outcome.errand.task, outcome.states.isEmpty,
            !report.archivesRemoved.contains(id), report.isComplete
        {
            return unknownSession
        }
        return json(
            ErasureDocument.json(of: report, sessions: outcome.states.map(\.id)),
            report.isComplete ? .ok : .internalServerError
        )
    }

    /// A session in memory, or else as its archive tells it just before it left.
    private static func session(
        _ id: SessionID,
        _ outcome: ErrandOutcome,
        in storage: any Storage
    ) throws(JournalFault) -> (state: SessionState, isArchived: Bool)? {
        if let state = outcome.states.first { return (state, false) }
        guard outcome.isArchived, let state = try SessionHistory.lastState(of: id, in: storage) else {
            return nil
        }
        return (state, true)
    }

    private static func attendance(
        of state: SessionState,
        at now: Milliseconds,
        _ form: OperatorRequest.AttendanceForm
    ) -> HTTPResponse {
        switch form {
        case .json: return json(AttendanceDocument.json(of: state, at: now))
        case .csv:
            let name = HTTPField(
                "Content-Disposition",
                "attachment; filename=\"attendance-\(state.id.text).csv\""
            )
            return text(AttendanceDocument.csv(of: state, at: now), "text/csv; charset=utf-8", [name])
        }
    }

    // MARK: - Sentences

    static let unknownSession = HTTPResponse(.notFound, text: "There is no such session.")
    static let unknownPerson = HTTPResponse(.notFound, text: "Nothing is kept of such a person.")
    static let noRehearsal = HTTPResponse(
        .forbidden,
        text: "Only in a rehearsal is anybody cut off on purpose."
    )
    static let goingAway = HTTPResponse(
        .serviceUnavailable,
        text: "The server is going away; ask again when it is back."
    )
    static let tooMany = HTTPResponse(
        .serviceUnavailable,
        fields: [HTTPField("Retry-After", "2")],
        text: "Too many requests of operators wait already; ask again in a moment."
    )

    /// A journal that cannot be read or written.
    static func failure(_ fault: JournalFault) -> HTTPResponse {
        HTTPResponse(.internalServerError, text: fault.description)
    }

    private static func json(_ bytes: [UInt8], _ status: HTTPStatus = .ok) -> HTTPResponse {
        text(bytes + [0x0A], "application/json", status: status)
    }

    private static func text(
        _ bytes: [UInt8],
        _ type: String,
        _ fields: [HTTPField] = [],
        status: HTTPStatus = .ok
    ) -> HTTPResponse {
        // What is told of people is not to lie about in caches.
        let common = [HTTPField("Content-Type", type), HTTPField("Cache-Control", "no-store")]
        return HTTPResponse(status, fields: common + fields, body: bytes)
    }
}

extension SessionHistory {
    /// What a session has come to; of one that is archived, just before it was.
    ///
    /// Nil when the folder knows none. Throws `damaged`, `newerVersion` or `io`.
    static func lastState(of id: SessionID, in storage: any Storage) throws(JournalFault) -> SessionState? {
        guard var history = try SessionHistory(of: id, in: storage) else { return nil }
        var fold = SessionFold(history.number)
        var state: SessionState?
        while let entry = try history.next() {
            if case .archived = entry.event { state = fold.state }
            do throws(SpellingFault) {
                try fold.take(entry)
            } catch {
                throw history.fault(error)
            }
        }
        return state ?? fold.state
    }
}
