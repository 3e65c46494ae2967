internal import Foundation
internal import Journal

/// The folder of `--data`, for commands that read it beside a running server.
enum JournalFolder {
    /// The folder, when a journal is in it; else the fault says what it lacks.
    static func open(_ folder: String?, for command: Subcommand) throws(ConfigurationFault) -> DiskStorage {
        guard let folder else {
            throw ConfigurationFault("plenary \(command.rawValue) needs --data DIR.", exit: .usage)
        }
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
        else {
            throw ConfigurationFault("\(folder) is no folder.", exit: .configuration)
        }
        let storage = DiskStorage(directory: folder)
        // First: of a copy that was hardly begun there may be no more than that.
        if (try? Backup.isUnfinished(storage)) == true {
            throw ConfigurationFault("\(folder): \(JournalFault.unfinishedCopy.description).", exit: .badData)
        }
        guard holdsJournal(URL(fileURLWithPath: folder, isDirectory: true)) else {
            throw ConfigurationFault("\(folder) holds no journal.", exit: .configuration)
        }
        return storage
    }

    /// Whether `path` would be the list of erasures of a folder that has a journal and no such list: nothing was erased.
    static func lacksErasures(_ path: String) -> Bool {
        let list = URL(fileURLWithPath: path)
        return list.lastPathComponent == ErasureList.file && !FileManager.default.fileExists(atPath: path)
            && holdsJournal(list.deletingLastPathComponent())
    }

    private static func holdsJournal(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(component: "segments").path)
    }
}
