import Sessions

/// How long people have been here, told from the raw events moment by moment: not as `Attendance` does it.
extension Account {
    mutating func changeAttendance(_ event: SessionEvent) throws(Broken) {
        guard let liveFrom else { throw Broken("attendance before the start") }
        switch event {
        case .attendanceClaimed(let seat, let time):
            guard time.from >= liveFrom, time.from < time.to, time.to <= liveTo ?? at,
                people[seat.index].role != .observer
            else { throw Broken("a claim of what was not lived") }
            people[seat.index].claims.append((time, false))
        case .attendanceAccepted(let seat, let by):
            guard people[by.index].hosts, people[seat.index].claims.contains(where: { !$0.accepted }) else {
                throw Broken("nothing was there to accept")
            }
            for index in people[seat.index].claims.indices {
                people[seat.index].claims[index].accepted = true
            }
        case .attendanceMarked(let seat, let time, let present, let by):
            guard people[by.index].hosts, people[seat.index].role != .observer, time.from < time.to else {
                throw Broken("a mark that may not be")
            }
            people[seat.index].marks.append((time, present))
        default: break
        }
    }

    /// The report is what the events tell.
    func compareAttendance(with state: SessionState, at now: Milliseconds) throws(Broken) {
        let report = state.attendance(at: now)
        let takingPart = people.indices.filter { people[$0].role != .observer }
        guard report.people.map(\.seat.index) == takingPart else { throw Broken("somebody is not reported") }
        for reported in report.people {
            let told = Figures(
                present: reported.present,
                counted: reported.counted,
                accepted: reported.accepted,
                credited: reported.credited
            )
            let own = figures(of: people[reported.seat.index], until: now)
            guard told == own else {
                throw Broken("seat \(reported.seat.index): \(told) is reported, \(own) was lived")
            }
            let length = (liveTo ?? now) - (liveFrom ?? now)
            guard reported.isAttended == (length > 0 && 2 * own.credited >= length) else {
                throw Broken("seat \(reported.seat.index) has attended, or not")
            }
        }
    }

    private struct Figures: Equatable {
        var present: Milliseconds = 0
        var counted: Milliseconds = 0
        var accepted: Milliseconds = 0
        var credited: Milliseconds = 0
    }

    /// Between two moments at which something begins or ends nothing changes: each such time is looked at once.
    private func figures(of person: Person, until now: Milliseconds) -> Figures {
        var figures = Figures()
        guard let liveFrom else { return figures }
        let end = max(liveFrom, liveTo ?? now)
        let current = person.hereSince.map { [Interval(from: $0, to: end)] } ?? []
        // In the lobby, too: who is cut off at the start was here before.
        let here = (person.here + current).map { Interval(from: $0.from, to: min($0.to, end)) }
            .filter { $0.from < $0.to }
        let others = outages + person.claims.map(\.time) + person.marks.map(\.time)
        let moments = Set([liveFrom, end] + (here + others).flatMap { [$0.from, $0.to] })
            .filter { (liveFrom...end).contains($0) }.sorted()
        for (from, to) in zip(moments, moments.dropFirst()) {
            let isPresent = here.contains { $0.from <= from && from < $0.to }
            let isCounted = isPresent || isFilled(from, here, end: end)
            let isAccepted = person.claims.contains {
                $0.accepted && $0.time.from <= from && from < $0.time.to
            }
            let mark = person.marks.last { $0.time.from <= from && from < $0.time.to }
            figures.present += isPresent ? to - from : 0
            figures.counted += isCounted ? to - from : 0
            figures.accepted += isAccepted && !isCounted ? to - from : 0
            figures.credited += mark?.present ?? (isCounted || isAccepted) ? to - from : 0
        }
        return figures
    }

    /// Whether a moment without a connection is one of those that count nevertheless.
    private func isFilled(_ moment: Milliseconds, _ here: [Interval], end: Milliseconds) -> Bool {
        guard let left = here.last(where: { $0.to <= moment })?.to else { return false }
        let back = here.first { $0.from > moment }?.from
        let down = outages.filter { $0.from < back ?? end && $0.to > left }
        let downFor = down.reduce(0) { $0 + min($1.to, back ?? end) - max($1.from, left) }
        let absent = (back ?? end) - left - downFor
        if back != nil && absent <= 120_000 { return true }
        return absent <= 600_000 && down.contains { $0.from <= moment && moment < $0.to }
            && down.contains { $0.from <= left }
    }
}
