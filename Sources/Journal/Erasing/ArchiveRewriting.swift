import Sessions

/// Writes an archive anew with less in it: the same records under the same numbers, other checks.
///
///     archive/<id>.log ──read, twice──▶ archive/<id>.log.part ──sync──▶ rename ──▶ folder synced
///
/// A crash leaves the old one or the new one. Whoever has the old one open reads on in it. The state that the records
/// come to has the same hash, since that leaves words out; one of an encoding of the past is taken anew.
enum ArchiveRewriting {
    /// What an archive was found to be.
    struct Outcome {
        var header: ArchiveHeader
        /// When the session ended.
        var endedAt: Milliseconds?
        var isRewritten = false
    }

    /// Forgets persons, and with `allWords` everything that was written.
    ///
    /// Reads the archive to its end: when it answers, the archive is whole. Throws `damaged` when it is not, and then
    /// leaves it as it is; `newerVersion`, and `io`.
    static func rewrite(
        _ id: SessionID,
        forgetting persons: Forgetting.Persons,
        allWords: Bool,
        in storage: any Storage
    ) throws(JournalFault) -> Outcome {
        var outcome = Outcome(header: try Archives.header(of: id, in: storage))
        let isWordless = outcome.header.isWordless
        var forgetting = Forgetting(persons, allWords: allWords || isWordless)
        outcome.endedAt = outcome.header.endedAt
        var decoder = EntryDecoder()
        try read(id, in: storage) { record throws(SpellingFault) in
            try forgetting.take(record)
            guard record.kind == RecordKind.ended.rawValue,
                case .session(let entry)? = try decoder.entry(of: record),
                case .ended(_, let at) = entry.event
            else { return }
            outcome.endedAt = at
        }
        guard !forgetting.sparesWords else { return outcome }
        var isChanged = allWords && !isWordless
        try read(id, in: storage) { record throws(SpellingFault) in
            if !isChanged, try forgetting.remaining(of: record) != record { isChanged = true }
        }
        guard isChanged else { return outcome }
        outcome.header = try write(outcome.header, forgetting, in: storage)
        outcome.isRewritten = true
        return outcome
    }

    private static func read(
        _ id: SessionID,
        in storage: any Storage,
        _ visit: (JournalRecord) throws(SpellingFault) -> Void
    ) throws(JournalFault) {
        var reader = try ArchiveReader(id, in: storage)
        while let record = try reader.nextRecord() {
            do throws(SpellingFault) {
                try visit(record)
            } catch {
                throw error.fault(of: record, in: Archives.path(id))
            }
        }
    }

    private static func write(
        _ old: ArchiveHeader,
        _ forgetting: Forgetting,
        in storage: any Storage
    ) throws(JournalFault) -> ArchiveHeader {
        let id = old.identity.id
        do throws(JournalFault) {
            var writer = try ArchiveWriter(old.identity, forgetting, in: storage)
            var reader = try ArchiveReader(id, in: storage)
            while let record = try reader.nextRecord() { try writer.append(record) }
            let damage = JournalFault.damaged(
                Damage(
                    file: Archives.path(id),
                    offset: 0,
                    sequence: old.last,
                    why: "the state that it comes to is not the one that it ended in"
                )
            )
            guard let header = try writer.finish() else { throw writer.damage ?? damage }
            // What it says of itself is the last witness that something is wrong with it.
            guard old.encoding != header.encoding || old.stateHash == header.stateHash else { throw damage }
            try storage.rename(Archives.unfinishedPath(id), to: Archives.path(id))
            try storage.syncDirectory(Archives.folder)
            return header
        } catch {
            // Perhaps there is no room; then half an archive should not take any.
            try? storage.removeIfPresent(Archives.unfinishedPath(id))
            throw error
        }
    }
}
