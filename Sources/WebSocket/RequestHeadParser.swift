/// Reads the head of one HTTP/1.1 request, strict and bounded, in any split of its bytes (RFC 9112).
///
/// Theory of operation. `method → target → version → lineEnd → fields → spent`; each rule is checked at the byte that
/// can break it, so that a refusal comes at the earliest and is the same for every split. What follows the head is
/// left to the caller: behind an upgrade it is frames, never another request.
package struct RequestHeadParser: Sendable {
    /// What became of the bytes.
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

    /// As long as "HTTP/1.1".
    private static let versionBytes = 8
    /// The longest registered method has 17 (RFC 9110 section 16.1).
    private static let maxMethodBytes = 32

    private let limits: HandshakeLimits
    private var stage = Stage.method
    private var headBytes = 0
    private var pending: [UInt8] = []
    private var method = ""
    private var target = ""
    private var fields: FieldSection

    /// A parser for the one request of a connection.
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
        let allowed = bytes.extracting(first: min(bytes.count, limits.maxHeadBytes - headBytes))
        headBytes += allowed.count
        do throws(HeadFault) {
            let end = try read(allowed)
            if fields.isComplete { return .head(try finish(), consumed: end) }
            guard allowed.count == bytes.count else {
                throw HeadFault(.headTooLarge, "The request's head is too long.")
            }
            return .needsMore
        } catch {
            stage = .spent
            return .refused(error.response)
        }
    }

    /// The request line (RFC 9112 section 3) byte by byte, three parts with one space between; then the fields.
    private mutating func read(_ bytes: Span<UInt8>) throws(HeadFault) -> Int {
        var index = 0
        while index < bytes.count {
            switch stage {
            case .method: try readMethod(bytes[index])
            case .target: try readTarget(bytes[index])
            case .version: try readVersion(bytes[index])
            case .lineEnd:
                try FieldSection.expectLineFeed(bytes[index])
                stage = .fields
            case .fields: return try fields.read(bytes, from: index)
            case .spent: throw HeadFault(.badRequest, "There is one request a connection.")
            }
            index += 1
        }
        return index
    }

    private mutating func takePending() -> String {
        defer { pending.removeAll(keepingCapacity: true) }
        return ASCII.text(pending)
    }
}

// The request line.
extension RequestHeadParser {
    private mutating func readMethod(_ byte: UInt8) throws(HeadFault) {
        if byte == ASCII.space, !pending.isEmpty {
            method = takePending()
            stage = .target
        } else {
            guard ASCII.isTokenCharacter(byte), pending.count < Self.maxMethodBytes else {
                throw HeadFault(.badRequest, "This is not an HTTP request.")
            }
            pending.append(byte)
        }
    }

    private mutating func readTarget(_ byte: UInt8) throws(HeadFault) {
        if byte == ASCII.space, !pending.isEmpty {
            target = takePending()
            stage = .version
        } else {
            // RFC 9112 section 3.2: no fragment; the rest of what is odd there is the router's to refuse.
            guard ASCII.isVisible(byte), byte != UInt8(ascii: "#") else {
                throw HeadFault(.badRequest, "The target holds a character that is not allowed there.")
            }
            guard pending.count < limits.maxTargetBytes else {
                throw HeadFault(.uriTooLong, "The request's target is too long.")
            }
            pending.append(byte)
        }
    }

    private mutating func readVersion(_ byte: UInt8) throws(HeadFault) {
        if byte == ASCII.carriageReturn {
            try Self.check(version: takePending())
            stage = .lineEnd
        } else {
            guard ASCII.isVisible(byte), pending.count < Self.versionBytes else { throw Self.noVersion }
            pending.append(byte)
        }
    }

    private static let noVersion = HeadFault(
        .badRequest,
        "The request line does not end in HTTP/1.1 and CR LF."
    )

    /// Only HTTP/1.1; other versions, the preface of HTTP/2 among them, are told so (RFC 9110 section 15.6.6).
    private static func check(version: String) throws(HeadFault) {
        if version == "HTTP/1.1" { return }
        let bytes = Array(version.utf8)
        guard bytes.count == versionBytes, version.hasPrefix("HTTP/"), bytes[6] == UInt8(ascii: "."),
            isDigit(bytes[5]), isDigit(bytes[7])
        else { throw noVersion }
        throw HeadFault(.versionNotSupported, "This server speaks HTTP/1.1.")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

// The whole head.
extension RequestHeadParser {
    private mutating func finish() throws(HeadFault) -> RequestHead {
        // RFC 9112 section 3.2: exactly one Host field, and a valid one.
        let hosts = fields.fields.filter { ASCII.areEqual($0.name, "Host") }
        guard hosts.count == 1, let host = hosts.first?.value, Self.isAuthority(host) else {
            throw HeadFault(
                .badRequest,
                "There must be exactly one Host field, with a name and perhaps a port."
            )
        }
        guard let relative = Self.relativeTarget(target, host: host, method: method) else {
            throw HeadFault(.badRequest, "The request's target is neither a path nor a URL of this host.")
        }
        let mark = relative.utf8.firstIndex(of: UInt8(ascii: "?"))
        let head = RequestHead(
            method: method,
            target: target,
            path: String(relative[..<(mark ?? relative.endIndex)]),
            query: mark.map { String(relative[relative.utf8.index(after: $0)...]) },
            fields: fields.fields
        )
        stage = .spent
        fields = FieldSection(maxFields: 0)
        return head
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
        func isAllowed(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            // - . _ ~ % : [ ]
            case 0x2D, 0x2E, 0x5F, 0x7E, 0x25, 0x3A, 0x5B, 0x5D: true
            default: false
            }
        }
        return !text.isEmpty && text.utf8.allSatisfy(isAllowed)
    }
}
