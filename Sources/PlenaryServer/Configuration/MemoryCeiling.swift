internal import Journal
internal import SessionEngine
internal import SessionProtocol
internal import Sessions
internal import Transport
internal import WebSocket

/// How much memory a configuration can come to take, if everybody does the worst that the limits allow.
///
/// A ceiling, not an estimate: a quiet connection takes 2 KiB (7 with TLS), and this counts what it takes when its
/// outbox is full to the last byte and a message of the longest kind is half received.
struct MemoryCeiling: Equatable {
    /// One connection's share.
    var connectionBytes: Int
    var connections: Int
    /// Seats, sessions and words in memory.
    var sessionsBytes: Int
    /// Mailboxes, buffers, and what one checkpoint takes while it is written.
    var restBytes: Int

    /// A session without people, messages and rooms: backlog, requests for help, what hosts have changed.
    private static let sessionBytes = 512 << 10
    /// The session of TLS, a record that comes in, one that goes out, and one that is owed.
    private static let secureBytes = 64 << 10

    init(_ configuration: Configuration, descriptors: Int) {
        let transport = configuration.transport
        connections = min(transport.maxConnections, descriptors * 9 / 10)
        connectionBytes =
            transport.outboxHardBytes + transport.messagesAfterJoin.maxMessageBytes + (4 << 10)
            + (configuration.certificateFile == nil ? 0 : Self.secureBytes)
        let engine = configuration.engine
        sessionsBytes =
            engine.seats * Self.seatBytes(configuration.sessions) + engine.sessions * Self.sessionBytes
            + engine.heldBytes
        // A checkpoint holds once more what is in memory, spelled; two segments may be read at the same time, whole.
        let segmentsBytes = 2 * JournalLimits().segmentBytes
        // Each loop has one, the engine and the journal; one more may come on top of what stands in the engine's lines.
        let mailboxes = configuration.loops + 2 + EngineStage.mailboxesInLine + 1
        restBytes = mailboxes * transport.mailboxBytes + sessionsBytes + segmentsBytes
    }

    /// Tells an operator who reads the log.
    func tell(_ log: Log) {
        log.write(.limits, [.number("connections", connections), .number("memoryBytes", bytes)])
    }

    /// A seat with everything that is kept of it, the room to grow of its lists included.
    ///
    /// Whoever walks through all rooms of all rounds stands among the visitors of each, which is most of it.
    private static func seatBytes(_ limits: SessionsLimits) -> Int {
        let times =
            StateBounds.intervalsPerSeat * MemoryLayout<Interval>.stride
            + StateBounds.staysPerSeat * MemoryLayout<Stay>.stride
        let keys = 2 * StateBounds.keysPerSeat * 128
        let marks = limits.marksPerSeat << 10
        let visits = 2 * limits.roundsPerSession * limits.roomsPerRound * MemoryLayout<SeatID>.stride
        let namesAndFields = 4 << 10
        return times + keys + marks + visits + namesAndFields
    }

    var bytes: Int { connections * connectionBytes + sessionsBytes + restBytes }

    /// How many connections fit into so much memory beside everything else.
    func connections(within memory: Int) -> Int {
        max(0, (memory - sessionsBytes - restBytes) / connectionBytes)
    }
}
