import SessionProtocol
import Sessions

// The end: sessions are ended, attendance is asked for and compared, everybody goes.
extension Evening {
    func finish(interrupted: Bool) {
        guard !isFinishing else { return }
        isFinishing = true
        wasInterrupted = interrupted
        countMissing()
        if interrupted {
            judgeTheRest()
            isOver = true
            return
        }
        mark("the sessions end")
        reportsMissing = 0
        for gathering in gatherings where gathering.phase == .live {
            guard let line = gathering.leader?.writingLine ?? anyLeader(of: gathering)?.writingLine else {
                remark("\(gathering.session): nobody who leads was there to report attendance")
                continue
            }
            reportsMissing += 1
            order(.end(seconds: 0), "session.end", on: line, due: now)
        }
        agenda.note(.awaitEnd(until: now + 20_000_000), at: now + 50_000)
    }

    private func anyLeader(of gathering: Gathering) -> Person? {
        gathering.people.first { $0.role.mayLead && $0.writingLine != nil }
    }

    private func countMissing() {
        missingPeople = people.count { person in
            person.role.arrives < now && !person.isHere && !person.isPaused
                && (person.awayUntil ?? 0) < now - 5_000_000
        }
    }

    /// Ended, heard by everybody, reported: then all go.
    func awaitEnd(until: Int64) {
        for gathering in gatherings where gathering.phase == .ended && !gathering.isReported {
            guard let line = anyLeader(of: gathering)?.writingLine else { continue }
            gathering.isReported = true
            send(line.command(.reportAttendance(nil), .report, due: now), on: line)
        }
        let everybodyHeard = gatherings.allSatisfy { gathering in
            gathering.phase != .ended
                || gathering.people.allSatisfy { person in
                    person.lines.allSatisfy {
                        $0.stage != .here || ($0.hearing?.high ?? 0) >= gathering.newest
                    }
                        || person.isPaused || person.role.link == .slow
                }
        }
        guard (reportsMissing == 0 && everybodyHeard) || now >= until else {
            return agenda.note(.awaitEnd(until: until), at: now + 50_000)
        }
        if reportsMissing > 0 {
            remark("\(reportsMissing) sessions did not report their attendance in time")
        }
        judgeTheRest()
        for line in owners.values where line.stage == .here { transmit(line.goodbye(), on: line) }
        isOver = true
    }

    /// Everything that was heard, and that own messages were.
    private func judgeTheRest() {
        for gathering in gatherings {
            let ledger = gathering.ledger
            ledger.now = seconds
            ledger.settle(isLast: true)
            for key in gathering.acknowledged where ledger.heardAs[key] == nil && !wasInterrupted {
                ledger.fail(
                    "own",
                    person: key.person,
                    "message \(key.count) was acknowledged and nobody heard it"
                )
            }
            guard !wasInterrupted else { continue }
            for person in gathering.people where person.writingLine != nil && person.role.link != .slow {
                for message in person.unanswered where message.sentOn != nil && now - message.due > 10_000_000
                {
                    ledger.fail(
                        "own",
                        person: person.ledgerNumber,
                        "message \(message.count) was never answered"
                    )
                }
            }
        }
    }

    // MARK: - Attendance

    /// A session's own figures beside what is known of everybody's connections.
    func report(_ ok: JSONObject, of gathering: Gathering) {
        reportsMissing -= 1
        let ledger = gathering.ledger
        guard let live = ok["live"]?.object, let from = live["from"]?.integer, let to = live["to"]?.integer,
            from <= to, let rows = ok["people"]?.objects
        else { return ledger.fail("attendance", "a report that lacks something") }
        guard from == ledger.startedAt ?? from, to == ledger.endedAt ?? to else {
            return ledger.fail(
                "attendance",
                "the live time is not from the start to the end that everybody heard"
            )
        }
        var told: [Int: (present: Int64, counted: Int64)] = [:]
        for row in rows {
            guard let id = row.string("person"), let present = row["present"]?.integer,
                let counted = row["counted"]?.integer
            else { return ledger.fail("attendance", "a row that lacks something") }
            told[ledger.number(id)] = (present, counted)
        }
        for person in gathering.people where person.role.writes {
            doubtEnds(of: person)
            let bounds = person.stays.bounds(live: from...to, outages: ledger.outages, fill: 120_000)
            guard let row = told[person.ledgerNumber] else {
                if !person.stays.all.isEmpty {
                    ledger.fail("attendance", person: person.ledgerNumber, "missing in the report")
                }
                continue
            }
            judge("present", row.present, bounds.present, of: person)
            judge("counted", row.counted, bounds.counted, of: person)
        }
    }

    /// Who does not read may have been given up by the server without knowing it.
    private func doubtEnds(of person: Person) {
        guard person.isPaused || person.role.link == .slow else { return }
        for line in person.lines {
            if let stay = line.stay { endStay(stay, of: line, isOurs: false) }
        }
    }

    private func judge(_ what: String, _ told: Int64, _ bounds: ClosedRange<Int64>, of person: Person) {
        guard !bounds.contains(told) else { return }
        let stays = person.stays.all.map { stay in
            "\(stay.from) to \(stay.to.map { "\($0.earliest)…\($0.latest)" } ?? "the end")"
        }
        person.gathering.ledger.fail(
            "attendance",
            person: person.ledgerNumber,
            "\(what) for \(told) ms; by their connections \(bounds.lowerBound) to \(bounds.upperBound) ms",
            evidence: stays
        )
    }
}
