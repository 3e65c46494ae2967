internal import Sessions

/// One person over the sessions of a report.
struct AttendedPerson: Sendable {
    let person: PersonID
    /// Name, school and role as the person had them last.
    private(set) var name: Text
    private(set) var school: Text
    private(set) var role: Role
    /// Sessions that were started, whether the person came or not.
    let sessions: Int
    /// The live time of all of these.
    let liveTime: Milliseconds
    /// Those of them in which the person had a seat.
    private(set) var joined = 0
    private(set) var figures = AttendanceFigures()

    /// A row for each person, by name, people of one name by id.
    static func rows(of sessions: [AttendedSession]) -> [AttendedPerson] {
        let started = sessions.compactMap(\.live)
        var rows: [AttendedPerson] = []
        var index: [PersonID: Int] = [:]
        for session in sessions {
            for somebody in session.people {
                let row = index[somebody.person] ?? rows.count
                if row == rows.count {
                    index[somebody.person] = row
                    rows.append(
                        AttendedPerson(somebody, sessions: started.count, liveTime: started.total)
                    )
                }
                rows[row].take(somebody, isStarted: session.live != nil)
            }
        }
        return rows.map { (key: SortKey($0.name, $0.person.text), row: $0) }.sorted { $0.key < $1.key }
            .map(\.row)
    }

    private init(_ somebody: AttendedSession.Person, sessions: Int, liveTime: Milliseconds) {
        person = somebody.person
        name = somebody.name.isBlank ? .empty : somebody.name
        school = somebody.school.isBlank ? .empty : somebody.school
        role = somebody.role
        self.sessions = sessions
        self.liveTime = liveTime
    }

    private mutating func take(_ somebody: AttendedSession.Person, isStarted: Bool) {
        // A forgotten person has neither any more.
        if !somebody.name.isBlank { name = somebody.name }
        if !somebody.school.isBlank { school = somebody.school }
        role = somebody.role
        joined += isStarted ? 1 : 0
        figures += somebody.figures
    }
}

/// Puts names in the order in which people look for them: without regard to case, nameless ones last.
struct SortKey: Comparable {
    private let name: [UInt8]
    private let id: String

    init(_ name: Text, _ id: String = "") {
        self.name = Array(String(decoding: name.utf8, as: UTF8.self).lowercased().utf8)
        self.id = id
    }

    static func < (left: SortKey, right: SortKey) -> Bool {
        if left.name.isEmpty != right.name.isEmpty { return right.name.isEmpty }
        if left.name != right.name { return left.name.lexicographicallyPrecedes(right.name) }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}
