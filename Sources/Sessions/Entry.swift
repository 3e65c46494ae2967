/// One line of the journal: what happened in a session, or that time went by.
package enum Entry: Equatable, Sendable {
    case session(SessionEntry)
    /// Somebody was connected at this time: what bounds an outage.
    case clock(at: Milliseconds)
    /// Something that concerns no single session.
    case books(BooksEntry)

    /// When it happened.
    package var at: Milliseconds {
        switch self {
        case .session(let entry): entry.at
        case .clock(let at): at
        case .books(let entry): entry.at
        }
    }
}

/// An event with its number and time.
package struct SessionEntry: Equatable, Sendable {
    package var session: SessionNumber
    package var seq: Int
    package var at: Milliseconds
    package var event: SessionEvent
    package var text: Text?
    /// The next entry comes of the same decision: a journal keeps both or neither, so that no command is half done.
    package var continues: Bool

    package init(
        session: SessionNumber,
        seq: Int,
        at: Milliseconds,
        event: SessionEvent,
        text: Text?,
        continues: Bool = false
    ) {
        self.session = session
        self.seq = seq
        self.at = at
        self.event = event
        self.text = text
        self.continues = continues
    }
}
