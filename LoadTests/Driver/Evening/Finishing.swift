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
        for gathering in gatherings where gathering.phase != .lobby {
            // A host who practises alone with one teacher has nobody of ours who may ask.
            gathering.owesReport = gathering.people.contains { $0.role.mayLead }
        }
        agenda.note(.awaitEnd(until: now + Self.endPatience), at: now)
    }

    /// So long everybody has, in microseconds, to hear of the end, and the sessions to report.
    private static let endPatience: Int64 = 20_000_000
    /// Who has listened for less than this, in microseconds, may still be on the way to the newest push.
    private static let catchingUp: Int64 = 10_000_000

    private func anyLeader(of gathering: Gathering) -> Person? {
        gathering.people.first { $0.role.mayLead && $0.writingLine != nil }
    }

    private func countMissing() {
        let meant = people.filter { isMeantToBeHere($0) && !isOnTheWayBack($0) }
        missingPeople = meant.count { !$0.isHere }
        if !meant.isEmpty, missingPeople == meant.count {
            remark("Nobody was connected at the end: the server was gone, or took nobody in any more.")
        }
    }

    /// Reads slowly, and has been let go a moment ago.
    private func isOnTheWayBack(_ person: Person) -> Bool {
        person.role.link == .slow && !person.isHere && person.lines.contains { $0.due >= now - 5_000_000 }
    }

    /// Has come, and is not away on purpose.
    private func isMeantToBeHere(_ person: Person) -> Bool {
        person.role.arrives < now && !person.isPaused && (person.awayUntil ?? 0) < now - 5_000_000
    }

    /// Ended, heard by everybody, reported: then all go.
    func awaitEnd(until: Int64) {
        for gathering in gatherings where gathering.owesReport { askForReport(of: gathering) }
        let isAllTold = gatherings.allSatisfy { !$0.owesReport && deafLines(of: $0).isEmpty }
        guard isAllTold || now >= until else {
            return agenda.note(.awaitEnd(until: until), at: now + 50_000)
        }
        for gathering in gatherings { judgeEnd(of: gathering) }
        judgeTheRest()
        for line in owners.values where line.stage == .here { transmit(line.goodbye(), on: line) }
        isOver = true
    }

    /// Has the session ended, and then asks for its attendance; once more when whoever asked is gone.
    private func askForReport(of gathering: Gathering) {
        let isEnded = gathering.phase == .ended
        if let asked = gathering.asked, asked.ofEnded == isEnded, asked.isOpen { return }
        guard let line = gathering.leader?.writingLine ?? anyLeader(of: gathering)?.writingLine else {
            return
        }
        gathering.asked = Gathering.Asked(ofEnded: isEnded, line: line, life: line.life)
        if isEnded {
            send(line.command(.reportAttendance(nil), .report, due: now), on: line)
        } else {
            order(.end(seconds: 0), "session.end", on: line, due: now)
        }
    }

    /// Devices that are in the session and have not heard the newest push, which all hear: that it has ended.
    private func deafLines(of gathering: Gathering) -> [Line] {
        guard gathering.phase == .ended else { return [] }
        let readers = gathering.people.filter { !$0.isPaused && $0.role.link != .slow }
        return readers.flatMap(\.lines).filter {
            $0.stage == .here && ($0.hearing?.high ?? 0) < gathering.newest
        }
    }

    /// What is still owed when nothing more is waited for.
    private func judgeEnd(of gathering: Gathering) {
        let ledger = gathering.ledger
        ledger.now = seconds
        let patience = Self.endPatience / 1_000_000
        if gathering.owesReport {
            if gathering.asked?.isOpen == true {
                ledger.fail(
                    "attendance",
                    gathering.phase == .ended
                        ? "attendance was asked for, and not reported within \(patience) s"
                        : "the session was to end, and nobody heard within \(patience) s that it had"
                )
            } else if gathering.people.contains(where: { $0.role.mayLead && isMeantToBeHere($0) }) {
                ledger.fail(
                    "attendance",
                    "nobody who leads could get in for \(patience) s, so that attendance could not be asked for"
                )
            } else {
                remark("\(gathering.session): nobody who leads was there to report attendance")
            }
        }
        for line in deafLines(of: gathering)
        where max(line.person.awayUntil ?? 0, line.due) < now - Self.catchingUp {
            ledger.fail(
                "missed",
                person: line.person.ledgerNumber,
                "heard nothing behind number \(line.hearing?.high ?? 0), where others heard up to \(gathering.newest)"
            )
        }
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
        gathering.owesReport = false
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
