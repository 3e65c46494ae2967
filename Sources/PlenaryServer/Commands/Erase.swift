internal import Journal
internal import SessionEngine
internal import Sessions
internal import Tickets
internal import Transport

/// `plenary erase`: forgets a person or a session in the folder of a stopped server, or whoever was erased elsewhere.
enum Erase {
    /// Does it, and says what it came to.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        if let list = configuration.erasuresFile { return EraseAgain.run(list, configuration, outlet) }
        do throws(ConfigurationFault) {
            let subject = try Subject(configuration)
            let storage = try JournalFolder.open(configuration.data, for: .erase)
            return erase(subject, configuration, storage, outlet)
        } catch {
            return outlet.refuse(error)
        }
    }

    /// Whom or what it is about.
    private enum Subject {
        case person(PersonID)
        case session(SessionID)

        init(_ configuration: Configuration) throws(ConfigurationFault) {
            switch (configuration.tickets.person, configuration.tickets.session) {
            case (let person?, nil): self = .person(person)
            case (nil, let pattern?):
                guard let id = pattern.single else {
                    throw ConfigurationFault(
                        "plenary erase takes one session at a time, and \(pattern.text) is many: give its whole id.",
                        exit: .usage
                    )
                }
                self = .session(id)
            default:
                throw ConfigurationFault(
                    "plenary erase needs --person PERSON, --session SESSION or --erasures FILE, one of the three.",
                    exit: .usage
                )
            }
        }

        /// Where a running server is asked for it.
        var path: String {
            switch self {
            case .person(let person): "/v1/people/\(person.text)"
            case .session(let id): "/v1/sessions/\(id.text)"
            }
        }

        func isKept(in storage: any Storage) throws(JournalFault) -> Bool {
            switch self {
            case .person(let person): try PersonRecord.isKept(person, in: storage)
            case .session(let id): try SessionHistories.ids(in: storage).contains(id)
            }
        }

        var unknown: String {
            switch self {
            case .person: "Nothing is kept of such a person."
            case .session(let id): "There is no session \(id.text)."
            }
        }

        var task: Errand.Task {
            switch self {
            case .person(let person): .erasePerson(person, as: Pseudonym.fresh())
            case .session(let id): .eraseSession(id)
            }
        }
    }

    private static func erase(
        _ subject: Subject,
        _ configuration: Configuration,
        _ storage: any Storage,
        _ outlet: Outlet
    ) -> ExitCode {
        do throws(JournalFault) {
            // Taken and given back: whether a server runs is asked before anything else.
            _ = try storage.lock("lock")
            guard try subject.isKept(in: storage) else {
                outlet.complain(subject.unknown)
                return .failure
            }
            let log = Log(form: .text)
            defer { log.flush() }
            let folder = try StoppedFolder(configuration, log: log)
            let report = try folder.erase([subject.task])
            try folder.close()
            return tell(report, outlet)
        } catch {
            outlet.complain(error.description)
            if case .inUse = error {
                outlet.complain(
                    "A server that runs erases by itself: DELETE \(subject.path) with an admin's ticket."
                )
            }
            return ExitCode(error)
        }
    }

    /// Says what came of it.
    static func tell(_ report: ErasingReport, _ outlet: Outlet) -> ExitCode {
        for fault in report.faults { outlet.complain(fault.description) }
        guard report.isComplete else {
            outlet.complain("Something of it may still be on the disk.")
            return .badData
        }
        return outlet.result(
            "Erased: \(report.archivesRewritten.count) archives written anew, \(report.archivesRemoved.count) removed, "
                + "\(report.segmentsRewritten) segments written anew."
        )
    }
}
