package import Sessions
internal import Tickets
package import Transport

/// `plenary serve`: a server from the folder of `--data`.
package enum Serve {
    /// Serves until a signal comes; returns when everybody is gone.
    static func run(_ configuration: Configuration, rereading: Rereading, _ outlet: Outlet) -> ExitCode {
        let hasKeys = configuration.secretFile != nil || configuration.keysFile != nil
        guard configuration.data != nil, hasKeys else {
            var missing: [String] = []
            if configuration.data == nil { missing.append("--data DIR") }
            if !hasKeys { missing.append("--secret-file FILE or --keys-file FILE") }
            outlet.complain("plenary serve needs \(missing.joined(separator: " and ")).")
            outlet.complain("plenary demo needs neither: it is for trying things out.")
            return .usage
        }
        do {
            let tickets: TicketReading = { configuration throws(ConfigurationFault) in
                TicketVerifier(keyring: try Keyring.read(configuration))
            }
            let start = RingStart(
                configuration: configuration,
                tickets: try tickets(configuration),
                tls: try configuration.tls(),
                rereading: rereading,
                rereadTickets: tickets
            )
            let log = Log(form: configuration.logForm)
            configuration.tellExposedKeys(to: log)
            return Ring.run(start, log: log) { _ in }
        } catch {
            return outlet.refuse(error)
        }
    }
}

/// A server that accepts connections.
package struct ServingRing {
    /// Where it listens; the port is the real one when port 0 was asked for.
    package var address: PeerAddress
    /// Whether people may still join a session of this id: it was never used, or has not ended.
    package var isOpen: (SessionID) -> Bool

    /// What the start tells.
    package init(address: PeerAddress, isOpen: @escaping (SessionID) -> Bool) {
        self.address = address
        self.isOpen = isOpen
    }
}
