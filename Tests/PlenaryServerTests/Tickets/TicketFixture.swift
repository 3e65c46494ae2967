import Sessions
import Testing
import Tickets

/// One secret, one evening, and tokens of the test's own making.
enum TicketFixture {
    static let key = Array("a secret of more than thirty-two bytes".utf8)
    static let now: Milliseconds = 1_790_000_000_000
    static let header = #"{"alg":"HS256","typ":"JWT"}"#
    static let claims =
        #"{"sub":"p7","name":"Teacher","school":"North","role":"host","session":"evening","exp":1790003600}"#

    static func secret() throws -> Secret {
        try #require(Secret(key))
    }

    static func verifier() throws -> TicketVerifier {
        TicketVerifier(secret: try secret())
    }

    static func session(_ id: String = "evening") throws -> SessionID {
        try #require(SessionID(id.utf8))
    }

    /// Header and claims as they are given, signed with the right key unless another is given.
    static func token(header: String = header, claims: String = claims, key: [UInt8] = key) throws -> [UInt8]
    {
        let dot = [UInt8(ascii: ".")]
        let signed = Base64URL.encode(Array(header.utf8)) + dot + Base64URL.encode(Array(claims.utf8))
        let code = try #require(MessageAuthentication.code(of: signed, key: key))
        return signed + dot + Base64URL.encode(code)
    }

    /// The claims with one of them changed, added (`"null"` stays null) or, with an empty value, left out.
    static func claims(_ name: String, _ value: String) -> String {
        var members = [
            ("sub", #""p7""#), ("name", #""Teacher""#), ("role", #""host""#), ("session", #""evening""#),
            ("exp", "1790003600"),
        ]
        members.removeAll { $0.0 == name }
        if !value.isEmpty { members.append((name, value)) }
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
