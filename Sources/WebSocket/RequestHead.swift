/// The head of one HTTP/1.1 request, as `RequestHeadParser` let it through.
package struct RequestHead: Sendable, Equatable {
    package var method: String
    /// As sent: visible ASCII, percent-encoding untouched.
    package var target: String
    /// The target up to its first `?`, without scheme and authority, not decoded.
    ///
    /// It begins with `/`, or is `*`.
    package var path: String
    /// What follows the first `?`, not decoded; nil if there is none.
    package var query: String?
    /// In the order in which they came.
    package var fields: [HTTPField]

    /// A head; the parser makes it, and tests.
    package init(method: String, target: String, path: String, query: String? = nil, fields: [HTTPField]) {
        self.method = method
        self.target = target
        self.path = path
        self.query = query
        self.fields = fields
    }

    /// The value of the first field of that name, in any case.
    package func field(named name: String) -> String? {
        fields.first { ASCII.areEqual($0.name, name) }?.value
    }

    /// The values of all fields of that name, in any case, in order.
    package func fields(named name: String) -> [String] {
        fields.filter { ASCII.areEqual($0.name, name) }.map(\.value)
    }
}
