/// What falls due as time goes by.
///
/// Deadlines are data: nothing here waits.
extension Session {
    /// When to ask `due` next; nil when nothing is waited for.
    ///
    /// It may be in the past, and be a little later than the first that is due (`togetherMilliseconds`).
    package func nextDeadline(limits: SessionsLimits) -> Milliseconds? {
        deadlines(limits).map(\.askAt).min()
    }

    /// The events of the earliest deadline that has passed and waits for nothing; empty when none has.
    ///
    /// The caller applies them and asks again, so that each deadline is judged on the state that the one
    /// before left.
    package func due(at now: Milliseconds, limits: SessionsLimits) -> [SessionEvent] {
        let ripe = deadlines(limits).filter { $0.askAt <= now }
        return ripe.min { ($0.at, $0.rank) < ($1.at, $1.rank) }?.events(state) ?? []
    }

    /// A time, and what happens then.
    ///
    /// `rank` orders those of the same moment.
    private struct Deadline {
        var at: Milliseconds
        var rank: Int
        /// Before that it does not happen; nil: it does so at once.
        var waitsUntil: Milliseconds?
        var events: (SessionState) -> [SessionEvent]

        var askAt: Milliseconds { waitsUntil ?? at }
    }

    private func deadlines(_ limits: SessionsLimits) -> [Deadline] {
        switch state.phase {
        case .ended:
            // From when it was said to be over, which may be long after the time that it is dated back to.
            let over = state.overAt ?? state.lastAt
            return [
                Deadline(at: over + limits.readingMilliseconds, rank: 0) {
                    [$0.isRehearsal ? .sessionErased : .archived]
                }
            ]
        case .lobby:
            return presenceDeadlines(limits) + leadDeadlines(limits) + floorDeadlines()
                + lobbyDeadlines(limits)
        case .live:
            return presenceDeadlines(limits) + leadDeadlines(limits) + floorDeadlines()
                + breakoutDeadlines(limits) + endDeadlines(limits)
        }
    }

    private func lobbyDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        guard state.seats.allSatisfy({ !$0.isAttached }) else { return [] }
        let since = state.lastAt
        return [
            Deadline(at: since + limits.emptyLobbyMilliseconds, rank: 9) {
                $0.ending(reason: .neverStarted, endedAt: since)
            }
        ]
    }

    /// The timers of presence, as one deadline: that of the first who is due, for all who are by the time it is asked for.
    ///
    /// When a thousand people drop at once all of them are looked at, once and not a thousand times.
    private func presenceDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        let timers = state.unattached.map { presenceTimer(of: $0, limits) }
        guard let first = timers.min(by: { ($0.at, $0.rank) < ($1.at, $1.rank) }) else { return [] }
        let latest = first.at + limits.togetherMilliseconds
        let quiet = state.lastAt + limits.togetherMilliseconds
        let askAt = timers.reduce(min(latest, quiet)) { $1.at <= latest ? max($0, $1.at) : $0 }
        return [
            Deadline(at: first.at, rank: first.rank, waitsUntil: askAt) { state in
                let due = timers.filter { $0.at <= askAt }.sorted { ($0.at, $0.rank) < ($1.at, $1.rank) }
                return due.map { timer in
                    let seat = state[timer.seat]
                    return seat.presence == .here
                        ? .away(timer.seat, cause: seat.awayCause) : .gone(timer.seat)
                }
            }
        ]
    }

    /// When somebody without a connection is called away or gone next.
    private struct PresenceTimer {
        var at: Milliseconds
        var rank: Int
        var seat: SeatID
    }

    private func presenceTimer(of id: SeatID, _ limits: SessionsLimits) -> PresenceTimer {
        let since = state[id].detachedAt ?? state.lastAt
        guard state[id].presence == .here else {
            return PresenceTimer(at: since + limits.goneMilliseconds, rank: 3, seat: id)
        }
        let isAfterRestart = state[id].awayCause == .server
        let patience = isAfterRestart ? limits.awayAfterRestartMilliseconds : limits.awayMilliseconds
        return PresenceTimer(at: since + patience, rank: 2, seat: id)
    }

    /// The lease of a host who dropped; and, while nobody leads, the first eligible person who is here, at once.
    private func leadDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        guard let host = state.host else {
            guard let next = state.successor(of: nil) else { return [] }
            return [
                Deadline(at: state.lastAt, rank: 0) { _ in
                    [.hostChanged(from: nil, to: next, reason: .arrived)]
                }
            ]
        }
        guard let since = state[host].detachedAt, !state[host].isAttached else { return [] }
        return [
            Deadline(at: since + limits.leaseMilliseconds, rank: 1) {
                [.hostChanged(from: host, to: $0.successor(of: host), reason: .dropped)]
            }
        ]
    }

    /// Stepping in ends by itself.
    private func floorDeadlines() -> [Deadline] {
        guard let floor = state.floor else { return [] }
        return [Deadline(at: floor.until, rank: 1) { _ in [.floorYielded(by: nil)] }]
    }

    private func breakoutDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        guard let breakouts = state.breakouts, let closesAt = breakouts.closesAt else { return [] }
        var deadlines = [
            Deadline(at: closesAt, rank: 6) {
                [.breakoutsClosed(placements: $0.placementsBackToMain, by: nil)]
            }
        ]
        if breakouts.phase == .open && breakouts.closing > 0 {
            deadlines.append(
                Deadline(at: closesAt - breakouts.closing, rank: 4) { _ in
                    [.breakoutsClosing(closesAt: closesAt, by: nil)]
                }
            )
        }
        if !breakouts.warned {
            deadlines.append(
                Deadline(at: closesAt - limits.warningMilliseconds, rank: 5) { _ in [.breakoutsWarning] }
            )
        }
        return deadlines
    }

    private func endDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        var deadlines: [Deadline] = []
        if let endsAt = state.endsAt {
            deadlines.append(Deadline(at: endsAt, rank: 7) { $0.ending(reason: .ended, endedAt: endsAt) })
        }
        if let fewSince = state.fewSince {
            deadlines.append(
                Deadline(at: (state.fewWaitsFrom ?? fewSince) + limits.desertedMilliseconds, rank: 8) {
                    $0.ending(reason: .deserted, endedAt: fewSince)
                }
            )
        }
        if let startedAt = state.startedAt {
            let end = startedAt + limits.dayMilliseconds
            deadlines.append(Deadline(at: end, rank: 9) { $0.ending(reason: .dayOver, endedAt: end) })
        }
        return deadlines
    }
}
