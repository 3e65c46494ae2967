internal import SessionProtocol
package import Sessions

/// A report of attendance over one session or many: the same for the command and for HTTP, in each of its forms.
///
/// Times are kept in milliseconds and summed so; whole minutes are made of them last (`Protocol/attendance.md`).
package struct AttendanceDocument: Sendable {
    /// What a row is about.
    package enum Row: String, CaseIterable, Sendable {
        case session
        case person
        case school
    }

    /// In the order in which they began to exist.
    let sessions: [AttendedSession]
    let row: Row
    /// Of the times that the tables show.
    let zone: Zone

    init(of sessions: [AttendedSession], by row: Row, zone: Zone = .utc) {
        self.sessions = sessions.sorted { $0.number < $1.number }
        self.row = row
        self.zone = zone
    }

    /// One session's table, a row a person, as CSV; as of `now` when the session is not over.
    package static func csv(of state: SessionState, at now: Milliseconds) -> [UInt8] {
        AttendanceDocument(of: [AttendedSession(state, at: now)], by: .person).csv
    }

    /// The same as JSON.
    package static func json(of state: SessionState, at now: Milliseconds) -> [UInt8] {
        AttendanceDocument(of: [AttendedSession(state, at: now)], by: .person).json
    }

    /// A row a person over all sessions, by name.
    var people: [AttendedPerson] { AttendedPerson.rows(of: sessions) }

    /// A row a school over all sessions, by name.
    var schools: [AttendedSchool] { AttendedSchool.rows(of: sessions) }
}
