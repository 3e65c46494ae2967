import Glibc
import Testing
import Transport

/// Two certificates for `localhost` that nobody trusts, and their keys, made for these tests alone: valid until 2126.
///
///     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost \
///         -addext subjectAltName=DNS:localhost,IP:127.0.0.1
final class TLSFixture {
    let folder: String

    init() throws {
        var template = Array("/tmp/plenary-tls-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        folder = String(cString: made)
        try write(Self.certificate, "certificate.pem")
        try write(Self.key, "key.pem")
        try write(Self.otherCertificate, "other-certificate.pem")
        try write(Self.otherKey, "other-key.pem")
    }

    deinit {
        for name in names { unlink(path(name)) }
        rmdir(folder)
    }

    private var names: [String] = []

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// A file that only its owner may read.
    func write(_ text: String, _ name: String) throws {
        names.append(name)
        let file = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(file >= 0)
        let bytes = Array(text.utf8)
        #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
        close(file)
    }

    /// A server's context with the first certificate, or the other one.
    func context(other: Bool = false, keys: TLSTicketKeys = TLSTicketKeys()) throws -> TLSContext {
        let prefix = other ? "other-" : ""
        return try TLSContext(
            certificateFile: path("\(prefix)certificate.pem"),
            keyFile: path("\(prefix)key.pem"),
            ticketKeys: keys,
            now: ServerClock.wall()
        )
    }

    /// A client's that trusts the first certificate, or the other one.
    func trust(other: Bool = false) throws -> TLSContext {
        try TLSContext(trusting: path(other ? "other-certificate.pem" : "certificate.pem"))
    }

    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUFNhCS9Z9yHGEmbf97Cy/naEtXGMwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODE4NDA1OVoYDzIxMjYxMTA0
        MTg0MDU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQ5RTiUbLCUjMnjOZaoss1UAmyfC+wXvZF+asRMk9ZIK+xz9M8dbECQ
        0rirKJkpRiE9+6tLp9yykY2aMt/FKKNso28wbTAdBgNVHQ4EFgQUniG4lvypV7SR
        bWbup4J2VnkZEmIwHwYDVR0jBBgwFoAUniG4lvypV7SRbWbup4J2VnkZEmIwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgPiYHB6KRFucrVQV1YOhBvAAhNbmuNF04F7gu80SuJ5QCIQDn
        XHaOQIIKlXkb+YtLz+Zb6tjoBZkmmrTrMxEn7knsdQ==
        -----END CERTIFICATE-----
        """
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgK4yJ2GP1Ae9wRD30
        179utG+6OFSl01DqdtLU/yMtA8mhRANCAAQ5RTiUbLCUjMnjOZaoss1UAmyfC+wX
        vZF+asRMk9ZIK+xz9M8dbECQ0rirKJkpRiE9+6tLp9yykY2aMt/FKKNs
        -----END PRIVATE KEY-----
        """
    static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUGgAwIBAgIUc++U6AnfnQAmihvKMpDk6plb7gQwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODE4NDA1OVoYDzIxMjYxMTA0
        MTg0MDU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARmqdtaaw8M9ZhM3Ysx5PWaal+xdm0pfn9qA+rx6dMC7x/YzOuF+noC
        P9wm2wCnJ97d7F0Hfq1ZOXYeW+GIqi3io28wbTAdBgNVHQ4EFgQUYofwzpPaW4aI
        FQlmOOOVoC12ItswHwYDVR0jBBgwFoAUYofwzpPaW4aIFQlmOOOVoC12ItswDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDRwAwRAIgSTZcQWZvTYJDrr7mPDDkeM0zbwRGe4aYgBrZ0stDOxwCIGZN
        uFIZ83WECtpP/oPZMitlP4XQLR/YAI9R7+DOE6IZ
        -----END CERTIFICATE-----
        """
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNpCmb7dgyBtzdSHo
        wWy6hWl7Ka1YNJXEkYB0nytSXRehRANCAARmqdtaaw8M9ZhM3Ysx5PWaal+xdm0p
        fn9qA+rx6dMC7x/YzOuF+noCP9wm2wCnJ97d7F0Hfq1ZOXYeW+GIqi3i
        -----END PRIVATE KEY-----
        """
}
