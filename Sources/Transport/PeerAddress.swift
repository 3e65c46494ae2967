internal import CLinux
internal import Glibc

/// Where a connection comes from.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as IPv6; an IPv4 address is mapped into `::ffff:0:0/96`.
    package var high: UInt64
    package var low: UInt64
    package var port: UInt16
    /// Which of the server's listeners it came through, counted from 0.
    package var listener: UInt8

    /// An IPv6 address, or a mapped IPv4 one.
    package init(high: UInt64, low: UInt64, port: UInt16, listener: UInt8 = 0) {
        self.high = high
        self.low = low
        self.port = port
        self.listener = listener
    }

    /// An IPv4 address; 127.0.0.1 is 0x7f00_0001.
    package init(ipv4 address: UInt32, port: UInt16, listener: UInt8 = 0) {
        self.init(high: 0, low: 0xffff << 32 | UInt64(address), port: port, listener: listener)
    }

    package var isIPv4: Bool {
        high == 0 && low >> 32 == 0xffff
    }

    package var isLoopback: Bool {
        isIPv4 ? low >> 24 & 0xff == 127 : high == 0 && low == 1
    }

    /// What the limits per address go by: the whole IPv4 address, or the IPv6 /64, which one household or
    /// attacker has to itself.
    package var network: Network {
        isIPv4 ? Network(high: 0, low: low) : Network(high: high, low: 0)
    }

    /// An IPv4 address or an IPv6 /64.
    package struct Network: Hashable, Sendable {
        package var high: UInt64
        package var low: UInt64
    }

    /// The address without the port, as people write it.
    package var host: String {
        if isIPv4 {
            return stride(from: 24, through: 0, by: -8).map { "\(low >> UInt64($0) & 0xff)" }.joined(
                separator: "."
            )
        }
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String {
        isIPv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
    }
}

extension PeerAddress {
    /// Reads what the kernel wrote; nil for a family that is neither IPv4 nor IPv6.
    init?(_ storage: sockaddr_storage, listener: UInt8) {
        var storage = storage
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in.self) }
            self.init(
                ipv4: UInt32(bigEndian: address.sin_addr.s_addr),
                port: UInt16(bigEndian: address.sin_port),
                listener: listener
            )
        case AF_INET6:
            let address = withUnsafeBytes(of: &storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
            let halves = withUnsafeBytes(of: address.sin6_addr) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            self.init(
                high: halves.0,
                low: halves.1,
                port: UInt16(bigEndian: address.sin6_port),
                listener: listener
            )
        default:
            return nil
        }
    }

    /// Calls `body` with the address in the kernel's form.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        if isIPv4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }

    /// Reads an address without a port, such as `127.0.0.1` or `::1`; nil if it is none.
    package init?(host: String) {
        // To C the text would end at a zero.
        guard host.utf8.count <= 64, !host.utf8.contains(0) else { return nil }
        var short = in_addr()
        if inet_pton(AF_INET, host, &short) == 1 {
            self.init(ipv4: UInt32(bigEndian: short.s_addr), port: 0)
            return
        }
        var long = in6_addr()
        guard inet_pton(AF_INET6, host, &long) == 1 else { return nil }
        let halves = withUnsafeBytes(of: long) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(high: halves.0, low: halves.1, port: 0)
    }

    /// Reads `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `:8080` (every IPv4 address of the machine);
    /// nil if it is none of these.
    ///
    /// Names are not looked up, apart from `localhost`.
    package init?(text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            var address = in6_addr()
            guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
            let halves = withUnsafeBytes(of: address) { bytes in
                (
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            self.init(high: halves.0, low: halves.1, port: port)
            return
        }
        if host == "localhost" {
            host = "127.0.0.1"
        } else if host.isEmpty {
            host = "0.0.0.0"
        }
        var address = in_addr()
        guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
        self.init(ipv4: UInt32(bigEndian: address.s_addr), port: port)
    }
}
