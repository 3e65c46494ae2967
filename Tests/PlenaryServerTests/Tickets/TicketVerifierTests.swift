import Sessions
import Testing
import Tickets

/// HOSTILE 50, as far as HS256 goes.
struct TicketVerifierTests {
    private let now = TicketFixture.now

    private func fault(
        _ token: [UInt8],
        session: String = "evening",
        at time: Milliseconds? = nil
    ) throws -> TicketFault? {
        let verifier = try TicketFixture.verifier()
        do {
            _ = try verifier.admission(token, to: try TicketFixture.session(session), at: time ?? now)
            return nil
        } catch let fault as TicketFault {
            return fault
        }
    }

    @Test func `a good ticket says who comes`() throws {
        let admission = try TicketFixture.verifier()
            .admission(try TicketFixture.token(), to: try TicketFixture.session(), at: now)
        let person = try #require(PersonID("p7".utf8))
        #expect(
            admission == Admission(person: person, name: Text("Teacher"), school: Text("North"), role: .host)
        )
    }

    @Test func `what a ticket may say beside comes along`() throws {
        let claims =
            TicketFixture.claims.dropLast()
            + #","community":"Autumn","title":"First evening","place":"Zoom: Room 3","iat":1,"nbf":1789999000,"x":[]}"#
        let admission = try TicketFixture.verifier()
            .admission(
                try TicketFixture.token(claims: String(claims)),
                to: try TicketFixture.session(),
                at: now
            )
        #expect(admission.community == Text("Autumn"))
        #expect(admission.title == Text("First evening"))
        #expect(admission.place == Text("Zoom: Room 3"))
    }

    @Test func `the writer's tickets are the reader's`() throws {
        let claims = TicketClaims(
            person: try #require(PersonID("ana@example.org".utf8)),
            name: Text("Teacher \"the\" Ünï\\codé"),
            school: Text("North"),
            role: .observer,
            session: try #require(SessionPattern("autumn-*".utf8)),
            expiresAt: now + 1_000,
            place: Text("https://video.example.org/j/1?x=2")
        )
        let ticket = try TicketWriter(secret: try TicketFixture.secret()).ticket(claims)
        let admission = try TicketFixture.verifier()
            .admission(Array(ticket.utf8), to: try TicketFixture.session("autumn-3"), at: now)
        #expect(admission.name == claims.name)
        #expect(admission.role == .observer)
        #expect(admission.place == claims.place)
        #expect(try fault(Array(ticket.utf8), session: "spring-3") == .session)
    }

    @Test(arguments: [("", false), ("false", false), ("true", true)])
    func `a ticket says whether it is for rehearsals`(value: String, isRehearsal: Bool) throws {
        let token = try TicketFixture.token(claims: TicketFixture.claims("rehearsal", value))
        let admission = try TicketFixture.verifier()
            .admission(token, to: try TicketFixture.session(), at: now)
        #expect(admission.isRehearsal == isRehearsal)
        var claims = TicketClaims(
            person: admission.person,
            name: admission.name,
            role: .host,
            session: try #require(SessionPattern("evening".utf8)),
            expiresAt: now + 1_000
        )
        claims.isRehearsal = isRehearsal
        let written = try TicketWriter(secret: try TicketFixture.secret()).ticket(claims)
        let read = try TicketFixture.verifier()
            .admission(Array(written.utf8), to: try TicketFixture.session(), at: now)
        #expect(read.isRehearsal == isRehearsal)
    }

    @Test func `each byte that is changed spoils the ticket`() throws {
        let token = try TicketFixture.token()
        for index in token.indices {
            for replacement in [
                token[index] ^ 0x01, token[index] ^ 0x20, UInt8(ascii: "A"), UInt8(ascii: "."),
            ]
            where replacement != token[index] {
                var changed = token
                changed[index] = replacement
                let found = try fault(changed)
                let wrong: [TicketFault?] = [.signature, .shape, .header, .key]
                #expect(wrong.contains(found), "byte \(index) as \(replacement)")
            }
        }
    }

    @Test func `each beginning of a ticket is refused`() throws {
        let token = try TicketFixture.token()
        for count in token.indices {
            #expect(try fault(Array(token.prefix(count))) != nil)
        }
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"HS384"}"#, #"{"alg":"hs256"}"#, #"{"alg":"RS256"}"#,
        #"{"alg":"EdDSA"}"#, #"{"alg":["HS256"]}"#, #"{"alg":null}"#, #"{"typ":"JWT"}"#, #"{}"#, #"[]"#, "",
        #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"none","alg":"HS256"}"#, #"{"alg":"HS256","typ":"JWE"}"#,
        #"{"alg":"HS256","typ":1}"#, #"{"alg":"HS256","crit":["exp"]}"#,
        #"{"alg":"HS256"} x"#,
    ])
    func `a header other than HS256 is refused, however well it is signed`(header: String) throws {
        #expect(try fault(try TicketFixture.token(header: header)) == .header)
    }

    @Test(arguments: [
        #"{"alg":"HS256"}"#, #"{"typ":"jwt","alg":"HS256"}"#, #"{"alg":"HS256","cty":"x","jku":"https://x"}"#,
    ])
    func `a header may leave the type away and say what nobody needs`(header: String) throws {
        #expect(try fault(try TicketFixture.token(header: header)) == nil)
    }

    @Test func `no signature and another's signature are refused`() throws {
        let none = try TicketFixture.token(header: #"{"alg":"none"}"#)
        #expect(try fault(Array(none[...(try #require(none.lastIndex(of: UInt8(ascii: "."))))])) == .header)
        let token = try TicketFixture.token()
        let unsigned = Array(token[...(try #require(token.lastIndex(of: UInt8(ascii: "."))))])
        #expect(try fault(unsigned) == .signature)
        #expect(try fault(try TicketFixture.token(key: TicketFixture.key.reversed())) == .signature)
        #expect(try fault(Array(unsigned.dropLast())) == .shape)
        #expect(try fault(token + Array(".x".utf8)) == .shape)
        #expect(try fault([]) == .shape)
    }

    @Test(arguments: [#""1""#, #""""#, "null", "1", #""a b""#, #""autumn\u0000""#, #"["autumn"]"#])
    func `a name of a key is looked for, and a secret without names has none`(kid: String) throws {
        let token = try TicketFixture.token(header: #"{"alg":"HS256","kid":\#(kid)}"#)
        #expect(try fault(token) == .key)
    }

    @Test(arguments: ["sub", "name", "role", "session", "exp"])
    func `a claim that is missing is missed`(name: String) throws {
        #expect(try fault(try TicketFixture.token(claims: TicketFixture.claims(name, ""))) == .claims)
    }

    @Test(arguments: [
        ("sub", "7"), ("sub", #""""#), ("sub", #""p 7""#), ("sub", #""p/7""#), ("sub", #""\u0000""#),
        ("name", #""""#), ("name", #"" ""#), ("name", "null"), ("name", #""A\nna""#),
        ("name", #""\u202Eana""#),
        ("name", #""A\u200B""#), ("school", "7"), ("school", #""a\tb""#), ("role", #""Host""#),
        ("role", #""root""#),
        ("role", "1"), ("session", #""""#), ("session", #""*x""#), ("session", #""a b*""#),
        ("session", #""-*""#),
        ("session", #""a**""#), ("exp", #""1790003600""#), ("exp", "-1"), ("exp", "1e12"), ("exp", "null"),
        ("exp", "1790003600000000"), ("exp", "-0"), ("nbf", "true"), ("aud", #""others""#), ("title", "[]"),
        ("rehearsal", "null"), ("rehearsal", "1"), ("rehearsal", #""true""#), ("rehearsal", "[]"),
        ("rehearsal", "{}"),
    ])
    func `a claim of the wrong kind is refused`(name: String, value: String) throws {
        #expect(try fault(try TicketFixture.token(claims: TicketFixture.claims(name, value))) == .claimValue)
    }

    @Test func `texts have their limits in bytes`() throws {
        for (name, limit) in [
            ("name", 128), ("school", 128), ("title", 128), ("community", 128), ("place", 500),
        ] {
            for (count, expected) in [(limit, TicketFault?.none), (limit + 1, .claimValue)] {
                let text = "\"" + String(repeating: "x", count: count) + "\""
                let token = try TicketFixture.token(claims: TicketFixture.claims(name, text))
                #expect(try fault(token) == expected, "\(name) of \(count) bytes")
            }
        }
    }

    @Test(arguments: [
        #"{"sub":"p7","sub":"p8","name":"Teacher","role":"host","session":"evening","exp":1790003600}"#,
        #"{"sub":"p7","name":"Teacher","role":"host","r\u006Fle":"host","session":"evening","exp":1790003600}"#,
        #"[{"sub":"p7"}]"#, "", "null", #"{"sub":"p7""#, #"{"name":"\uD800"}"#,
    ])
    func `claims that are not one clear object are refused`(claims: String) throws {
        #expect(try fault(try TicketFixture.token(claims: claims)) == .claims)
    }

    @Test func `an expired ticket is said to be expired, thirty seconds late`() throws {
        let verifier = try TicketFixture.verifier()
        let token = try TicketFixture.token()
        let expiry: Milliseconds = 1_790_003_600_000
        for (time, isExpired) in [(expiry, false), (expiry + 30_000, false), (expiry + 30_001, true)] {
            let admission = try verifier.admission(token, to: try TicketFixture.session(), at: time)
            #expect(admission.isExpired == isExpired)
        }
    }

    @Test func `a ticket is not good before its time, thirty seconds early`() throws {
        let token = try TicketFixture.token(claims: TicketFixture.claims("nbf", "1790000100.5"))
        #expect(try fault(token, at: 1_790_000_069_999) == .notYetValid)
        #expect(try fault(token, at: 1_790_000_070_000) == nil)
    }

    @Test func `times may have a fraction, as some libraries write them`() throws {
        #expect(
            try fault(try TicketFixture.token(claims: TicketFixture.claims("exp", "1790003600.25"))) == nil
        )
    }

    @Test func `a ticket for another session is refused`() throws {
        #expect(try fault(try TicketFixture.token(), session: "evening2") == .session)
        #expect(try fault(try TicketFixture.token(), session: "Evening") == .session)
    }

    @Test func `a ticket of more than 4 KiB is not looked at`() throws {
        let long = "\"" + String(repeating: "x", count: 4_096) + "\""
        #expect(try fault(try TicketFixture.token(claims: TicketFixture.claims("x", long))) == .tooLong)
    }

    @Test func `an admin's ticket takes no seat and opens the admin's pages while it lasts`() throws {
        let verifier = try TicketFixture.verifier()
        let admin = try TicketFixture.token(claims: #"{"sub":"ops","role":"admin","exp":1790003600}"#)
        #expect(try fault(admin) == .role)
        try verifier.checkAdmin(admin, at: now)
        #expect(throws: TicketFault.expired) { try verifier.checkAdmin(admin, at: 1_790_003_630_001) }
        #expect(throws: TicketFault.role) { try verifier.checkAdmin(try TicketFixture.token(), at: now) }
        let nobody = try TicketFixture.token(claims: #"{"role":"admin","exp":1790003600}"#)
        #expect(throws: TicketFault.claims) { try verifier.checkAdmin(nobody, at: now) }
    }
}
