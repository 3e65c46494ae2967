/// What new tickets are signed with.
package enum TicketSigner: Sendable {
    /// HS256, with the key's name if it has one.
    case hs256(Secret, KeyID?)
    /// EdDSA.
    case ed25519(Ed25519PrivateKey, KeyID)

    /// `kid` in a ticket's header.
    package var keyID: KeyID? {
        switch self {
        case .hs256(_, let id): id
        case .ed25519(_, let id): id
        }
    }

    /// `alg` in a ticket's header.
    var algorithm: String {
        switch self {
        case .hs256: "HS256"
        case .ed25519: "EdDSA"
        }
    }

    /// The signature; nil only when OpenSSL cannot sign.
    func signature(of message: [UInt8]) -> [UInt8]? {
        switch self {
        case .hs256(let secret, _): MessageAuthentication.code(of: message, key: secret.bytes)
        case .ed25519(let key, _): key.signature(of: message)
        }
    }
}
