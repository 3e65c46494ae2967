package import Sessions

/// All sessions of a folder, those that are archived and those in the segments.
///
/// Each is read once: one that has an archive is taken from there alone. It needs no lock, and of the journal no more
/// is in memory than one segment and what is asked for of the sessions that are not over.
package enum SessionHistories {
    /// An archive that could not be read.
    package struct BadArchive: Equatable, Sendable {
        package var id: SessionID
        package var fault: JournalFault
    }

    /// A session as far as it is known: what it has come to.
    package struct Folded: Sendable {
        package var outline: SessionOutline
        /// The state after the last event; of an archived session just before `archived`.
        package var state: SessionState
        /// Of that state, words left out: equal on every machine and in every build.
        package var hash: UInt64 { ImageEncoding.stateHash(of: state) }
    }

    /// The sessions of a folder, in the order of their numbers, and the archives that cannot be read.
    package struct List: Equatable, Sendable {
        package var sessions: [SessionOutline] = []
        package var bad: [BadArchive] = []
    }

    /// The names of all sessions, sorted; archives are not opened.
    ///
    /// Throws `damaged`, `newerVersion` or `io` of the segments.
    package static func ids(in storage: any Storage) throws(JournalFault) -> [SessionID] {
        var ids = Set(try Archives.list(storage))
        try retryingWhenMissing { () throws(JournalFault) in
            var reader = try JournalReader(beside: storage)
            while let record = try reader.next() {
                if case .created(let created)? = try record.creation()?.event { ids.insert(created.id) }
            }
        }
        return ids.sorted { $0.text < $1.text }
    }

    /// All sessions with the epochs that they began with; of archives only the headers are read, and bad ones passed over.
    ///
    /// For the folder of a stopped server. Throws `damaged`, `newerVersion` or `io` of the segments.
    package static func beginnings(in storage: any Storage) throws(JournalFault) -> [SessionID: Epoch] {
        var found: [SessionID: Epoch] = [:]
        var reader = try JournalReader(beside: storage)
        while let record = try reader.next() {
            if case .created(let created)? = try record.creation()?.event {
                found[created.id] = created.epoch
            }
        }
        for id in try Archives.list(storage) {
            if let header = try? Archives.header(of: id, in: storage) { found[id] = header.identity.epoch }
        }
        return found
    }

    /// All sessions with their times.
    ///
    /// Throws `damaged`, `newerVersion` or `io` of the segments.
    package static func list(in storage: any Storage) throws(JournalFault) -> List {
        var list = List()
        var walk = FolderWalk<Outlining>(storage)
        try walk.read { outlining throws(JournalFault) in list.sessions.append(outlining.outline) }
        list.bad = walk.bad
        list.sessions.sort { $0.number < $1.number }
        return list
    }

    /// Calls `visit` with each session of the folder, archived ones first; answers the archives that cannot be read.
    ///
    /// Throws `damaged`, `newerVersion` or `io` of the segments, and what `visit` throws.
    package static func fold(
        _ storage: any Storage,
        visit: (Folded) throws(JournalFault) -> Void
    ) throws(JournalFault) -> [BadArchive] {
        var walk = FolderWalk<Folding>(storage)
        try walk.read { folding throws(JournalFault) in
            guard let state = folding.lastState else { return }
            try visit(Folded(outline: folding.outline, state: state))
        }
        return walk.bad
    }
}

/// A session that is listed.
private struct Outlining: SessionAccount {
    private(set) var outline: SessionOutline

    init?(_ entry: SessionEntry, _ header: ArchiveHeader?) {
        guard let outline = SessionOutline(entry) else { return nil }
        self.outline = outline
    }

    mutating func take(_ entry: SessionEntry) { outline.take(entry) }
}

/// A session that is folded.
private struct Folding: SessionAccount {
    private(set) var outline: SessionOutline
    private var fold: SessionFold
    private var endState: SessionState?
    private let header: ArchiveHeader?

    init?(_ entry: SessionEntry, _ header: ArchiveHeader?) {
        guard let outline = SessionOutline(entry) else { return nil }
        self.outline = outline
        self.header = header
        fold = SessionFold(entry.session)
    }

    var lastState: SessionState? { endState ?? fold.state }

    mutating func take(_ entry: SessionEntry) throws(SpellingFault) {
        if case .archived = entry.event { endState = fold.state }
        try fold.take(entry)
        outline.take(entry)
        guard let hash = fold.endHash, let header, header.encoding == ImageEncoding.version else { return }
        guard hash == header.stateHash else {
            throw .badValue("the state that it comes to is not the one that it ended in")
        }
    }
}
