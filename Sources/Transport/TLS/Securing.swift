internal import Fanout
internal import Glibc
internal import WebSocket

// TLS handshakes, within their budget.
extension EventLoop {
    /// The public listener alone speaks TLS; that of operators is for this machine or for a proxy beside it.
    func context(for peer: PeerAddress) -> TLSContext? {
        peer.listener == 0 ? tls : nil
    }

    /// Goes on with a handshake, or puts it off until others have had their share of the loop.
    func secure(_ connection: Connection) {
        guard handshakes.budget.allows(at: now) else {
            // Still readable: reported over and over, it would keep the loop busy.
            poll.change(connection.descriptor.number, [], token: connection.token)
            connection.interest = []
            handshakes.waiting.append(connection.id)
            return
        }
        step(connection)
    }

    /// Goes on with those who were put off.
    func shakeHands() {
        guard !handshakes.waiting.isEmpty else { return }
        var done = 0
        for id in handshakes.waiting {
            guard handshakes.budget.allows(at: now) else { break }
            done += 1
            if let connection = connection(id), connection.phase == .securing {
                step(connection)
            }
        }
        handshakes.waiting.removeFirst(done)
    }

    private func step(_ connection: Connection) {
        guard let tls = connection.tls else { return }
        if !tls.hasBegun, isPlainText(connection) {
            sayThatThisIsTLS(connection)
            return
        }
        let began = Self.microseconds()
        let result = tls.handshake()
        let spent = Self.microseconds() - began
        handshakes.budget.spend(microseconds: spent)
        inbox.metrics.handshakeMicroseconds.add(Int(spent))
        switch result {
        case .wantsRead: expect(connection, .read)
        case .wantsWrite: expect(connection, .write)
        case .failed:
            inbox.metrics.reject(.handshakeFailed)
            drop(connection, .closed)
        case .done: isSecure(connection, tls)
        }
    }

    private func isSecure(_ connection: Connection, _ tls: TLSChannel) {
        handshakes.count -= 1
        inbox.metrics.handshakes.add(1)
        if tls.isResumed { inbox.metrics.resumedHandshakes.add(1) }
        connection.phase = .head
        connection.heardAt = now
        expect(connection, .read)
        if connection.isTurnedAway {
            respond(connection, comeBackLater())
        } else {
            // The request may have come with the last of the handshake, and lie in the library already.
            read(connection)
        }
    }

    private func expect(_ connection: Connection, _ interest: Poll.Interest) {
        guard connection.interest != interest else { return }
        connection.interest = interest
        poll.change(connection.descriptor.number, interest, token: connection.token)
    }

    /// Whether the first byte is a letter: a record of TLS begins with its kind, 22 for a handshake (RFC 8446 section 5.1).
    private func isPlainText(_ connection: Connection) -> Bool {
        var first: UInt8 = 0
        guard recv(connection.descriptor.number, &first, 1, Int32(MSG_PEEK)) == 1 else { return false }
        return (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first & ~0x20)
    }

    private func sayThatThisIsTLS(_ connection: Connection) {
        inbox.metrics.reject(.plainText)
        handshakes.count -= 1
        connection.tls = nil
        connection.phase = .head
        expect(connection, .read)
        respond(
            connection,
            HTTPResponse(
                .badRequest,
                text: "This port speaks TLS only. Please use https:// or wss:// instead."
            )
        )
    }

    private static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}

/// Who shakes hands on one loop, and who waits to.
struct HandshakeQueue {
    var budget: HandshakeBudget
    var count = 0
    var waiting: [ConnectionID] = []

    init(now: Int64) {
        budget = HandshakeBudget(now: now)
    }

    /// When the first of those who wait may go on; nil: nobody waits.
    var nextMoment: Int64? {
        waiting.isEmpty ? nil : budget.nextMoment
    }
}
