/// The key that tickets are signed with.
///
/// It describes itself by its name alone, so that no log line and no crash report shows it.
package struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    /// A key shorter than SHA-256's output weakens HS256 (RFC 7518 section 3.2).
    package static let minBytes = 32
    /// More is a wrong file rather than a long key.
    package static let maxBytes = 64 << 10

    let bytes: [UInt8]

    /// The key itself; nil when it is too short or too long.
    package init?(_ bytes: [UInt8]) {
        guard (Self.minBytes...Self.maxBytes).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// The key in a secret file: its bytes less one line feed at the end.
    package static func key(inFile bytes: [UInt8]) -> [UInt8] {
        bytes.last == 0x0A ? Array(bytes.dropLast()) : bytes
    }

    /// A new secret as the text of a secret file: 48 random bytes in base64url.
    package static func makeText() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<48).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return String(decoding: Base64URL.encode(bytes), as: UTF8.self)
    }

    package var description: String { "a secret of \(bytes.count) bytes" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
