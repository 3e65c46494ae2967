import Sessions

/// What the segments tell of who and what is to be forgotten, up to the record that the pass is bounded by.
struct ErasingSurvey {
    /// Persons that the journal says were forgotten (`personRenamed`), with the record that says it.
    private(set) var persons: Forgetting.Persons = [:]
    private(set) var traces: [SessionNumber: Trace] = [:]

    /// A session's way through the segments.
    struct Trace {
        /// Nil when its beginning is not there any more.
        var identity: ArchiveIdentity?
        /// Its first and its last record, blank or not.
        var first: UInt64
        var last: UInt64
        var isOver = false
        var isErased = false
        var isRehearsal = false
        /// Some of its records were blanked: it has an archive, or is being erased.
        var isBlank = false
        /// Some of them were not.
        var isLeft = false
    }

    /// Whether anybody or anything was erased as far as the journal tells.
    var tellsOfErasing: Bool { !persons.isEmpty || traces.values.contains { $0.isErased } }

    /// The persons to be forgotten, those of a request that is bounded by this record too.
    ///
    /// What the journal says of a person holds: who has come back since is somebody new.
    func persons(and request: ErasingRequest, through sequence: UInt64) -> Forgetting.Persons {
        request.persons
            .mapValues { Forgetting.Erased(pseudonym: $0, through: sequence) }
            .merging(persons) { $1 }
    }

    /// Whether a pass with this request is about persons or sessions, and not about retention alone.
    func isThorough(_ request: ErasingRequest) -> Bool {
        tellsOfErasing || !request.persons.isEmpty || !request.sessions.isEmpty
    }

    /// What the journal tells of, for the list of erasures.
    ///
    /// Rehearsals are not in it: they go by themselves wherever they are.
    func erasures(
        and request: ErasingRequest,
        through sequence: UInt64,
        at: Milliseconds
    ) -> [ErasureList.Entry] {
        let renamed = persons(and: request, through: sequence).sorted { $0.key.text < $1.key.text }
        let sessions = traces.values.filter { $0.isErased && !$0.isRehearsal }.compactMap(\.identity)
        return renamed.map { ErasureList.Entry(.person($0, as: $1.pseudonym), at: at) }
            + sessions.sorted { $0.number < $1.number }.map {
                ErasureList.Entry(.session($0.id, $0.epoch), at: at)
            }
    }

    /// Looks at the journal's next record.
    mutating func take(_ record: JournalRecord) throws(SpellingFault) {
        guard record.session > 0 else { return try takeOfBooks(record) }
        var trace = traces[record.session] ?? Trace(first: record.sequence, last: record.sequence)
        trace.last = record.sequence
        if record.kind != RecordKind.blank.rawValue { trace.isLeft = true }
        switch RecordKind(rawValue: record.kind) {
        case .blank: trace.isBlank = true
        case .archived: trace.isOver = true
        case .sessionErased: trace.isErased = true
        case .created:
            var decoder = EntryDecoder()
            if case .session(let entry)? = try decoder.entry(of: record),
                case .created(let created) = entry.event
            {
                trace.identity = ArchiveIdentity(number: record.session, id: created.id, epoch: created.epoch)
                trace.isRehearsal = created.isRehearsal
            }
        default: break
        }
        traces[record.session] = trace
    }

    private mutating func takeOfBooks(_ record: JournalRecord) throws(SpellingFault) {
        guard record.kind == RecordKind.personRenamed.rawValue else { return }
        var decoder = EntryDecoder()
        guard case .books(let entry)? = try decoder.entry(of: record),
            case .personRenamed(let person, let pseudonym) = entry.event
        else { return }
        persons[person] = Forgetting.Erased(pseudonym: pseudonym, through: record.sequence)
    }
}
