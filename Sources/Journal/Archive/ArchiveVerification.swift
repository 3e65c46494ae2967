package import Sessions

/// An archive, read to its end and folded: what `plenary verify` says of it.
package struct ArchiveFinding: Equatable, Sendable {
    package var id: SessionID
    package var records = 0
    /// Whether folding it gave the state that it says; false as well when that was spelled by an older server, so that
    /// the two cannot be compared.
    package var isReplayed = false
    /// Nil if it is sound.
    package var fault: JournalFault?

    /// Reads a session's archive.
    ///
    /// Throws `io`.
    package init(_ id: SessionID, in storage: any Storage) throws(JournalFault) {
        self.id = id
        do throws(JournalFault) {
            try read(ArchiveReader(id, in: storage))
        } catch {
            if case .io = error { throw error }
            fault = error
        }
    }

    private mutating func read(_ opened: ArchiveReader) throws(JournalFault) {
        var reader = opened
        let header = reader.header
        func damage(_ why: String) -> JournalFault {
            .damaged(Damage(file: Archives.path(id), offset: 0, sequence: reader.sequence, why: why))
        }
        var fold = SessionFold(header.identity.number)
        while let entry = try reader.next() {
            do throws(SpellingFault) {
                try fold.take(entry)
            } catch {
                throw damage(error.description)
            }
        }
        records = header.records
        guard let hash = fold.endHash else { throw damage("the session does not end") }
        guard header.encoding == ImageEncoding.version else { return }
        guard hash == header.stateHash else {
            throw damage("the state that it comes to is not the one that it ended in")
        }
        isReplayed = true
    }
}

/// What happened before the first segment that is still there, as the archives tell it.
package struct ArchivedBeginning {
    /// The first record that is in the segments.
    package let before: UInt64
    /// The sessions at that moment; nil when archives are missing.
    package let table: SessionTable?

    /// Folds all archives up to record `before`.
    ///
    /// Archives that are not sound count as missing. Throws `io`.
    package init(_ storage: any Storage, before: UInt64) throws(JournalFault) {
        self.before = before
        var states: [SessionState] = []
        var usedIDs: Set<SessionID> = []
        var numbers: Set<SessionNumber> = []
        for id in try Archives.list(storage) {
            do throws(JournalFault) {
                var reader = try ArchiveReader(id, in: storage)
                guard reader.header.first < before else { continue }
                numbers.insert(reader.header.identity.number)
                guard reader.header.last >= before else {
                    usedIDs.insert(id)
                    continue
                }
                if let state = try Self.state(before: before, &reader) { states.append(state) }
            } catch {
                if case .io = error { throw error }
            }
        }
        states.sort { $0.number < $1.number }
        let last = SessionNumber(usedIDs.count + states.count)
        // Numbers are given out without gaps: so many sessions have the numbers up to that one, or some are missing,
        // lost or removed on purpose. Whether the newest are missing, the journal and the checkpoints tell
        // (`ReplayCheck`).
        let isWhole = numbers.count == usedIDs.count + states.count && (numbers.max() ?? 0) == last
        table = isWhole ? SessionTable(states: states, usedIDs: usedIDs, lastNumber: last) : nil
    }

    private static func state(
        before: UInt64,
        _ reader: inout ArchiveReader
    ) throws(JournalFault) -> SessionState? {
        var fold = SessionFold(reader.header.identity.number)
        while let entry = try reader.next(), reader.sequence < before {
            do throws(SpellingFault) {
                try fold.take(entry)
            } catch {
                return nil
            }
        }
        return fold.state
    }
}
