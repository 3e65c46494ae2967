internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104), computed by OpenSSL in one call: nothing is shared between threads.
package enum MessageAuthentication {
    /// Bytes of a code.
    package static let codeBytes = 32

    /// The code of a message; nil only when OpenSSL has no memory left or no SHA-256.
    package static func code(of message: [UInt8], key: [UInt8]) -> [UInt8]? {
        var code = [UInt8](repeating: 0, count: codeBytes)
        var length: UInt32 = 0
        let result = HMAC(
            EVP_sha256(),
            key,
            Int32(clamping: key.count),
            message,
            message.count,
            &code,
            &length
        )
        return result != nil && length == codeBytes ? code : nil
    }

    /// Whether `candidate` is the code of the message; how long it takes says nothing about where they differ.
    package static func isCode(_ candidate: [UInt8], of message: [UInt8], key: [UInt8]) -> Bool {
        guard let code = code(of: message, key: key), candidate.count == codeBytes else { return false }
        return CRYPTO_memcmp(code, candidate, codeBytes) == 0
    }
}
