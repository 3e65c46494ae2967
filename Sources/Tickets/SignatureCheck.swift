/// Verifies one ticket's signature, and sees to it that every refusal costs the same.
///
/// Otherwise the time of an answer would tell who has no key which names there are, and of what kind. So a refusal,
/// whatever its reason, costs one code and, where there is a public key, one signature: what was not done on the way is
/// done at the end, against keys and signatures that cannot be right. Tickets that are good cost only their own.
struct SignatureCheck {
    private let keyring: Keyring
    /// How often what was done; tests count it.
    private(set) var codes = 0
    private(set) var signatures = 0

    init(_ keyring: Keyring) {
        self.keyring = keyring
    }

    /// Whether the signature is the key's.
    mutating func isSignature(_ candidate: [UInt8], of signed: [UInt8], by key: TicketKey.Material) -> Bool {
        switch key {
        case .hs256(let secret):
            codes += 1
            return MessageAuthentication.isCode(candidate, of: signed, key: secret.bytes)
        case .ed25519(let publicKey):
            if Ed25519PublicKey.takesWork(candidate) { signatures += 1 }
            return publicKey.isSignature(candidate, of: signed)
        }
    }

    /// Does the work that a refusal costs and that has not been done.
    mutating func spendTheRest(on signed: [UInt8]) {
        if codes == 0 {
            codes += 1
            _ = MessageAuthentication.isCode(Self.noCode, of: signed, key: Self.noCode)
        }
        if signatures == 0, let publicKey = keyring.anyPublicKey {
            signatures += 1
            _ = publicKey.isSignature(Self.noSignature, of: signed)
        }
    }

    private static let noCode = [UInt8](repeating: 0x5A, count: MessageAuthentication.codeBytes)
    /// Its second half is a number with as many digits as another's.
    private static let noSignature =
        [UInt8](repeating: 0xA5, count: Ed25519PublicKey.signatureBytes - 1) + [0x0A]
}
