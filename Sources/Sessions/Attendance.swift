/// How long somebody has attended, in milliseconds; who reads it can follow each figure to what it was made of.
///
///     present   the union of the times with a connection, within the live time (devices do not add up)
///     counted   the same, with short gaps and the server's own outages filled
///     accepted  what was claimed and accepted, beyond what is counted
///     marked    what a host's marks add to these, or take away
///     credited  the sum: what the rule goes by
package struct Attendance: Equatable, Sendable {
    package var seat: SeatID
    package var present: Milliseconds
    package var counted: Milliseconds
    /// The gaps that were filled, outages among them.
    package var filled: [Interval]
    /// All that is claimed, accepted or not, beyond what is counted.
    package var claimed: Milliseconds
    package var accepted: Milliseconds
    /// Negative when marks take away.
    package var marked: Milliseconds
    package var isAttended: Bool

    package var credited: Milliseconds { counted + accepted + marked }
}

extension Attendance {
    /// Of somebody in a session that was never started.
    fileprivate init(of seat: SeatID) {
        self.init(
            seat: seat,
            present: 0,
            counted: 0,
            filled: [],
            claimed: 0,
            accepted: 0,
            marked: 0,
            isAttended: false
        )
    }
}

/// Who has attended: a rule that stands beside every number that rests on it.
package struct AttendanceRule: Equatable, Sendable {
    /// Raised with every change of the rule or of what is counted.
    package let version: Int
    /// Attended is who is credited with so much of the live time, or more.
    package let percent: Int

    package static let current = AttendanceRule(version: 1, percent: 50)

    /// Whether `credited` of `live` is enough.
    package func isMet(by credited: Milliseconds, of live: Milliseconds) -> Bool {
        live > 0 && credited * 100 >= live * Milliseconds(percent)
    }
}

/// The attendance of a session, or of one person in it.
package struct AttendanceReport: Equatable, Sendable {
    package var rule = AttendanceRule.current
    /// From the start to the end, or until now; nil before the start.
    package var live: Interval?
    /// When the server was down within the live time.
    package var outages: [Interval]
    /// In the order of seats, observers left out.
    package var people: [Attendance]

    /// How many the rule calls attended.
    package var attended: Int { people.count(where: \.isAttended) }
}

/// What is taken for being here although no connection was; fixed with the rule's version.
enum AttendanceBounds {
    /// A gap of up to so much is filled.
    static let gapMilliseconds: Milliseconds = 120_000
    /// Who was here before an outage, and absent for no longer than this while the server was up, was here during it.
    static let returnMilliseconds: Milliseconds = 10 * 60_000
}

extension SessionState {
    /// The attendance of all, as of `now`.
    package func attendance(at now: Milliseconds) -> AttendanceReport {
        report(of: seats.indices.map(SeatID.init).filter { self[$0].role != .observer }, at: now)
    }

    /// The attendance of one person; nobody is in it when they only watch.
    package func attendance(of seat: SeatID, at now: Milliseconds) -> AttendanceReport {
        report(of: self[seat].role == .observer ? [] : [seat], at: now)
    }

    /// From the start to the end, or until `now`; nil before the start.
    package func liveTime(at now: Milliseconds) -> Interval? {
        startedAt.map { Interval(from: $0, to: max($0, endedAt ?? now)) }
    }

    private func report(of people: [SeatID], at now: Milliseconds) -> AttendanceReport {
        let live = liveTime(at: now)
        let down = [Interval](union: outages)
        return AttendanceReport(
            live: live,
            outages: live.map { down.intersection([$0]) } ?? [],
            people: people.map { seat in
                live.map { attendance(of: seat, live: $0, down: down) } ?? Attendance(of: seat)
            }
        )
    }

    private func attendance(of seat: SeatID, live: Interval, down: [Interval]) -> Attendance {
        let connected = self[seat].connected(before: live.to)
        let presence = connected.intersection([live])
        let filled = filledGaps(in: connected, live: live, down: down)
        let counted = presence.union(filled)
        let claims = self[seat].claims
        let claimed = [Interval](union: claims.map { $0.time.clipped(to: live) }).subtracting(counted)
        let accepted = [Interval](
            union: claims.filter { $0.acceptedBy != nil }.map { $0.time.clipped(to: live) }
        ).subtracting(counted)
        let before = counted.union(accepted)
        var credited = before
        // In their order: a later mark knows better than an earlier one.
        for mark in self[seat].marks {
            let time = [Interval](union: [mark.time.clipped(to: live)])
            credited = mark.present ? credited.union(time) : credited.subtracting(time)
        }
        return Attendance(
            seat: seat,
            present: presence.total,
            counted: counted.total,
            filled: filled,
            claimed: claimed.total,
            accepted: accepted.total,
            marked: credited.total - before.total,
            isAttended: AttendanceRule.current.isMet(by: credited.total, of: live.length)
        )
    }

    /// When `seat` counts as here: with a connection, or in a gap that is filled.
    func countedTime(of seat: SeatID, live: Interval, down: [Interval]) -> [Interval] {
        let connected = self[seat].connected(before: live.to)
        return connected.intersection([live]).union(filledGaps(in: connected, live: live, down: down))
    }

    /// The gaps between connections that are taken for being here, as far as they lie in the live time.
    ///
    /// A gap that reaches back into the lobby counts by its whole length: who reloads the page as it starts, or is cut
    /// off by an outage then, was here before.
    private func filledGaps(in connected: [Interval], live: Interval, down: [Interval]) -> [Interval] {
        var filled: [Interval] = []
        for (index, before) in connected.enumerated() {
            let isLast = index + 1 == connected.count
            let gap = Interval(from: before.to, to: isLast ? live.to : connected[index + 1].from)
            guard gap.to > live.from, !gap.isEmpty else { continue }
            let outages = down.intersection([gap])
            // As long they could have been here and were not.
            let absent = gap.length - outages.total
            if !isLast && absent <= AttendanceBounds.gapMilliseconds {
                filled.append(gap)
            } else if outages.first?.from == gap.from, absent <= AttendanceBounds.returnMilliseconds {
                // Cut off by an outage, and back in time; or the session was over before they had to be.
                filled += outages
            }
        }
        return [Interval](union: filled).intersection([live])
    }
}

extension Seat {
    /// The times with a connection, in the lobby too, that lie before `end`.
    fileprivate func connected(before end: Milliseconds) -> [Interval] {
        let current = attachedSince.map { [Interval(from: $0, to: end)] } ?? []
        return [Interval](union: (intervals + current).map { Interval(from: $0.from, to: min($0.to, end)) })
    }
}
