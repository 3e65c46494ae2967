/// All live sessions after one commit: what a checkpoint holds.
///
/// Values, so that the sessions can go on meanwhile.
package struct CheckpointImage: Equatable, Sendable {
    /// The time of the last entry.
    package var at: Milliseconds
    /// Rising by number.
    package var states: [SessionState]
    /// The ids of archived sessions.
    package var usedIDs: Set<SessionID>
    package var lastNumber: SessionNumber
    package var books: Books

    package init(
        at: Milliseconds,
        states: [SessionState],
        usedIDs: Set<SessionID>,
        lastNumber: SessionNumber,
        books: Books = Books()
    ) {
        self.books = books
        self.at = at
        self.states = states
        self.usedIDs = usedIDs
        self.lastNumber = lastNumber
    }

    /// The image of a table.
    package init(of table: SessionTable, at: Milliseconds) {
        self.init(
            at: at,
            states: table.risingNumbers.compactMap { table.sessions[$0]?.state },
            usedIDs: table.usedIDs,
            lastNumber: table.lastNumber,
            books: table.books
        )
    }

    /// The table that the image is of.
    package var table: SessionTable {
        SessionTable(states: states, usedIDs: usedIDs, lastNumber: lastNumber, books: books)
    }
}
