import Sessions

/// Replays a journal from its first record, by the rules, and compares what comes of it with every checkpoint.
///
/// Recovery begins with a checkpoint and trusts it once it is read back whole; this asks the other question: whether
/// the same journal still gives the same state.
package struct ReplayCheck {
    /// The checkpoints that the replay gave the same state as.
    package private(set) var agreed: [UInt64] = []
    /// Those that it did not, or that lie behind the journal's end.
    package private(set) var disagreed: [UInt64] = []

    private var table = SessionTable()
    private var decoder = EntryDecoder()
    /// Rising by number.
    private var expected: ArraySlice<Expectation>

    private struct Expectation {
        var sequence: UInt64
        var stateHash: UInt64
    }

    /// With the sound checkpoints of a folder that are of today's encoding; others cannot be compared.
    package init(_ checkpoints: [Checkpoint]) {
        let comparable = checkpoints.filter { $0.encoding == ImageEncoding.version }
        expected =
            comparable.map { Expectation(sequence: $0.sequence, stateHash: $0.stateHash) }
            .sorted { $0.sequence < $1.sequence }[...]
    }

    /// Takes the next record of the journal.
    ///
    /// Throws `damaged` or `newerVersion` when it is not what this server could have written.
    package mutating func take(_ record: JournalRecord) throws(JournalFault) {
        compare(before: record.sequence)
        do throws(SpellingFault) {
            guard case .session(let entry)? = try decoder.entry(of: record) else { return }
            try table.check(entry)
            table.apply(entry)
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
            let sections = ImageEncoding.sections(of: CheckpointImage(of: table, at: 0))
            if ImageEncoding.stateHash(of: sections) == next.stateHash {
                agreed.append(next.sequence)
            } else {
                disagreed.append(next.sequence)
            }
        }
    }
}
