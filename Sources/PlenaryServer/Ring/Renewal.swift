import Tickets
import Transport

/// What SIGHUP does: everything that was read at the start is read again, and what has changed begins to hold.
///
/// The configuration is one whole: with one mistake in it all of it stays as it was, and so do the keys. The
/// certificate is another: it is renewed by a program, and must not wait until somebody has put a typing mistake right.
///
/// Of the control queue alone, hence `@unchecked`.
final class Renewal: @unchecked Sendable {
    /// What holds now.
    private(set) var configuration: Configuration
    private let rereading: Rereading
    private let rereadTickets: TicketReading
    private var certificate: Certificate?
    private let log: Log

    /// Where what holds is told; a change calls back when it holds everywhere.
    private let secure: @Sendable (TLSContext) -> Void
    private let change:
        @Sendable (Configuration, TicketVerifier, _ onHolding: @escaping @Sendable () -> Void) -> Void

    /// Of a server that was started so.
    init(
        _ start: RingStart,
        log: Log,
        secure: @escaping @Sendable (TLSContext) -> Void,
        change:
            @escaping @Sendable (
                Configuration, TicketVerifier, _ onHolding: @escaping @Sendable () -> Void
            ) -> Void
    ) {
        configuration = start.configuration
        rereading = start.rereading
        rereadTickets = start.rereadTickets
        certificate = start.tls?.certificate
        self.log = log
        self.secure = secure
        self.change = change
    }

    /// Reads again, and says what came of it.
    func run() {
        do throws(ConfigurationFault) {
            try renewConfiguration()
        } catch {
            for sentence in error.sentences { log.write(.configurationUnusable, [.text("why", sentence)]) }
        }
        do throws(TLSFault) {
            try renewCertificate()
        } catch {
            log.write(.certificateUnusable, [.text("why", error.description)])
        }
    }

    private func renewConfiguration() throws(ConfigurationFault) {
        let (renewed, waiting) = try rereading.read()
        let tickets = try rereadTickets(renewed)
        configuration = renewed
        certificate = certificate?.at(renewed)
        renewed.tellExposedKeys(to: log)
        MemoryCeiling(renewed, descriptors: DescriptorLimit.raise()).tell(log)
        let names = waiting.joined(separator: ", ")
        // Said when it is so: whoever reads it may try at once.
        change(renewed, tickets) { [log] in
            log.write(.configurationRead, waiting.isEmpty ? [] : [.text("waitForAStart", names)])
        }
    }

    private func renewCertificate() throws(TLSFault) {
        guard let certificate else { return }
        let context = try certificate.load()
        secure(context)
        log.write(.certificateRead, context.expiresAt.map { [.number("expiresAt", $0)] } ?? [])
    }
}
