package import Sessions

/// What a report needs of one session.
package struct AttendedSession: Sendable {
    let id: SessionID
    let number: SessionNumber
    let title: Text
    let community: Text
    let isRehearsal: Bool
    let stage: Stage
    let createdAt: Milliseconds
    /// The end of the session, or when it was looked at.
    let asOf: Milliseconds
    /// Nil when it was never started.
    let live: Interval?
    let outages: [Interval]
    /// In the order of seats, observers left out.
    let people: [Person]

    /// How far it has come.
    enum Stage: String, Sendable {
        /// Its people can come in, but nobody has started it.
        case waiting
        case running
        case over
        /// Over without ever having been started.
        case neverStarted
    }

    /// Somebody who had a seat.
    struct Person: Sendable {
        let person: PersonID
        let name: Text
        let school: Text
        let role: Role
        let figures: AttendanceFigures
    }

    /// As of `now` when it is not over.
    package init(_ state: SessionState, at now: Milliseconds) {
        id = state.id
        number = state.number
        title = state.title
        community = state.community
        isRehearsal = state.isRehearsal
        stage =
            switch state.phase {
            case .lobby: .waiting
            case .live: .running
            case .ended: state.startedAt == nil ? .neverStarted : .over
            }
        createdAt = state.createdAt
        asOf = state.endedAt ?? max(now, state.lastAt)
        let report = state.attendance(at: asOf)
        live = report.live
        outages = report.outages
        people = report.people.map { attendance in
            let seat = state[attendance.seat]
            return Person(
                person: seat.person,
                name: seat.name,
                school: seat.school,
                role: seat.role,
                figures: AttendanceFigures(attendance, openClaims: seat.claims.count { $0.acceptedBy == nil })
            )
        }
    }

    /// Of all its people together.
    var figures: AttendanceFigures { people.reduce(into: AttendanceFigures()) { $0 += $1.figures } }
}

/// What is summed, of one person in one session or of many; times in milliseconds.
struct AttendanceFigures: Equatable, Sendable {
    var present: Milliseconds = 0
    var counted: Milliseconds = 0
    var claimed: Milliseconds = 0
    var accepted: Milliseconds = 0
    var marked: Milliseconds = 0
    /// How often the rule was met.
    var attended = 0
    /// Claims that nobody has accepted.
    var openClaims = 0

    var credited: Milliseconds { counted + accepted + marked }

    init() {}

    init(_ attendance: Attendance, openClaims: Int) {
        present = attendance.present
        counted = attendance.counted
        claimed = attendance.claimed
        accepted = attendance.accepted
        marked = attendance.marked
        attended = attendance.isAttended ? 1 : 0
        self.openClaims = openClaims
    }

    static func += (sum: inout AttendanceFigures, more: AttendanceFigures) {
        sum.present += more.present
        sum.counted += more.counted
        sum.claimed += more.claimed
        sum.accepted += more.accepted
        sum.marked += more.marked
        sum.attended += more.attended
        sum.openClaims += more.openClaims
    }
}
