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
            var decoder = EntryDecoder()
            let found = try JournalVerification(DiskStorage(directory: folder)) {
                record throws(JournalFault) in
                do throws(SpellingFault) {
                    _ = try decoder.entry(of: record)
                } catch {
                    throw error.fault(of: record)
                }
            }
            return report(found, outlet)
        } catch {
            outlet.complain(error.description)
            return ExitCode(error)
        }
    }

    private static func report(_ found: JournalVerification, _ outlet: Outlet) -> ExitCode {
        for checkpoint in found.checkpoints {
            if let fault = checkpoint.fault {
                outlet.complain(
                    "The checkpoint after record \(checkpoint.sequence) is bad: \(fault.description)"
                )
            }
        }
        if let damage = found.damage { outlet.complain(damage.description) }
        var lines = [
            "\(found.records) records of \(found.sessions.count) sessions in \(found.segments) segments, "
                + "\(found.payloadBytes) bytes; \(found.checkpoints.count) checkpoints"
        ]
        if let torn = found.end?.torn {
            lines.append(
                "\(torn.file) ends with \(torn.bytes) unfinished bytes at \(torn.offset): nobody had heard of them"
            )
        }
        lines.append(found.isSound ? "ok" : "damaged")
        let code = outlet.result(lines.joined(separator: "\n"))
        return found.isSound ? code : .badData
    }
}
