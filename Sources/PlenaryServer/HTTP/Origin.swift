package import WebSocket

/// Where a web page comes from, as browsers serialise it (RFC 6454 section 6.2): scheme, host, port.
///
/// Nothing else is an origin to us: not `null`, no path, no user, no dot at the end of the host.
package struct Origin: Hashable, Sendable {
    package let scheme: String
    /// In lower case; an IPv6 address in its brackets.
    package let host: String
    /// The scheme's own port when none was written.
    package let port: Int

    /// As it stands in a field and behind `--origin`; the port that goes without saying is not said.
    package var text: String {
        port == (scheme == "https" ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    /// Nil when the text is no origin.
    package init?(_ text: String) {
        guard let scheme = ["https", "http"].first(where: { text.hasPrefix("\($0)://") }) else { return nil }
        let rest = text.dropFirst(scheme.utf8.count + 3)
        guard let authority = Authority(rest) else { return nil }
        self.scheme = scheme
        host = authority.host
        port = authority.port ?? (scheme == "https" ? 443 : 80)
    }
}

/// Host and port as they stand in a URL or in the field `Host`.
struct Authority: Equatable {
    var host: String
    var port: Int?

    /// Nil unless it is a name or an address, perhaps with a port, and nothing around them.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 300 else { return nil }
        let isBracketed = bytes.first == UInt8(ascii: "[")
        let hostEnd: Int
        if isBracketed {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        }
        let name = bytes[..<hostEnd]
        guard Self.isHost(name, isBracketed: isBracketed) else { return nil }
        host = String(decoding: name.map(Self.lowercased), as: UTF8.self)
        guard hostEnd < bytes.count else { return }
        guard bytes[hostEnd] == UInt8(ascii: ":"),
            let number = Quantity.number(String(decoding: bytes[(hostEnd + 1)...], as: UTF8.self)),
            (1...65_535).contains(number)
        else { return nil }
        port = number
    }

    private static func isHost(_ name: ArraySlice<UInt8>, isBracketed: Bool) -> Bool {
        if isBracketed {
            let address = name.dropFirst().dropLast()
            return !address.isEmpty && address.allSatisfy { isHexadecimal($0) || $0 == 0x3A || $0 == 0x2E }
        }
        // A dot at the end names the same machine and is another origin.
        return !name.isEmpty && name.last != UInt8(ascii: ".") && name.first != UInt8(ascii: ".")
            && name.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

/// Which web pages may open a WebSocket: those of the same host, or those of a list.
///
/// A browser tells its page's origin and no page can lie about it (RFC 6455 section 10.2). Other clients send
/// none; they have a ticket like everybody.
package struct OriginRule: Sendable {
    /// Empty: the same host.
    let allowed: Set<Origin>

    /// With the origins that the operator named.
    package init(allowed: [Origin] = []) {
        self.allowed = Set(allowed)
    }

    /// Whether the request may be upgraded, as far as its origin goes.
    package func allows(_ head: RequestHead) -> Bool {
        let origins = head.fields(named: "Origin")
        guard let text = origins.first else { return true }
        guard origins.count == 1, let origin = Origin(text) else { return false }
        guard allowed.isEmpty else { return allowed.contains(origin) }
        guard let hostField = head.field(named: "Host"), let host = Authority(hostField) else { return false }
        // Whether the page came over TLS is not known behind a proxy; its scheme says which port Host leaves out.
        return origin.host == host.host && origin.port == host.port ?? (origin.scheme == "https" ? 443 : 80)
    }
}
