import Sessions

/// A whole folder, read and replayed: what `plenary verify` finds, and what a copy is measured by.
///
/// It takes no lock and changes nothing; beside a running server it looks again when segments were removed meanwhile.
package struct FolderVerification {
    package let journal: JournalVerification
    package let replay: ReplayCheck

    /// Reads everything.
    ///
    /// Throws `newerVersion` and `io`.
    package init(_ storage: any Storage, limits: JournalLimits = JournalLimits()) throws(JournalFault) {
        var attempts = 3
        while true {
            attempts -= 1
            do throws(JournalFault) {
                let first = try Segments.first(in: storage)
                let (journal, replay) = try Self.read(storage, from: first, limits)
                guard journal.firstSequence ?? 1 == first || attempts == 0 else { continue }
                self.journal = journal
                self.replay = replay
                return
            } catch {
                // A running server removes segments that it has archived.
                guard error.isMissing, attempts > 0 else { throw error }
            }
        }
    }

    /// Whether a server would start on it, and every state in it is the one that the journal gives.
    package var isSound: Bool { journal.isSound && replay.disagreed.isEmpty }

    /// What is wrong, in sentences.
    package var complaints: [String] {
        var sentences: [String] = []
        for checkpoint in journal.checkpoints {
            if let fault = checkpoint.fault {
                sentences.append(
                    "The checkpoint after record \(checkpoint.sequence) is bad: \(fault.description)"
                )
            }
        }
        for archive in journal.archives {
            if let fault = archive.fault {
                sentences.append("The archive of session \(archive.id.text) is bad: \(fault.description)")
            }
        }
        if let fault = journal.erasuresFault {
            sentences.append("The list of erasures is bad: \(fault.description)")
        }
        if let damage = journal.damage { sentences.append(damage.description) }
        for sequence in replay.disagreed {
            sentences.append(
                "The checkpoint after record \(sequence) is not the state that the journal gives"
            )
        }
        return sentences
    }

    private static func read(
        _ storage: any Storage,
        from first: UInt64,
        _ limits: JournalLimits
    ) throws(JournalFault) -> (JournalVerification, ReplayCheck) {
        let archived = first > 1 ? try ArchivedBeginning(storage, before: first) : nil
        var replay = ReplayCheck(try checkpoints(in: storage), after: archived)
        let journal = try JournalVerification(storage, limits: limits) { record throws(JournalFault) in
            try replay.take(record)
        }
        if journal.damage == nil { replay.finish(at: journal.lastSequence) }
        return (journal, replay)
    }

    /// Those that can be read; `JournalVerification` tells of the others.
    private static func checkpoints(in storage: any Storage) throws(JournalFault) -> [Checkpoint] {
        var sound: [Checkpoint] = []
        for sequence in try Checkpoints.list(storage) {
            do throws(JournalFault) {
                sound.append(try Checkpoints.read(sequence, from: storage))
            } catch {
                if case .io = error, !error.isMissing { throw error }
            }
        }
        return sound
    }
}
