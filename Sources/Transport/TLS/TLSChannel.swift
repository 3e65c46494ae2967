internal import COpenSSL
internal import Fanout

/// One TLS session on a socket that does not block: the two places where bytes pass, and the handshake before them.
///
/// A class, so that a connection without TLS pays no more than a pointer for it; it has one owner, and is freed with it.
///
/// ```
///   securing ──handshake: done──▶ open ──sayGoodbye──▶ (shut)
///      └──failed──▶ broken ◀──failed read or write──┘
/// ```
///
/// **Records.** What `write` took is encrypted, a record at a time. When the kernel takes only a part of one, the whole
/// record counts as taken, is *owed* to the kernel, and goes out first: OpenSSL wants the same bytes again. Reading takes
/// all that has come; if the buffer was too small for it, `mayHaveMore` says so, because the kernel knows nothing of what
/// lies here already.
final class TLSChannel {
    /// Where the handshake stands.
    enum Handshake: Equatable {
        case done
        case wantsRead
        case wantsWrite
        /// With the library's words for it.
        case failed(String)
    }

    private let session: OpaquePointer
    private var owed: [UInt8] = []
    private var isBroken = false
    /// The handshake has been tried, so that it was TLS what came first.
    private(set) var hasBegun = false
    /// A read has left something behind, or has to report the end yet.
    private(set) var mayHaveMore = false

    /// The server's side of a connection.
    init?(_ context: TLSContext, accepting descriptor: borrowing FileDescriptor) {
        guard let session = SSL_new(context.context) else { return nil }
        self.session = session
        guard SSL_set_fd(session, descriptor.number) == 1 else { return nil }
        SSL_set_accept_state(session)
    }

    /// The client's side; the certificate has to be one of `name` (RFC 9110 section 4.3.4).
    init?(_ context: TLSContext, connecting descriptor: borrowing FileDescriptor, to name: String) {
        guard let session = SSL_new(context.context) else { return nil }
        self.session = session
        guard SSL_set_fd(session, descriptor.number) == 1 else { return nil }
        SSL_set_connect_state(session)
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1
        if !isAddress {
            // RFC 6066 section 3: a name is told, an address is not.
            guard plenary_tls_set_server_name(session, name) == 1, SSL_set1_host(session, name) == 1 else {
                return nil
            }
        }
        ERR_clear_error()
    }

    deinit {
        SSL_free(session)
    }

    /// The handshake made use of an earlier session.
    var isResumed: Bool { SSL_session_reused(session) == 1 }

    /// A record waits for the kernel to take the rest of it.
    var owes: Bool { !owed.isEmpty }

    /// Goes on with the handshake as far as it gets.
    func handshake() -> Handshake {
        hasBegun = true
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return .done }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        default:
            isBroken = true
            return .failed(TLSFault.reason())
        }
    }

    /// Reads what has come, as far as there is room.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Socket.ReadResult {
        mayHaveMore = false
        var filled = 0
        while filled < buffer.count {
            ERR_clear_error()
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = SSL_read(session, rest.baseAddress, Int32(clamping: rest.count))
            if count > 0 {
                filled += Int(count)
                continue
            }
            let result: Socket.ReadResult
            switch SSL_get_error(session, count) {
            case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: result = .nothing
            // RFC 8446 section 6.1: close_notify. An end without it ends a connection as well; whether a message was
            // cut short, its frames tell.
            case SSL_ERROR_ZERO_RETURN: result = .end
            default:
                isBroken = true
                result = .broken
            }
            ERR_clear_error()
            guard filled > 0 else { return result }
            mayHaveMore = result != .nothing
            return .bytes(filled)
        }
        mayHaveMore = true
        return .bytes(filled)
    }

    /// Sends the pieces; `lent` is room for a record.
    func write(_ pieces: [OutboundPiece], _ lent: UnsafeMutableRawBufferPointer) -> Socket.WriteResult {
        guard flush() else { return .broken }
        var taken = 0
        var filled = 0
        for piece in pieces {
            var start = piece.start
            while start < piece.end {
                guard !owes else { return .took(taken) }
                let count = min(piece.end - start, lent.count - filled)
                piece.bytes.withUnsafeBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: lent[filled...])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
                }
                start += count
                filled += count
                guard filled == lent.count else { continue }
                guard writeRecord(UnsafeRawBufferPointer(lent)) else { return .broken }
                taken += filled
                filled = 0
            }
        }
        guard filled > 0, !owes else { return .took(taken) }
        guard writeRecord(UnsafeRawBufferPointer(rebasing: lent[..<filled])) else { return .broken }
        return .took(taken + filled)
    }

    /// Sends what is owed, as far as the kernel takes it; false if the connection is beyond use.
    func flush() -> Bool {
        guard owes else { return !isBroken }
        guard let isDone = owed.withUnsafeBytes({ attempt($0) }) else { return false }
        if isDone { owed = [] }
        return true
    }

    /// RFC 8446 section 6.1: nothing more comes from this side.
    func sayGoodbye() {
        guard !isBroken, !owes else { return }
        ERR_clear_error()
        _ = SSL_shutdown(session)
        ERR_clear_error()
    }

    private func writeRecord(_ record: UnsafeRawBufferPointer) -> Bool {
        guard let isDone = attempt(record) else { return false }
        if !isDone { owed = Array(record) }
        return true
    }

    /// Whether the kernel took the whole record; nil if the connection is beyond use.
    private func attempt(_ record: UnsafeRawBufferPointer) -> Bool? {
        guard !isBroken else { return nil }
        ERR_clear_error()
        let count = SSL_write(session, record.baseAddress, Int32(clamping: record.count))
        if count > 0 { return true }
        let why = SSL_get_error(session, count)
        ERR_clear_error()
        if why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ { return false }
        isBroken = true
        return nil
    }
}
