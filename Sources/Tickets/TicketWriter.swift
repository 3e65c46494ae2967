internal import SessionProtocol
package import Sessions

/// Makes tickets: the other half of `TicketVerifier`.
package struct TicketWriter: Sendable {
    private let signer: TicketSigner
    private let mailSecret: Secret?

    /// Signs with `signer`; ids of e-mail addresses are made with `mailSecret`.
    ///
    /// Two keys, since the first is changed from time to time and people's ids must not change with it.
    package init(signer: TicketSigner, mailSecret: Secret?) {
        self.signer = signer
        self.mailSecret = mailSecret
    }

    /// Signs with a secret that has no name, and makes ids with it.
    package init(secret: Secret) {
        self.init(signer: .hs256(secret, nil), mailSecret: secret)
    }

    /// The ticket for the claims, as text.
    ///
    /// The same claims and the same key always give the same ticket.
    ///
    /// - Throws: `.tooLong` when nobody would take it; `.signature` when OpenSSL cannot sign.
    package func ticket(_ claims: TicketClaims) throws(TicketFault) -> String {
        var header = JSONWriter(capacity: 64)
        header.beginObject()
        header.member("alg", Array(signer.algorithm.utf8))
        header.member("typ", "JWT")
        if let id = signer.keyID { header.member("kid", Array(id.text.utf8)) }
        header.endObject()
        var signed = Base64URL.encode(header.bytes)
        signed.append(UInt8(ascii: "."))
        signed += Base64URL.encode(Self.payload(claims))
        guard let signature = signer.signature(of: signed) else { throw .signature }
        let ticket = signed + [UInt8(ascii: ".")] + Base64URL.encode(signature)
        guard ticket.count <= TicketVerifier.maxTicketBytes else { throw .tooLong }
        return String(decoding: ticket, as: UTF8.self)
    }

    /// Whether e-mail addresses can be made into ids.
    package var hashesMail: Bool { mailSecret != nil }

    /// A person's id made from an e-mail address: the same for the same address and secret, and nobody who lacks
    /// the secret can find the address by trying.
    ///
    /// The key may sign tickets too; what is hashed here holds a line feed, so it is never what a ticket signs.
    package func personID(forMail address: String) -> PersonID? {
        let message = Array("person of mail\n\(address.lowercased())".utf8)
        guard let mailSecret, let code = MessageAuthentication.code(of: message, key: mailSecret.bytes) else {
            return nil
        }
        // 128 bits: no two people of one community get the same.
        return PersonID(Array("mail-".utf8) + Base64URL.encode(Array(code.prefix(16))))
    }

    private static func payload(_ claims: TicketClaims) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.member("sub", Array(claims.person.text.utf8))
        writer.member("name", claims.name.utf8)
        if !claims.school.isEmpty { writer.member("school", claims.school.utf8) }
        writer.member("role", Array(claims.role.rawValue.utf8))
        writer.member("session", Array(claims.session.text.utf8))
        writer.member("exp", claims.expiresAt / 1_000)
        if !claims.community.isEmpty { writer.member("community", claims.community.utf8) }
        if !claims.title.isEmpty { writer.member("title", claims.title.utf8) }
        if !claims.place.isEmpty { writer.member("place", claims.place.utf8) }
        if claims.isRehearsal { writer.member("rehearsal", true) }
        writer.endObject()
        return writer.bytes
    }
}
