internal import Foundation
internal import Journal
internal import Sessions
internal import Transport

/// `plenary backup`: copies the folder of --data beside a running server, and makes sure of the copy.
enum BackupCommand {
    /// Does it, and says what is in the copy, or why there is none.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        let source: DiskStorage
        let target: String
        do throws(ConfigurationFault) {
            source = try JournalFolder.open(configuration.data, for: .backup)
            target = try Self.target(configuration)
        } catch {
            return outlet.refuse(error)
        }
        // Each segment is held open.
        _ = DescriptorLimit.raise()
        let began = ServerClock().now()
        do throws(BackupFault) {
            let report = try Backup(from: source, to: DiskStorage(directory: target)).run()
            return tell(report, at: began, target, outlet)
        } catch {
            return complain(of: error, configuration.data ?? ".", target, outlet)
        }
    }

    private static func target(_ configuration: Configuration) throws(ConfigurationFault) -> String {
        guard let target = configuration.copyTo else {
            throw ConfigurationFault(
                "plenary backup needs --to DIR, a folder that does not exist yet.",
                exit: .usage
            )
        }
        let data = resolved(configuration.data ?? ".")
        let place = resolved(target)
        guard place != data, !place.hasPrefix(data == "/" ? data : data + "/") else {
            throw ConfigurationFault(
                "\(target) is in the folder of --data: a copy belongs elsewhere, on another disk at best.",
                exit: .usage
            )
        }
        return target
    }

    /// The path without links; of what is not there yet the folder's that it is to be in.
    private static func resolved(_ path: String) -> String {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        if FileManager.default.fileExists(atPath: url.path) { return url.resolvingSymlinksInPath().path }
        let parent = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return parent.appending(component: url.lastPathComponent).path
    }

    private static func tell(
        _ report: BackupReport,
        at began: Milliseconds,
        _ target: String,
        _ outlet: Outlet
    ) -> ExitCode {
        let tenths = (ServerClock().now() - began + 50) / 100
        var lines = [
            "Copied \(report.files) files, \(report.bytes) bytes, up to record \(report.lastSequence), in "
                + "\(tenths / 10).\(tenths % 10) s; read back, verified and recovered.",
            "\(target) has everything that was acknowledged before \(Zone.utc.day(began)) "
                + "\(Zone.utc.time(began)) UTC.",
        ]
        if report.unfinishedBytes > 0 {
            lines.append(
                "Behind the last whole record there were \(report.unfinishedBytes) unfinished bytes; they are left out."
            )
        }
        if report.archivesGone > 0 {
            lines.append("\(report.archivesGone) archived sessions were erased meanwhile, and are not in it.")
        }
        return outlet.result(lines.joined(separator: "\n"))
    }

    private static func complain(
        of fault: BackupFault,
        _ data: String,
        _ target: String,
        _ outlet: Outlet
    ) -> ExitCode {
        let code: ExitCode
        switch fault {
        case .source(let fault):
            outlet.complain("\(data): \(fault.description)")
            code = ExitCode(fault)
        case .target(let fault):
            outlet.complain("\(fault.isOfTheSource ? data : target): \(fault.description)")
            code = ExitCode(fault)
        case .notEmpty(let isUnfinished):
            outlet.complain(
                isUnfinished
                    ? "\(target) holds a copy that was not finished: remove it, or name another folder."
                    : "\(target) is not empty: name a folder that does not exist yet, or an empty one."
            )
            code = .cannotCreate
        case .changed(let file):
            outlet.complain("\(target): \(file) reads otherwise than it was written.")
            code = .inputOutput
        case .unsound(let sentences):
            for sentence in sentences { outlet.complain(sentence) }
            outlet.complain("What is damaged in \(data) is damaged in each copy of it.")
            code = .badData
        case .restless:
            outlet.complain("\(data) did not hold still for a moment: try again.")
            code = .unavailable
        }
        outlet.complain("No copy was made.")
        return code
    }
}

extension JournalFault {
    /// A copy that is being read shows what was copied.
    fileprivate var isOfTheSource: Bool {
        switch self {
        case .damaged, .newerVersion: true
        default: false
        }
    }
}
