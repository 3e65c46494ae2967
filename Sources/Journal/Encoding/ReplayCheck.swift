import Sessions

/// Replays a journal by the rules, and compares what comes of it with every checkpoint.
///
/// Recovery begins with a checkpoint and trusts it once it is read back whole; this asks the other question: whether
/// the same journal still gives the same state. It begins with the first record; when that is gone, with what the
/// archives tell of the time before; and when archives are missing, with the first checkpoint. What was erased from the
/// segments cannot be replayed either: it goes on with the first checkpoint behind that.
package struct ReplayCheck {
    /// The checkpoints that the replay gave the same state as.
    package private(set) var agreed: [UInt64] = []
    /// Those that it did not, or that lie behind the journal's end.
    package private(set) var disagreed: [UInt64] = []
    /// What the replay began with.
    package private(set) var beginning: Beginning
    /// Some of the journal was erased, so that it was replayed only from a checkpoint on.
    package private(set) var metErased = false

    package enum Beginning: Equatable, Sendable {
        case firstRecord
        case archives
        /// The one after this record; nil: there was none.
        case checkpoint(UInt64?)
    }

    /// Nil until a checkpoint tells.
    private var table: SessionTable?
    private var decoder = EntryDecoder()
    /// Rising by number.
    private var expected: ArraySlice<Checkpoint>

    /// With the sound checkpoints of a folder; those of another encoding than today's cannot be compared.
    ///
    /// `archived` is what was before the first record, when that is gone.
    package init(_ checkpoints: [Checkpoint], after archived: ArchivedBeginning? = nil) {
        expected =
            checkpoints.filter { $0.encoding == ImageEncoding.version }
            .sorted { $0.sequence < $1.sequence }[...]
        if let archived, archived.before > 1 {
            table = archived.table
            beginning = table == nil ? .checkpoint(nil) : .archives
        } else {
            table = SessionTable()
            beginning = .firstRecord
        }
    }

    /// Takes the next record of the journal.
    ///
    /// Throws `damaged` or `newerVersion` when it is not what this server could have written.
    package mutating func take(_ record: JournalRecord) throws(JournalFault) {
        compare(before: record.sequence)
        guard record.kind != RecordKind.blank.rawValue else {
            metErased = true
            table = nil
            beginning = .checkpoint(nil)
            return
        }
        do throws(SpellingFault) {
            guard case .session(let entry)? = try decoder.entry(of: record),
                let lastNumber = table?.lastNumber
            else { return }
            if beginning == .archives, entry.session > lastNumber, !entry.isCreation(after: lastNumber) {
                // The newest archives are missing.
                table = nil
                beginning = .checkpoint(nil)
                return
            }
            try table?.check(entry)
            table?.apply(entry)
        } catch {
            throw error.fault(of: record)
        }
    }

    /// The journal ends with this record.
    package mutating func finish(at lastSequence: UInt64) {
        compare(before: lastSequence + 1)
        disagreed += expected.map(\.sequence)
        expected = []
    }

    private mutating func compare(before sequence: UInt64) {
        while let next = expected.first, next.sequence < sequence {
            expected.removeFirst()
            guard let table else {
                begin(with: next)
                continue
            }
            let sections = ImageEncoding.sections(of: CheckpointImage(of: table, at: 0))
            if ImageEncoding.stateHash(of: sections) == next.stateHash {
                agreed.append(next.sequence)
            } else if beginning == .archives, knowsMore(next, than: table) {
                begin(with: next)
            } else {
                disagreed.append(next.sequence)
            }
        }
    }

    private mutating func begin(with checkpoint: Checkpoint) {
        guard let image = try? ImageEncoding.image(of: checkpoint) else {
            disagreed.append(checkpoint.sequence)
            return
        }
        table = image.table
        beginning = .checkpoint(checkpoint.sequence)
    }

    /// Whether a checkpoint was given more sessions than the archives and the journal have told of.
    private func knowsMore(_ checkpoint: Checkpoint, than table: SessionTable) -> Bool {
        guard let image = try? ImageEncoding.image(of: checkpoint) else { return false }
        return image.lastNumber > table.lastNumber
    }
}

extension SessionEntry {
    fileprivate func isCreation(after lastNumber: SessionNumber) -> Bool {
        if case .created = event { session == lastNumber + 1 } else { false }
    }
}
