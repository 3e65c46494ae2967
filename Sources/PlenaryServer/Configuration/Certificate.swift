package import Transport

/// Where the server's certificate and its key are, read at the start and again at each SIGHUP.
package struct Certificate: Sendable {
    private let certificateFile: String
    private let keyFile: String
    /// They outlive a certificate, so that who comes back is known to the next one too.
    private let ticketKeys: TLSTicketKeys

    /// Nil when there is none: TLS is then a proxy's matter.
    package init?(_ configuration: Configuration) {
        self.init(configuration, ticketKeys: TLSTicketKeys())
    }

    private init?(_ configuration: Configuration, ticketKeys: TLSTicketKeys) {
        guard let certificateFile = configuration.certificateFile, let keyFile = configuration.keyFile else {
            return nil
        }
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.ticketKeys = ticketKeys
    }

    /// Where another configuration has it.
    func at(_ configuration: Configuration) -> Certificate? {
        Certificate(configuration, ticketKeys: ticketKeys)
    }

    /// Reads both files and checks that they can serve.
    package func load() throws(TLSFault) -> TLSContext {
        // A certificate's dates are of the wall clock.
        try TLSContext(
            certificateFile: certificateFile,
            keyFile: keyFile,
            ticketKeys: ticketKeys,
            now: ServerClock.wall()
        )
    }
}

extension Configuration {
    /// TLS as it is asked for, or nil.
    ///
    /// - Throws: `.configuration`, in a sentence with the cure.
    func tls() throws(ConfigurationFault) -> (certificate: Certificate, context: TLSContext)? {
        guard let certificate = Certificate(self) else { return nil }
        do {
            return (certificate, try certificate.load())
        } catch {
            throw ConfigurationFault(error.description, exit: .configuration)
        }
    }
}
