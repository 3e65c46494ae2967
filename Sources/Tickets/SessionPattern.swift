package import Sessions

/// The sessions that a ticket is good for: one, or all whose ids begin alike (`autumn-*`; `*` is any).
package struct SessionPattern: Equatable, Sendable {
    /// As it stands in the claim `session`.
    package let text: String
    private let prefix: String?

    /// Nil when the bytes are neither a session's id nor a beginning of one with `*` behind it.
    package init?(_ bytes: some Collection<UInt8>) {
        if let id = SessionID(bytes) {
            text = id.text
            prefix = nil
            return
        }
        let beginning = Array(bytes).dropLast()
        // What a session's id may begin with is, in itself, a session's id; 63 bytes leave room for one more.
        guard Array(bytes).last == UInt8(ascii: "*"), beginning.count < 64,
            beginning.isEmpty || SessionID(beginning) != nil
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
        prefix = String(decoding: beginning, as: UTF8.self)
    }

    /// The one session, if it is one.
    package var single: SessionID? { prefix == nil ? SessionID(text.utf8) : nil }

    /// Whether a ticket with this claim opens the session.
    package func matches(_ session: SessionID) -> Bool {
        if let prefix { session.text.utf8.starts(with: prefix.utf8) } else { session.text == text }
    }
}
