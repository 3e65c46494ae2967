internal import Fanout
internal import WebSocket

/// One accepted socket and where it stands; what is to be sent to it lies in the hub.
///
/// ```
///  (securing, with TLS)
///    ▼
///   head ──request answered──▶ responding ──all sent──▶ lingering ──end or timeout──▶ (gone)
///    │ └──later──▶ waiting ──answer or timeout──▲           ▲
///    └─upgraded─▶ open ──either side closes──▶ closing ──both closed, all sent
/// ```
///
/// From every state a reset, a failed write or a timeout leads straight out. The application hears `closed` when a
/// connection leaves `open`, by whichever way.
final class Connection {
    enum Phase {
        /// TLS shakes hands.
        case securing
        /// The request is read.
        case head
        /// The request is read, and somebody on another thread is to answer it.
        case waiting
        /// Messages go both ways.
        case open
        /// Our close frame is on the way, or the peer's has come.
        case closing
        /// A response that ends the connection is on the way.
        case responding
        /// Our side of TCP is shut; what still comes is thrown away, so that what was sent is not lost to a reset
        /// (RFC 6455 section 7.1.1).
        case lingering
    }

    let id: ConnectionID
    let descriptor: FileDescriptor
    let peer: PeerAddress
    /// Nil where bytes pass as they are.
    var tls: TLSChannel?
    /// Whose connection it is: the peer, or who stands behind a trusted proxy.
    var client: PeerAddress
    var phase = Phase.head
    /// Gone once the head is read: it is the larger part of an idle connection.
    var headReading: HeadReading?
    var machine: FrameMachine
    var handshake = CloseHandshake(role: .server)
    var interest: Poll.Interest = .read

    /// Read, and not answered before loop 0 has said that it may be.
    var held: HeldRequest?

    /// Counts in the table of its client's address.
    var isPending: Bool
    /// Was told 503 at the door: counts nowhere else.
    var isTurnedAway = false
    var isJoined = false
    /// Taken out of the interest because the application may not take more.
    var isPaused = false
    /// The request was no HEAD.
    var wantsBody = true
    /// TCP is shut from our side when the outbox is empty.
    var shutsWhenSent = false
    /// The peer has shut its side.
    var hasPeerShut = false

    /// Start of `securing` and `head`, by the loop's time; start of `open`, by the attended time.
    var startedAt: Int64
    /// When something was last heard, by both times.
    var heardAt: Int64
    var heardAttended: Int64
    var pingedAt: Int64 = 0
    /// When the message at hand began, by the attended time; 0: none is at hand.
    var messageAt: Int64 = 0
    /// The end of patience in `waiting`, `closing` and `lingering`.
    var closeAt: Int64 = 0
    /// Control and empty frames since `controlSecond`, by the attended time.
    var controlSecond: Int64 = 0
    var controlFrames = 0
    var emptyFramesSeen: UInt32 = 0
    /// The newest ping that came while the socket was full (RFC 6455 section 5.5.3).
    var unansweredPing: [UInt8]?

    init(
        id: ConnectionID,
        descriptor: consuming FileDescriptor,
        peer: PeerAddress,
        isPending: Bool,
        limits: TransportLimits,
        now: Int64
    ) {
        self.id = id
        self.descriptor = descriptor
        self.peer = peer
        client = peer
        self.isPending = isPending
        headReading = HeadReading(RequestHeadParser(limits: limits.handshake))
        machine = FrameMachine(role: .server, limits: limits.messagesBeforeJoin)
        startedAt = now
        heardAt = now
        heardAttended = now
    }

    /// What is sent already waits for the kernel to take it.
    var owes: Bool {
        tls?.owes ?? false
    }

    /// Carried by its events: the slot, and the generation so that an old event finds nobody.
    var token: UInt64 {
        UInt64(id.generation) << 32 | UInt64(id.slot)
    }
}

/// A request head that is being read.
final class HeadReading {
    var parser: RequestHeadParser

    init(_ parser: RequestHeadParser) {
        self.parser = parser
    }
}
