/// One field line of a request or a response (RFC 9110 section 5).
package struct HTTPField: Sendable, Equatable {
    package var name: String
    /// Without the white space around it.
    ///
    /// Bytes beyond ASCII are read as ISO 8859-1, so that no peer can make a string that is slow to compare.
    package var value: String

    /// A field as it is to be written.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The status of a response (RFC 9110 section 15).
package struct HTTPStatus: Sendable, Equatable {
    package var code: Int
    package var phrase: StaticString

    /// A status and its phrase, which no program reads.
    package init(_ code: Int, _ phrase: StaticString) {
        self.code = code
        self.phrase = phrase
    }

    /// The phrase is only for people.
    package static func == (left: HTTPStatus, right: HTTPStatus) -> Bool { left.code == right.code }

    package static let switchingProtocols = HTTPStatus(101, "Switching Protocols")
    package static let ok = HTTPStatus(200, "OK")
    package static let badRequest = HTTPStatus(400, "Bad Request")
    package static let unauthorized = HTTPStatus(401, "Unauthorized")
    package static let forbidden = HTTPStatus(403, "Forbidden")
    package static let notFound = HTTPStatus(404, "Not Found")
    package static let methodNotAllowed = HTTPStatus(405, "Method Not Allowed")
    package static let requestTimeout = HTTPStatus(408, "Request Timeout")
    package static let uriTooLong = HTTPStatus(414, "URI Too Long")
    package static let upgradeRequired = HTTPStatus(426, "Upgrade Required")
    package static let headTooLarge = HTTPStatus(431, "Request Header Fields Too Large")
    package static let internalServerError = HTTPStatus(500, "Internal Server Error")
    package static let serviceUnavailable = HTTPStatus(503, "Service Unavailable")
    package static let versionNotSupported = HTTPStatus(505, "HTTP Version Not Supported")
}

/// A whole response as the server writes it (RFC 9112 section 4).
///
/// The connection ends behind it, except for 101.
package struct HTTPResponse: Sendable, Equatable {
    package var status: HTTPStatus
    /// In the order in which they are written; `Content-Length` and `Connection` are added by `bytes`.
    package var fields: [HTTPField]
    package var body: [UInt8]

    /// A response with any body, whose type the fields tell.
    package init(_ status: HTTPStatus, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A response that says in a sentence what is wrong.
    package init(_ status: HTTPStatus, fields: [HTTPField] = [], text: String) {
        self.init(
            status,
            fields: fields + [HTTPField("Content-Type", "text/plain; charset=utf-8")],
            body: Array((text + "\n").utf8)
        )
    }

    /// The response on the wire.
    package var bytes: [UInt8] { bytes(withBody: true) }

    /// The response on the wire; without its body it answers HEAD (RFC 9110 section 9.3.2).
    package func bytes(withBody: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256 + (withBody ? body.count : 0))
        output.append(contentsOf: "HTTP/1.1 \(status.code) ".utf8)
        append(status.phrase.description, to: &output)
        output.append(contentsOf: "\r\n".utf8)
        for field in fields { append(field, to: &output) }
        if status.code != HTTPStatus.switchingProtocols.code {
            append(HTTPField("Content-Length", String(body.count)), to: &output)
            if !fields.contains(where: { ASCII.areEqual($0.name, "Connection") }) {
                append(HTTPField("Connection", "close"), to: &output)
            }
        }
        output.append(contentsOf: "\r\n".utf8)
        if withBody { output.append(contentsOf: body) }
        return output
    }

    private func append(_ field: HTTPField, to output: inout [UInt8]) {
        append(field.name, to: &output)
        output.append(contentsOf: ": ".utf8)
        append(field.value, to: &output)
        output.append(contentsOf: "\r\n".utf8)
    }

    /// Control characters are left out: nothing that a value quotes can end the line (RFC 9110 section 5.5).
    private func append(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 where byte >= 0x20 && byte != 0x7F { output.append(byte) }
    }
}
