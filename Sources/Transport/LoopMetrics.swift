internal import Synchronization

/// What one loop counts, for everybody to read at any time.
///
/// Only the loop's own thread writes; a reader sees each number whole, though not all of them of the same moment.
package final class LoopMetrics: Sendable {
    /// One number, rising or standing for a level.
    package final class Counter: Sendable {
        private let number = Atomic<Int>(0)

        /// The number now.
        package var value: Int {
            number.load(ordering: .relaxed)
        }

        func add(_ difference: Int) {
            number.wrappingAdd(difference, ordering: .relaxed)
        }

        func set(_ value: Int) {
            number.store(value, ordering: .relaxed)
        }
    }

    /// Sockets that this loop holds now, upgraded or not.
    package let connections = Counter()
    /// Connections that this loop has taken over since the start.
    package let accepted = Counter()
    /// TLS handshakes that were finished, and how many of them resumed an earlier session.
    package let handshakes = Counter()
    package let resumedHandshakes = Counter()
    /// Microseconds that went into TLS handshakes.
    package let handshakeMicroseconds = Counter()
    /// Connections upgraded to WebSocket now.
    package let upgraded = Counter()
    /// Text and binary messages received.
    package let messagesIn = Counter()
    /// Pushes times connections; replies are not counted.
    package let deliveries = Counter()
    package let bytesIn = Counter()
    package let bytesOut = Counter()
    /// Writes to sockets; each is one call of the kernel unless its pieces are very many.
    package let writes = Counter()
    /// Bytes that wait for sockets to take them, now.
    package let outboxBytes = Counter()
    /// Connections closed 4413.
    package let slowConsumers = Counter()
    /// Turns of the loop.
    package let turns = Counter()
    /// Turns in which the loop did not read because the mailbox behind it was full.
    package let pausedTurns = Counter()

    private let rejections = RejectReason.allCases.map { _ in Counter() }

    package init() {}

    /// How many connections were turned away or ended for this reason.
    package func rejected(_ reason: RejectReason) -> Int {
        rejections[reason.rawValue].value
    }

    func reject(_ reason: RejectReason) {
        rejections[reason.rawValue].add(1)
    }
}

/// Why the transport turned a connection away or ended it; a label of `plenary_rejected_total`.
package enum RejectReason: Int, CaseIterable, Sendable {
    /// The server holds as many connections as it may.
    case full
    /// No descriptor was left at accept.
    case descriptors
    case draining
    /// Too many connections of this address have not joined yet.
    case addressPending
    /// Too many new connections a second from this address.
    case addressRate
    /// The request head broke HTTP/1.1 or a limit.
    case badRequest
    case handshakeTimeout
    /// TLS could not be agreed upon.
    case handshakeFailed
    /// Too many connections shake hands already.
    case handshakesFull
    /// Plain HTTP came where TLS is spoken.
    case plainText
    /// Too many requests wait for an answer already.
    case waiting
    /// The answer to a request did not come in time.
    case answerTimeout
    case joinTimeout
    case messageTimeout
    /// The peer broke RFC 6455 or a limit on its messages.
    case violation
    /// More pings or empty frames a second than allowed.
    case controlFlood
    case slowConsumer
    case silent
    /// No answer to our Close frame, or it could not be written.
    case closeTimeout

    /// As it is spelled in a metric's label.
    package var label: String {
        "\(self)"
    }
}
