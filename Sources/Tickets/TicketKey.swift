/// A key that tickets are verified with, and by its kind the one algorithm that it is good for.
///
/// RFC 8725 section 3.1: what algorithm is used is the key's to say. A ticket's `alg` has to agree with it, and so a
/// public key, which everybody may know, never becomes the secret of an HS256.
package struct TicketKey: Sendable {
    /// What tickets call it in `kid`.
    package let id: KeyID
    package let material: Material

    /// The two kinds.
    package enum Material: Sendable {
        /// RFC 7518 section 3.2.
        case hs256(Secret)
        /// `EdDSA` (RFC 8037 section 3.1) with the curve Ed25519.
        case ed25519(Ed25519PublicKey)

        /// `alg` in a ticket's header.
        package var algorithm: String {
            switch self {
            case .hs256: "HS256"
            case .ed25519: "EdDSA"
            }
        }
    }

    /// A key with its name.
    package init(id: KeyID, _ material: Material) {
        self.id = id
        self.material = material
    }
}

/// The name of a key (`kid`, RFC 7515 section 4.1.4): 1 to 128 letters, digits and `. _ @ : + -`.
///
/// No secret: it stands in every ticket, and may stand in a sentence.
package struct KeyID: Hashable, Sendable {
    package let text: String

    /// Nil when the bytes are no such name.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...128).contains(bytes.count), bytes.allSatisfy(Self.allows) else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2E, 0x5F, 0x40, 0x3A, 0x2B, 0x2D: true  // . _ @ : + -
        default: false
        }
    }
}

/// All keys that tickets may be signed with.
///
/// Several at a time is how one changes them: the new key is added, tickets are made with it, and the old key is taken
/// away when its last ticket has expired.
package struct Keyring: Sendable {
    /// For tickets that name no key.
    let unnamed: Secret?
    private let named: [KeyID: TicketKey.Material]
    /// What a signature is tried against that cannot be right, if there is such a key at all.
    let anyPublicKey: Ed25519PublicKey?

    /// The keys; of two with the same name the first counts.
    package init(unnamed: Secret? = nil, named: [TicketKey] = []) {
        self.unnamed = unnamed
        self.named = Dictionary(named.map { ($0.id, $0.material) }) { first, _ in first }
        anyPublicKey =
            named.lazy.compactMap { key in
                if case .ed25519(let publicKey) = key.material { publicKey } else { nil }
            }.first
    }

    /// The key of this name; with nil, the one that has none.
    package func key(_ id: KeyID?) -> TicketKey.Material? {
        guard let id else { return unnamed.map { .hs256($0) } }
        return named[id]
    }
}
