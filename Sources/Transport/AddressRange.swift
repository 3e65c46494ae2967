/// A network, as in `10.0.0.0/8` or `2001:db8::/32` (RFC 4632 section 3.1, RFC 4291 section 2.3).
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let first: PeerAddress
    /// Leading bits of 128 that count; an IPv4 address is mapped into IPv6.
    private let bits: Int

    /// What `init(text:)` wants, for sentences.
    package static let wanted =
        "a network such as 10.0.0.0/8 or 2001:db8::/32, with zeros behind the prefix, or one address"

    /// Reads a network, or one address; nil if it is neither, or if bits behind the prefix are set: then it is not
    /// clear what was meant.
    package init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = PeerAddress(host: String(parts[0])) else { return nil }
        let width = address.isIPv4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let number = Int(parts[1]), "\(number)" == parts[1], (0...width).contains(number) else {
                return nil
            }
            length = number
        }
        bits = 128 - width + length
        first = address
        guard first.prefix(bits) == first else { return nil }
    }

    /// Whether the address lies in it.
    package func contains(_ address: PeerAddress) -> Bool {
        let other = address.prefix(bits)
        // `::/0` is no network of IPv4 addresses, although these are mapped into it.
        return address.isIPv4 == first.isIPv4 && other.high == first.high && other.low == first.low
    }

    package var description: String {
        "\(first.host)/\(first.isIPv4 ? bits - 96 : bits)"
    }
}

extension PeerAddress {
    /// The address with all but its first `bits` of 128 set to zero, and no port.
    func prefix(_ bits: Int) -> PeerAddress {
        let highMask = bits >= 64 ? UInt64.max : bits <= 0 ? 0 : UInt64.max << UInt64(64 - bits)
        let lowMask = bits >= 128 ? UInt64.max : bits <= 64 ? 0 : UInt64.max << UInt64(128 - bits)
        return PeerAddress(high: high & highMask, low: low & lowMask, port: 0)
    }

    /// What of the address may stand in a log: the IPv4 /24 or the IPv6 /48.
    ///
    /// It tells a school from an attacker and no person from another.
    package var shortened: String {
        isIPv4 ? "\(prefix(120).host)/24" : "\(prefix(48).host)/48"
    }
}
