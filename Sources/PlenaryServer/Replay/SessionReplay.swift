internal import Journal
internal import Sessions

/// A session, lived through again: its events one after the other, and the state that each of them leaves.
struct SessionReplay {
    private var history: SessionHistory
    private var fold: SessionFold
    private var endState: SessionState?
    /// So many messages stood in each place, deleted ones too: the state keeps the newest alone.
    private(set) var messages = MessageCount()

    init(_ history: SessionHistory) {
        self.history = history
        fold = SessionFold(history.number)
    }

    /// The state behind the last event that was applied; of an archived session the one just before `archived`.
    var state: SessionState? { endState ?? fold.state }

    /// It has left the server's memory.
    var isArchived: Bool { endState != nil }

    /// The next event, not applied yet; nil at the end.
    mutating func next() throws(JournalFault) -> SessionEntry? { try history.next() }

    /// Makes the event true.
    ///
    /// Throws `damaged` when no server could have decided it, or an archive does not come to the state that it says.
    mutating func apply(_ entry: SessionEntry) throws(JournalFault) {
        if case .archived = entry.event { endState = fold.state }
        do throws(SpellingFault) {
            try fold.take(entry)
            if let expected = history.expectedEndHash, let hash = fold.endHash, hash != expected {
                throw .badValue("the state that it comes to is not the one that it ended in")
            }
        } catch {
            throw history.fault(error)
        }
        messages.take(entry.event)
    }
}

/// How many messages were sent, by place.
struct MessageCount {
    private(set) var rooms: [RoomID: Int] = [:]
    private(set) var direct = 0
    private(set) var deleted = 0

    mutating func take(_ event: SessionEvent) {
        switch event {
        case .chatSent(let sent):
            switch sent.place {
            case .room(let room): rooms[room, default: 0] += 1
            case .direct: direct += 1
            }
        case .chatDeleted: deleted += 1
        default: break
        }
    }
}
