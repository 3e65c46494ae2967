package import Sessions
package import Tickets

/// A list of people, each of whom gets a ticket: a CSV file whose first row names its columns.
///
/// `name` and `role` must be there, and `id` or `email`; `school` may be. Other columns are kept and not read.
package struct PeopleFile: Sendable {
    /// What is asked for each person, beside what the file says.
    package struct Order: Sendable {
        package var session: SessionPattern
        package var expiresAt: Milliseconds
        /// Without it the column holds tickets instead of links.
        package var url: String?
        package var community = Text.empty
        package var title = Text.empty
        package var place = Text.empty
        package var isRehearsal = false

        /// What must be known; the rest can be set.
        package init(session: SessionPattern, expiresAt: Milliseconds, url: String?) {
            self.session = session
            self.expiresAt = expiresAt
            self.url = url
        }
    }

    private struct Columns {
        var name: Int
        var role: Int
        var school: Int?
        var id: Int?
        var mail: Int?
        var count: Int
    }

    private let table: CSV
    private let writer: TicketWriter
    private let order: Order

    /// The file's bytes; tickets are signed by `writer`.
    package init(_ bytes: [UInt8], writer: TicketWriter, order: Order) throws(CSV.Fault) {
        table = try CSV(bytes)
        self.writer = writer
        self.order = order
    }

    /// The same file with one column more, `link` or `ticket`; or everything that is wrong, a sentence a row.
    package func withLinks() -> Result<String, Problems> {
        guard let header = table.rows.first else { return .failure(Problems(["The file is empty."])) }
        let columns: Columns
        do {
            columns = try Self.columns(header)
        } catch {
            return .failure(error)
        }
        if columns.mail != nil, columns.id == nil, !writer.hashesMail {
            return .failure(Problems(["Line \(header.line): \(Self.needsSecret)."]))
        }
        var output = CSV.line(header.fields + [order.url == nil ? "ticket" : "link"])
        var problems: [String] = []
        var lines: [PersonID: Int] = [:]
        for row in table.rows.dropFirst() {
            do throws(Problems) {
                let claims = try claims(row, columns)
                if let other = lines.updateValue(row.line, forKey: claims.person) {
                    throw Problems(["this is the same person as in line \(other)"])
                }
                output += CSV.line(row.fields + [try link(claims)])
            } catch {
                problems += error.sentences.map { "Line \(row.line): \($0)." }
            }
        }
        return problems.isEmpty ? .success(output) : .failure(Problems(problems))
    }

    /// What is wrong, in sentences.
    package struct Problems: Error, Equatable, Sendable {
        package var sentences: [String]

        init(_ sentences: [String]) {
            self.sentences = sentences
        }
    }
}

extension PeopleFile {
    private static func columns(_ header: CSV.Row) throws(Problems) -> Columns {
        let names = header.fields.map { $0.filter { $0 != " " }.lowercased() }
        let place = { (name: String) in names.firstIndex(of: name) }
        guard let name = place("name"), let role = place("role"), place("id") != nil || place("email") != nil
        else {
            let sentence =
                "Line \(header.line): the first row must name the columns name, role, and id or email."
            throw Problems([sentence])
        }
        for known in ["name", "role", "school", "id", "email"] where names.filter({ $0 == known }).count > 1 {
            throw Problems(["Line \(header.line): the column \(known) is there twice."])
        }
        return Columns(
            name: name,
            role: role,
            school: place("school"),
            id: place("id"),
            mail: place("email"),
            count: names.count
        )
    }

    private func claims(_ row: CSV.Row, _ columns: Columns) throws(Problems) -> TicketClaims {
        guard row.fields.count == columns.count else {
            throw Problems(["\(row.fields.count) fields, where the first row has \(columns.count)"])
        }
        var problems: [String] = []
        let name = PersonalText.name(row.fields[columns.name])
        if name == nil {
            problems.append("the name must be one line of 1 to 128 bytes, without hidden characters")
        }
        let schoolText = columns.school.map { row.fields[$0] } ?? ""
        let school = schoolText.isEmpty ? Text.empty : PersonalText.name(schoolText)
        if school == nil { problems.append("the school must be one line of at most 128 bytes") }
        let role = TicketRole(rawValue: row.fields[columns.role])
        if role == nil || role == .admin {
            problems.append("the role must be host, cohost, participant or observer")
        }
        let person = person(row, columns)
        if case .failure(let problem) = person { problems += problem.sentences }
        guard problems.isEmpty, let name, let school, let role, case .success(let id) = person else {
            throw Problems(problems)
        }
        return TicketClaims(
            person: id,
            name: name,
            school: school,
            role: role,
            session: order.session,
            expiresAt: order.expiresAt,
            community: order.community,
            title: order.title,
            place: order.place,
            isRehearsal: order.isRehearsal
        )
    }

    /// The id if there is one, else what the address is hashed to.
    private func person(_ row: CSV.Row, _ columns: Columns) -> Result<PersonID, Problems> {
        if let text = columns.id.map({ row.fields[$0] }), !text.isEmpty {
            let sentence = "the id must be 1 to 64 letters, digits and . _ @ : + -"
            return PersonID(text.utf8).map { .success($0) } ?? .failure(Problems([sentence]))
        }
        let address = columns.mail.flatMap { Self.mailAddress(row.fields[$0]) }
        guard address == nil || writer.hashesMail else { return .failure(Problems([Self.needsSecret])) }
        guard let address, let person = writer.personID(forMail: address) else {
            let wanted = columns.mail == nil ? "an id" : columns.id == nil ? "an email" : "an id or an email"
            return .failure(Problems(["there must be \(wanted)"]))
        }
        return .success(person)
    }

    /// Keys for signing come and go; with the key of the hash everybody's id would change.
    private static let needsSecret =
        "addresses are hashed with the key of --secret-file, which lasts: give that file too, or a column id"

    /// The address without blanks around it; nil when it is clearly none.
    private static func mailAddress(_ text: String) -> String? {
        let address = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, address.count <= 254,
            !address.contains(where: { $0.isWhitespace })
        else { return nil }
        return String(address)
    }

    private func link(_ claims: TicketClaims) throws(Problems) -> String {
        do {
            let ticket = try writer.ticket(claims)
            return order.url.map { TicketLink.text(url: $0, session: order.session, ticket: ticket) }
                ?? ticket
        } catch {
            throw Problems(["no ticket can be made of this (\(error.rawValue))"])
        }
    }
}

/// What people click: the ticket travels in the fragment, which browsers send to nobody (DESIGN 7).
package enum TicketLink {
    /// The link for the page at `url`, without a slash at its end.
    package static func text(url: String, session: SessionPattern, ticket: String) -> String {
        "\(url)/#session=\(session.text)&ticket=\(ticket)"
    }
}
