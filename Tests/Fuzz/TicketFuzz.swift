import Sessions

@testable import Tickets

/// Tickets: as they come, and with header and claims that somebody has signed who holds one of the keys.
enum TicketFuzz {
    private static let secret = Secret(Array("a secret of the fuzzer's own, long enough".utf8))
    private static let other = Secret(Array("another secret, which signs nothing here".utf8))
    private static let session = SessionID("evening".utf8)
    private static let now: Milliseconds = 1_790_000_000_000
    /// A key that signs with Ed25519, as `openssl genpkey` writes it; RFC 8032's first test has its seed.
    private static let pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
        -----END PRIVATE KEY-----
        """
    private static let signer = try? Ed25519PrivateKey(pem: Array(pem.utf8))
    private static let names = (autumn: KeyID("autumn".utf8), school: KeyID("school".utf8))

    static func run(_ input: [UInt8]) {
        guard let secret, let other, let session, let signer, let autumn = names.autumn,
            let school = names.school
        else { fatalError("the target's own constants") }
        _ = try? KeySet.keys(in: input)
        let named = [
            TicketKey(id: autumn, .hs256(secret)), TicketKey(id: school, .ed25519(signer.publicKey)),
        ]
        let verifiers = [
            TicketVerifier(secret: secret), TicketVerifier(keyring: Keyring(unnamed: secret, named: named)),
        ]
        // Two parts, divided by a zero: a header and claims.
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let header = parts.count == 2 ? Array(parts[0]) : Array(#"{"alg":"HS256"}"#.utf8)
        let signed = Base64URL.encode(header) + [0x2E] + Base64URL.encode(Array(parts[parts.count - 1]))
        let signatures = [
            MessageAuthentication.code(of: signed, key: secret.bytes), signer.signature(of: signed),
        ].compactMap(\.self)
        for ticket in [input] + signatures.map({ signed + [0x2E] + Base64URL.encode($0) }) {
            for verifier in verifiers {
                if let admission = try? verifier.admission(ticket, to: session, at: now) {
                    Fuzz.check(admission.name.utf8.count <= 128, "a name is no longer than allowed")
                }
                _ = try? verifier.checkAdmin(ticket, at: now)
            }
            Fuzz.check(
                (try? TicketVerifier(secret: other).admission(ticket, to: session, at: now)) == nil,
                "a ticket under another key lets nobody in"
            )
        }
        // Everybody may know the public key: it is no secret to sign with.
        guard let forged = MessageAuthentication.code(of: signed, key: signer.publicKey.bytes) else { return }
        Fuzz.check(
            (try? verifiers[1].admission(signed + [0x2E] + Base64URL.encode(forged), to: session, at: now))
                == nil,
            "a public key signs nothing"
        )
    }
}
