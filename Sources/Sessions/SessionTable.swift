/// All sessions of a server, by number and by id.
///
/// Recovery fills it from the journal; the engine goes on with it.
package struct SessionTable {
    /// The sessions in memory.
    ///
    /// Looked up, never walked in its own order.
    package private(set) var sessions: [SessionNumber: Session] = [:]
    package private(set) var numbers: [SessionID: SessionNumber] = [:]
    /// The ids of archived sessions: an id is used once.
    package private(set) var usedIDs: Set<SessionID> = []
    package private(set) var lastNumber: SessionNumber = 0
    /// What is counted of the sessions that are over and have left.
    package private(set) var books = Books()

    package init() {}

    package init(
        states: [SessionState],
        usedIDs: Set<SessionID>,
        lastNumber: SessionNumber,
        books: Books = Books()
    ) {
        self.usedIDs = usedIDs
        self.lastNumber = lastNumber
        self.books = books
        for state in states {
            sessions[state.number] = Session(state: state)
            numbers[state.id] = state.number
        }
    }

    package func session(_ id: SessionID) -> Session? {
        numbers[id].flatMap { sessions[$0] }
    }

    /// The numbers of the sessions in memory, rising: the order for everything that walks them all.
    package var risingNumbers: [SessionNumber] { sessions.keys.sorted() }

    /// Makes an entry true, wherever it belongs.
    ///
    /// An entry for a session that is not here is ignored: it was archived.
    ///
    /// - Returns: who hears of it.
    @discardableResult
    package mutating func apply(_ entry: SessionEntry) -> Audience {
        apply(entry, to: sessions[entry.session])
    }

    /// The same for whoever has the entry's session at hand, which need not be looked for then.
    @discardableResult
    package mutating func apply(_ entry: SessionEntry, to session: Session?) -> Audience {
        switch entry.event {
        case .created(let created):
            let session = Session(created, number: entry.session, at: entry.at)
            sessions[entry.session] = session
            numbers[created.id] = entry.session
            lastNumber = max(lastNumber, entry.session)
            return .nobody
        case .archived:
            if let session = remove(entry.session) { books.close(session.state) }
            return .nobody
        case .sessionErased:
            _ = remove(entry.session)
            return .nobody
        default:
            return session?.apply(entry) ?? .nobody
        }
    }

    /// Makes true what concerns no single session.
    package mutating func apply(_ entry: BooksEntry) {
        books.apply(entry.event)
    }

    private mutating func remove(_ number: SessionNumber) -> Session? {
        guard let session = sessions.removeValue(forKey: number) else { return nil }
        numbers[session.state.id] = nil
        usedIDs.insert(session.state.id)
        return session
    }
}
