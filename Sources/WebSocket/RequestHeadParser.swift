/// Reads the head of one HTTP/1.1 request, strict and bounded, in any split of its bytes (RFC 9112).
///
/// Byte by byte, each rule at the byte that can break it: a refusal comes at the earliest and is the same for every
/// split. What follows the head is left to the caller: behind an upgrade it is frames, never another request.
package struct RequestHeadParser: Sendable {
    package enum Progress: Sendable, Equatable {
        case needsMore
        /// The head is whole; `consumed` of the bytes fed last belong to it, the rest are frame bytes.
        case head(RequestHead, consumed: Int)
        /// To be sent; then the connection is closed.
        case refused(HTTPResponse)
    }

    private enum Stage {
        case method
        case target
        case version
        case lineEnd
        case fields
        case spent
    }

    /// "HTTP/1.1" has eight bytes; registered methods have at most 17 (RFC 9110 section 16.1).
    private static let versionBytes = 8
    private static let maxMethodBytes = 32

    private let limits: HandshakeLimits
    private var stage = Stage.method
    private var headBytes = 0
    private var pending: [UInt8] = []
    private var method = ""
    private var target = ""
    private var fields: FieldSection

    package init(limits: HandshakeLimits = HandshakeLimits()) {
        self.limits = limits
        fields = FieldSection(maxFields: limits.maxFields)
    }

    /// Whether a request has begun: a connection that ends before that has done nothing wrong.
    package var hasBegun: Bool { headBytes > 0 }

    /// Reads on.
    ///
    /// After a head or a refusal the parser is spent and refuses everything.
    package mutating func feed(_ bytes: Span<UInt8>) -> Progress {
        for index in bytes.indices {
            headBytes += 1
            guard headBytes <= limits.maxHeadBytes else {
                return refuse(
                    .headTooLarge,
                    "The request's head is longer than \(limits.maxHeadBytes) bytes."
                )
            }
            switch read(bytes[index]) {
            case .needsMore: continue
            case .complete: return finish(consumed: index + 1)
            case .refused(let response):
                stage = .spent
                return .refused(response)
            }
        }
        return .needsMore
    }

    /// One byte of the request line (RFC 9112 section 3): three parts with one space between, or of the fields.
    private mutating func read(_ byte: UInt8) -> FieldSection.Progress {
        switch stage {
        case .method:
            if byte == ASCII.space, !pending.isEmpty {
                method = takePending()
                stage = .target
            } else if ASCII.isTokenCharacter(byte), pending.count < Self.maxMethodBytes {
                pending.append(byte)
            } else {
                return .refused(HTTPResponse(.badRequest, text: "This is not an HTTP request."))
            }
        case .target:
            if byte == ASCII.space, !pending.isEmpty {
                target = takePending()
                stage = .version
            } else if !ASCII.isVisible(byte) || byte == UInt8(ascii: "#") {
                return .refused(
                    HTTPResponse(.badRequest, text: "The target holds a character that is not allowed there.")
                )
            } else if pending.count == limits.maxTargetBytes {
                return .refused(
                    HTTPResponse(
                        .uriTooLong,
                        text: "The target is longer than \(limits.maxTargetBytes) bytes."
                    )
                )
            } else {
                pending.append(byte)
            }
        case .version:
            if byte == ASCII.carriageReturn {
                if let refusal = Self.refusal(ofVersion: takePending()) { return .refused(refusal) }
                stage = .lineEnd
            } else if ASCII.isVisible(byte), pending.count < Self.versionBytes {
                pending.append(byte)
            } else {
                return .refused(
                    HTTPResponse(.badRequest, text: "The request line does not end in HTTP/1.1 and CR LF.")
                )
            }
        case .lineEnd:
            guard byte == ASCII.lineFeed else {
                return .refused(HTTPResponse(.badRequest, text: "A line does not end in CR LF."))
            }
            stage = .fields
        case .fields:
            return fields.read(byte)
        case .spent:
            return .refused(HTTPResponse(.badRequest, text: "One request a connection."))
        }
        return .needsMore
    }

    private mutating func takePending() -> String {
        defer { pending.removeAll(keepingCapacity: true) }
        return ASCII.text(pending)
    }

    /// Only HTTP/1.1; other versions, the preface of HTTP/2 among them, are told so (RFC 9110 section 15.6.6).
    private static func refusal(ofVersion version: String) -> HTTPResponse? {
        if version == "HTTP/1.1" { return nil }
        let bytes = Array(version.utf8)
        let isVersion =
            bytes.count == versionBytes && version.hasPrefix("HTTP/") && bytes[6] == UInt8(ascii: ".")
            && isDigit(bytes[5]) && isDigit(bytes[7])
        return isVersion
            ? HTTPResponse(.versionNotSupported, text: "This server speaks HTTP/1.1.")
            : HTTPResponse(.badRequest, text: "The request line does not end in HTTP/1.1 and CR LF.")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func refuse(_ status: HTTPStatus, _ sentence: String) -> Progress {
        stage = .spent
        return .refused(HTTPResponse(status, text: sentence))
    }
}

// The whole head.
extension RequestHeadParser {
    private mutating func finish(consumed: Int) -> Progress {
        stage = .spent
        // RFC 9112 section 3.2: exactly one Host field, and a valid one.
        let hosts = fields.fields.filter { ASCII.areEqual($0.name, "Host") }
        guard hosts.count == 1, let host = hosts.first?.value, Self.isAuthority(host) else {
            return refuse(
                .badRequest,
                "There must be exactly one Host field, with a name and perhaps a port."
            )
        }
        guard let relative = Self.relativeTarget(target, host: host, method: method) else {
            return refuse(.badRequest, "The request's target is neither a path nor a URL of this host.")
        }
        let parts = relative.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let head = RequestHead(
            method: method,
            target: target,
            path: String(parts.first ?? ""),
            query: parts.count > 1 ? String(parts[1]) : nil,
            fields: fields.fields
        )
        fields = FieldSection(maxFields: 0)
        return .head(head, consumed: consumed)
    }

    /// The target as path and query: as it is, or of an absolute http(s) URI whose authority is that of `Host` (RFC
    /// 6455 section 4.2.1 item 1, RFC 9112 section 3.2.2).
    private static func relativeTarget(_ target: String, host: String, method: String) -> Substring? {
        if target.hasPrefix("/") { return target[...] }
        if target == "*" { return method == "OPTIONS" ? target[...] : nil }
        for scheme in ["http://", "https://"] where ASCII.areEqual(target.prefix(scheme.count), scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            guard ASCII.areEqual(rest[..<end], host) else { return nil }
            let relative = rest[end...]
            return relative.hasPrefix("/") ? relative : Substring("/" + relative)
        }
        return nil
    }

    /// Host and port by their characters (RFC 3986 sections 3.2.2, 3.2.3): no user part, no path, no list.
    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                // - . _ ~ % : [ ]
                case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x3A, 0x5B, 0x5D: true
                default: false
                }
            }
    }
}
