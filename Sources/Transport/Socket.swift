internal import CLinux
internal import Fanout
internal import Glibc

/// The calls of the kernel on one TCP socket; nothing here blocks, nothing raises SIGPIPE.
///
/// TLS will stand at the two places where bytes pass: `read` and `write`.
enum Socket {
    /// What a read brought.
    enum ReadResult: Equatable {
        case bytes(Int)
        /// Nothing there now.
        case nothing
        /// The peer has shut its side.
        case end
        /// Reset, or otherwise beyond use.
        case broken
    }

    /// What a write took.
    enum WriteResult: Equatable {
        /// As many bytes as the kernel took, fewer than given only when its buffer is full.
        case took(Int)
        case broken
    }

    static func read(
        _ descriptor: borrowing FileDescriptor,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> ReadResult {
        while true {
            let count = recv(descriptor.number, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                return .bytes(count)
            }
            if count == 0 {
                return .end
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            default: return .broken
            }
        }
    }

    /// Sends all pieces in one call, as long as there are at most `maxPieces` of them; the rest of a longer list
    /// is left for the next call, so `took` fewer bytes than given does not mean that the kernel is full then.
    static func write(_ descriptor: borrowing FileDescriptor, _ pieces: [OutboundPiece]) -> WriteResult {
        let number = descriptor.number
        if pieces.count == 1 {
            let piece = pieces[0]
            return piece.bytes.withUnsafeBytes { bytes in
                result {
                    send(number, bytes.baseAddress.map { $0 + piece.start }, bytes.count - piece.start, flags)
                }
            }
        }
        return withUnsafeTemporaryAllocation(of: iovec.self, capacity: min(pieces.count, maxPieces)) {
            vector in
            gather(pieces, from: 0, into: vector, number)
        }
    }

    /// Of one `sendmsg`; each takes a level of nested calls, so that no pointer outlives its array.
    static let maxPieces = 32
    private static let flags = Int32(MSG_NOSIGNAL)

    private static func gather(
        _ pieces: [OutboundPiece],
        from index: Int,
        into vector: UnsafeMutableBufferPointer<iovec>,
        _ number: Int32
    ) -> WriteResult {
        guard index < vector.count else {
            var message = msghdr()
            message.msg_iov = vector.baseAddress
            message.msg_iovlen = vector.count
            return result { sendmsg(number, &message, flags) }
        }
        let piece = pieces[index]
        return piece.bytes.withUnsafeBytes { bytes in
            vector[index] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress.map { $0 + piece.start }),
                iov_len: bytes.count - piece.start
            )
            return gather(pieces, from: index + 1, into: vector, number)
        }
    }

    private static func result(of call: () -> Int) -> WriteResult {
        while true {
            let count = call()
            if count >= 0 {
                return .took(count)
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .took(0)
            default: return .broken
            }
        }
    }

    /// RFC 6455 section 7.1.1: the server shuts its side first, and then waits for the peer to do the same.
    static func shutOutput(_ descriptor: borrowing FileDescriptor) {
        _ = shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// Makes the coming close a reset: nothing lingers, the peer's next read fails.
    static func resetOnClose(_ descriptor: borrowing FileDescriptor) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor.number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    @discardableResult
    static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, to value: Int32) -> Bool {
        var value = value
        return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }
}
