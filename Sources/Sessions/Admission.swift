/// Who somebody is, as their ticket says, and what it says of the session.
package struct Admission: Equatable, Sendable {
    package var person: PersonID
    package var name: Text
    package var school: Text
    package var role: Role
    package var community: Text
    package var title: Text
    package var place: Text
    /// The ticket is for rehearsals, and for nothing else.
    package var isRehearsal: Bool
    /// The ticket is past its `exp`: it takes no new seat, but its holder's seat still answers to it.
    package var isExpired: Bool

    package init(
        person: PersonID,
        name: Text,
        school: Text,
        role: Role,
        community: Text = .empty,
        title: Text = .empty,
        place: Text = .empty,
        isRehearsal: Bool = false,
        isExpired: Bool = false
    ) {
        self.person = person
        self.name = name
        self.school = school
        self.role = role
        self.community = community
        self.title = title
        self.place = place
        self.isRehearsal = isRehearsal
        self.isExpired = isExpired
    }
}
