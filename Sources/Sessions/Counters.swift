/// How many members, communities and sessions this server has seen: the books, and what is still in memory.
package struct Counters: Equatable, Sendable {
    package var all: Row
    /// In the order of their names, byte by byte.
    package var communities: [(name: Text, row: Row)]

    /// One line of it.
    package struct Row: Equatable, Sendable {
        /// Everybody who has had a seat, observers left out, each once.
        package var membersSeen = 0
        /// Sessions that were started and are over.
        package var sessionsHeld = 0
        /// How often somebody has attended one of these, by the rule.
        package var sessionsAttended = 0

        package init() {}

        init(_ account: Books.Account) {
            membersSeen = account.membersSeen
            sessionsHeld = account.held
            sessionsAttended = account.attended
        }
    }

    package static func == (left: Counters, right: Counters) -> Bool {
        left.all == right.all && left.communities.map(\.name) == right.communities.map(\.name)
            && left.communities.map(\.row) == right.communities.map(\.row)
    }
}

extension SessionTable {
    /// The counters as of now.
    ///
    /// Linear in all that is remembered: for whoever asks, not for the path of a message.
    package var counters: Counters {
        var books = books
        for number in risingNumbers {
            if let state = sessions[number]?.state { books.close(state) }
        }
        return Counters(
            all: Counters.Row(books.all),
            communities: books.communities.map { ($0.name, Counters.Row($0.account)) }
        )
    }
}
