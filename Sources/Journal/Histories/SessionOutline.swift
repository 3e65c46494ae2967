package import Sessions

/// What a list of sessions tells of each.
package struct SessionOutline: Equatable, Sendable {
    package let id: SessionID
    package let number: SessionNumber
    package let community: Text
    package let isRehearsal: Bool
    /// The title that it had last.
    package private(set) var title: Text
    package let createdAt: Milliseconds
    package private(set) var startedAt: Milliseconds?
    /// When it ended by the rules: a deserted session is dated back.
    package private(set) var endedAt: Milliseconds?
    /// The number and the time of the last event before `archived`.
    package private(set) var lastSeq: Int
    package private(set) var lastAt: Milliseconds
    /// It has left the server's memory; its id is used up.
    package private(set) var isArchived = false
    /// It was erased, and the segments have not been cleared of it yet.
    package private(set) var isErased = false
    /// The events whose words were taken back: those of deleted messages, and those that an edit has replaced.
    ///
    /// The segments have them until the session is archived; whoever tells of it tells of them as gone.
    package private(set) var wordsTakenBack: Set<Int> = []
    /// Where the words of edited messages stand now.
    private var latestWords: [MessageID: Int] = [:]

    /// Nil when the entry is no session's beginning.
    package init?(_ entry: SessionEntry) {
        guard case .created(let created) = entry.event else { return nil }
        id = created.id
        number = entry.session
        community = created.community
        isRehearsal = created.isRehearsal
        title = created.title
        createdAt = entry.at
        lastSeq = entry.seq
        lastAt = entry.at
    }

    /// Takes the session's next entry; the first one changes nothing.
    package mutating func take(_ entry: SessionEntry) {
        switch entry.event {
        case .started: startedAt = entry.at
        case .ended(_, let endedAt): self.endedAt = endedAt
        case .changed(let title, _, _): self.title = title
        case .chatEdited(let message, _):
            wordsTakenBack.insert(latestWords[message] ?? message)
            latestWords[message] = entry.seq
        case .chatDeleted(let message, _): wordsTakenBack.insert(latestWords[message] ?? message)
        case .archived:
            isArchived = true
            return
        case .sessionErased:
            isErased = true
            return
        default: break
        }
        lastSeq = entry.seq
        lastAt = entry.at
    }
}

extension SessionHistory {
    /// Reads a history to its end and answers what a list would tell of it; nil when the folder knows no such session.
    ///
    /// Throws `damaged`, `newerVersion` or `io`.
    package static func outline(
        of id: SessionID,
        in storage: any Storage
    ) throws(JournalFault) -> SessionOutline? {
        guard var history = try SessionHistory(of: id, in: storage) else { return nil }
        var outline: SessionOutline?
        while let entry = try history.next() {
            if outline == nil { outline = SessionOutline(entry) }
            outline?.take(entry)
        }
        return outline
    }
}
