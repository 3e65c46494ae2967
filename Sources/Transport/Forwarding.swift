internal import Fanout
internal import WebSocket

// Who comes through a trusted proxy, and when they count.
//
// The table of addresses is loop 0's and counts at accept, when nothing is known but the peer. A trusted proxy is no
// client and is let in uncounted. Once a head is read the client behind it is known: loop 0 is asked whether its address
// may have one more, and until the answer is there the connection is not read and the head is held. From then on the
// connection is pending for the client's address like any other, until it joins or ends. On loop 0 itself the answer is
// there at once. A patience of its own is not needed: the handshake's goes on.
extension EventLoop {
    /// Whether the connection counts when it is accepted.
    func countsAtAccept(_ peer: PeerAddress) -> Bool {
        isLimited(peer) && !isTrusted(peer)
    }

    func isTrusted(_ peer: PeerAddress) -> Bool {
        limits.trustedProxies.contains { $0.contains(peer) }
    }

    /// Whether the request may be answered now; if not, it was told 503, or will be answered by `take(answer:)`.
    ///
    /// `rest` is what stands behind the head in the read buffer.
    func mayAnswer(_ head: RequestHead, rest: Range<Int>, _ connection: Connection) -> Bool {
        guard isTrusted(connection.peer) else { return true }
        let client = ForwardedFor.client(of: head, from: connection.peer, trusting: limits.trustedProxies)
        connection.client = client
        connection.wantsBody = head.method != "HEAD"
        guard isLimited(client) else { return true }
        guard listeners.isEmpty else {
            return isAdmitted(addresses.admit(client.network, at: now), connection)
        }
        connection.held = HeldRequest(head: head, rest: Array(readBuffer[rest]))
        setInterest(connection)
        let question = LoopMessage.mayCome(connection.id, client.network)
        if !shared.inboxes[0].mailbox.post([question], bytes: 0) {
            // Loop 0 ends before the others do: the server goes away.
            inbox.metrics.reject(.draining)
            respond(connection, comeBackLater())
        }
        return false
    }

    /// Loop 0: another loop asks for one of its connections.
    func answer(_ connection: ConnectionID, _ network: PeerAddress.Network) {
        let answer = addresses.admit(network, at: now)
        let message = LoopMessage.answered(connection, network, answer)
        if !shared.inboxes[Int(connection.loop)].mailbox.post([message], bytes: 0), answer == .admitted {
            addresses.settle(network)
        }
    }

    /// Loop 0 has answered.
    func take(answer: AddressTable.Answer, for id: ConnectionID, _ network: PeerAddress.Network) {
        guard let connection = connection(id), connection.phase == .head, let held = connection.held else {
            // Gone meanwhile, or told 408 or 503.
            if answer == .admitted {
                shared.inboxes[0].mailbox.post([.settled(network)], bytes: 0)
            }
            return
        }
        connection.held = nil
        guard isAdmitted(answer, connection) else { return }
        setInterest(connection)
        // The kernel knows nothing of what was decrypted before.
        if connection.tls?.mayHaveMore == true { unread.append(id) }
        // Frames are read from the read buffer, from which these were taken.
        _ = readBuffer.update(fromContentsOf: held.rest)
        answerRequest(held.head, rest: 0..<held.rest.count, connection)
    }

    private func isAdmitted(_ answer: AddressTable.Answer, _ connection: Connection) -> Bool {
        switch answer {
        case .admitted:
            connection.isPending = true
            return true
        case .tooFast: inbox.metrics.reject(.addressRate)
        case .tooManyPending: inbox.metrics.reject(.addressPending)
        }
        respond(connection, comeBackLater())
        return false
    }
}

/// A request that waits for loop 0, with what came behind its head.
///
/// A class, so that a connection which holds none, and that is nearly always, has a word of memory for it.
final class HeldRequest {
    let head: RequestHead
    let rest: [UInt8]

    init(head: RequestHead, rest: [UInt8]) {
        self.head = head
        self.rest = rest
    }
}
