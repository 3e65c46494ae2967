/// A constant of ours: a field's name, a command, a code.
///
/// Only a literal makes one, so client text never gets here. It is ASCII without quote and backslash and needs no
/// escape. (A `StaticString` would say the same, but gives its bytes only through a pointer.)
package struct JSONLiteral: ExpressibleByStringLiteral, CustomStringConvertible, Equatable, Sendable {
    private let text: String

    /// The literal itself.
    package init(stringLiteral text: String) {
        self.text = text
    }

    /// As text, for messages to people.
    package var description: String { text }

    /// Its bytes.
    package var utf8: String.UTF8View { text.utf8 }
}
