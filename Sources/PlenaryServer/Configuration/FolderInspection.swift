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
    /// What a start makes in it.
    private static let folders = ["segments", "checkpoints", "archive"]

    init(_ folder: String?, _ machine: Machine) {
        guard let folder else { return }
        switch Found(at: folder) {
        case .nothing: lookAtParent(of: folder, machine)
        case .brokenLink:
            problem(
                "\(folder) is a link to what is not there: make the folder that it names, or choose another with --data."
            )
        case .file: problem("\(folder) is no folder: choose another with --data.")
        case .folder:
            guard Self.isWritable(folder) else {
                problem(Self.unwritable(folder))
                return
            }
            lookAtRoom(in: folder, machine)
            lookAtFolder(folder)
        }
    }

    private mutating func problem(_ sentence: String) { findings.append(.problem(sentence)) }

    private mutating func lookAtParent(of folder: String, _ machine: Machine) {
        let parent = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        guard Found(at: parent) == .folder, Self.isWritable(parent) else {
            problem(
                "\(folder) is not there, and \(parent) is no folder in which it could be made: make that one first, so that "
                    + "this user can write to it, or choose another with --data."
            )
            return
        }
        lookAtRoom(in: parent, machine)
    }

    private mutating func lookAtRoom(in folder: String, _ machine: Machine) {
        guard let free = machine.free(folder), free < Self.roomBytes else { return }
        problem(
            "There are \(Quantity.rounded(bytes: free)) free where \(folder) is; the journal needs "
                + "\(Quantity.rounded(bytes: Self.roomBytes)) to go on: make room, or choose another disk."
        )
    }

    /// What a start does first: takes the lock, and makes the folders that are not there.
    private mutating func lookAtFolder(_ folder: String) {
        isInUse = Self.isHeld("\(folder)/lock")
        if Found(at: "\(folder)/lock") == .folder {
            problem("\(folder)/lock is no file, so that no server can lock the folder: remove it.")
        }
        let storage = DiskStorage(directory: folder)
        if (try? Backup.isUnfinished(storage)) == true {
            problem("\(folder): \(JournalFault.unfinishedCopy.description).")
        }
        let (found, known) = (Self.folders.map { Found(at: "\(folder)/\($0)") }, findings.count)
        for (name, found) in zip(Self.folders, found) {
            switch found {
            case .nothing: break
            case .file, .brokenLink:
                problem(
                    "\(folder)/\(name) is no folder: remove it, and put that of a copy in its place if there is one."
                )
            case .folder where !Self.isWritable("\(folder)/\(name)"):
                problem(Self.unwritable("\(folder)/\(name)"))
            case .folder: break
            }
        }
        // Without the first two it is a new folder, with both a journal; old servers made no archive.
        let needed = zip(Self.folders, found).prefix(2)
        if findings.count == known, needed.contains(where: { $0.1 == .folder }) {
            let missing = needed.filter { $0.1 == .nothing }.map(\.0)
            for name in missing {
                problem(
                    "\(folder)/\(name) is not there, and others are: if it was empty make it (mkdir), else put that of a copy "
                        + "in its place."
                )
            }
            if missing.isEmpty { lookAtJournal(in: folder, storage) }
        }
        if isInUse {
            findings.append(.note("A server runs on \(folder) already; a second one would not start."))
        }
    }

    private mutating func lookAtJournal(in folder: String, _ storage: DiskStorage) {
        let segments = (try? storage.list("segments")) ?? []
        lastAt = segments.compactMap { name in
            let found = try? FileManager.default.attributesOfItem(atPath: "\(folder)/segments/\(name)")
            return (found?[.modificationDate] as? Date).map { Int64($0.timeIntervalSince1970 * 1_000) }
        }.max()
        do throws(JournalFault) {
            if let damage = try JournalVerification(storage).damage {
                problem(JournalFault.damaged(damage).sentence(in: folder))
            }
        } catch {
            // A running server removes segments that it has archived.
            if !(isInUse && error.isMissing) { problem(error.sentence(in: folder)) }
        }
    }

    /// Also to be asked of root, whom only the disk refuses.
    private static func isWritable(_ folder: String) -> Bool {
        FileManager.default.isWritableFile(atPath: folder)
            && FileManager.default.isExecutableFile(atPath: folder)
    }

    private static func unwritable(_ folder: String) -> String {
        "\(folder) cannot be written by this user: chown it, run as its owner, or mount its disk so that it can be written."
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

/// What stands at a path; links are followed.
private enum Found {
    case nothing
    case brokenLink
    case file
    case folder

    init(at path: String) {
        var isFolder = ObjCBool(false)
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            self = isFolder.boolValue ? .folder : .file
        } else {
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
            self = isLink ? .brokenLink : .nothing
        }
    }
}

extension JournalFault {
    /// What keeps a server from starting on the folder, and what to do about it.
    fileprivate func sentence(in folder: String) -> String {
        let cure =
            switch self {
            case .damaged:
                "The server does not start on it: plenary verify --data \(folder) tells more, and a copy of plenary backup "
                    + "can take its place."
            case .newerVersion: "Start the server that wrote it, or a newer one."
            default:
                "See to it that the disk is sound, and that this user can read all that is in the folder."
            }
        return "\(folder): \(description). \(cure)"
    }
}
