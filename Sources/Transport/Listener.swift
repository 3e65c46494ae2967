internal import CLinux
internal import Glibc

/// A socket that accepts connections.
package final class Listener: Sendable {
    let descriptor: FileDescriptor
    /// Where it listens; the port is the real one when port 0 was asked for.
    package let address: PeerAddress
    let index: UInt8
    private let acceptFailure: @Sendable () -> Int32?

    /// Binds and listens at once.
    ///
    /// `index` tells the application through which listener a request came. A test may let accepting fail with an
    /// `errno` of its own.
    package init(
        on wanted: PeerAddress,
        index: UInt8 = 0,
        backlog: Int = TransportLimits().acceptBacklog,
        acceptFailure: @escaping @Sendable () -> Int32? = { nil }
    ) throws(SystemFailure) {
        let family = wanted.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = socket(family, kind, 0)
        guard number >= 0 else { throw SystemFailure("socket") }
        let descriptor = FileDescriptor(owning: number)
        Socket.set(number, SOL_SOCKET, SO_REUSEADDR, to: 1)
        if !wanted.isIPv4 {
            // `[::]` and `0.0.0.0` on the same port are two listeners.
            Socket.set(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 1)
        }
        guard wanted.withSocketAddress({ bind(number, $0, $1) }) == 0 else { throw SystemFailure("bind") }
        guard listen(number, Int32(clamping: backlog)) == 0 else { throw SystemFailure("listen") }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        guard named == 0, let bound = PeerAddress(storage, listener: index) else {
            throw SystemFailure("getsockname")
        }
        self.descriptor = descriptor
        self.address = bound
        self.index = index
        self.acceptFailure = acceptFailure
    }

    /// What one call of `accept4` brought.
    enum Accepted {
        case connection(Int32, PeerAddress)
        /// Nobody waits.
        case nobody
        /// No descriptor is left, of this process or of the machine.
        case noDescriptor
        /// The kernel cannot now, such as for want of memory.
        case notNow
    }

    func accept() -> Accepted {
        while true {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let failure = acceptFailure()
            let number =
                failure != nil
                ? -1
                : withUnsafeMutablePointer(to: &storage) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        accept4(descriptor.number, $0, &length, flags)
                    }
                }
            if number >= 0 {
                guard let peer = PeerAddress(storage, listener: index) else {
                    _ = Glibc.close(number)
                    continue
                }
                return .connection(number, peer)
            }
            switch failure ?? errno {
            case EAGAIN: return .nobody
            case EMFILE, ENFILE: return .noDescriptor
            // The peer has gone again, or a signal came: the next one. Linux also reports here what has happened
            // to the new connection already.
            case EINTR, ECONNABORTED, EPERM, EPROTO, ENOPROTOOPT, EOPNOTSUPP, ENETDOWN, ENETUNREACH,
                EHOSTDOWN,
                EHOSTUNREACH, ENONET:
                continue
            default: return .notNow
            }
        }
    }

    /// Turns everybody away from here on, also those in the kernel's queue.
    func stop() {
        _ = shutdown(descriptor.number, Int32(SHUT_RDWR))
    }
}
