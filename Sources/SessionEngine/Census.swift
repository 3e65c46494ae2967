import Sessions

/// The totals of `Counters`, kept as things happen, so that metrics may ask for them at any moment.
///
/// A person counts once however many sessions they are in: those whom the books know, and those who are in memory and
/// whom the books do not know. Rehearsals are counted for themselves, and add to nothing else.
struct Census {
    private var rehearsals = 0
    /// In how many sessions in memory a person has a seat, observers left out.
    private var seats: [PersonID: Int] = [:]
    /// Those among them whom the books do not know.
    private var newcomers = 0
    /// Of sessions in memory that are over.
    private var held = 0
    private var attended = 0
    private var attendedBySession: [SessionNumber: Int] = [:]
    /// Communities of sessions in memory, and how many sessions each has.
    private var communities: [(name: Text, sessions: Int)] = []
    /// Those among them that the books do not know; nil: to be counted again, which costs more than a batch may.
    private var unbooked: Int?

    /// Counts what is in memory from the beginning.
    init(_ table: SessionTable) {
        for number in table.risingNumbers {
            guard let state = table.sessions[number]?.state else { continue }
            begin(state)
            guard !state.isRehearsal else { continue }
            for seat in state.seats where seat.role != .observer { sit(seat.person, table.books) }
            judge(state)
        }
    }

    /// Follows an event, judged on the state behind it.
    ///
    /// Few events ask for the table.
    mutating func follow(
        _ event: SessionEvent,
        in session: Session,
        of table: @autoclosure () -> SessionTable
    ) {
        switch event {
        case .joined(let joined):
            if joined.seatRole != .observer, !session.state.isRehearsal { sit(joined.person, table().books) }
        case .ended: judge(session.state)
        case .attendanceAccepted, .attendanceMarked: judge(session.state)
        case .personErased: self = Census(table())
        default: break
        }
    }

    /// A session has come.
    mutating func begin(_ state: SessionState) {
        guard !state.isRehearsal else {
            rehearsals += 1
            return
        }
        unbooked = nil
        guard !state.community.isEmpty else { return }
        if let index = communities.firstIndex(where: { $0.name == state.community }) {
            communities[index].sessions += 1
        } else {
            communities.append((state.community, 1))
        }
    }

    /// A session is about to leave, into the books or for nothing; `books` are those before it.
    mutating func end(_ state: SessionState, isBooked: Bool, _ books: Books) {
        guard !state.isRehearsal else {
            rehearsals -= 1
            return
        }
        unbooked = nil
        for seat in state.seats where seat.role != .observer {
            let others = (seats[seat.person] ?? 1) - 1
            seats[seat.person] = others == 0 ? nil : others
            if books.all.members[seat.person] == nil, isBooked || others == 0 { newcomers -= 1 }
        }
        if state.phase == .ended, state.startedAt != nil { held -= 1 }
        attended -= attendedBySession.removeValue(forKey: state.number) ?? 0
        guard let index = communities.firstIndex(where: { $0.name == state.community }) else { return }
        communities[index].sessions -= 1
        if communities[index].sessions == 0 { communities.remove(at: index) }
    }

    /// Tells the totals.
    mutating func tell(_ counters: inout EngineCounters, _ books: Books) {
        counters.rehearsals = rehearsals
        counters.membersSeen = books.all.membersSeen + newcomers
        counters.sessionsHeld = books.all.held + held
        counters.sessionsAttended = books.all.attended + attended
        let unbooked =
            self.unbooked
            ?? communities.count { known in !books.communities.contains { $0.name == known.name } }
        self.unbooked = unbooked
        counters.communities = books.communities.count + unbooked
    }

    private mutating func sit(_ person: PersonID, _ books: Books) {
        let others = seats[person] ?? 0
        seats[person] = others + 1
        if others == 0 && books.all.members[person] == nil { newcomers += 1 }
    }

    /// Counts a session that is over, or counts it anew.
    private mutating func judge(_ state: SessionState) {
        guard !state.isRehearsal, state.phase == .ended, state.startedAt != nil else { return }
        if attendedBySession[state.number] == nil { held += 1 }
        let now = SessionSummary(of: state).attended
        attended += now - (attendedBySession[state.number] ?? 0)
        attendedBySession[state.number] = now
    }
}
