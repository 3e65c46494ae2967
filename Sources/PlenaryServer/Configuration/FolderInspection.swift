internal import Foundation
internal import Journal

/// What a server would meet in the folder of `--data`; nothing is made or changed there.
struct FolderInspection {
    private(set) var findings: [Finding] = []
    /// A server runs on it.
    private(set) var isInUse = false
    /// When something was last written to the journal, by the wall clock of then.
    private(set) var lastAt: Int64?

    /// So much is left at least: the segment that is written, the next one, two checkpoints, and an archive.
    private static let roomBytes = 512 << 20

    init(_ folder: String?, _ machine: Machine) {
        guard let folder else { return }
        var isFolder = ObjCBool(false)
        let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        guard exists else {
            lookAtParent(of: folder, machine)
            return
        }
        guard isFolder.boolValue else {
            findings.append(.problem("\(folder) is no folder: choose another with --data."))
            return
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            findings.append(
                .problem("\(folder) cannot be written by this user: chown it, or run as its owner.")
            )
            return
        }
        lookAtRoom(in: folder, machine)
        lookAtJournal(in: folder)
    }

    private mutating func lookAtParent(of folder: String, _ machine: Machine) {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: parent) else {
            findings.append(
                .problem("\(folder) is not there, and \(parent) is no folder in which it could be made.")
            )
            return
        }
        lookAtRoom(in: parent, machine)
    }

    private mutating func lookAtRoom(in folder: String, _ machine: Machine) {
        guard let free = machine.free(folder), free < Self.roomBytes else { return }
        findings.append(
            .problem(
                "There are \(Quantity.rounded(bytes: free)) free where \(folder) is; the journal needs "
                    + "\(Quantity.rounded(bytes: Self.roomBytes)) to go on: make room, or choose another disk."
            )
        )
    }

    private mutating func lookAtJournal(in folder: String) {
        let storage = DiskStorage(directory: folder)
        if (try? Backup.isUnfinished(storage)) == true {
            findings.append(.problem("\(folder): \(JournalFault.unfinishedCopy.description)."))
        }
        guard let segments = try? storage.list("segments"), !segments.isEmpty else { return }
        isInUse = Self.isHeld("\(folder)/lock")
        lastAt = segments.compactMap { name in
            let found = try? FileManager.default.attributesOfItem(atPath: "\(folder)/segments/\(name)")
            return (found?[.modificationDate] as? Date).map { Int64($0.timeIntervalSince1970 * 1_000) }
        }.max()
        do throws(JournalFault) {
            if let damage = try JournalVerification(storage).damage {
                let fault = JournalFault.damaged(damage).description
                findings.append(
                    .problem(
                        "\(fault) The server does not start on it; plenary verify --data \(folder) tells more."
                    )
                )
            }
        } catch {
            // A running server removes segments that it has archived.
            if !(isInUse && error.isMissing) { findings.append(.problem(error.description)) }
        }
        if isInUse {
            findings.append(.note("A server runs on \(folder) already; a second one would not start."))
        }
    }

    /// Whether somebody holds the lock (flock(2)), by the kernel's list: to try it would keep a server out that starts
    /// at the same moment.
    private static func isHeld(_ path: String) -> Bool {
        guard let found = try? FileManager.default.attributesOfItem(atPath: path),
            let number = (found[.systemFileNumber] as? NSNumber)?.uint64Value,
            let list = BoundedFile.bytes("/proc/locks", limit: 1 << 20)
        else { return false }
        // "1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF"
        return String(decoding: list, as: UTF8.self).split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.count >= 6 && words[1] == "FLOCK" && words[5].hasSuffix(":\(number)")
        }
    }
}
