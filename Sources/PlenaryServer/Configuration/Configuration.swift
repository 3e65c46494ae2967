package import Journal
package import SessionEngine
package import SessionProtocol
package import Sessions
package import Tickets
package import Transport
internal import WebSocket

/// Everything that an operator may choose, with the defaults; `Option.all` says how each is spelled.
package struct Configuration: Sendable {
    package var listen = PeerAddress(ipv4: 0x7F00_0001, port: 8_080)
    /// What it is all for.
    package var command = Subcommand.serve
    /// The folder of the journal; for `demo` the folder with secret, links and journal.
    package var data: String?
    /// The folder that `backup` makes.
    package var copyTo: String?
    /// A list of erasures of another folder.
    package var erasuresFile: String?
    /// The key of tickets that name none.
    package var secretFile: String?
    /// Keys by name, as a JWK Set.
    package var keysFile: String?
    /// The certificate with its chain, and its key: PEM files; both or none.
    package var certificateFile: String?
    package var keyFile: String?
    /// Web pages that may connect; empty: those of the same host.
    package var origins: [Origin] = []
    /// A second listener for metrics and reports.
    package var admin: PeerAddress?
    package var sync = SyncMode.batch
    package var loops = 1
    package var logForm = Log.Form.json
    /// Said in words: `demo` may listen beyond this machine.
    package var openToTheNetwork = false

    package var transport = TransportLimits()
    package var sessions = SessionsLimits()
    package var engine = EngineLimits()
    /// Lengths of texts; the rest of it is put in by `protocolLimits`.
    package var texts = ProtocolLimits()
    /// Commands of one connection in a second, and how many at once after a pause.
    package var commandsPerSecond = ProtocolLimits().commandsPerSecond
    package var commandsBurst = ProtocolLimits().commandsBurst
    package var retention = Retention()
    package var tickets = TicketOrder()
    package var replay = ReplayOrder()
    package var attendance = AttendanceOrder()

    /// The defaults.
    package init() {}
}

/// What `plenary ticket` is asked for.
package struct TicketOrder: Equatable, Sendable {
    package var session: SessionPattern?
    package var person: PersonID?
    package var name: Text?
    package var school = Text.empty
    package var role = TicketRole.participant
    package var community = Text.empty
    package var title = Text.empty
    package var place = Text.empty
    package var isRehearsal = false
    package var lifetime: Milliseconds = 30 * 24 * 3_600_000
    /// Where the page is, without a slash at the end.
    package var url: String?
    /// The key to sign with, by its name.
    package var keyID: KeyID?
    /// A private key of Ed25519 as PEM.
    package var signingKeyFile: String?
    /// A CSV file with a person a row.
    package var peopleFile: String?
}

extension Configuration {
    /// Every relation between the values that does not hold, as a sentence.
    func problems() -> [String] {
        var problems = transport.problems()
        if sessions.goneMilliseconds < sessions.awayMilliseconds {
            problems.append("gone-seconds must not be less than away-seconds: who is gone was away before")
        }
        if engine.seats < sessions.seatsPerSession {
            problems.append("max-seats must not be less than seats-per-session, or no session can be full")
        }
        if let problem = problemOfTexts { problems.append(problem) }
        if transport.outboxHardBytes < JSONLimits.maxBytesFromServer {
            problems.append(
                "outbox-hard-bytes must not be less than 1MiB: as long may the reply to a join be"
            )
        }
        if sessions.longestEndSeconds < sessions.endSeconds {
            problems.append("longest-end-seconds must not be less than end-seconds")
        }
        if (certificateFile == nil) != (keyFile == nil) {
            problems.append(
                "tls-cert and tls-key belong together: give both, or none for a server behind a proxy"
            )
        }
        if let problem = retention.problem { problems.append(problem) }
        if let admin, admin == listen, admin.port != 0 {
            problems.append(
                "admin and listen are the same address: give the second listener a port of its own"
            )
        }
        return problems
    }

    /// A text comes in a message, so the longest needs room in it beside its command.
    private var problemOfTexts: String? {
        let lengths = [
            ("chat-bytes", "chat message", sessions.chatTextBytes), ("task-bytes", "task", texts.taskBytes),
            ("announcement-bytes", "announcement", texts.announcementBytes),
            ("help-bytes", "request for help", texts.helpBytes), ("place-bytes", "place", texts.placeBytes),
            ("name-bytes", "name", texts.nameBytes), ("label-bytes", "label", texts.labelBytes),
        ]
        guard let (option, what, bytes) = lengths.max(by: { $0.2 < $1.2 }),
            transport.messagesAfterJoin.maxMessageBytes < bytes + 512
        else { return nil }
        return "message-bytes must be 512 more than \(option), or no \(what) can be as long"
    }
}
