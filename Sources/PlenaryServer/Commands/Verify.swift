internal import Journal
internal import Sessions

/// `plenary verify`: reads the whole journal, beside a running server too, and changes nothing.
enum Verify {
    /// Says what is there, and the first bad record if there is one.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        let storage: DiskStorage
        do throws(ConfigurationFault) {
            storage = try JournalFolder.open(configuration.data, for: .verify)
        } catch {
            return outlet.refuse(error)
        }
        do throws(JournalFault) {
            return report(try read(storage), outlet)
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }

    private struct Found {
        var journal: JournalVerification
        var replay: ReplayCheck
    }

    private static func read(_ storage: DiskStorage) throws(JournalFault) -> Found {
        var attempts = 3
        while true {
            attempts -= 1
            do throws(JournalFault) {
                let first = try Segments.first(in: storage)
                let found = try read(storage, from: first)
                if found.journal.firstSequence ?? 1 == first || attempts == 0 { return found }
            } catch {
                // A running server removes segments that it has archived.
                guard error.isMissing, attempts > 0 else { throw error }
            }
        }
    }

    private static func read(_ storage: DiskStorage, from first: UInt64) throws(JournalFault) -> Found {
        let archived = first > 1 ? try ArchivedBeginning(storage, before: first) : nil
        var replay = ReplayCheck(try checkpoints(in: storage), after: archived)
        let journal = try JournalVerification(storage) { record throws(JournalFault) in
            try replay.take(record)
        }
        if journal.damage == nil { replay.finish(at: journal.lastSequence) }
        return Found(journal: journal, replay: replay)
    }

    /// Those that can be read; `JournalVerification` tells of the others.
    private static func checkpoints(in storage: DiskStorage) throws(JournalFault) -> [Checkpoint] {
        try Checkpoints.list(storage).compactMap { try? Checkpoints.read($0, from: storage) }
    }

    private static func report(_ all: Found, _ outlet: Outlet) -> ExitCode {
        let (found, replay) = (all.journal, all.replay)
        for checkpoint in found.checkpoints {
            if let fault = checkpoint.fault {
                outlet.complain(
                    "The checkpoint after record \(checkpoint.sequence) is bad: \(fault.description)"
                )
            }
        }
        for archive in found.archives {
            if let fault = archive.fault {
                outlet.complain("The archive of session \(archive.id.text) is bad: \(fault.description)")
            }
        }
        if let damage = found.damage { outlet.complain(damage.description) }
        for sequence in replay.disagreed {
            outlet.complain("The checkpoint after record \(sequence) is not the state that the journal gives")
        }
        var lines = [
            "\(found.records) records of \(found.sessions.count) sessions in \(found.segments) segments, "
                + "\(found.payloadBytes) bytes; \(found.checkpoints.count) checkpoints, "
                + "\(replay.agreed.count) of them replayed to the same state"
        ]
        if !found.archives.isEmpty {
            lines.append(
                "\(found.archives.count) archived sessions, \(found.archives.reduce(0) { $0 + $1.records }) records; "
                    + "\(found.archives.count(where: \.isReplayed)) of them replayed to the state they ended in"
            )
        }
        if replay.metErased {
            lines.append("Records were erased: \(replay.beginning.sentenceAfterErasing)")
        } else if let first = found.firstSequence, first > 1 {
            lines.append("The journal begins with record \(first): \(replay.beginning.sentence)")
        }
        if let torn = found.end?.torn {
            lines.append(
                "\(torn.file) ends with \(torn.bytes) unfinished bytes at \(torn.offset): nobody had heard of them"
            )
        }
        let isSound = found.isSound && replay.disagreed.isEmpty
        lines.append(isSound ? "ok" : "damaged")
        let code = outlet.result(lines.joined(separator: "\n"))
        return isSound ? code : .badData
    }
}

extension ReplayCheck.Beginning {
    /// What the checkpoints were compared with when some of the journal is blank.
    fileprivate var sentenceAfterErasing: String {
        if case .checkpoint(let sequence?) = self {
            "it was replayed from the checkpoint after record \(sequence) on"
        } else {
            "no checkpoint was written after them, nothing could be replayed"
        }
    }

    /// What the checkpoints were compared with.
    fileprivate var sentence: String {
        switch self {
        case .firstRecord: "it was replayed from there"
        case .archives: "what came before was replayed from the archives"
        case .checkpoint(let sequence?):
            "archives are missing, it was replayed from the checkpoint after record \(sequence) on"
        case .checkpoint(nil): "archives are missing, nothing could be replayed"
        }
    }
}
