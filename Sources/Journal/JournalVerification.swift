/// The whole journal, read from its first record to its last, every checkpoint and every archive: what `plenary
/// verify` does.
///
/// It takes no lock and changes nothing; beside a running server it verifies what is there.
package struct JournalVerification: Sendable {
    /// Records, without the journal's own marks.
    package var records = 0
    /// The bytes of their payloads.
    package var payloadBytes = 0
    package var segments = 0
    /// The number of the first record that is still there; nil in an empty journal.
    package var firstSequence: UInt64?
    /// The number of the last good record; 0 if there is none.
    package var lastSequence: UInt64 = 0
    /// The sessions that have records.
    package var sessions: Set<UInt64> = []
    /// What is behind the last record; nil if the journal is damaged.
    package var end: JournalEnd?
    /// The first bad record.
    package var damage: Damage?
    /// The checkpoints, newest first.
    package var checkpoints: [CheckpointFinding] = []
    /// The archived sessions, by id.
    package var archives: [ArchiveFinding] = []
    /// What is wrong with the list of erasures; nil if it is sound, or there is none.
    package var erasuresFault: JournalFault?

    /// A checkpoint and what is wrong with it.
    package struct CheckpointFinding: Equatable, Sendable {
        package var sequence: UInt64
        /// Nil if it is sound.
        package var fault: JournalFault?
    }

    /// Whether a server would start, as far as bytes tell.
    package var isSound: Bool {
        damage == nil && erasuresFault == nil && checkpoints.allSatisfy { $0.fault == nil }
            && archives.allSatisfy { $0.fault == nil }
    }

    /// Reads everything.
    ///
    /// `visit` is called with every record, for instance to decode it. Throws `newerVersion`, `io`, and what
    /// `visit` throws other than `damaged`.
    package init(
        _ storage: any Storage,
        limits: JournalLimits = JournalLimits(),
        visit: (JournalRecord) throws(JournalFault) -> Void = { _ in }
    ) throws(JournalFault) {
        // First the checkpoints: what a running server writes meanwhile is behind them.
        for sequence in try Checkpoints.list(storage) {
            var finding = CheckpointFinding(sequence: sequence)
            do throws(JournalFault) {
                _ = try Checkpoints.read(sequence, from: storage, limits: limits)
            } catch  where error.isMissing {
                // A running server has removed it meanwhile.
                continue
            } catch {
                if case .newerVersion = error { throw error }
                finding.fault = error
            }
            checkpoints.append(finding)
        }
        for id in try Archives.list(storage) { archives.append(try ArchiveFinding(id, in: storage)) }
        do throws(JournalFault) {
            _ = try ErasureList.read(storage)
        } catch {
            guard case .damaged = error else { throw error }
            erasuresFault = error
        }
        let names = try Segments.list(storage)
        segments = names.count
        firstSequence = names.first?.first
        do throws(JournalFault) {
            try readRecords(storage, visit)
        } catch {
            guard case .damaged(let damage) = error else { throw error }
            self.damage = damage
        }
    }

    private mutating func readRecords(
        _ storage: any Storage,
        _ visit: (JournalRecord) throws(JournalFault) -> Void
    ) throws(JournalFault) {
        let sound = checkpoints.filter { $0.fault == nil }.map(\.sequence)
        // Without a checkpoint, recovery needs every record from the first one on.
        if let firstSequence, firstSequence > 1, !sound.contains(where: { $0 + 1 >= firstSequence }) {
            let why = "the journal begins there, and no checkpoint reaches that far back"
            let file = Segments.Name(first: firstSequence).path
            throw .damaged(Damage(file: file, offset: 0, sequence: firstSequence, why: why))
        }
        var reader = try JournalReader(storage: storage, checkpointed: sound.max() ?? 0)
        while let record = try reader.next() {
            try visit(record)
            records += 1
            payloadBytes += record.payload.count
            lastSequence = record.sequence
            sessions.insert(record.session)
        }
        end = reader.end
        lastSequence = reader.end?.lastSequence ?? lastSequence
    }
}
