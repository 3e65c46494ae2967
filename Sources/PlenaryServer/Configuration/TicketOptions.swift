internal import SessionProtocol
internal import Sessions
internal import Tickets

extension Option {
    /// What a ticket says, and where its link leads.
    static let tickets: [Option] = [
        optional(
            "session",
            "SESSION",
            "the session's id; for a ticket also a beginning of ids with * behind it",
            for: [.ticket, .replay, .attendance, .erase],
            in: \.tickets.session,
            wanted: "letters, digits, dots, underscores and hyphens, 64 at most, with a letter or digit first"
        ) { SessionPattern($0.utf8) },
        optional(
            "person",
            "PERSON",
            "the person's id, the same on every device",
            for: [.ticket, .export, .erase],
            in: \.tickets.person,
            wanted: "1 to 64 letters, digits and . _ @ : + -"
        ) { PersonID($0.utf8) },
        optional(
            "name",
            "NAME",
            "the person's name",
            for: [.ticket],
            in: \.tickets.name,
            wanted: "a name of one line, 128 bytes at most"
        ) { PersonalText.name($0) },
        text("school", "NAME", "the person's school", in: \.tickets.school),
        value(
            "role",
            "ROLE",
            "host, cohost, participant, observer, or admin (for HTTP only)",
            for: [.ticket],
            in: \.tickets.role,
            shownDefault: "participant",
            wanted: "host, cohost, participant, observer or admin"
        ) { TicketRole(rawValue: $0) },
        text(
            "community",
            "NAME",
            "the community that the session belongs to; of attendance: all its sessions",
            for: [.ticket, .attendance],
            in: \.tickets.community
        ),
        text("title", "TEXT", "the session's title", in: \.tickets.title),
        value(
            "place",
            "TEXT",
            "where the video is: a link or a short text",
            for: [.ticket],
            in: \.tickets.place,
            wanted: "one line, 500 bytes at most"
        ) { PersonalText.checked($0, TicketClaims.placeRules) },
        `switch`(
            "rehearsal",
            "the session is a rehearsal: it counts in no report, and is erased at its end",
            for: [.ticket],
            in: \.tickets.isRehearsal
        ),
        value(
            "expires",
            "TIME",
            "how long the ticket is good for taking a seat: 30d, 12h, 90m",
            for: [.ticket],
            in: \.tickets.lifetime,
            shownDefault: "30d",
            wanted: "a time such as 30d, 12h or 90m"
        ) { Quantity.lifetime($0) },
        optional(
            "url",
            "URL",
            "where the page is; what is printed is then a link, else the ticket alone",
            for: [.ticket],
            in: \.tickets.url,
            wanted: "a URL such as https://live.example.org"
        ) { PageAddress.url($0) },
        optional(
            "people",
            "FILE.csv",
            "a row a person (name,school,role and id or email); prints the file with a link column",
            for: [.ticket],
            in: \.tickets.peopleFile,
            wanted: "the path of a CSV file"
        ) { path($0) },
    ]

    private static func text(
        _ name: String,
        _ placeholder: String,
        _ help: String,
        for commands: Set<Subcommand> = [.ticket],
        in path: any WritableKeyPath<Configuration, Text> & Sendable
    ) -> Option {
        value(
            name,
            placeholder,
            help,
            for: commands,
            in: path,
            wanted: "one line, 128 bytes at most"
        ) { PersonalText.checked($0, TicketClaims.nameRules) }
    }
}

/// Texts of people as they come in over arguments and files.
enum PersonalText {
    /// A name, or nil when it may not be one.
    static func name(_ text: String) -> Text? {
        checked(text, TicketClaims.nameRules)
    }

    /// The text, or nil when the rules are against it.
    static func checked(_ text: String, _ rules: TextRules) -> Text? {
        let bytes = Array(text.utf8)
        return rules.problem(in: bytes) == nil ? Text(utf8: bytes) : nil
    }
}

/// The address that links begin with.
enum PageAddress {
    /// Without slashes at the end; nil unless it is an http(s) address without user, query and fragment.
    static func url(_ text: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard Origin(scheme + authority) != nil else { return nil }
        // What RFC 3986 section 3.3 lets stand in a path, escapes included.
        let isPath = rest.dropFirst(authority.count).utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            case 0x21, 0x24...0x2F, 0x3A, 0x3B, 0x3D, 0x40, 0x5F, 0x7E: true
            default: false
            }
        }
        guard isPath else { return nil }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
