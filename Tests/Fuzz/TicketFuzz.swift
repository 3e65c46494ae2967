import Sessions

@testable import Tickets

/// Tickets: as they come, and with header and claims that somebody has signed who holds the key.
enum TicketFuzz {
    private static let secret = Secret(Array("a secret of the fuzzer's own, long enough".utf8))
    private static let other = Secret(Array("another secret, which signs nothing here".utf8))
    private static let session = SessionID("evening".utf8)
    private static let now: Milliseconds = 1_790_000_000_000

    static func run(_ input: [UInt8]) {
        guard let secret, let other, let session else { fatalError("the target's own constants") }
        let verifier = TicketVerifier(secret: secret)
        _ = try? verifier.admission(input, to: session, at: now)
        _ = try? verifier.checkAdmin(input, at: now)
        // Two parts, divided by a zero: a header and claims.
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let header = parts.count == 2 ? Array(parts[0]) : Array(#"{"alg":"HS256"}"#.utf8)
        let signed = Base64URL.encode(header) + [0x2E] + Base64URL.encode(Array(parts[parts.count - 1]))
        guard let code = MessageAuthentication.code(of: signed, key: secret.bytes) else { return }
        let ticket = signed + [0x2E] + Base64URL.encode(code)
        if let admission = try? verifier.admission(ticket, to: session, at: now) {
            Fuzz.check(admission.name.utf8.count <= 128, "a name is no longer than allowed")
        }
        _ = try? verifier.checkAdmin(ticket, at: now)
        Fuzz.check(
            (try? TicketVerifier(secret: other).admission(ticket, to: session, at: now)) == nil,
            "a ticket under another key lets nobody in"
        )
    }
}
