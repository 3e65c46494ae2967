import Sessions

/// The archives of a folder in an erasing pass: which are written anew, which go, and which are known to be whole.
struct ErasingArchives {
    /// What was found, by the name of the file.
    private(set) var found: [SessionID: Found] = [:]
    /// Whether some could not be read.
    private(set) var areDamaged = false

    /// What an archive was found to be.
    struct Found {
        /// Nil when it cannot be read.
        var header: ArchiveHeader?
        /// It was read to its end, and holds nothing any more that is to go.
        var isWhole = false
        /// It has lost all words, now or in a pass before.
        var isWordless = false
        /// It goes once the segments have nothing of its session.
        var isGoing = false
    }

    private let survey: ErasingSurvey
    private let request: ErasingRequest
    private let persons: Forgetting.Persons
    private let storage: any Storage

    /// For the persons of the request and those that the journal tells of.
    init(
        _ request: ErasingRequest,
        _ survey: ErasingSurvey,
        through sequence: UInt64,
        in storage: any Storage
    ) {
        self.request = request
        self.storage = storage
        self.survey = survey
        persons = survey.persons(and: request, through: sequence)
    }

    /// Writes anew those that hold what is to go; false when it was stopped.
    mutating func rewrite(
        _ report: inout ErasingReport,
        _ isStopping: () -> Bool
    ) throws(JournalFault) -> Bool {
        for id in try Archives.list(storage) {
            if isStopping() { return false }
            do throws(JournalFault) {
                try look(at: id, &report)
            } catch {
                if case .io = error { throw error }
                // Who is to go as a whole goes, whatever the file holds.
                found[id, default: Found()].isGoing = request.sessions.contains(id)
                guard !request.sessions.contains(id) else { continue }
                areDamaged = true
                report.faults.append(error)
            }
        }
        return true
    }

    /// The sessions that were asked for and are not in the journal's segments any more, for the list of erasures.
    func erasures(at: Milliseconds) -> [ErasureList.Entry] {
        request.sessions.sorted { $0.text < $1.text }.filter { found[$0]?.isGoing == true }.map { id in
            ErasureList.Entry(.session(id, found[id]?.header?.identity.epoch), at: at)
        }
    }

    /// Removes those that go.
    func remove(_ report: inout ErasingReport) throws(JournalFault) {
        for id in found.keys.sorted(by: { $0.text < $1.text }) where found[id]?.isGoing == true {
            try Archives.remove(id, in: storage)
            report.archivesRemoved.append(id)
        }
    }

    /// The archive that a session has, as far as the segments tell whose records they are.
    func archive(of number: SessionNumber, _ trace: ErasingSurvey.Trace) -> Found? {
        if let identity = trace.identity {
            return found[identity.id].flatMap { $0.header?.identity == identity ? $0 : nil }
        }
        return found.values.first { found in
            guard let header = found.header, header.identity.number == number else { return false }
            return header.first <= trace.first && trace.last <= header.last
        }
    }

    private mutating func look(at id: SessionID, _ report: inout ErasingReport) throws(JournalFault) {
        let header = try Archives.header(of: id, in: storage)
        found[id] = Found(header: header)
        if request.sessions.contains(id) || isPast(header.endedAt, request.attendanceBefore) {
            found[id]?.isGoing = true
            return
        }
        guard mustBeRead(header) else { return }
        var outcome = try forget(id, allWords: isPast(header.endedAt, request.wordsBefore))
        var isRewritten = outcome.isRewritten
        var isGoing = false
        if header.endedAt == nil {
            // One of an older server: only its records tell.
            isGoing = isPast(outcome.endedAt, request.attendanceBefore)
            if !isGoing, isPast(outcome.endedAt, request.wordsBefore) {
                outcome = try forget(id, allWords: true)
                isRewritten = isRewritten || outcome.isRewritten
            }
        }
        found[id] = Found(
            header: outcome.header,
            isWhole: true,
            isWordless: outcome.header.isWordless,
            isGoing: isGoing
        )
        if isRewritten { report.archivesRewritten.append(id) }
    }

    /// Whether an archive may hold what is to go, or is needed in place of what the segments hold.
    private func mustBeRead(_ header: ArchiveHeader) -> Bool {
        let areWordsPast = isPast(header.endedAt, request.wordsBefore)
        if !persons.isEmpty || areWordsPast && !header.isWordless { return true }
        if header.endedAt == nil, request.wordsBefore != nil || request.attendanceBefore != nil {
            return true
        }
        let isInSegments = survey.traces[header.identity.number]?.isLeft ?? false
        return isInSegments && (areWordsPast || survey.isThorough(request))
    }

    private func forget(
        _ id: SessionID,
        allWords: Bool
    ) throws(JournalFault) -> ArchiveRewriting.Outcome {
        try ArchiveRewriting.rewrite(id, forgetting: persons, allWords: allWords, in: storage)
    }

    private func isPast(_ endedAt: Milliseconds?, _ bound: Milliseconds?) -> Bool {
        guard let endedAt, let bound else { return false }
        return endedAt < bound
    }
}
