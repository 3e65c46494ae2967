internal import Foundation
internal import Sessions
internal import Tickets

/// `plenary ticket`: one ticket, or one for each person of a file.
enum TicketCommand {
    private static let maxPeopleBytes = 16 << 20

    /// Prints the ticket, the link, or the file with its new column.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        do {
            let order = configuration.tickets
            let session = try checked(order)
            let writer = try SigningKey.writer(configuration)
            let now = Int64(Date().timeIntervalSince1970) * 1_000
            if let file = order.peopleFile {
                return try people(file, order, session, writer, now: now, outlet)
            }
            return try single(order, session, writer, now: now, outlet)
        } catch {
            return outlet.refuse(error)
        }
    }

    /// The session, when the options make sense together.
    private static func checked(_ order: TicketOrder) throws(ConfigurationFault) -> SessionPattern {
        var sentences: [String] = []
        if order.session == nil { sentences.append("plenary ticket needs --session SESSION.") }
        if order.peopleFile == nil {
            if order.person == nil {
                sentences.append("plenary ticket needs --person PERSON, or --people FILE.csv.")
            }
            if order.name == nil {
                sentences.append("plenary ticket needs --name NAME, or --people FILE.csv.")
            }
        } else if order.person != nil || order.name != nil || !order.school.isEmpty {
            sentences.append("--people names the people: leave --person, --name and --school away.")
        } else if order.role != .participant {
            sentences.append("--people tells the roles: leave --role away.")
        }
        if order.url != nil, let session = order.session, session.single == nil {
            sentences.append(
                "A link opens one session, and \(session.text) is many: give --session one id, or leave --url away "
                    + "and put the ticket into links of your own (URL/#session=ID&ticket=TICKET)."
            )
        }
        guard sentences.isEmpty, let session = order.session else {
            throw ConfigurationFault(sentences, exit: .usage)
        }
        return session
    }

    private static func single(
        _ order: TicketOrder,
        _ session: SessionPattern,
        _ writer: TicketWriter,
        now: Milliseconds,
        _ outlet: Outlet
    ) throws(ConfigurationFault) -> ExitCode {
        guard let person = order.person, let name = order.name else { return .usage }
        let claims = TicketClaims(
            person: person,
            name: name,
            school: order.school,
            role: order.role,
            session: session,
            expiresAt: now + order.lifetime,
            community: order.community,
            title: order.title,
            place: order.place,
            isRehearsal: order.isRehearsal
        )
        do {
            let ticket = try writer.ticket(claims)
            return outlet.result(
                order.url.map { TicketLink.text(url: $0, session: session, ticket: ticket) } ?? ticket
            )
        } catch {
            throw ConfigurationFault("No ticket can be made of this (\(error.rawValue)).", exit: .failure)
        }
    }

    private static func people(
        _ path: String,
        _ order: TicketOrder,
        _ session: SessionPattern,
        _ writer: TicketWriter,
        now: Milliseconds,
        _ outlet: Outlet
    ) throws(ConfigurationFault) -> ExitCode {
        guard let bytes = BoundedFile.bytes(path, limit: maxPeopleBytes) else {
            let sentence = "\(path) cannot be read, or has more than \(maxPeopleBytes >> 20) MiB."
            throw ConfigurationFault(sentence, exit: .failure)
        }
        var details = PeopleFile.Order(session: session, expiresAt: now + order.lifetime, url: order.url)
        details.community = order.community
        details.title = order.title
        details.place = order.place
        details.isRehearsal = order.isRehearsal
        let result: Result<String, PeopleFile.Problems>
        do {
            result = try PeopleFile(bytes, writer: writer, order: details).withLinks()
        } catch {
            throw ConfigurationFault("\(path), line \(error.line): \(error.sentence).", exit: .badData)
        }
        switch result {
        case .success(let text):
            // Each line has its end already.
            return outlet.result(String(text.dropLast()))
        case .failure(let problems):
            throw ConfigurationFault(
                problems.sentences.map { "\(path): \($0)" } + ["Nothing was written."],
                exit: .badData
            )
        }
    }
}
