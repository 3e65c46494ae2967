package import Sessions
internal import Tickets
package import Transport

/// `plenary serve`: a server from the folder of `--data`.
package enum Serve {
    /// Serves until a signal comes; returns when everybody is gone.
    static func run(_ configuration: Configuration, _ outlet: Outlet) -> ExitCode {
        guard configuration.data != nil, let secretFile = configuration.secretFile else {
            var missing: [String] = []
            if configuration.data == nil { missing.append("--data DIR") }
            if configuration.secretFile == nil { missing.append("--secret-file FILE") }
            outlet.complain("plenary serve needs \(missing.joined(separator: " and ")).")
            outlet.complain("plenary demo needs neither: it is for trying things out.")
            return .usage
        }
        do {
            let secret = try Secret.read(fromFile: secretFile)
            let tls = try configuration.tls()
            let log = Log(form: configuration.logForm)
            return Ring.run(configuration, secret: secret, tls: tls, log: log) { _ in }
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
