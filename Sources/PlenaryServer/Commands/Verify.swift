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
            return report(try FolderVerification(storage), outlet)
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }

    private static func report(_ all: FolderVerification, _ outlet: Outlet) -> ExitCode {
        let (found, replay) = (all.journal, all.replay)
        for sentence in all.complaints { outlet.complain(sentence) }
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
        lines.append(all.isSound ? "ok" : "damaged")
        let code = outlet.result(lines.joined(separator: "\n"))
        return all.isSound ? code : .badData
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
