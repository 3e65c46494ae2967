/// A constant of ours: a field's name, a command, a code.
///
/// Only a literal makes one, so client text never gets here. It is ASCII without quote and backslash and needs no
/// escape. It is its bytes in the program itself, which never go: a `String` would have them copied out before each
/// look at them.
package struct JSONLiteral: ExpressibleByStringLiteral, CustomStringConvertible, Sendable {
    private let text: StaticString

    /// The literal itself.
    package init(stringLiteral text: StaticString) {
        self.text = text
    }

    /// As text, for messages to people.
    package var description: String { text.description }

    /// How many bytes it has.
    var count: Int { text.utf8CodeUnitCount }

    /// Its bytes, for as long as the program runs.
    var bytes: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// Equal for equal texts (`JSONNode.signature`).
    var signature: UInt32 {
        let bytes = unsafe bytes
        return JSONNode.signature(unsafe bytes.span)
    }

    /// Whether these are its bytes.
    func isEqual(to other: Span<UInt8>) -> Bool {
        let bytes = unsafe bytes
        return unsafe bytes.span.isEqual(to: other)
    }
}

extension JSONLiteral: Equatable {
    package static func == (left: JSONLiteral, right: JSONLiteral) -> Bool {
        let bytes = unsafe right.bytes
        return left.isEqual(to: unsafe bytes.span)
    }
}
