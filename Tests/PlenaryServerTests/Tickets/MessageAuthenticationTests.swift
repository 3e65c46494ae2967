import Testing
import Tickets

/// The example of RFC 7515 appendix A.1.
struct MessageAuthenticationTests {
    private let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    private let header = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    private let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    @Test func `HS256 gives the signature of appendix A 1`() throws {
        let key = try #require(Base64URL.decode(key.utf8))
        let code = try #require(MessageAuthentication.code(of: Array("\(header).\(payload)".utf8), key: key))
        #expect(Base64URL.encode(code) == Array(signature.utf8))
        #expect(MessageAuthentication.isCode(code, of: Array("\(header).\(payload)".utf8), key: key))
    }

    @Test func `a code that is shorter, longer or another is none`() throws {
        let key = try #require(Base64URL.decode(key.utf8))
        let message = Array("\(header).\(payload)".utf8)
        let code = try #require(MessageAuthentication.code(of: message, key: key))
        #expect(!MessageAuthentication.isCode([], of: message, key: key))
        #expect(!MessageAuthentication.isCode(Array(code.dropLast()), of: message, key: key))
        #expect(!MessageAuthentication.isCode(code + [0], of: message, key: key))
        #expect(!MessageAuthentication.isCode(code, of: message + [0], key: key))
        #expect(!MessageAuthentication.isCode(code, of: message, key: key + [1]))
    }
}
