internal import COpenSSL
internal import Glibc

/// What all TLS connections of a listener, or of a client, have in common: versions, ciphers, certificate, keys.
///
/// Immutable once it is made. A listener gets a new one when its certificate has been renewed; who is connected keeps the
/// old one, which goes with the last of them.
package final class TLSContext: @unchecked Sendable {
    let context: OpaquePointer
    /// When the certificate ends, in milliseconds since 1970; nil for clients.
    package let expiresAt: Int64?
    /// Held for the callback, which gets a bare pointer.
    private let ticketKeys: TLSTicketKeys?

    /// For a server: a certificate with its chain, and its key, both PEM files.
    ///
    /// `now` is the wall clock's time, in milliseconds since 1970: a certificate that is over serves nobody.
    package init(
        certificateFile: String,
        keyFile: String,
        ticketKeys: TLSTicketKeys,
        now: Int64
    ) throws(TLSFault) {
        context = try Self.make(TLS_server_method())
        self.ticketKeys = ticketKeys
        do {
            expiresAt = try Self.load(certificateFile, keyFile, into: context, now: now)
        } catch {
            // Half made: nobody else lets go of it.
            SSL_CTX_free(context)
            throw error
        }
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenCount, offered, offeredCount, _ in
                TLSContext.select(chosen, chosenCount, offered, offeredCount)
            },
            nil
        )
        // RFC 8446 section 4.6.1: one ticket is enough for who comes back. Early data is never accepted (section 8).
        SSL_CTX_set_num_tickets(context, 1)
        SSL_CTX_set_timeout(context, Int(TLSTicketKeys.lifetimeMilliseconds / 1_000))
        SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(ticketKeys).toOpaque())
        SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { session, name, vector, cipher, mac, isNew in
            TLSTicketKeys.answer(session, name, vector, cipher, mac, isNew)
        }
    }

    /// For clients: trusts the system's authorities, or those in a PEM file.
    package init(trusting authorities: String? = nil) throws(TLSFault) {
        context = try Self.make(TLS_client_method())
        expiresAt = nil
        ticketKeys = nil
        let trusts =
            authorities.map { SSL_CTX_load_verify_locations(context, $0, nil) }
            ?? SSL_CTX_set_default_verify_paths(context)
        guard trusts == 1 else {
            throw .unusable(file: authorities ?? "the system's authorities", why: TLSFault.reason())
        }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        let http = Self.http
        SSL_CTX_set_alpn_protos(context, http, UInt32(http.count))
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// ALPN's list of one name (RFC 7301 section 3.1), each with its length before it.
    private static let http: [UInt8] = [8] + Array("http/1.1".utf8)

    private static func make(_ method: OpaquePointer?) throws(TLSFault) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(method) else { throw .library(TLSFault.reason()) }
        SSL_CTX_set_options(context, plenary_tls_options)
        plenary_tls_set_modes(context)
        // A key behind a passphrase would ask for it on the terminal.
        plenary_tls_set_passphrase_callback(context) { _, _, _, _ in 0 }
        // RFC 9325 sections 3.1.1 and 4.2: nothing older than 1.2, and of 1.2 only what keeps the past secret.
        guard plenary_tls_set_oldest_version(context) == 1,
            SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1,
            plenary_tls_set_groups(context, "X25519:P-256") == 1
        else {
            SSL_CTX_free(context)
            throw .library(TLSFault.reason())
        }
        return context
    }

    /// RFC 7301 section 3.2: `http/1.1` if it was offered; who offers others only is told so.
    private static func select(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ chosenCount: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?,
        _ offeredCount: UInt32
    ) -> Int32 {
        guard let offered, let chosen, let chosenCount else { return SSL_TLSEXT_ERR_NOACK }
        let list = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        var at = 0
        while at < list.count {
            let end = at + 1 + Int(list[at])
            guard end <= list.count else { break }
            if list[at..<end].elementsEqual(http) {
                chosen.pointee = offered + at + 1
                chosenCount.pointee = list[at]
                return SSL_TLSEXT_ERR_OK
            }
            at = end
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}

// MARK: - Certificate and key

extension TLSContext {
    /// When the certificate ends.
    private static func load(
        _ certificateFile: String,
        _ keyFile: String,
        into context: OpaquePointer,
        now: Int64
    ) throws(TLSFault) -> Int64 {
        for file in [certificateFile, keyFile] where access(file, R_OK) != 0 {
            throw .unreadable(file: file, why: String(cString: strerror(errno)))
        }
        ERR_clear_error()
        guard SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1 else {
            throw .noCertificate(file: certificateFile, why: TLSFault.reason())
        }
        var status = stat()
        if stat(keyFile, &status) == 0, status.st_mode & S_IROTH != 0 { throw .keyForAll(file: keyFile) }
        guard SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1 else {
            // Checked while it is taken in: the certificate is there already.
            let code = ERR_peek_last_error()
            let isOther = plenary_error_reason(code) == X509_R_KEY_VALUES_MISMATCH
            throw isOther
                ? .mismatch(certificate: certificateFile, key: keyFile)
                : .noKey(file: keyFile, why: TLSFault.reason())
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            ERR_clear_error()
            throw .mismatch(certificate: certificateFile, key: keyFile)
        }
        guard let certificate = SSL_CTX_get0_certificate(context),
            let begin = time(X509_get0_notBefore(certificate)),
            let end = time(X509_get0_notAfter(certificate))
        else { throw .noCertificate(file: certificateFile, why: "it has no dates") }
        guard begin <= now else { throw .notYetValid(file: certificateFile, from: begin) }
        guard now < end else { throw .expired(file: certificateFile, at: end) }
        return end
    }

    private static func time(_ text: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = tm()
        guard let text, ASN1_TIME_to_tm(text, &parts) == 1 else { return nil }
        return Int64(timegm(&parts)) * 1_000
    }
}
