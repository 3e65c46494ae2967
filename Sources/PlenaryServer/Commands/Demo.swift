internal import Foundation
internal import Sessions
internal import Tickets
internal import Transport

/// `plenary demo`: a server of its own with links to click.
enum Demo {
    /// Serves until a signal comes; prints the links as soon as they work.
    static func run(_ configuration: Configuration, rereading: Rereading, _ outlet: Outlet) -> ExitCode {
        // Secret, links and journal are nobody else's business.
        umask(0o077)
        guard let folder = configuration.data else {
            return runThrownAway(configuration, rereading, outlet)
        }
        return run(configuration, rereading, in: folder, outlet)
    }

    private static func runThrownAway(
        _ configuration: Configuration,
        _ rereading: Rereading,
        _ outlet: Outlet
    ) -> ExitCode {
        let name = "plenary-demo-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
        let folder = FileManager.default.temporaryDirectory.appending(component: name)
        defer { try? FileManager.default.removeItem(at: folder) }
        return run(configuration, rereading, in: folder.path, outlet)
    }

    private static func run(
        _ configuration: Configuration,
        _ rereading: Rereading,
        in path: String,
        _ outlet: Outlet
    ) -> ExitCode {
        if let fault = refusal(configuration) { return outlet.refuse(fault) }
        var configuration = configuration
        let isKept = configuration.data != nil
        configuration.data = path
        let log = Log(form: configuration.logForm)
        do {
            let folder = try DemoFolder(path)
            let secret = try folder.secret()
            let tickets = TicketVerifier(secret: secret)
            let start = RingStart(
                configuration: configuration,
                tickets: tickets,
                rereading: rereading,
                // The secret is the demo's own, and no option.
                rereadTickets: { _ in tickets }
            )
            return Ring.run(start, log: log) { ring in
                do throws(ConfigurationFault) {
                    let text = try text(folder, secret: secret, ring: ring, keptIn: isKept ? path : nil)
                    try? outlet.print(text)
                } catch {
                    _ = outlet.refuse(error)
                }
            }
        } catch {
            return outlet.refuse(error)
        }
    }

    /// Links give everybody who has them a seat, the host's too; so a demo stays on its machine unless told so.
    private static func refusal(_ configuration: Configuration) -> ConfigurationFault? {
        let addresses = [configuration.listen] + (configuration.admin.map { [$0] } ?? [])
        guard !configuration.openToTheNetwork, let address = addresses.first(where: { !$0.isLoopback }) else {
            return nil
        }
        let sentence =
            "\(address) can be reached from other machines, and a demo is for this one. "
            + "Listen on 127.0.0.1, or add --open-to-the-network if that is what you want."
        return ConfigurationFault(sentence, exit: .usage)
    }

    /// What is printed: a link for each of four people.
    private static func text(
        _ folder: DemoFolder,
        secret: Secret,
        ring: ServingRing,
        keptIn path: String?
    ) throws(ConfigurationFault) -> String {
        let evening = try folder.evening(at: ServerClock.wall(), isOpen: ring.isOpen)
        let writer = TicketWriter(secret: secret)
        var lines = ["Plenary is running. Open each of these links in a window of its own:", ""]
        for person in people {
            guard let id = PersonID(person.id.utf8), let session = SessionPattern(evening.session.text.utf8)
            else {
                continue
            }
            let claims = TicketClaims(
                person: id,
                name: Text(person.name),
                role: person.role,
                session: session,
                expiresAt: evening.expiresAt,
                title: Text("A demo evening")
            )
            guard let ticket = try? writer.ticket(claims) else { continue }
            let link = TicketLink.text(url: url(ring.address), session: session, ticket: ticket)
            lines += ["\(person.name):", "  \(link)", ""]
        }
        if let path {
            lines.append("Everything is kept in \(path): start it again, and the same links go on working.")
        } else {
            lines.append("Everything is thrown away at the end; --data DIR keeps it.")
        }
        lines.append("Ctrl-C ends it.")
        return lines.joined(separator: "\n")
    }

    private static let people: [(id: String, name: String, role: TicketRole)] = [
        ("host", "Host", .host),
        ("cohost", "Co-host", .cohost),
        ("participant-1", "Participant 1", .participant),
        ("participant-2", "Participant 2", .participant),
    ]

    /// Where a browser on this machine finds the page.
    private static func url(_ address: PeerAddress) -> String {
        var address = address
        let isAnyIPv4 = address.isIPv4 && address.low & 0xFFFF_FFFF == 0
        let isAnyIPv6 = address.high == 0 && address.low == 0
        if isAnyIPv4 { address = PeerAddress(ipv4: 0x7F00_0001, port: address.port) }
        if isAnyIPv6 { address = PeerAddress(high: 0, low: 1, port: address.port) }
        return "http://\(address)"
    }
}
