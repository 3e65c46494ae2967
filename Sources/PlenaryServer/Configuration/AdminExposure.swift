internal import Transport

/// A listener of `--admin` that other machines can reach: it asks nobody for a ticket, and people can be erased there.
///
/// Told and not refused: the machine may have a network for its operators alone.
struct AdminExposure {
    var address: PeerAddress

    /// Nil where the listener is of this machine alone, or there is none.
    init?(_ configuration: Configuration) {
        guard let admin = configuration.admin, !admin.isLoopback else { return nil }
        address = admin
    }

    var cure: String {
        "listen on loopback (--admin 127.0.0.1:\(address.port)), or let a firewall see to who can reach it"
    }
}

extension Configuration {
    /// Warns of a listener for operators that is open to other machines.
    func tellExposedAdmin(to log: Log) {
        guard let exposure = AdminExposure(self) else { return }
        log.write(
            .adminExposed,
            [.text("address", exposure.address.description), .text("cure", exposure.cure)]
        )
    }
}
