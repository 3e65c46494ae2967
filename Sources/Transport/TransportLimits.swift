package import WebSocket

/// Every limit of the transport, with the defaults of the hostile world; times are in milliseconds.
///
/// Tests set them small, so that a test waits for the event itself.
package struct TransportLimits: Sendable {
    /// Connections held at once by all loops, at most; also at most 0.9 × the descriptor limit.
    package var maxConnections = 20_000
    /// Descriptors kept back, so that newcomers can be told 503 when all others are used.
    package var spareDescriptors = 8
    /// Descriptors that no socket takes, for those who write files: the journal, checkpoints, the archive.
    package var fileDescriptors = 16
    /// Newcomers beyond `maxConnections` that are told 503 politely at the same time; others are just closed.
    package var maxTurnedAwayAtOnce = 256
    /// Length of the kernel's queue of connections not yet accepted.
    package var acceptBacklog = 4_096
    /// Connections accepted in one turn at most, so that a storm of them does not hold up the others.
    package var maxAcceptsPerTurn = 64
    /// Connections of one address that have not joined yet.
    package var maxPendingPerAddress = 64
    /// New connections of one address in a second, and how many at once after a pause.
    package var newConnectionsPerSecond = 100
    package var newConnectionsBurst = 400
    /// Whether the two limits above hold for loopback too; a proxy sits there.
    package var limitLoopback = false
    /// Where proxies sit that say in `X-Forwarded-For` whom they speak for; the two limits then hold for those.
    package var trustedProxies: [AddressRange] = []
    /// Seconds named in `Retry-After`, between the two.
    package var retryAfterSeconds = 2...10

    /// Connections of one loop that shake hands for TLS at the same time; more are cut off.
    package var maxHandshakesAtOnce = 2_048

    /// Requests of one loop that wait for an answer from elsewhere; more are told 503.
    package var maxWaitingRequests = 32

    package var handshake = HandshakeLimits()
    /// Before and after the application has answered `.joining`.
    package var messagesBeforeJoin = MessageLimits(maxMessageBytes: 4 << 10, maxFragments: 64)
    package var messagesAfterJoin = MessageLimits(maxMessageBytes: 64 << 10, maxFragments: 64)
    /// Fragments of one message, before the join and after it.
    package var maxFragments: Int {
        get { messagesAfterJoin.maxFragments }
        set {
            messagesBeforeJoin.maxFragments = newValue
            messagesAfterJoin.maxFragments = newValue
        }
    }
    /// Pings, pongs and empty messages in a second; more is 1008.
    package var maxControlFramesPerSecond = 10

    /// TCP to 101, then 408.
    package var handshakeTimeout: Int64 = 10_000
    /// A request that is answered later: so long, then 503.
    package var answerTimeout: Int64 = 120_000
    /// 101 to `.joining`, then 4408; 0: never, for applications that know no join.
    package var joinTimeout: Int64 = 5_000
    /// A message from its first byte to its last, then 1008.
    package var messageTimeout: Int64 = 10_000
    /// Nothing heard for so long: a ping.
    package var pingAfter: Int64 = 10_000
    /// Nothing heard for so long: dropped.
    package var silentAfter: Int64 = 25_000
    /// No text sent for so long: the application's quiet frame.
    package var quietAfter: Int64 = 10_000
    /// Close frame to the end of TCP, then a reset.
    package var closeTimeout: Int64 = 2_000
    /// An outbox from which the peer has taken nothing for so long is a slow consumer's.
    package var outboxTimeout: Int64 = 20_000
    /// Grain of all timers: a timeout fires at most so much later than it is due.
    package var timerGrain: Int64 = 100

    /// A turn that comes so much later than it was meant to finds that the loop was held up.
    package var heldUpAfter: Int64 = 1_000

    /// Bytes that may wait for one connection, less what is exempt, and with it.
    package var outboxBytes = 256 << 10
    package var outboxHardBytes = 2 << 20
    /// Members of one group served before the loop looks at its sockets again.
    package var sliceMembers = 64
    /// Bytes read from one socket in one turn at most; one such buffer per loop.
    package var readBytes = 64 << 10
    /// The kernel's send buffer of a connection; 0: as the kernel likes.
    package var kernelSendBytes = 0
    /// Bytes that may wait in a loop's mailbox.
    package var mailboxBytes = 8 << 20
    /// In a drain, each connection is told to wait a random time up to this before it comes back.
    package var reconnectSpread: Int64 = 5_000

    /// The defaults.
    package init() {}

    /// Every relation between the limits that does not hold, as a sentence; empty when all is well.
    ///
    /// The limits are named as an operator knows them, by their options.
    package func problems() -> [String] {
        var problems: [String] = []
        if silentAfter < pingAfter + 1_000 {
            problems.append(
                "silence-seconds must be a second more than ping-seconds, or no ping can be answered in time"
            )
        }
        // The other half of what a client may send is its own.
        if pingAfter * Int64(maxControlFramesPerSecond) < 2_000 {
            problems.append(
                "ping-seconds must be longer or control-frames-per-second more, twice the pings of a second: "
                    + "else clients are closed for answering them"
            )
        }
        if handshake.maxTargetBytes >= handshake.maxHeadBytes {
            problems.append("target-bytes must be less than head-bytes: the target is a part of the head")
        }
        if outboxHardBytes < outboxBytes {
            problems.append("outbox-hard-bytes must not be less than outbox-bytes")
        }
        if messagesAfterJoin.maxMessageBytes < messagesBeforeJoin.maxMessageBytes {
            problems.append("message-bytes must not be less than message-bytes-before-join")
        }
        if timerGrain < 1 || sliceMembers < 1 || readBytes < 1 || maxAcceptsPerTurn < 1 || maxConnections < 1
        {
            problems.append(
                "timerGrain, sliceMembers, readBytes, maxAcceptsPerTurn and maxConnections start at 1"
            )
        }
        return problems
    }
}
