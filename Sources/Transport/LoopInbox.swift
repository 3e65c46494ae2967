package import Fanout
package import WebSocket

/// A loop as other threads see it: what they may post to it, and what it counts.
package final class LoopInbox: Sendable {
    /// The loop's number, which is `ConnectionID.loop` of its connections.
    package let index: UInt16
    package let metrics = LoopMetrics()
    let mailbox: Mailbox<LoopMessage>
    let waker: Waker

    init(index: UInt16, limitBytes: Int) throws(SystemFailure) {
        self.index = index
        let waker = try Waker()
        self.waker = waker
        mailbox = Mailbox(limitBytes: limitBytes, onArrival: { waker.wake() })
    }

    /// Hands over deliveries, to be carried out in this order behind all those posted before.
    ///
    /// Waits while the loop's mailbox is full, so loops themselves never call it. False: the loop has ended, nobody
    /// will hear them.
    @discardableResult
    package func post(_ deliveries: [Delivery]) -> Bool {
        post(parts: [deliveries])
    }

    /// The same in parts, one behind the other, all of which the loop finds at once; none is copied.
    @discardableResult
    package func post(parts: [[Delivery]]) -> Bool {
        var mail: [LoopMessage] = []
        var bytes = 0
        for part in parts where !part.isEmpty {
            mail.append(.deliveries(part))
            bytes += part.weight
        }
        return mailbox.postWaiting(mail, bytes: bytes)
    }

    /// Answers a request that was to be answered later.
    ///
    /// Waits while the loop's mailbox is full, so loops themselves never call it. A connection that has gone
    /// meanwhile, or has been answered, is passed over. False: the loop has ended.
    @discardableResult
    package func respond(_ connection: ConnectionID, _ response: HTTPResponse) -> Bool {
        let bytes = response.body.count + Self.responseBytes
        return mailbox.postWaiting([.respond(connection, response)], bytes: bytes)
    }

    /// Makes the loop ask `mayRead` again and go on reading.
    package func wake() {
        waker.wake()
    }

    /// Newcomers at the public listener are met with this certificate from now on; nobody else notices.
    package func secure(with context: TLSContext) {
        mailbox.post([.secure(context)], bytes: 0)
    }

    /// Other limits hold from now on, for connections that are there too, and the application goes by these settings.
    package func change(limits: TransportLimits, settings: any LoopSettings) {
        mailbox.post([.change(limits, settings)], bytes: 0)
    }

    /// Everybody is sent what was posted before, then 1001 with the wait in ms as its reason; newcomers get a
    /// 503.
    ///
    /// The loop ends when its last connection has.
    package func drain() {
        mailbox.post([.drain], bytes: 0)
    }

    /// The loop ends now; what connections it has are cut off.
    package func stop() {
        mailbox.post([.stop], bytes: 0)
    }

    /// Bytes that wait in the mailbox, for metrics.
    package var mailboxBytes: Int {
        mailbox.byteCount
    }

    /// What a response weighs beside its body.
    private static let responseBytes = 64
}

/// What lies in a loop's mailbox.
enum LoopMessage: Sendable {
    case deliveries([Delivery])
    /// To whom was told to wait.
    case respond(ConnectionID, HTTPResponse)
    /// A connection that loop 0 has accepted: the descriptor is the receiver's from here on.
    case adopt(descriptor: Int32, peer: PeerAddress)
    /// To loop 0: a connection of this network has joined, or is gone without.
    case settled(PeerAddress.Network)
    /// Another certificate.
    case secure(TLSContext)
    /// Other limits, and other settings of the application.
    indirect case change(TransportLimits, any LoopSettings)
    /// To loop 0: a connection has come through a trusted proxy; may its client's network have one more?
    case mayCome(ConnectionID, PeerAddress.Network)
    /// From loop 0: it may, and counts as pending, or not.
    case answered(ConnectionID, PeerAddress.Network, AddressTable.Answer)
    case drain
    case stop
}
