/// What a person wrote, as UTF-8 bytes that were checked at the door (length, controls, combining marks).
///
/// Bytes and not a `String`: comparing and hashing client text as Unicode is quadratic in the worst case, and the
/// wire and the disk want bytes.
package struct Text: Equatable, Sendable {
    package var utf8: [UInt8]

    package init(utf8: [UInt8]) {
        self.utf8 = utf8
    }

    /// A text of the program's own, such as a default room name.
    package init(_ text: String) {
        utf8 = Array(text.utf8)
    }

    package static let empty = Text(utf8: [])

    package var isEmpty: Bool { utf8.isEmpty }
}
