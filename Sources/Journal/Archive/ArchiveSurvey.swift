import Sessions

/// Who has records in the segments, and who has an archive.
struct ArchiveSurvey {
    /// The last record that was looked at.
    var through: UInt64 = 0
    /// The sessions with records and without an archive.
    private(set) var traces: [SessionNumber: Trace] = [:]
    /// The last record of a session that is archived, of those that were looked at.
    private(set) var lastArchived: UInt64 = 0

    /// The archives, by the name of their file.
    private var archives: [SessionID: ArchiveHeader] = [:]
    /// Files with the name of an archive that are none, and why.
    private var strangers: [SessionID: JournalFault] = [:]
    /// The sessions with both records and an archive.
    private var archived: Set<SessionNumber> = []
    /// The sessions that were erased, or are being erased from the segments, with their first record: what is left of
    /// them is nobody's.
    private var erased: [SessionNumber: UInt64] = [:]
    /// Those of them that have records which are not blank yet.
    private var leaving: Set<SessionNumber> = []

    /// A session's way through the segments.
    struct Trace {
        var identity: ArchiveIdentity
        /// The journal's numbers of its first and its last record so far.
        var first: UInt64
        var last: UInt64
        /// It was archived, as far as the rules are concerned.
        var isOver = false
    }

    /// Reads what archives there are.
    ///
    /// Makes their names durable first: whoever was here before may have died between a rename and the folder's sync, and
    /// what relies on an archive must find it after a power cut.
    init(_ storage: any Storage) throws(JournalFault) {
        try storage.syncDirectory(Archives.folder)
        for id in try Archives.list(storage) {
            do throws(JournalFault) {
                archives[id] = try Archives.header(of: id, in: storage)
            } catch {
                if case .io = error { throw error }
                strangers[id] = error
            }
        }
    }

    /// The first record that somebody without an archive has.
    ///
    /// An erased session's counts as long as some are not blank: were the first ones to go with their segment, nobody
    /// could tell any more whose the others are.
    var earliest: UInt64? { (traces.values.map(\.first) + leaving.compactMap { erased[$0] }).min() }

    /// Looks at the journal's next record.
    mutating func take(_ record: JournalRecord, _ storage: any Storage) throws(JournalFault) {
        let number = record.session
        guard number > 0 else { return }
        let isBlank = record.kind == RecordKind.blank.rawValue
        guard erased[number] == nil else {
            if !isBlank { stays(record) }
            return
        }
        if isBlank || record.kind == RecordKind.sessionErased.rawValue {
            // It may have been seen before, when it was not blank yet.
            erased[number] = traces[number]?.first ?? record.sequence
            traces[number] = nil
            guard !isBlank else { return }
            leaving.insert(number)
            lastArchived = max(lastArchived, record.sequence)
        } else if traces[number] != nil {
            traces[number]?.last = record.sequence
            if record.kind == RecordKind.archived.rawValue { traces[number]?.isOver = true }
        } else if archived.contains(number) {
            lastArchived = max(lastArchived, record.sequence)
        } else if let identity = try identity(createdBy: record) {
            if archives[identity.id]?.identity == identity, try isWhole(identity.id, storage) {
                archived.insert(number)
                lastArchived = max(lastArchived, record.sequence)
            } else {
                traces[number] = Trace(identity: identity, first: record.sequence, last: record.sequence)
            }
        } else if archives.values.contains(where: { $0.holds(record) }) {
            archived.insert(number)
            lastArchived = max(lastArchived, record.sequence)
        } else {
            let why = "the beginning of session \(number) is neither in the journal nor in an archive"
            throw .damaged(Damage(file: "journal", offset: 0, sequence: record.sequence, why: why))
        }
    }

    /// Of a session of which others are blank: either it has an archive, or the rest is to follow.
    private mutating func stays(_ record: JournalRecord) {
        let number = record.session
        guard !leaving.contains(number), !archived.contains(number) else { return }
        if archives.values.contains(where: { $0.holds(record) }) {
            archived.insert(number)
        } else {
            leaving.insert(number)
        }
    }

    /// Why a session that is in no checkpoint cannot be archived; nil: it can.
    func obstacle(to trace: Trace) -> JournalFault? {
        let identity = trace.identity
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: Archives.path(identity.id), offset: 0, sequence: trace.first, why: why))
        }
        guard trace.isOver else {
            return damage("session \(identity.number) is in no checkpoint, and does not end in the journal")
        }
        if let stranger = strangers[identity.id] { return stranger }
        if let header = archives[identity.id], header.identity != identity {
            return damage("it is the archive of another session of this id; it is left as it is")
        }
        return nil
    }

    /// Somebody has got an archive.
    mutating func note(_ header: ArchiveHeader) {
        archives[header.identity.id] = header
        traces[header.identity.number] = nil
        archived.insert(header.identity.number)
        lastArchived = max(lastArchived, header.last)
    }

    private func identity(createdBy record: JournalRecord) throws(JournalFault) -> ArchiveIdentity? {
        guard record.kind == RecordKind.created.rawValue else { return nil }
        var decoder = EntryDecoder()
        do throws(SpellingFault) {
            guard case .session(let entry)? = try decoder.entry(of: record),
                case .created(let created) = entry.event
            else { return nil }
            return ArchiveIdentity(number: record.session, id: created.id, epoch: created.epoch)
        } catch {
            throw error.fault(of: record)
        }
    }

    /// Whether an archive can be read to its end.
    ///
    /// Asked while the segments still have its records: one that has gone bad is then written anew.
    private func isWhole(_ id: SessionID, _ storage: any Storage) throws(JournalFault) -> Bool {
        do throws(JournalFault) {
            var reader = try ArchiveReader(id, in: storage)
            while try reader.nextRecord() != nil {}
            return true
        } catch {
            if case .damaged = error { return false }
            throw error
        }
    }
}

extension ArchiveHeader {
    fileprivate func holds(_ record: JournalRecord) -> Bool {
        identity.number == record.session && first <= record.sequence && record.sequence <= last
    }
}
