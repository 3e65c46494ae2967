import Glibc
import Testing
import Transport

/// What is said of files that cannot be used.
struct TLSContextTests {
    private let fixture: TLSFixture

    init() throws {
        fixture = try TLSFixture()
    }

    private func fault(_ certificate: String, _ key: String, now: Int64 = ServerClock.wall()) -> TLSFault? {
        do throws(TLSFault) {
            _ = try TLSContext(
                certificateFile: fixture.path(certificate),
                keyFile: fixture.path(key),
                ticketKeys: TLSTicketKeys(),
                now: now
            )
            return nil
        } catch {
            return error
        }
    }

    @Test func `a certificate and its key can be used, and say until when`() throws {
        let context = try fixture.context()
        #expect(try #require(context.expiresAt) > 4_900_000_000_000)
    }

    @Test func `each file that cannot be used is named, with what is wrong and what helps`() throws {
        try fixture.write("nothing of use\n", "text.pem")
        let open = fixture.path("open.pem")
        try fixture.write(TLSFixture.key, "open.pem")
        chmod(open, 0o644)
        let certificate = fixture.path("certificate.pem")
        let key = fixture.path("other-key.pem")
        #expect(
            fault("missing.pem", "key.pem")
                == .unreadable(file: fixture.path("missing.pem"), why: "No such file or directory")
        )
        #expect(
            fault("certificate.pem", "missing.pem")
                == .unreadable(file: fixture.path("missing.pem"), why: "No such file or directory")
        )
        #expect(
            fault("text.pem", "key.pem")
                == .noCertificate(file: fixture.path("text.pem"), why: "no start line")
        )
        #expect(
            fault("certificate.pem", "text.pem") == .noKey(file: fixture.path("text.pem"), why: "unsupported")
        )
        #expect(fault("certificate.pem", "other-key.pem") == .mismatch(certificate: certificate, key: key))
        #expect(fault("certificate.pem", "open.pem") == .keyForAll(file: open))
        #expect(TLSFault.keyForAll(file: "k").description.hasSuffix("chmod o-rwx k"))
    }

    @Test func `a certificate serves within its dates only`() throws {
        let certificate = fixture.path("certificate.pem")
        let end = try #require(try fixture.context().expiresAt)
        #expect(fault("certificate.pem", "key.pem", now: end - 1) == nil)
        #expect(fault("certificate.pem", "key.pem", now: end) == .expired(file: certificate, at: end))
        guard case .notYetValid(certificate, let begin) = fault("certificate.pem", "key.pem", now: 0) else {
            Issue.record("a certificate of the future was taken")
            return
        }
        #expect(fault("certificate.pem", "key.pem", now: begin) == nil)
        #expect(TLSFault.expired(file: "c", at: 4_102_444_800_000).description.contains("since 2100-01-01."))
    }

    @Test func `authorities that are none are said to be so`() throws {
        try fixture.write("nothing of use\n", "text.pem")
        #expect(throws: TLSFault.self) { try TLSContext(trusting: fixture.path("text.pem")) }
        #expect(throws: TLSFault.self) { try TLSContext(trusting: fixture.path("missing.pem")) }
    }
}
