internal import SessionProtocol
internal import Sessions

/// The table of a report before it has a form: what the columns are called, and what stands in them.
struct AttendanceTable: Equatable {
    var columns: [Column]
    var rows: [[Cell]]

    struct Column: Equatable {
        /// In CSV; never changed, only added to.
        var name: String
        /// For people.
        var heading: String
    }

    enum Cell: Equatable {
        /// What somebody wrote, or was given as a name.
        case text(String)
        case number(Int)
        /// Milliseconds, shown as whole minutes.
        case minutes(Milliseconds)
        /// A moment; nil: it has not come.
        case time(Milliseconds?)
        /// A word of ours.
        case word(String)
    }
}

extension AttendanceDocument {
    /// The table that `row` asks for.
    var table: AttendanceTable {
        switch row {
        case .session: sessionTable
        case .person: personTable
        case .school: schoolTable
        }
    }

    private var sessionTable: AttendanceTable {
        let columns: [AttendanceTable.Column] =
            [
                .init(name: "session", heading: "session"), .init(name: "title", heading: "title"),
                .init(name: "community", heading: "community"), .init(name: "state", heading: "state"),
                .init(name: "started", heading: "started"), .init(name: "ended", heading: "ended"),
                .init(name: "live_minutes", heading: "live"),
                .init(name: "outage_minutes", heading: "outages"),
                .init(name: "people", heading: "people"), .init(name: "attended", heading: "attended"),
            ] + Self.figureColumns
        return AttendanceTable(
            columns: columns,
            rows: sessions.map { session in
                [
                    .text(session.id.text), .text(session.title.string), .text(session.community.string),
                    .word(session.stage.rawValue), .time(session.live?.from),
                    .time(session.isRunning ? nil : session.asOf), .minutes(session.live?.length ?? 0),
                    .minutes(session.outages.total), .number(session.people.count),
                    .number(session.figures.attended),
                ] + cells(session.figures)
            }
        )
    }

    private var personTable: AttendanceTable {
        let columns: [AttendanceTable.Column] =
            [
                .init(name: "person", heading: "person"), .init(name: "name", heading: "name"),
                .init(name: "school", heading: "school"), .init(name: "role", heading: "role"),
                .init(name: "sessions", heading: "sessions"),
                .init(name: "sessions_joined", heading: "joined"),
                .init(name: "sessions_attended", heading: "attended"),
                .init(name: "live_minutes", heading: "live"),
            ] + Self.figureColumns
        return AttendanceTable(
            columns: columns,
            rows: people.map { row in
                [
                    .text(row.person.text), .text(row.name.string), .text(row.school.string),
                    .word(row.role.spelling), .number(row.sessions), .number(row.joined),
                    .number(row.figures.attended), .minutes(row.liveTime),
                ] + cells(row.figures)
            }
        )
    }

    private var schoolTable: AttendanceTable {
        let columns: [AttendanceTable.Column] =
            [
                .init(name: "school", heading: "school"), .init(name: "spellings", heading: "spellings"),
                .init(name: "people", heading: "people"), .init(name: "seats", heading: "seats"),
                .init(name: "attended", heading: "attended"),
            ] + Self.figureColumns
        return AttendanceTable(
            columns: columns,
            rows: schools.map { row in
                [
                    .text(row.name), .number(row.spellings.count), .number(row.people), .number(row.joined),
                    .number(row.figures.attended),
                ] + cells(row.figures)
            }
        )
    }

    /// The last columns of every table.
    static let figureColumns: [AttendanceTable.Column] = [
        .init(name: "present_minutes", heading: "present"),
        .init(name: "counted_minutes", heading: "counted"),
        .init(name: "claimed_minutes", heading: "claimed"),
        .init(name: "accepted_minutes", heading: "accepted"),
        .init(name: "marked_minutes", heading: "marked"),
        .init(name: "credited_minutes", heading: "credited"),
        .init(name: "open_claims", heading: "open claims"),
        .init(name: "rule_version", heading: "rule"), .init(name: "rule_percent", heading: "percent"),
    ]

    func cells(_ figures: AttendanceFigures) -> [AttendanceTable.Cell] {
        [
            .minutes(figures.present), .minutes(figures.counted), .minutes(figures.claimed),
            .minutes(figures.accepted), .minutes(figures.marked), .minutes(figures.credited),
            .number(figures.openClaims), .number(AttendanceRule.current.version),
            .number(AttendanceRule.current.percent),
        ]
    }
}

extension AttendedSession {
    /// Not over.
    var isRunning: Bool { stage == .running || stage == .waiting }
}

extension Role {
    /// As on the wire.
    var spelling: String {
        switch self {
        case .host: "host"
        case .cohost: "cohost"
        case .participant: "participant"
        case .observer: "observer"
        }
    }
}

extension Milliseconds {
    /// To the nearest, half a minute away from zero.
    var wholeMinutes: Int {
        let half: Milliseconds = self < 0 ? -30_000 : 30_000
        return Int((self + half) / 60_000)
    }
}

extension Text {
    var string: String { String(decoding: utf8, as: UTF8.self) }
}
