package import Sessions

/// The archived sessions of a folder: `archive/<session id>.log`, one file each.
///
/// A file comes into being under another name, is filled and synced, takes its name, and the folder is synced; only
/// then may the segments go that its records came from. So a file with an archive's name is whole. It is never
/// changed; when something is to be forgotten, another one takes its name in the same way (`ArchiveRewriting`).
package enum Archives {
    static let folder = "archive"
    private static let suffix = ".log"
    private static let unfinishedSuffix = ".part"

    /// The file of a session's archive.
    package static func path(_ id: SessionID) -> String { "\(folder)/\(id.text)\(suffix)" }

    /// The archive in the making.
    ///
    /// No archive has such a name, since none ends like this.
    static func unfinishedPath(_ id: SessionID) -> String { path(id) + unfinishedSuffix }

    /// The sessions that have an archive, sound or not, by name.
    package static func list(_ storage: any Storage) throws(JournalFault) -> [SessionID] {
        try names(in: storage).compactMap { name in
            name.hasSuffix(suffix) ? SessionID(name.utf8.dropLast(suffix.utf8.count)) : nil
        }.sorted { $0.text < $1.text }
    }

    /// Reads what an archive says of itself; its records may be damaged nevertheless.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package static func header(
        of id: SessionID,
        in storage: any Storage
    ) throws(JournalFault) -> ArchiveHeader {
        try header(of: id, in: try storage.open(path(id), for: .read))
    }

    static func header(of id: SessionID, in file: any StorageFile) throws(JournalFault) -> ArchiveHeader {
        let head = try file.readAll(ArchiveHeader.bytes, at: 0)
        let header = try ArchiveHeader(head.span.bytes, file: file.name)
        guard header.identity.id == id else {
            let why = "it is the archive of \(header.identity.id.text)"
            throw .damaged(Damage(file: file.name, offset: 0, sequence: 0, why: why))
        }
        return header
    }

    /// Removes a session's archive, for good: after a power cut it is gone as well.
    package static func remove(_ id: SessionID, in storage: any Storage) throws(JournalFault) {
        try storage.removeIfPresent(path(id))
        try storage.syncDirectory(folder)
    }

    /// Removes what a crash left unfinished.
    static func removeUnfinished(in storage: any Storage) throws(JournalFault) {
        for name in try names(in: storage) where name.hasSuffix(unfinishedSuffix) {
            try storage.removeIfPresent("\(folder)/\(name)")
        }
    }

    /// A folder of an older server has no archive.
    private static func names(in storage: any Storage) throws(JournalFault) -> [String] {
        do throws(JournalFault) {
            return try storage.list(folder)
        } catch  where error.isMissing {
            return []
        }
    }
}
