internal import Sessions

/// One school over the sessions of a report: all spellings that differ only in case, width and spacing.
struct AttendedSchool: Sendable {
    /// The spelling that most have used; of several the one that came first.
    var name: String { spellings.first ?? "" }
    /// All spellings, the most used first.
    private(set) var spellings: [String] = []
    /// How many different people.
    private(set) var people = 0
    /// How often one of them had a seat in a session that was started.
    private(set) var joined = 0
    private(set) var figures = AttendanceFigures()

    /// A row for each school, by name; those who named none come last.
    static func rows(of sessions: [AttendedSession]) -> [AttendedSchool] {
        var schools: [Collected] = []
        var index: [SchoolKey: Int] = [:]
        for session in sessions {
            for somebody in session.people {
                let key = SchoolKey(somebody.school)
                let school = index[key] ?? schools.count
                if school == schools.count {
                    index[key] = school
                    schools.append(Collected())
                }
                schools[school].take(somebody, isStarted: session.live != nil)
            }
        }
        return schools.map(\.school).map { (key: SortKey(Text($0.name)), row: $0) }.sorted { $0.key < $1.key }
            .map(\.row)
    }

    /// A school while its people are collected.
    private struct Collected {
        var school = AttendedSchool()
        private var people: Set<PersonID> = []
        private var spellings: [(text: String, uses: Int)] = []

        mutating func take(_ somebody: AttendedSession.Person, isStarted: Bool) {
            people.insert(somebody.person)
            // Blanks around it are no spelling of their own.
            let text = somebody.school.isBlank ? "" : somebody.school.string
            if let known = spellings.firstIndex(where: { $0.text.utf8.elementsEqual(text.utf8) }) {
                spellings[known].uses += 1
            } else {
                spellings.append((text, 1))
            }
            let order = spellings.enumerated().sorted {
                ($1.element.uses, $0.offset) < ($0.element.uses, $1.offset)
            }
            school.spellings = order.map(\.element.text)
            school.people = people.count
            school.joined += isStarted ? 1 : 0
            school.figures += somebody.figures
        }
    }
}
