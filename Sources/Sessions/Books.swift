/// What is counted over all sessions that were held: per community, and in all.
///
/// A session is booked when it leaves memory (`archived`); what is still there is added by whoever asks (`Counters`).
/// Names stay out; ids stay as long as something of their person is kept, so that nobody is counted twice.
package struct Books: Equatable, Sendable {
    /// Of all sessions, with or without a community.
    package var all = Account()
    /// In the order of the communities' names, byte by byte.
    package var communities: [Community] = []

    package init() {}

    package struct Community: Equatable, Sendable {
        package var name: Text
        package var account: Account

        package init(name: Text, account: Account = Account()) {
            self.name = name
            self.account = account
        }
    }

    /// What is counted, of one community or of all.
    package struct Account: Equatable, Sendable {
        /// Everybody who has had a seat, observers left out, and when the last session ended in which they did.
        package var members: [PersonID: Milliseconds] = [:]
        /// Members of whom nothing is kept any more; who comes back is counted anew.
        package var forgottenMembers = 0
        /// Sessions that were started, and are over.
        package var held = 0
        /// How often somebody has attended one of these, by the rule.
        package var attended = 0

        package init() {}

        package var membersSeen: Int { members.count + forgottenMembers }
    }

    /// Books a session that is over; of one that is not, who has come so far; of a rehearsal nothing.
    package mutating func close(_ state: SessionState) {
        guard !state.isRehearsal else { return }
        let summary = SessionSummary(of: state)
        all.take(summary)
        guard !state.community.isEmpty else { return }
        communities[index(of: state.community)].account.take(summary)
    }

    mutating func apply(_ event: BooksEvent) {
        switch event {
        case .personRenamed(let person, let pseudonym): change { $0.rename(person, to: pseudonym) }
        case .attendanceForgotten(let before): change { $0.forget(before: before) }
        case .wordsForgotten: break
        }
    }

    private mutating func change(_ change: (inout Account) -> Void) {
        change(&all)
        for index in communities.indices { change(&communities[index].account) }
    }

    /// Where the community stands, or comes to stand.
    private mutating func index(of name: Text) -> Int {
        let place =
            communities.firstIndex { !$0.name.utf8.lexicographicallyPrecedes(name.utf8) } ?? communities.count
        if place == communities.count || communities[place].name != name {
            communities.insert(Community(name: name), at: place)
        }
        return place
    }
}

/// What one session adds to the books.
package struct SessionSummary: Equatable, Sendable {
    /// Observers left out.
    package var members: [PersonID]
    package var endedAt: Milliseconds
    package var isHeld: Bool
    package var attended: Int

    /// Of a session that is over; as long as it is not, nobody has attended it.
    package init(of state: SessionState) {
        members = state.seats.filter { $0.role != .observer }.map(\.person)
        endedAt = state.endedAt ?? state.lastAt
        isHeld = state.startedAt != nil && state.phase == .ended
        attended = isHeld ? state.attendance(at: endedAt).attended : 0
    }
}

extension Books.Account {
    /// Adds what a session has come to.
    package mutating func take(_ summary: SessionSummary) {
        for person in summary.members {
            members[person] = max(members[person] ?? summary.endedAt, summary.endedAt)
        }
        held += summary.isHeld ? 1 : 0
        attended += summary.attended
    }

    fileprivate mutating func rename(_ person: PersonID, to pseudonym: PersonID) {
        guard let seen = members.removeValue(forKey: person) else { return }
        members[pseudonym] = seen
    }

    fileprivate mutating func forget(before: Milliseconds) {
        let known = members.count
        members = members.filter { $0.value >= before }
        forgottenMembers += known - members.count
    }
}

/// What happened that concerns no single session.
package struct BooksEntry: Equatable, Sendable {
    package var at: Milliseconds
    package var event: BooksEvent

    package init(at: Milliseconds, event: BooksEvent) {
        self.at = at
        self.event = event
    }
}

package enum BooksEvent: Equatable, Sendable {
    /// A person was forgotten: a pseudonym takes the place of the id.
    case personRenamed(PersonID, as: PersonID)
    /// The sessions that ended before are gone, and who came only to these.
    case attendanceForgotten(before: Milliseconds)
    /// What was written in the sessions that ended before is gone.
    case wordsForgotten(before: Milliseconds)
}
