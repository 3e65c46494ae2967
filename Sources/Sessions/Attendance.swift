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
    /// Who was here before an outage and is back within so much after it, was here during it.
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
        let outages = live.map { [Interval](union: self.outages).intersection([$0]) } ?? []
        return AttendanceReport(
            live: live,
            outages: outages,
            people: people.map { attendance(of: $0, live: live) }
        )
    }

    private func attendance(of seat: SeatID, live: Interval?) -> Attendance {
        guard let live else {
            return Attendance(
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
        let presence = self[seat].presence(within: live)
        let filled = filledGaps(of: presence, live: live)
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
            let time = [mark.time.clipped(to: live)]
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
    func countedTime(of seat: SeatID, live: Interval) -> [Interval] {
        let presence = self[seat].presence(within: live)
        return presence.union(filledGaps(of: presence, live: live))
    }

    /// The gaps in `presence` that are taken for being here.
    private func filledGaps(of presence: [Interval], live: Interval) -> [Interval] {
        var filled: [Interval] = []
        for (index, before) in presence.enumerated() {
            let back = index + 1 < presence.count ? presence[index + 1].from : nil
            let gap = Interval(from: before.to, to: back ?? live.to)
            let down = [Interval](union: outages).intersection([gap])
            let isShort = gap.length - down.total <= AttendanceBounds.gapMilliseconds
            if back != nil && isShort {
                filled.append(gap)
            } else if let first = down.first, let last = down.last, first.from == gap.from,
                gap.to <= last.to + AttendanceBounds.returnMilliseconds
            {
                // Cut off by the outage, and back in time; or the session was over before they could be.
                filled += down
            }
        }
        return [Interval](union: filled)
    }
}

extension Seat {
    /// The times with a connection within the live time.
    fileprivate func presence(within live: Interval) -> [Interval] {
        let current = attachedSince.map { [Interval(from: $0, to: .max)] } ?? []
        return [Interval](union: (intervals + current).map { $0.clipped(to: live) })
    }
}
