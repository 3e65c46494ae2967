internal import CPage
internal import WebSocket

/// The web page's files, answered as they lie in the binary.
struct PageFiles: Sendable {
    /// What a page of ours may do: load from here, talk to here, and be framed by nobody.
    ///
    /// `ws:` and `wss:` stand there because not every browser takes 'self' for them.
    static let contentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private let responses: [String: HTTPResponse]

    /// All files that were put into the binary.
    init() {
        var responses: [String: HTTPResponse] = [:]
        for index in 0..<page_file_count {
            guard let file = page_file_at(index)?.pointee, let path = file.path, let type = file.type else {
                continue
            }
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            responses[String(cString: path)] = HTTPResponse(
                .ok,
                fields: Self.fields + [HTTPField("Content-Type", String(cString: type))],
                body: bytes
            )
        }
        self.responses = responses
    }

    /// The file that a path names; nil if there is none.
    ///
    /// The path is a name, not a way through folders: it is compared and never taken apart.
    func response(for path: String) -> HTTPResponse? {
        responses[path]
    }

    /// The paths of all files.
    var paths: [String] { responses.keys.sorted() }

    private static let fields = [
        HTTPField("Content-Security-Policy", contentPolicy),
        HTTPField("X-Content-Type-Options", "nosniff"),
        HTTPField("Referrer-Policy", "no-referrer"),
        HTTPField("Cross-Origin-Opener-Policy", "same-origin"),
        HTTPField("Cross-Origin-Resource-Policy", "same-origin"),
        // A new server brings a new page; a file of yesterday must not meet one of today.
        HTTPField("Cache-Control", "no-cache"),
    ]
}
