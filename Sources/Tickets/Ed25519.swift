internal import COpenSSL

/// A key that signatures of Ed25519 are verified with (RFC 8032 section 5.1, RFC 8037 section 2).
///
/// Kept as its bytes and given to OpenSSL for each signature: nothing is shared between threads.
package struct Ed25519PublicKey: Equatable, Sendable {
    /// Bytes of a public key.
    package static let byteCount = 32
    /// Bytes of a signature.
    package static let signatureBytes = 64

    package let bytes: [UInt8]

    /// The key; nil unless it has 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Whether `candidate` is the key's signature of the message.
    package func isSignature(_ candidate: [UInt8], of message: [UInt8]) -> Bool {
        // What fails leaves its reason in the thread's queue of errors, where the next user of OpenSSL would find it.
        defer { ERR_clear_error() }
        guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
            return false
        }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, candidate, candidate.count, message, message.count) == 1
    }

    /// Whether verifying is done to its end for a signature of this form, bad as it may be.
    ///
    /// RFC 8032 section 5.1.7: half of it is a number below 2^252 and a little; what is not is refused before any work.
    static func takesWork(_ candidate: [UInt8]) -> Bool {
        candidate.count == signatureBytes && candidate[signatureBytes - 1] < 0x10
    }
}

/// A key that signs with Ed25519.
///
/// It describes itself by its name alone, so that no log line and no crash report shows it.
package struct Ed25519PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
    private let seed: [UInt8]
    package let publicKey: Ed25519PublicKey

    /// Why a file holds no such key.
    package enum Fault: Error {
        /// Not the PEM text of one private key (RFC 7468 section 10).
        case notPEM
        /// Behind a pass phrase, for which nobody is asked.
        case encrypted
        /// Of another algorithm.
        case notEd25519
    }

    /// Reads what `openssl genpkey -algorithm ed25519` writes.
    package init(pem: [UInt8]) throws(Fault) {
        defer { ERR_clear_error() }
        guard !String(decoding: pem, as: UTF8.self).contains("ENCRYPTED") else { throw .encrypted }
        guard let key = Self.key(pem: pem) else { throw .notPEM }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_is_a(key, "ED25519") == 1 else { throw .notEd25519 }
        var seed = [UInt8](repeating: 0, count: 32)
        var seedBytes = seed.count
        var point = [UInt8](repeating: 0, count: Ed25519PublicKey.byteCount)
        var pointBytes = point.count
        guard EVP_PKEY_get_raw_private_key(key, &seed, &seedBytes) == 1, seedBytes == seed.count,
            EVP_PKEY_get_raw_public_key(key, &point, &pointBytes) == 1, pointBytes == point.count,
            let publicKey = Ed25519PublicKey(point)
        else { throw .notEd25519 }
        self.seed = seed
        self.publicKey = publicKey
    }

    private static func key(pem: [UInt8]) -> OpaquePointer? {
        // OpenSSL copies nothing: it reads from the array's own memory, which must stay for so long.
        pem.withUnsafeBytes { bytes in
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
                return nil
            }
            defer { BIO_free(memory) }
            // Asked for a pass phrase, it has none; OpenSSL by itself would ask the terminal.
            return PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in 0 }, nil)
        }
    }

    /// The signature of a message, always the same one; nil only when OpenSSL has no memory left.
    func signature(of message: [UInt8]) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            return nil
        }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Ed25519PublicKey.signatureBytes)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
            length == signature.count
        else { return nil }
        return signature
    }

    package var description: String { "a private key of Ed25519" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
