internal import Fanout
package import Sessions
internal import WebSocket

/// Something that an operator wants, through another door than a session's; `ticket` is whose it is.
package struct Errand: Equatable, Sendable {
    package var ticket: UInt64
    package var task: Task

    package init(ticket: UInt64, _ task: Task) {
        self.ticket = ticket
        self.task = task
    }

    package enum Task: Equatable, Sendable {
        /// All sessions in memory.
        case sessions
        /// The session as it is now.
        case session(SessionID)
        /// The sessions in memory in which a person has a seat.
        case person(PersonID)
        case counters
        /// Cuts off a person in a rehearsal: the connections are told to come back after so many seconds.
        case cutOff(SessionID, PersonID, seconds: Int)
        /// Forgets a person; `pseudonym` is fresh, and takes the place of the id wherever that stood.
        case erasePerson(PersonID, as: PersonID)
        /// Forgets a session, over or not.
        case eraseSession(SessionID)
        /// Forgets the rehearsals whose ids begin so, and with nil all of them, over or not.
        case eraseRehearsals(prefix: SessionID?)
        /// Says that the sessions that ended before have lost their words, or all that was kept of them.
        case forget(wordsBefore: Milliseconds?, attendanceBefore: Milliseconds?)

        /// What was forgotten has to leave the disk as well: a checkpoint without it comes with the commit.
        package var erases: Bool {
            switch self {
            case .sessions, .session, .person, .counters, .cutOff: false
            case .erasePerson, .eraseSession, .eraseRehearsals, .forget: true
            }
        }
    }
}

/// What came of an errand.
package struct ErrandOutcome: Sendable {
    package var errand: Errand
    /// The engine's time.
    package var at: Milliseconds
    /// The sessions in memory that it is about, rising by number, as they were before.
    package var states: [SessionState]
    /// Of `counters` alone.
    package var counters: Counters?
    /// Of `cutOff`: how many connections there were.
    package var connectionsCut = 0
    /// The id was used by a session that is over and has left memory.
    package var isArchived = false

    /// What stands for rehearsals that were over, left memory by themselves, and have to leave the disk too.
    package static func rehearsalsOver(at: Milliseconds) -> ErrandOutcome {
        ErrandOutcome(errand: Errand(ticket: 0, .eraseRehearsals(prefix: nil)), at: at, states: [])
    }
}

extension EngineCore {
    mutating func run(_ errand: Errand) {
        var outcome = ErrandOutcome(errand: errand, at: now, states: [])
        switch errand.task {
        case .sessions: outcome.states = table.risingNumbers.compactMap { table.sessions[$0]?.state }
        case .session(let id), .eraseSession(let id), .cutOff(let id, _, _):
            outcome.states = [table.session(id)?.state].compactMap { $0 }
            outcome.isArchived = table.usedIDs.contains(id)
        case .person(let person), .erasePerson(let person, _): outcome.states = sessions(with: person)
        case .eraseRehearsals(let prefix): outcome.states = rehearsals(beginningWith: prefix)
        case .counters: outcome.counters = table.counters
        case .forget: break
        }
        if case .cutOff(let id, let person, let seconds) = errand.task {
            outcome.connectionsCut = cutOff(person, in: id, seconds: seconds)
        }
        commit.errands.append(outcome)
        switch errand.task {
        case .sessions, .session, .person, .counters, .cutOff: break
        case .erasePerson(let person, let pseudonym): erase(person, as: pseudonym)
        case .eraseSession(let id):
            if let number = table.numbers[id], let live = lives[number] { erase(live) }
        case .eraseRehearsals:
            for state in outcome.states {
                if let live = lives[state.number] { erase(live) }
            }
        case .forget(let words, let attendance):
            if let words { publish(.wordsForgotten(before: words)) }
            if let attendance { publish(.attendanceForgotten(before: attendance)) }
        }
    }

    private func sessions(with person: PersonID) -> [SessionState] {
        table.risingNumbers.compactMap { table.sessions[$0]?.state }.filter { $0.seatByPerson[person] != nil }
    }

    private func rehearsals(beginningWith prefix: SessionID?) -> [SessionState] {
        table.risingNumbers.compactMap { table.sessions[$0]?.state }.filter { state in
            state.isRehearsal && (prefix.map { state.id.text.utf8.starts(with: $0.text.utf8) } ?? true)
        }
    }

    private mutating func erase(_ person: PersonID, as pseudonym: PersonID) {
        publish(.personRenamed(person, as: pseudonym))
        for number in table.risingNumbers {
            guard let live = lives[number] else { continue }
            let events = live.session.erase(person, as: pseudonym, newEpoch: Epoch(bits: random.next()))
            guard !events.isEmpty else { continue }
            publish(events, in: live)
            settle(live)
        }
    }

    /// Nobody's evening is disturbed: only in a rehearsal.
    ///
    /// The loop closes the connections and says so, as it does of any other.
    private mutating func cutOff(_ person: PersonID, in id: SessionID, seconds: Int) -> Int {
        guard let number = table.numbers[id], let live = lives[number], live.state.isRehearsal,
            let seat = live.state.seatByPerson[person]
        else { return 0 }
        let connections = live.connections(of: seat)
        for connection in connections {
            deliver(.close(connection, .goingAway, reason: Array("\(seconds * 1_000)".utf8)), to: connection)
        }
        return connections.count
    }

    private mutating func erase(_ live: Live) {
        publish([.sessionErased], in: live)
    }

    /// Makes true what concerns no single session, and has it kept.
    private mutating func publish(_ event: BooksEvent) {
        let entry = BooksEntry(at: now, event: event)
        commit.entries.append(.books(entry))
        table.apply(entry)
        census = Census(table)
    }
}
