internal import SessionProtocol
package import Sessions

/// Reads tickets: JSON Web Tokens (RFC 7519) signed with HS256 (RFC 7518 section 3.2) or EdDSA (RFC 8037 section 3.1).
///
/// Immutable and used by all loops at once. Of what nobody has signed only the header is read, to find the key; every
/// refusal costs the same work (`SignatureCheck`), so `alg: none` takes as long to refuse as a wrong signature.
///
/// Strict where JWT libraries differ: one spelling of base64url, no claim twice, no `crit`, no `aud` (RFC 7519 section
/// 4.1.3: we are nobody's audience), and `alg` is the key's. Unknown claims are passed over.
package struct TicketVerifier: Sendable {
    package static let maxTicketBytes = 4 << 10
    /// What clocks may differ by.
    package static let leeway: Milliseconds = 30_000

    private let keyring: Keyring

    /// Takes tickets that one of these keys has signed.
    package init(keyring: Keyring) {
        self.keyring = keyring
    }

    /// Takes tickets that name no key and are signed with the secret.
    package init(secret: Secret) {
        self.init(keyring: Keyring(unnamed: secret))
    }

    /// Who comes to a session with this ticket.
    ///
    /// An expired ticket is said to be so and not refused: its holder may have a seat. `now` is the wall clock's
    /// time, the one that issuers know.
    package func admission(
        _ ticket: [UInt8],
        to session: SessionID,
        at now: Milliseconds
    ) throws(TicketFault) -> Admission {
        try judged(ticket, to: session, at: now).verdict.get()
    }

    /// The same, with the work that it was.
    func judged(_ ticket: [UInt8], to session: SessionID, at now: Milliseconds) -> Judgement<Admission> {
        judging(ticket) { check throws(TicketFault) in
            var object = try verifiedClaims(of: ticket, at: now, &check)
            let role = try Self.role(in: &object)
            guard let seatRole = role.seatRole else { throw .role }
            let claims = try Self.claims(role: role, in: &object)
            guard claims.session.matches(session) else { throw .session }
            return Admission(
                person: claims.person,
                name: claims.name,
                school: claims.school,
                role: seatRole,
                community: claims.community,
                title: claims.title,
                place: claims.place,
                isRehearsal: claims.isRehearsal,
                isExpired: Self.isExpired(claims.expiresAt, at: now)
            )
        }
    }

    /// Lets an admin's ticket pass: `sub`, `role` and `exp` are needed, the other claims are not read.
    package func checkAdmin(_ ticket: [UInt8], at now: Milliseconds) throws(TicketFault) {
        let judgement: Judgement<Void> = judging(ticket) { check throws(TicketFault) in
            var object = try verifiedClaims(of: ticket, at: now, &check)
            guard try Self.role(in: &object) == .admin else { throw .role }
            guard let person = object.take("sub")?.text else { throw .claims }
            guard PersonID(person) != nil else { throw .claimValue }
            guard !Self.isExpired(try Self.expiry(in: &object), at: now) else { throw .expired }
        }
        try judgement.verdict.get()
    }

    /// What became of a ticket, and what it cost.
    typealias Judgement<Verdict> = (verdict: Result<Verdict, TicketFault>, work: SignatureCheck)

    /// Whatever `judge` refuses the ticket for, it costs the same.
    private func judging<Verdict>(
        _ ticket: [UInt8],
        _ judge: (inout SignatureCheck) throws(TicketFault) -> Verdict
    ) -> Judgement<Verdict> {
        var check = SignatureCheck(keyring)
        do throws(TicketFault) {
            return (.success(try judge(&check)), check)
        } catch {
            check.spendTheRest(on: Array(ticket.prefix(Self.maxTicketBytes)))
            return (.failure(error), check)
        }
    }

    private static func isExpired(_ expiry: Milliseconds, at now: Milliseconds) -> Bool {
        now > expiry + leeway
    }
}

// MARK: - Signature and header

extension TicketVerifier {
    /// The claims of a ticket whose header and signature are right and which is valid already (`nbf`).
    private func verifiedClaims(
        of ticket: [UInt8],
        at now: Milliseconds,
        _ check: inout SignatureCheck
    ) throws(TicketFault) -> JSONObject {
        guard ticket.count <= Self.maxTicketBytes else { throw .tooLong }
        let parts = ticket.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { throw .shape }
        let key = try key(in: header)
        // RFC 7515 section 5.1: what is signed is the first two parts as they were sent, with the dot.
        let signed = Array(ticket[..<parts[1].endIndex])
        guard check.isSignature(signature, of: signed, by: key) else { throw .signature }
        var reader = JSONReader(maxBytes: Self.maxTicketBytes)
        guard var claims = try? reader.read(payload) else { throw .claims }
        guard claims.take("aud") == nil else { throw .claimValue }
        if let notBefore = claims.take("nbf") {
            guard now >= (try Self.milliseconds(notBefore)) - Self.leeway else { throw .notYetValid }
        }
        return claims
    }

    /// The key that the header names, if the header may be believed.
    private func key(in bytes: [UInt8]) throws(TicketFault) -> TicketKey.Material {
        var reader = JSONReader(maxBytes: Self.maxTicketBytes)
        guard var header = try? reader.read(bytes) else { throw .header }
        if let type = header.take("typ") {
            // RFC 7519 section 5.1.
            guard let text = type.text, text.map({ $0 | 0x20 }) == Array("jwt".utf8) else { throw .header }
        }
        // RFC 7515 section 4.1.11.
        guard header.take("crit") == nil, let algorithm = header.take("alg")?.text else { throw .header }
        // RFC 7515 section 4.1.4; what is there and is no name names no key of ours.
        var id: KeyID?
        if let value = header.take("kid") {
            guard let name = value.text.flatMap({ KeyID($0) }) else { throw .key }
            id = name
        }
        guard let key = keyring.key(id) else { throw .key }
        // RFC 8725 section 3.1: the algorithm of the key, never one that the ticket chooses.
        guard algorithm == Array(key.algorithm.utf8) else { throw .header }
        return key
    }
}

// MARK: - Claims

extension TicketVerifier {
    private static func role(in object: inout JSONObject) throws(TicketFault) -> TicketRole {
        guard let value = object.take("role") else { throw .claims }
        for role in TicketRole.allCases where value.text == Array(role.rawValue.utf8) { return role }
        throw .claimValue
    }

    private static func claims(
        role: TicketRole,
        in object: inout JSONObject
    ) throws(TicketFault) -> TicketClaims {
        guard let person = object.take("sub"), let name = object.take("name"),
            let session = object.take("session")
        else { throw .claims }
        guard let personBytes = person.text, let id = PersonID(personBytes),
            let sessionBytes = session.text, let pattern = SessionPattern(sessionBytes)
        else { throw .claimValue }
        return TicketClaims(
            person: id,
            name: try text(name, TicketClaims.nameRules),
            school: try optionalText(object.take("school"), TicketClaims.nameRules),
            role: role,
            session: pattern,
            expiresAt: try expiry(in: &object),
            community: try optionalText(object.take("community"), TicketClaims.nameRules),
            title: try optionalText(object.take("title"), TicketClaims.nameRules),
            place: try optionalText(object.take("place"), TicketClaims.placeRules),
            isRehearsal: try flag(object.take("rehearsal"))
        )
    }

    private static func text(_ value: JSONValue, _ rules: TextRules) throws(TicketFault) -> Text {
        guard let bytes = value.text, rules.problem(in: bytes) == nil else { throw .claimValue }
        return Text(utf8: bytes)
    }

    /// Absent, null and "" are all the same: nothing said.
    private static func optionalText(_ value: JSONValue?, _ rules: TextRules) throws(TicketFault) -> Text {
        guard let value, !value.isNull, value.textByteCount != 0 else { return .empty }
        return try text(value, rules)
    }

    /// Absent is false; null, 1 and "true" are neither true nor false.
    private static func flag(_ value: JSONValue?) throws(TicketFault) -> Bool {
        guard let value else { return false }
        guard let flag = value.bool else { throw .claimValue }
        return flag
    }

    private static func expiry(in object: inout JSONObject) throws(TicketFault) -> Milliseconds {
        guard let value = object.take("exp") else { throw .claims }
        return try milliseconds(value)
    }

    /// A NumericDate: seconds since 1970, perhaps with a fraction, which is dropped (RFC 7519 section 2).
    ///
    /// At most 12 digits: the year 33658 is far enough, and no sum with it overflows.
    private static func milliseconds(_ value: JSONValue) throws(TicketFault) -> Milliseconds {
        guard let number = value.number else { throw .claimValue }
        let parts = number.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard (1...12).contains(parts[0].count), parts.count == 1 || parts[1].allSatisfy(isDigit) else {
            throw .claimValue
        }
        var seconds: Milliseconds = 0
        for byte in parts[0] {
            guard isDigit(byte) else { throw .claimValue }
            seconds = seconds * 10 + Milliseconds(byte - 0x30)
        }
        return seconds * 1_000
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
