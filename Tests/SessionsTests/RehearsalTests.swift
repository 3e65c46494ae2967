import Sessions
import Testing

/// What is different in a rehearsal: who gets in, what becomes of it, and that nothing of it counts.
struct RehearsalTests {
    @Test(arguments: [false, true])
    func `a ticket of the other kind takes no seat, and finds none`(isRehearsal: Bool) throws {
        let evening = Gathering(isRehearsal: isRehearsal)
        try evening.join("host", .host)
        for name in ["guest", "host"] {
            let admission = Admission(
                person: Gathering.person(name),
                name: Text(name),
                school: .empty,
                role: .host,
                isRehearsal: !isRehearsal
            )
            #expect(throws: Refusal(.rehearsalMismatch)) {
                _ = try evening.session.admit(
                    admission,
                    alreadyAttached: false,
                    at: evening.now,
                    limits: evening.limits
                )
            }
        }
        #expect(evening.state.seats.count == 1)
    }

    @Test func `it is erased when another session would be archived`() throws {
        for (isRehearsal, last) in [(false, SessionEvent.archived), (true, .sessionErased)] {
            let evening = Gathering(isRehearsal: isRehearsal)
            try evening.join("host", .host)
            try evening.ask("host", .start)
            try evening.ask("host", .end(seconds: 0))
            #expect(evening.wait(seconds: 3_599) == [])
            #expect(evening.wait(seconds: 1) == [last])
        }
    }

    @Test func `neither its people nor its evening are counted, live, over or gone`() throws {
        let evening = Gathering(isRehearsal: true)
        try evening.join("host", .host)
        try evening.join("guest")
        try evening.ask("host", .start)
        evening.wait(seconds: 600)
        try evening.ask("host", .end(seconds: 0))
        evening.wait(seconds: 3_600)
        #expect(evening.entries.last?.event == .sessionErased)
        var table = SessionTable()
        for entry in evening.entries {
            table.apply(entry)
            #expect(table.counters == SessionTable().counters, "after \(entry.event)")
        }
        #expect(table.sessions.isEmpty && table.usedIDs == [Gathering.id("evening")])
        // Whatever a journal says: an account is never opened for one.
        var archived = SessionTable()
        for entry in evening.entries {
            archived.apply(entry.event == .sessionErased ? entry.with(.archived) : entry)
        }
        #expect(archived.sessions.isEmpty && archived.counters == SessionTable().counters)
    }
}

extension SessionEntry {
    fileprivate func with(_ event: SessionEvent) -> SessionEntry {
        var entry = self
        entry.event = event
        return entry
    }
}
