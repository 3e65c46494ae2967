package import Sessions

/// What is to leave the folder.
package struct ErasingRequest: Equatable, Sendable {
    /// Persons, and the pseudonyms that take their places.
    package var persons: [PersonID: PersonID]
    /// Sessions that are over; of those in memory the journal tells (`sessionErased`).
    package var sessions: Set<SessionID>
    /// Archived sessions that ended before lose all that was written in them.
    package var wordsBefore: Milliseconds?
    /// Archived sessions that ended before go as a whole.
    package var attendanceBefore: Milliseconds?

    /// A request; an empty one finishes what the journal says was begun.
    package init(
        persons: [PersonID: PersonID] = [:],
        sessions: Set<SessionID> = [],
        wordsBefore: Milliseconds? = nil,
        attendanceBefore: Milliseconds? = nil
    ) {
        self.persons = persons
        self.sessions = sessions
        self.wordsBefore = wordsBefore
        self.attendanceBefore = attendanceBefore
    }
}

/// What an erasing pass came to.
package struct ErasingReport: Equatable, Sendable {
    package var archivesRewritten: [SessionID] = []
    package var archivesRemoved: [SessionID] = []
    package var segmentsRewritten = 0
    /// Records in the segments that were changed.
    package var recordsForgotten = 0
    /// Sessions that were to go as a whole and have not: they are in the checkpoint.
    package var sessionsInMemory: [SessionID] = []
    /// Archives that cannot be read, and so may hold what was to go; they are left as they are.
    package var faults: [JournalFault] = []
    /// The last segment holds what is to go: it has to be followed by another one, and the pass to be done once more.
    package var wantsNewSegment = false
    /// Asked to stop, it has left the rest for another time.
    package var isStopped = false

    package init() {}

    /// Nothing is left of what was to go.
    package var isComplete: Bool {
        !wantsNewSegment && !isStopped && faults.isEmpty && sessionsInMemory.isEmpty
    }
}
