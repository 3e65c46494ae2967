internal import CLinux
internal import Fanout
internal import Glibc

/// The calls of the kernel on one TCP socket; nothing here blocks, nothing raises SIGPIPE.
///
/// Where a connection speaks TLS, its `TLSChannel` stands in for `read` and `write`.
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

    /// Sends the pieces, with one call unless there are very many of them.
    static func write(_ descriptor: borrowing FileDescriptor, _ pieces: [OutboundPiece]) -> WriteResult {
        if pieces.count == 1 {
            return sendOne(descriptor.number, pieces[0])
        }
        var total = 0
        var first = 0
        while first < pieces.count {
            let range = first..<min(first + maxPieces, pieces.count)
            let given = pieces[range].reduce(0) { $0 + $1.count }
            guard case .took(let count) = sendTogether(descriptor.number, pieces, range) else {
                return .broken
            }
            total += count
            if count < given {
                break
            }
            first = range.upperBound
        }
        return .took(total)
    }

    /// Of one `sendmsg`; each takes a level of nested calls, so that no pointer outlives its array.
    private static let maxPieces = 64
    private static let flags = Int32(MSG_NOSIGNAL)

    private static func sendOne(_ number: Int32, _ piece: OutboundPiece) -> WriteResult {
        piece.bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[piece.start..<piece.end])
            return result { send(number, rest.baseAddress, rest.count, flags) }
        }
    }

    private static func sendTogether(
        _ number: Int32,
        _ pieces: [OutboundPiece],
        _ range: Range<Int>
    ) -> WriteResult {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: range.count) { vector in
            gather(pieces, from: range.lowerBound, filled: 0, vector, number)
        }
    }

    private static func gather(
        _ pieces: [OutboundPiece],
        from index: Int,
        filled: Int,
        _ vector: UnsafeMutableBufferPointer<iovec>,
        _ number: Int32
    ) -> WriteResult {
        guard filled < vector.count else {
            var message = msghdr()
            message.msg_iov = vector.baseAddress
            message.msg_iovlen = vector.count
            return result { sendmsg(number, &message, flags) }
        }
        let piece = pieces[index]
        return piece.bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[piece.start..<piece.end])
            vector[filled] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress),
                iov_len: rest.count
            )
            return gather(pieces, from: index + 1, filled: filled + 1, vector, number)
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
