import Foundation
import Testing

@testable import Tickets

/// The example of RFC 8037 appendix A.
struct Ed25519Tests {
    private let message = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
    private let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"

    @Test func `EdDSA gives the signature of appendix A 4`() throws {
        let key = try KeyFixture.privateKey()
        #expect(key.publicKey == (try KeyFixture.publicKey()))
        let signed = try #require(key.signature(of: message))
        #expect(Base64URL.encode(signed) == Array(signature.utf8))
        #expect(key.publicKey.isSignature(signed, of: message))
    }

    @Test func `a signature that is shorter, longer, changed or of another message is none`() throws {
        let key = try KeyFixture.publicKey()
        let good = try #require(Base64URL.decode(signature.utf8))
        #expect(key.isSignature(good, of: message))
        #expect(!key.isSignature([], of: message))
        #expect(!key.isSignature(Array(good.dropLast()), of: message))
        #expect(!key.isSignature(good + [0], of: message))
        #expect(!key.isSignature(good, of: message + [0]))
        for index in good.indices {
            var changed = good
            changed[index] ^= 1
            #expect(!key.isSignature(changed, of: message), "byte \(index)")
        }
        // RFC 8032 section 5.1.7: the same number with the order of the group added to it is another spelling.
        var higher = good
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
        ]
        var carry = 0
        for index in 0..<32 {
            let digit = index < 16 ? Int(order[index]) : index == 31 ? 0x10 : 0
            let sum = Int(higher[32 + index]) + digit + carry
            higher[32 + index] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
        }
        #expect(!key.isSignature(higher, of: message))
        #expect(!Ed25519PublicKey.takesWork(higher))
    }

    @Test func `a public key has 32 bytes`() {
        #expect(Ed25519PublicKey([UInt8](repeating: 1, count: 31)) == nil)
        #expect(Ed25519PublicKey([UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func `a private key does not show itself`() throws {
        let key = try KeyFixture.privateKey()
        #expect("\(key)" == "a private key of Ed25519")
        #expect(!String(reflecting: [key]).contains("seed"))
        var shown = ""
        dump(key, to: &shown)
        #expect(!shown.contains("157"), "the seed's first byte")
    }

    @Test func `what is no private key of Ed25519 is told apart`() throws {
        let label = "-----BEGIN PRIVATE KEY-----"
        for text in ["", "nonsense", label, "\(label)\nAAAA\n-----END PRIVATE KEY-----\n"] {
            #expect(throws: Ed25519PrivateKey.Fault.notPEM) { try Ed25519PrivateKey(pem: Array(text.utf8)) }
        }
        let encrypted = KeyFixture.pem.replacing("PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY")
        #expect(throws: Ed25519PrivateKey.Fault.encrypted) {
            try Ed25519PrivateKey(pem: Array(encrypted.utf8))
        }
        // The same bytes as a key of X25519, which agrees on secrets and signs nothing.
        let other = KeyFixture.pem.replacing("MC4CAQAwBQYDK2Vw", with: "MC4CAQAwBQYDK2Vu")
        #expect(throws: Ed25519PrivateKey.Fault.notEd25519) { try Ed25519PrivateKey(pem: Array(other.utf8)) }
    }
}

/// The keys of RFC 8037 appendix A.
enum KeyFixture {
    static let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    static let d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"

    /// `d` in the frame of PKCS #8 (RFC 8410 section 7).
    static var pem: String {
        let frame: [UInt8] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
        let text = Data(frame + (Base64URL.decode(d.utf8) ?? [])).base64EncodedString()
        return "-----BEGIN PRIVATE KEY-----\n\(text)\n-----END PRIVATE KEY-----\n"
    }

    static func privateKey() throws -> Ed25519PrivateKey {
        try Ed25519PrivateKey(pem: Array(pem.utf8))
    }

    static func publicKey() throws -> Ed25519PublicKey {
        let bytes = try #require(Base64URL.decode(x.utf8))
        return try #require(Ed25519PublicKey(bytes))
    }

    static func id(_ text: String) throws -> KeyID {
        try #require(KeyID(text.utf8))
    }
}
