package import Sessions

/// The sessions of a folder, rebuilt from the newest checkpoint that holds and the journal behind it.
package struct SessionRecovery {
    package private(set) var table = SessionTable()
    /// The time of the last thing that the journal knows; nil for a new journal.
    package private(set) var lastAt: Milliseconds?
    /// Who was forgotten behind the checkpoint, and what takes the place of the id.
    package private(set) var renamed: [PersonID: PersonID] = [:]
    /// The sessions that were over when an older server wrote the checkpoint: it kept no books.
    private var unbooked: Set<SessionID> = []

    /// Reads everything that `recovery` has to give.
    ///
    /// Afterwards `recovery.makeWriter` may be called.
    package init(reading recovery: JournalRecovery) throws(JournalFault) {
        while try !restore(recovery.checkpoint, of: recovery) {}
        var decoder = EntryDecoder()
        while let record = try recovery.next() {
            guard record.kind != RecordKind.blank.rawValue else {
                throw recovery.explained(Self.isForgotten(record))
            }
            do throws(SpellingFault) {
                if let entry = try decoder.entry(of: record) { try take(entry) }
            } catch {
                throw error.fault(of: record)
            }
        }
    }

    /// Begins with the checkpoint; false when it does not hold and the one before is to be tried.
    private mutating func restore(
        _ checkpoint: Checkpoint?,
        of recovery: JournalRecovery
    ) throws(JournalFault) -> Bool {
        guard let checkpoint else { return true }
        if !ImageEncoding.hasBooks(checkpoint), try recovery.reachesBack() {
            try recovery.rejectCheckpoint("an older server wrote it, and the journal tells more")
            return false
        }
        do throws(UnusableCheckpoint) {
            table = try ImageEncoding.image(of: checkpoint).table
            lastAt = checkpoint.time
            unbooked = ImageEncoding.hasBooks(checkpoint) ? [] : table.usedIDs
            return true
        } catch {
            try recovery.rejectCheckpoint(error.why)
        }
        return false
    }

    /// What is blank was erased behind a checkpoint that had it; without that one nobody knows what it came to.
    private static func isForgotten(_ record: JournalRecord) -> JournalFault {
        let why = "what it held was erased, and no checkpoint that can be begun with reaches beyond it"
        return .damaged(Damage(file: "journal", offset: 0, sequence: record.sequence, why: why))
    }

    /// Books what was over when the checkpoint was written, if it came from a server that kept no books.
    ///
    /// It reads the whole folder. Answers how many sessions were booked; nil: the books were there. Throws `damaged`,
    /// `newerVersion` or `io`; an archive that cannot be read is not booked.
    package mutating func countBooks(in storage: any Storage) throws(JournalFault) -> Int? {
        guard !unbooked.isEmpty else { return nil }
        var books = table.books
        var booked = 0
        let unbooked = unbooked
        self.unbooked = []
        _ = try SessionHistories.fold(storage) { folded throws(JournalFault) in
            guard unbooked.contains(folded.outline.id) else { return }
            books.close(folded.state)
            booked += 1
        }
        table = SessionTable(
            states: table.risingNumbers.compactMap { table.sessions[$0]?.state },
            usedIDs: table.usedIDs,
            lastNumber: table.lastNumber,
            books: books
        )
        return booked
    }

    private mutating func take(_ entry: Entry) throws(SpellingFault) {
        switch entry {
        case .clock(let at): lastAt = at
        case .books(let entry):
            if case .personRenamed(let person, let pseudonym) = entry.event { renamed[person] = pseudonym }
            table.apply(entry)
            lastAt = entry.at
        case .session(let entry):
            try table.check(entry)
            table.apply(entry)
            lastAt = entry.at
        }
    }
}

extension SessionTable {
    /// Turns down an entry that cannot be true here, so that `apply` meets only what `decide` could have decided.
    package func check(_ entry: SessionEntry) throws(SpellingFault) {
        if case .created(let created) = entry.event {
            // Numbers rise by one with each session, and stay small enough to be added to.
            guard entry.session == lastNumber + 1, entry.session < 1 << 53, entry.seq == 1 else {
                throw .badValue("a session out of turn")
            }
            guard numbers[created.id] == nil, !usedIDs.contains(created.id) else {
                throw .badValue("a session's id used again")
            }
            return
        }
        guard let state = sessions[entry.session]?.state else { throw .badValue("no such session") }
        guard entry.seq == state.seq + 1 else { throw .badValue("a gap in the session's numbering") }
        guard state.names(entry.event) else { throw .badValue("a seat or room that is not there") }
        guard state.mayFollow(entry.event, at: entry.at) else {
            throw .badValue("an event that cannot follow what was before it")
        }
    }
}

extension SpellingFault {
    /// The fault as the server's operator reads it; `file` is where the record was found.
    package func fault(of record: JournalRecord, in file: String = "journal") -> JournalFault {
        switch self {
        case .unknownKind, .unknownVersion:
            .newerVersion(
                file: "record \(record.sequence)",
                found: Int(record.version),
                known: Int(RecordKind(rawValue: record.kind)?.version ?? 0)
            )
        default:
            .damaged(Damage(file: file, offset: 0, sequence: record.sequence, why: description))
        }
    }

    /// A sentence for the log and for people.
    package var description: String {
        switch self {
        case .tooShort: "it ends too early"
        case .tooLong: "something stands behind its end"
        case .badValue(let what): "it holds what cannot be: \(what)"
        case .unknownKind(let kind): "it is of the unknown kind \(kind)"
        case .unknownVersion(let kind, let version): "it is of kind \(kind) in the unknown version \(version)"
        }
    }
}
