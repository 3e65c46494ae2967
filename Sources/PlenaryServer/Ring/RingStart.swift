import Tickets
import Transport

/// What a server is started with; `configuration.data` is given.
struct RingStart {
    var configuration: Configuration
    var tickets: TicketVerifier
    /// The certificate as it was read, and where it is read again.
    var tls: (certificate: Certificate, context: TLSContext)?
    /// What SIGHUP reads: everything that was chosen, and the keys that it names.
    var rereading: Rereading
    var rereadTickets: TicketReading
}

/// Reads the keys of tickets that a configuration names.
typealias TicketReading = @Sendable (Configuration) throws(ConfigurationFault) -> TicketVerifier
