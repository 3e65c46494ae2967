import Sessions

/// What becomes of each session's records in the segments.
struct SegmentFates {
    /// Whether it has to see the records first: for the words of sessions that are not blanked.
    let wantsWords: Bool
    /// Sessions that were to go as a whole and are in the checkpoint.
    let sessionsInMemory: [SessionID]

    /// The sessions of which nothing stays.
    private var blanked: Set<SessionNumber> = []
    /// What the others have to forget.
    private var forgetting: [SessionNumber: Forgetting] = [:]
    private let persons: Forgetting.Persons
    private let blanksNames: Bool
    private let through: UInt64

    /// `live` are the sessions in the checkpoint: those have to be found in the journal until they are archived.
    init(
        _ request: ErasingRequest,
        _ survey: ErasingSurvey,
        _ archives: ErasingArchives,
        live: [SessionNumber: SessionID],
        through sequence: UInt64
    ) {
        through = sequence
        persons = survey.persons(and: request, through: sequence)
        // As long as an archive may hold the person, the work is not done.
        blanksNames = !archives.areDamaged
        wantsWords = survey.isThorough(request)
        sessionsInMemory = live.values.filter(request.sessions.contains).sorted { $0.text < $1.text }
        for (number, trace) in survey.traces where live[number] == nil {
            if Self.isBlanked(number, trace, request, archives, wantsWords, sequence) {
                blanked.insert(number)
            }
        }
    }

    private static func isBlanked(
        _ number: SessionNumber,
        _ trace: ErasingSurvey.Trace,
        _ request: ErasingRequest,
        _ archives: ErasingArchives,
        _ isThorough: Bool,
        _ sequence: UInt64
    ) -> Bool {
        if trace.isErased { return true }
        if let id = trace.identity?.id, request.sessions.contains(id) { return true }
        if let archive = archives.archive(of: number, trace) {
            guard let last = archive.header?.last, last <= sequence else { return false }
            return archive.isGoing || archive.isWhole && (isThorough || archive.isWordless)
        }
        // Blank, and in no archive: it is being erased, and its beginning is gone already.
        return trace.isBlank && !archives.areDamaged
    }

    /// Looks at the journal's next record.
    mutating func take(_ record: JournalRecord) throws(JournalFault) {
        let number = record.session
        guard number > 0, !blanked.contains(number) else { return }
        do throws(SpellingFault) {
            try forgetting[number, default: Forgetting(persons)].take(record)
        } catch {
            throw error.fault(of: record)
        }
    }

    /// The record as it stays in the segment.
    func remaining(of record: JournalRecord) throws(JournalFault) -> JournalRecord {
        guard record.sequence <= through else { return record }
        guard record.session > 0 else {
            let isName = record.kind == RecordKind.personRenamed.rawValue
            return isName && blanksNames ? record.blanked : record
        }
        guard !blanked.contains(record.session) else { return record.blanked }
        do throws(SpellingFault) {
            return try forgetting[record.session]?.remaining(of: record) ?? record
        } catch {
            throw error.fault(of: record)
        }
    }
}

extension JournalRecord {
    /// The record when nothing is left of it but its number, and whose it was.
    fileprivate var blanked: JournalRecord {
        var record = self
        (record.kind, record.version, record.payload) = (
            RecordKind.blank.rawValue, RecordKind.blank.version, []
        )
        return record
    }
}
