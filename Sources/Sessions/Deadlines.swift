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

    /// The events of the earliest deadline that has passed; empty when none has.
    ///
    /// The caller applies them and asks again, so that each deadline is judged on the state that the one
    /// before left.
    package func due(at now: Milliseconds, limits: SessionsLimits) -> [SessionEvent] {
        guard let first = deadlines(limits).min(by: { ($0.at, $0.rank) < ($1.at, $1.rank) }), first.at <= now
        else {
            return []
        }
        return first.events(state)
    }

    /// A time, and what happens then.
    ///
    /// `rank` orders those of the same moment.
    private struct Deadline {
        var at: Milliseconds
        var rank: Int
        /// When it is first asked for; nil: at once.
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

    /// The earliest of the timers of presence: when a thousand people drop at once, each of their thousand deadlines
    /// is looked for among all, so the search must be cheap.
    private func presenceDeadlines(_ limits: SessionsLimits) -> [Deadline] {
        var first: (at: Milliseconds, rank: Int, seat: SeatID)?
        for id in state.unattached {
            let (at, rank) = presenceDeadline(of: id, limits)
            if let known = first, (known.at, known.rank) <= (at, rank) { continue }
            first = (at, rank, id)
        }
        guard let first else { return [] }
        let cause = state[first.seat].awayCause
        let latest = first.at + limits.togetherMilliseconds
        let quiet = state.lastAt + limits.togetherMilliseconds
        let last = state.unattached.reduce(min(latest, quiet)) { last, id in
            let at = presenceDeadline(of: id, limits).at
            return at <= latest ? max(last, at) : last
        }
        return [
            Deadline(at: first.at, rank: first.rank, waitsUntil: last) {
                [$0[first.seat].presence == .here ? .away(first.seat, cause: cause) : .gone(first.seat)]
            }
        ]
    }

    private func presenceDeadline(of id: SeatID, _ limits: SessionsLimits) -> (at: Milliseconds, rank: Int) {
        let since = state[id].detachedAt ?? state.lastAt
        guard state[id].presence == .here else { return (since + limits.goneMilliseconds, 3) }
        let isAfterRestart = state[id].awayCause == .server
        return (since + (isAfterRestart ? limits.awayAfterRestartMilliseconds : limits.awayMilliseconds), 2)
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
