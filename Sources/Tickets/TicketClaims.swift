package import SessionProtocol
package import Sessions

/// What a ticket says (DESIGN 6).
package struct TicketClaims: Equatable, Sendable {
    package var person: PersonID
    package var name: Text
    package var school: Text
    package var role: TicketRole
    package var session: SessionPattern
    /// `exp` (RFC 7519 section 4.1.4).
    package var expiresAt: Milliseconds
    package var community: Text
    package var title: Text
    package var place: Text
    /// The session that it opens is a rehearsal: it counts in no report, and is erased at the end.
    package var isRehearsal: Bool

    package init(
        person: PersonID,
        name: Text,
        school: Text = .empty,
        role: TicketRole,
        session: SessionPattern,
        expiresAt: Milliseconds,
        community: Text = .empty,
        title: Text = .empty,
        place: Text = .empty,
        isRehearsal: Bool = false
    ) {
        self.person = person
        self.name = name
        self.school = school
        self.role = role
        self.session = session
        self.expiresAt = expiresAt
        self.community = community
        self.title = title
        self.place = place
        self.isRehearsal = isRehearsal
    }

    /// The rules for the texts, shared by those who write tickets and those who read them.
    package static let nameRules = TextRules.name
    package static let placeRules = TextRules.name.limited(toBytes: 500)
}

/// The roles that a ticket may give; the raw value is the claim.
package enum TicketRole: String, CaseIterable, Sendable {
    case host
    case cohost
    case participant
    case observer
    /// Reads metrics and reports over HTTP, and takes no seat.
    case admin

    /// The role on a seat; nil for an admin.
    package var seatRole: Role? {
        switch self {
        case .host: .host
        case .cohost: .cohost
        case .participant: .participant
        case .observer: .observer
        case .admin: nil
        }
    }
}
