internal import Sessions
internal import Tickets

extension Option {
    /// What is asked of attendance alone.
    static let attendance: [Option] = [
        optional(
            "by",
            "ROW",
            "what a row is about: session, person or school",
            for: [.attendance],
            in: \.attendance.row,
            wanted: "session, person or school"
        ) { AttendanceDocument.Row(rawValue: $0) }
    ]
}

/// What `plenary attendance` is asked for; session, community, days, zone and form are options that others have too.
package struct AttendanceOrder: Equatable, Sendable {
    package var row: AttendanceDocument.Row?
}

extension Configuration {
    /// What contradicts itself or is missing for `plenary attendance`, in sentences.
    var attendanceProblems: [String] {
        let (session, community) = (tickets.session, tickets.community)
        let (from, to) = (replay.from, replay.to)
        var sentences: [String] = []
        if data == nil { sentences.append("plenary attendance needs --data DIR.") }
        if attendance.row == nil {
            sentences.append("plenary attendance needs --by session, --by person or --by school.")
        }
        switch (session, community.isBlank) {
        case (nil, true):
            sentences.append(
                "plenary attendance needs --session SESSION, or --community NAME with --from DATE and --to DATE."
            )
        case (.some, false):
            sentences.append("--session and --community are different questions: ask one at a time.")
        case (let pattern?, true):
            if pattern.single == nil {
                sentences.append(
                    "\(pattern.text) is many sessions: give one whole id, or --community with --from and --to."
                )
            }
            if from != nil || to != nil {
                sentences.append(
                    "--from and --to choose sessions of a community; one session is reported whole."
                )
            }
        case (nil, false):
            if from == nil || to == nil {
                sentences.append("--community needs --from DATE and --to DATE, such as 2026-09-01.")
            }
        }
        for (name, moment) in [("from", from), ("to", to)] where moment?.needsDay == true {
            sentences.append("--\(name) wants a date such as 2026-09-01; a time alone is on no day.")
        }
        if sentences.isEmpty, let days, days.through < days.from {
            sentences.append("--to lies before --from: there is no day between them.")
        }
        return sentences
    }

    /// From the first moment asked about through the last; nil when they are not both days.
    var days: (from: Milliseconds, through: Milliseconds)? {
        guard let from = replay.from, let to = replay.to, !from.needsDay, !to.needsDay else { return nil }
        return (
            from.instant(in: replay.zone, began: 0, lastAt: 0), to.end(in: replay.zone, began: 0, lastAt: 0)
        )
    }
}
