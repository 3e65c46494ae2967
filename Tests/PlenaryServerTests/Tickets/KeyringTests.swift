import Sessions
import Testing

@testable import Tickets

/// HOSTILE 50: several keys, each for its own algorithm.
struct KeyringTests {
    private let now = TicketFixture.now
    private let autumn = Array("the secret of autumn, thirty-two bytes".utf8)
    private let spring = Array("the secret of spring, thirty-two bytes".utf8)

    private func keyring(unnamed: Bool = true) throws -> Keyring {
        Keyring(
            unnamed: unnamed ? try TicketFixture.secret() : nil,
            named: [
                TicketKey(id: try KeyFixture.id("autumn"), .hs256(try #require(Secret(autumn)))),
                TicketKey(id: try KeyFixture.id("spring"), .hs256(try #require(Secret(spring)))),
                TicketKey(id: try KeyFixture.id("school"), .ed25519(try KeyFixture.publicKey())),
            ]
        )
    }

    private func judged(_ token: [UInt8], unnamed: Bool = true) throws -> TicketVerifier.Judgement<Admission>
    {
        TicketVerifier(keyring: try keyring(unnamed: unnamed))
            .judged(token, to: try TicketFixture.session(), at: now)
    }

    private func fault(_ token: [UInt8], unnamed: Bool = true) throws -> TicketFault? {
        if case .failure(let fault) = try judged(token, unnamed: unnamed).verdict { fault } else { nil }
    }

    private func edDSA(_ header: String, claims: String = TicketFixture.claims) throws -> [UInt8] {
        let dot = [UInt8(ascii: ".")]
        let signed = Base64URL.encode(Array(header.utf8)) + dot + Base64URL.encode(Array(claims.utf8))
        let signature = try #require(try KeyFixture.privateKey().signature(of: signed))
        return signed + dot + Base64URL.encode(signature)
    }

    @Test func `each key takes the tickets that name it`() throws {
        for (kid, key) in [("autumn", autumn), ("spring", spring)] {
            let header = #"{"alg":"HS256","kid":"\#(kid)"}"#
            #expect(try fault(try TicketFixture.token(header: header, key: key)) == nil)
            let other = key == autumn ? spring : autumn
            #expect(try fault(try TicketFixture.token(header: header, key: other)) == .signature)
        }
        #expect(try fault(try edDSA(#"{"alg":"EdDSA","kid":"school"}"#)) == nil)
        #expect(try fault(try TicketFixture.token()) == nil)
    }

    @Test func `where all keys have names a ticket has to name one`() throws {
        #expect(try fault(try TicketFixture.token(), unnamed: false) == .key)
        #expect(try fault(try TicketFixture.token(key: autumn), unnamed: false) == .key)
    }

    @Test func `a key that is taken away takes its tickets with it`() throws {
        let token = try TicketFixture.token(header: #"{"alg":"HS256","kid":"winter"}"#, key: autumn)
        #expect(try fault(token) == .key)
    }

    @Test func `a public key is nobody's secret`() throws {
        let key = try KeyFixture.publicKey().bytes
        for header in [
            #"{"alg":"HS256","kid":"school"}"#, #"{"alg":"HS256","typ":"JWT","kid":"school"}"#,
            #"{"alg":"none","kid":"school"}"#, #"{"kid":"school"}"#,
            #"{"alg":"EdDSA","alg":"HS256","kid":"school"}"#,
        ] {
            #expect(try fault(try TicketFixture.token(header: header, key: key)) == .header, "\(header)")
        }
        #expect(
            try fault(try TicketFixture.token(header: #"{"alg":"EdDSA","kid":"school"}"#, key: key))
                == .signature
        )
        #expect(try fault(try TicketFixture.token(header: #"{"alg":"HS256"}"#, key: key)) == .signature)
    }

    @Test func `a key signs with its own algorithm alone`() throws {
        #expect(try fault(try edDSA(#"{"alg":"EdDSA","kid":"autumn"}"#)) == .header)
        #expect(try fault(try edDSA(#"{"alg":"HS256","kid":"autumn"}"#)) == .signature)
        #expect(try fault(try edDSA(#"{"alg":"EdDSA"}"#)) == .header)
        #expect(try fault(try edDSA(#"{"alg":"Ed25519","kid":"school"}"#)) == .header)
    }

    @Test func `a ticket that is changed has no signature`() throws {
        let token = try edDSA(#"{"alg":"EdDSA","kid":"school"}"#)
        let claims = try edDSA(
            #"{"alg":"EdDSA","kid":"school"}"#,
            claims: TicketFixture.claims("sub", #""p8""#)
        )
        let parts = token.split(separator: UInt8(ascii: "."))
        let others = claims.split(separator: UInt8(ascii: "."))
        let mixed = Array([parts[0], others[1], parts[2]].joined(separator: [UInt8(ascii: ".")]))
        #expect(try fault(mixed) == .signature)
    }

    /// Not the time is asserted, which no machine keeps, but what it is made of.
    @Test func `every refusal costs one code and one signature, whatever its reason`() throws {
        let good = try TicketFixture.token()
        let named = try edDSA(#"{"alg":"EdDSA","kid":"school"}"#)
        let refused: [String: [UInt8]] = [
            "nothing": [], "no token": Array("ticket".utf8),
            "too long": good + good + good + [UInt8](repeating: 65, count: 4_096),
            "alg none": try TicketFixture.token(header: #"{"alg":"none"}"#),
            "unknown kid": try TicketFixture.token(header: #"{"alg":"HS256","kid":"winter"}"#),
            "another secret": try TicketFixture.token(key: autumn),
            "public key as secret": try TicketFixture.token(
                header: #"{"alg":"HS256","kid":"school"}"#,
                key: try KeyFixture.publicKey().bytes
            ),
            "cut": Array(good.dropLast(4)), "cut EdDSA": Array(named.dropLast(4)),
            "changed EdDSA": named.dropLast(80) + [65, 65] + named.suffix(78),
            "number too high": named.dropLast(2) + Array("_w".utf8),
            "another session": try TicketFixture.token(claims: TicketFixture.claims("session", #""other""#)),
            "not yet": try TicketFixture.token(claims: TicketFixture.claims("nbf", "1890000000")),
            "not yet, EdDSA": try edDSA(
                #"{"alg":"EdDSA","kid":"school"}"#,
                claims: TicketFixture.claims("nbf", "1890000000")
            ),
            "claim twice": try TicketFixture.token(claims: #"{"sub":"p7","sub":"p8"}"#),
            "no person": try TicketFixture.token(claims: TicketFixture.claims("sub", "")),
        ]
        for (why, token) in refused {
            let (verdict, work) = try judged(token)
            #expect(throws: TicketFault.self, "\(why)") { try verdict.get() }
            #expect(work.codes == 1 && work.signatures == 1, "\(why): \(work.codes), \(work.signatures)")
        }
    }

    @Test func `a good ticket costs its own signature and no other`() throws {
        let (first, hashed) = try judged(try TicketFixture.token())
        #expect(throws: Never.self) { try first.get() }
        #expect(hashed.codes == 1 && hashed.signatures == 0)
        let (second, verified) = try judged(try edDSA(#"{"alg":"EdDSA","kid":"school"}"#))
        #expect(throws: Never.self) { try second.get() }
        #expect(verified.codes == 0 && verified.signatures == 1)
    }

    @Test func `without public keys a refusal costs one code`() throws {
        let verifier = try TicketFixture.verifier()
        for token in [[], try TicketFixture.token(key: autumn), try TicketFixture.token(header: "{}")] {
            let (_, work) = verifier.judged(token, to: try TicketFixture.session(), at: now)
            #expect(work.codes == 1 && work.signatures == 0)
        }
    }

    @Test func `the writer's tickets name their key`() throws {
        let claims = TicketClaims(
            person: try #require(PersonID("p7".utf8)),
            name: Text("Teacher"),
            role: .host,
            session: try #require(SessionPattern("evening".utf8)),
            expiresAt: now + 1_000
        )
        let secret = try #require(Secret(autumn))
        for signer in [
            TicketSigner.hs256(secret, try KeyFixture.id("autumn")),
            .ed25519(try KeyFixture.privateKey(), try KeyFixture.id("school")),
            .hs256(try TicketFixture.secret(), nil),
        ] {
            let ticket = try TicketWriter(signer: signer, mailSecret: nil).ticket(claims)
            #expect(try fault(Array(ticket.utf8)) == nil)
        }
    }

    @Test func `ids of addresses come from the secret that stays, whatever signs`() throws {
        let secret = try TicketFixture.secret()
        let signer = TicketSigner.ed25519(try KeyFixture.privateKey(), try KeyFixture.id("school"))
        let id = TicketWriter(secret: secret).personID(forMail: "teacher@school.example")
        #expect(id != nil)
        #expect(
            TicketWriter(signer: signer, mailSecret: secret).personID(forMail: "teacher@school.example") == id
        )
        #expect(
            TicketWriter(signer: signer, mailSecret: nil).personID(forMail: "teacher@school.example") == nil
        )
    }
}
