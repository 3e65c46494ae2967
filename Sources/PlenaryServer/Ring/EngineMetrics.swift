import SessionEngine
import Sessions

extension Metrics {
    /// Takes over what the engine has counted since it was last looked at.
    func take(_ counters: EngineCounters, since last: EngineCounters) {
        sessions.set(counters.sessions)
        rehearsals.set(counters.rehearsals)
        seats.set(counters.seats)
        seatsHere.set(counters.seatsHere)
        membersSeen.set(counters.membersSeen)
        communities.set(counters.communities)
        sessionsHeld.set(counters.sessionsHeld)
        sessionsAttended.set(counters.sessionsAttended)
        joins.add(counters.joins - last.joins)
        resumes.add(counters.resumes - last.resumes)
        events.add(counters.events - last.events)
        rejected[.seatConnections].add(counters.madeRoom - last.madeRoom)
        rejected[.closedCommandRate].add(counters.tooHasty - last.tooHasty)
        for (index, kind) in CommandKind.allCases.enumerated()
        where counters.commands[index] > last.commands[index] {
            commands[kind].add(counters.commands[index] - last.commands[index])
        }
        for (index, code) in RefusalCode.allCases.enumerated()
        where counters.refusals[index] > last.refusals[index] {
            let count = counters.refusals[index] - last.refusals[index]
            refusals[code].add(count)
            // These end the connection (4401, 4501), like a ticket that the loop refuses.
            if code == .ticketExpired { rejected[.ticketExpired].add(count) }
            if code == .rehearsalMismatch { rejected[.ticket].add(count) }
        }
    }
}
