internal import Foundation
internal import Journal

/// `plenary verify`: reads the whole journal, beside a running server too, and changes nothing.
enum Verify {
    /// Says what is there, and the first bad record if there is one.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        guard let folder = configuration.data else {
            outlet.complain("plenary verify needs --data DIR.")
            return .usage
        }
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else {
            outlet.complain("\(folder) is no folder.")
            return .configuration
        }
        let segments = URL(fileURLWithPath: folder, isDirectory: true).appending(component: "segments")
        guard FileManager.default.fileExists(atPath: segments.path) else {
            outlet.complain("\(folder) holds no journal.")
            return .configuration
        }
        do throws(JournalFault) {
            let storage = DiskStorage(directory: folder)
            var replay = ReplayCheck(try checkpoints(in: storage))
            let found = try JournalVerification(storage) { record throws(JournalFault) in
                try replay.take(record)
            }
            if found.damage == nil { replay.finish(at: found.lastSequence) }
            return report(found, replay, outlet)
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }

    /// Those that can be read; `JournalVerification` tells of the others.
    private static func checkpoints(in storage: DiskStorage) throws(JournalFault) -> [Checkpoint] {
        try Checkpoints.list(storage).compactMap { try? Checkpoints.read($0, from: storage) }
    }

    private static func report(
        _ found: JournalVerification,
        _ replay: ReplayCheck,
        _ outlet: Outlet
    ) -> ExitCode {
        for checkpoint in found.checkpoints {
            if let fault = checkpoint.fault {
                outlet.complain(
                    "The checkpoint after record \(checkpoint.sequence) is bad: \(fault.description)"
                )
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
