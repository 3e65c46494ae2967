internal import Journal
internal import SessionEngine
internal import Sessions
internal import Transport

/// `plenary erase --erasures FILE`: makes the erasures of another folder's list again that this folder does not have.
///
/// For a copy that is to be started: the list is the one of the folder that it was copied from, as it is now.
enum EraseAgain {
    /// Does it, and says what it came to.
    static func run(_ list: String, _ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        guard configuration.tickets.person == nil, configuration.tickets.session == nil else {
            outlet.complain(
                "--erasures tells whom to erase: leave --person and --session away, or ask for them apart."
            )
            return .usage
        }
        let storage: DiskStorage
        do throws(ConfigurationFault) {
            storage = try JournalFolder.open(configuration.data, for: .erase)
        } catch {
            return outlet.refuse(error)
        }
        if JournalFolder.lacksErasures(list) {
            return outlet.result(
                "Nothing to erase: \(list) is not there, so nothing was ever erased where it would be."
            )
        }
        guard let bytes = BoundedFile.bytes(list, limit: 64 << 20) else {
            outlet.complain("\(list) cannot be read.")
            return .configuration
        }
        do throws(JournalFault) {
            let wanted = try ErasureList(bytes, file: list)
            // Taken and given back: whether a server runs is asked before anything else.
            _ = try storage.lock("lock")
            return try erase(wanted, configuration, storage, outlet)
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }

    private static func erase(
        _ wanted: ErasureList,
        _ configuration: Configuration,
        _ storage: any Storage,
        _ outlet: Outlet
    ) throws(JournalFault) -> ExitCode {
        let known = try ErasureList.read(storage)
        let missing = wanted.entries.filter { !known.has($0.subject) }
        // What was under way when the copy was made is finished, too.
        let isBegun = try Erasing.unfinished(in: storage) != nil
        guard !missing.isEmpty || isBegun else {
            return outlet.result(
                "Nothing to erase: \(wanted.entries.count) erasures, all of them known here."
            )
        }
        let found = try KeptSubjects(in: storage)
        let tasks = missing.flatMap { found.tasks(for: $0.subject) }
        if !tasks.isEmpty || isBegun {
            let code = try erase(tasks, configuration, outlet)
            guard code == .success else { return code }
        }
        // Now it is true of this folder too, and of those that are copied from it.
        try ErasureList.note(missing, in: storage)
        return outlet.result(
            "\(missing.count) erasures were not known here; \(tasks.count) of them found something to erase."
        )
    }

    private static func erase(
        _ tasks: [Errand.Task],
        _ configuration: Configuration,
        _ outlet: Outlet
    ) throws(JournalFault) -> ExitCode {
        let log = Log(form: .text)
        defer { log.flush() }
        let folder = try StoppedFolder(configuration, log: log)
        let report = try folder.erase(tasks)
        try folder.close()
        return Erase.tell(report, outlet)
    }
}

/// Whom and what a folder still holds.
private struct KeptSubjects {
    private var persons: Set<PersonID> = []
    private var sessions: [SessionID: Epoch] = [:]

    /// Reads everything.
    ///
    /// An archive that cannot be read is passed over; the erasing pass looks into it once more, and says so.
    init(in storage: any Storage) throws(JournalFault) {
        var persons: Set<PersonID> = []
        _ = try SessionHistories.fold(storage) { folded throws(JournalFault) in
            persons.formUnion(folded.state.seatByPerson.keys)
        }
        for sequence in try Checkpoints.list(storage) {
            guard let checkpoint = try? Checkpoints.read(sequence, from: storage),
                let image = try? ImageEncoding.image(of: checkpoint)
            else { continue }
            persons.formUnion(image.books.all.members.keys)
            break
        }
        self.persons = persons
        sessions = try SessionHistories.beginnings(in: storage)
    }

    /// What is to be done for an erasure; nothing when nobody of the kind is here.
    func tasks(for subject: ErasureList.Subject) -> [Errand.Task] {
        switch subject {
        case .person(let pseudonym, _):
            persons.filter { .person($0, as: pseudonym) == subject }.map { .erasePerson($0, as: pseudonym) }
        case .session(let id, let epoch):
            sessions[id].map { epoch == nil || epoch == $0 } == true ? [.eraseSession(id)] : []
        }
    }
}
