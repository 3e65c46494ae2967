package import Sessions

/// A session's entries from its creation to its end, folded by the rules that recovery goes by.
package struct SessionFold {
    /// The hash of the state just before the session was archived, words left out; nil until then.
    package private(set) var endHash: UInt64?
    private let number: SessionNumber
    private var table: SessionTable

    /// A fold that begins with the session's creation.
    package init(_ number: SessionNumber) {
        self.number = number
        table = SessionTable(states: [], usedIDs: [], lastNumber: number &- 1)
    }

    /// The session's state; nil before its creation and after its end.
    package var state: SessionState? { table.sessions[number]?.state }

    /// Takes the session's next entry.
    ///
    /// Throws when the rules could not have decided it.
    package mutating func take(_ entry: SessionEntry) throws(SpellingFault) {
        guard entry.session == number, endHash == nil else { throw .badValue("something behind the end") }
        try table.check(entry)
        if case .archived = entry.event, let state { endHash = ImageEncoding.stateHash(of: state) }
        table.apply(entry)
    }
}
