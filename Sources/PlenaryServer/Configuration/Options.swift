internal import SessionProtocol
internal import Sessions
internal import Transport

extension Option {
    /// The table of all options, in the order of the help.
    package static let all: [Option] =
        (main + access + tickets + replay + attendance + limits + times + rules).map(checked)

    /// `check` takes whatever `serve` takes.
    private static func checked(_ option: Option) -> Option {
        guard option.commands.contains(.serve) else { return option }
        var option = option
        option.commands.insert(.check)
        return option
    }

    private static let servers: Set<Subcommand> = [.serve, .demo]
    private static let addressForms = "an address and a port such as 127.0.0.1:8080, [::1]:8080 or :8080"

    private static let main: [Option] = [
        value(
            "listen",
            "ADDRESS:PORT",
            "where to listen; port 0 is any free one",
            for: [.serve, .demo, .echo],
            in: \.listen,
            shownDefault: Configuration().listen.description,
            wanted: addressForms
        ) { PeerAddress(text: $0) }.holding(.atStart),
        optional(
            "data",
            "DIR",
            "the folder that holds the journal",
            for: [.serve, .demo, .verify, .replay, .attendance, .export, .erase, .backup],
            in: \.data,
            wanted: "the path of a folder"
        ) { path($0) }.holding(.atStart),
        optional(
            "secret-file",
            "FILE",
            "the key of tickets: the file's bytes less a final line feed, 32 at least",
            for: [.serve, .ticket],
            in: \.secretFile,
            wanted: "the path of a file"
        ) { path($0) },
        optional(
            "tls-cert",
            "FILE",
            "speak TLS with this certificate and its chain, in PEM form",
            for: [.serve, .echo],
            in: \.certificateFile,
            wanted: "the path of a file"
        ) { path($0) }.holding(.presenceAtStart),
        optional(
            "tls-key",
            "FILE",
            "the certificate's private key, in PEM form",
            for: [.serve, .echo],
            in: \.keyFile,
            wanted: "the path of a file"
        ) { path($0) }.holding(.presenceAtStart),
        origin,
        optional(
            "admin",
            "ADDRESS:PORT",
            "a second listener for operators, without tickets; not for the open network",
            for: servers,
            in: \.admin,
            wanted: addressForms
        ) { PeerAddress(text: $0) }.holding(.atStart),
        value(
            "sync",
            "MODE",
            "when facts reach the disk: batch (before anybody hears of them), interval:MS, off",
            for: servers,
            in: \.sync,
            shownDefault: "batch",
            wanted: "batch, interval:MS (1 to 60000) or off"
        ) { SyncSpelling.mode($0) }.holding(.atStart),
        number("loops", "event-loop threads", 1...64, for: [.serve, .demo, .echo], in: \.loops)
            .holding(.atStart),
        value(
            "log",
            "FORM",
            "what log lines look like: json or text",
            for: [.serve, .demo, .echo],
            in: \.logForm,
            shownDefault: "json, and text for demo and echo on a terminal",
            wanted: "json or text"
        ) { Log.Form(rawValue: $0) }.holding(.atStart),
        days(
            "retain-text",
            "what people wrote goes so many days after a session has ended; default: it stays",
            in: \.retention.textDays
        ),
        days(
            "retain-attendance",
            "all that is kept of a session goes so many days after it has ended; default: it stays",
            in: \.retention.attendanceDays
        ),
        optional(
            "erasures",
            "FILE",
            "the list of erasures (`erasures`) of another folder: those that --data does not have are made again",
            for: [.erase],
            in: \.erasuresFile,
            wanted: "the path of a file"
        ) { path($0) },
        `switch`(
            "open-to-the-network",
            "let a demo listen beyond this machine: whoever reaches it can try the links",
            for: [.demo],
            in: \.openToTheNetwork
        ).holding(.atStart),
    ]

    private static func days(
        _ name: String,
        _ help: String,
        in path: any WritableKeyPath<Configuration, Int?> & Sendable
    ) -> Option {
        optional(name, "DAYS", help, for: servers, in: path, wanted: "a whole number of days from 1 to 36500")
        {
            Quantity.number($0).flatMap { (1...36_500).contains($0) ? $0 : nil }
        }
    }

    private static let origin = Option(
        name: "origin",
        placeholder: "URL",
        help:
            "a web page's origin that may connect, such as https://live.example.org; default: the same host",
        isRepeatable: true,
        commands: servers
    ) { text, configuration throws(BadValue) in
        guard let origin = Origin(text) else {
            throw BadValue(wanted: "an origin such as https://live.example.org, without a path")
        }
        configuration.origins.append(origin)
    }

    /// A path as the system takes it.
    static func path(_ text: String) -> String? {
        text.isEmpty || text.utf8.contains(0) ? nil : text
    }
}
