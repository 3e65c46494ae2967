internal import SessionProtocol
package import Sessions

/// Reads tickets: JSON Web Tokens (RFC 7519) signed with HS256 (RFC 7518 section 3.2), and nothing else.
///
/// Immutable and used by all loops at once. The signature is computed and compared first, whatever the header says:
/// nobody who has no key gets to the JSON, and `alg: none` takes as long to refuse as a wrong signature.
///
/// Strict where JWT libraries differ: one spelling of base64url, no claim twice, no `crit`, no `kid` (our key has
/// no name), no `aud` (RFC 7519 section 4.1.3: we are nobody's audience). Unknown claims are passed over.
package struct TicketVerifier: Sendable {
    package static let maxTicketBytes = 4 << 10
    /// What clocks may differ by.
    package static let leeway: Milliseconds = 30_000

    private let secret: Secret

    package init(secret: Secret) {
        self.secret = secret
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
        var object = try verifiedClaims(of: ticket, at: now)
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

    /// Lets an admin's ticket pass: `sub`, `role` and `exp` are needed, the other claims are not read.
    package func checkAdmin(_ ticket: [UInt8], at now: Milliseconds) throws(TicketFault) {
        var object = try verifiedClaims(of: ticket, at: now)
        guard try Self.role(in: &object) == .admin else { throw .role }
        guard let person = object.take("sub")?.text else { throw .claims }
        guard PersonID(person) != nil else { throw .claimValue }
        guard !Self.isExpired(try Self.expiry(in: &object), at: now) else { throw .expired }
    }

    private static func isExpired(_ expiry: Milliseconds, at now: Milliseconds) -> Bool {
        now > expiry + leeway
    }
}

// MARK: - Signature and header

extension TicketVerifier {
    /// The claims of a ticket whose signature and header are right and which is valid already (`nbf`).
    private func verifiedClaims(of ticket: [UInt8], at now: Milliseconds) throws(TicketFault) -> JSONObject {
        guard ticket.count <= Self.maxTicketBytes else { throw .tooLong }
        let parts = ticket.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .shape }
        // RFC 7515 section 5.1: what is signed is the first two parts as they were sent, with the dot.
        let signed = Array(ticket[..<parts[1].endIndex])
        let signature = Base64URL.decode(parts[2]) ?? []
        guard MessageAuthentication.isCode(signature, of: signed, key: secret.bytes) else { throw .signature }
        guard let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]) else {
            throw .shape
        }
        try Self.checkHeader(header)
        var reader = JSONReader(maxBytes: Self.maxTicketBytes)
        guard var claims = try? reader.read(payload) else { throw .claims }
        guard claims.take("aud") == nil else { throw .claimValue }
        if let notBefore = claims.take("nbf") {
            guard now >= (try Self.milliseconds(notBefore)) - Self.leeway else { throw .notYetValid }
        }
        return claims
    }

    private static func checkHeader(_ bytes: [UInt8]) throws(TicketFault) {
        var reader = JSONReader(maxBytes: maxTicketBytes)
        guard var header = try? reader.read(bytes) else { throw .header }
        // RFC 8725 section 3.1: the one algorithm that we use, never one that the ticket chooses.
        guard header.take("alg")?.isText("HS256") == true else { throw .header }
        if let type = header.take("typ") {
            // RFC 7519 section 5.1.
            guard let text = type.text, text.map({ $0 | 0x20 }) == Array("jwt".utf8) else { throw .header }
        }
        // RFC 7515 sections 4.1.4 and 4.1.11.
        guard header.take("kid") == nil, header.take("crit") == nil else { throw .header }
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
