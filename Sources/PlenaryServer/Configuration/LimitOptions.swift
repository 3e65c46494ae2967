internal import SessionEngine
internal import SessionProtocol
internal import Sessions
internal import Transport
internal import WebSocket

extension Option {
    /// What one client, one address and all of them may take.
    static let limits: [Option] = connectionLimits + messageLimits

    private static let connectionLimits: [Option] = [
        number("max-connections", "connections at once", 1...1_000_000, in: \.transport.maxConnections)
            .holding(.atStart),
        number(
            "spare-descriptors",
            "descriptors kept back, so that newcomers can be told 503 when all others are used",
            0...64,
            in: \.transport.spareDescriptors
        ).holding(.atStart),
        number(
            "file-descriptors",
            "descriptors that no socket takes: for the journal, checkpoints and the archive",
            0...1_024,
            in: \.transport.fileDescriptors
        ).holding(.atStart),
        number(
            "handshakes-at-once",
            "connections of one loop that shake hands for TLS",
            1...1_000_000,
            in: \.transport.maxHandshakesAtOnce
        ),
        number(
            "pending-per-address",
            "connections of one address that have not joined yet",
            1...1_000_000,
            in: \.transport.maxPendingPerAddress
        ),
        number(
            "new-connections-per-second",
            "new connections of one address in a second",
            1...1_000_000,
            in: \.transport.newConnectionsPerSecond
        ),
        number(
            "new-connections-burst",
            "new connections of one address after a pause",
            1...1_000_000,
            in: \.transport.newConnectionsBurst
        ),
        `switch`(
            "limit-loopback",
            "the limits per address hold for this machine too, where a proxy may sit",
            for: [.serve, .demo],
            in: \.transport.limitLoopback
        ),
        bytes("head-bytes", "a request's head", 1 << 10...1 << 20, in: \.transport.handshake.maxHeadBytes),
        number("head-fields", "fields of a request's head", 24...1_000, in: \.transport.handshake.maxFields),
        bytes("target-bytes", "a request's target", 64...64 << 10, in: \.transport.handshake.maxTargetBytes),
        number(
            "waiting-requests",
            "requests of operators that wait for their answer",
            1...1_000,
            in: \.transport.maxWaitingRequests
        ),
    ].map { $0.grouped(.limits) }

    private static let messageLimits: [Option] = [
        bytes(
            "message-bytes",
            "a message",
            4 << 10...16 << 20,
            in: \.transport.messagesAfterJoin.maxMessageBytes
        ),
        bytes(
            "message-bytes-before-join",
            "a message before the join",
            1 << 10...1 << 20,
            in: \.transport.messagesBeforeJoin.maxMessageBytes
        ),
        number(
            "message-fragments",
            "fragments of a message",
            1...65_536,
            in: \.transport.maxFragments
        ),
        number(
            "malformed-messages",
            "malformed messages on one connection; the last of them ends it",
            1...1_000,
            in: \.texts.malformedMessages
        ),
        number(
            "commands-per-second",
            "commands of one connection in a second",
            1...1_000,
            in: \.commandsPerSecond
        ),
        number(
            "commands-burst",
            "commands of one connection after a pause",
            1...1_000_000,
            in: \.commandsBurst
        ),
        number(
            "haste-refusals",
            "commands refused as too many within haste-seconds; one more ends the connection",
            1...1_000_000,
            in: \.engine.haste.refusals
        ),
        number(
            "control-frames-per-second",
            "pings, pongs and empty messages in a second",
            1...1_000_000,
            in: \.transport.maxControlFramesPerSecond
        ),
        bytes(
            "outbox-bytes",
            "what may wait for one connection",
            16 << 10...1 << 30,
            in: \.transport.outboxBytes
        ),
        bytes(
            "outbox-hard-bytes",
            "what may wait for one connection, replies to joins included",
            64 << 10...1 << 30,
            in: \.transport.outboxHardBytes
        ),
        bytes(
            "mailbox-bytes",
            "what may wait between two stages",
            64 << 10...1 << 30,
            in: \.transport.mailboxBytes
        ).holding(.atStart),
        number("slice-members", "members of a group served at once", 1...4_096, in: \.transport.sliceMembers),
    ].map { $0.grouped(.limits) }

    /// How long a connection may take for what.
    ///
    /// Where no time at all would shut out everybody, whatever they do, it starts at the timers' grain.
    static let times: [Option] = [
        seconds("handshake-seconds", "TCP to 101", 0.1...600, in: \.transport.handshakeTimeout),
        seconds(
            "join-seconds",
            "101 to the join; 0: however long that takes",
            0.1...600,
            orNever: true,
            in: \.transport.joinTimeout
        ),
        seconds(
            "message-seconds",
            "a message from its first byte to its last",
            0.1...600,
            in: \.transport.messageTimeout
        ),
        seconds(
            "haste-seconds",
            "how long commands that were too many are held against a connection",
            0...3_600,
            in: \.engine.haste.milliseconds
        ),
        seconds("ping-seconds", "silence before a ping", 0.1...600, in: \.transport.pingAfter),
        seconds(
            "silence-seconds",
            "silence before a connection is dropped",
            1.1...3_600,
            in: \.transport.silentAfter
        ),
        seconds(
            "answer-seconds",
            "a request of an operator to its answer",
            1...3_600,
            in: \.transport.answerTimeout
        ),
        seconds(
            "close-seconds",
            "our Close frame to the end of TCP",
            0.1...600,
            in: \.transport.closeTimeout
        ),
        seconds("outbox-seconds", "an outbox without progress", 0.1...3_600, in: \.transport.outboxTimeout),
        seconds(
            "reconnect-spread-seconds",
            "the longest wait that clients are told when the server goes away",
            0...600,
            in: \.transport.reconnectSpread
        ),
    ].map { $0.grouped(.times) }

    /// Times and limits of sessions.
    static let rules: [Option] = [
        seconds(
            "lease-seconds",
            "from a host's lost connection until somebody else is the host",
            0...3_600,
            in: \.sessions.leaseMilliseconds
        ),
        seconds(
            "away-seconds",
            "from a lost connection until the others are told",
            0...600,
            in: \.sessions.awayMilliseconds
        ),
        seconds(
            "away-after-restart-seconds",
            "the same, after a restart of the server",
            0...3_600,
            in: \.sessions.awayAfterRestartMilliseconds
        ),
        seconds(
            "gone-seconds",
            "from a lost connection until its seat is shown as gone",
            0...3_600,
            in: \.sessions.goneMilliseconds
        ),
        seconds(
            "quick-leave-seconds",
            "leaving so soon after coming back counts as a lost connection",
            0...3_600,
            in: \.sessions.quickLeaveMilliseconds
        ),
        seconds(
            "undo-seconds",
            "how long opened rooms can be undone",
            0...600,
            in: \.sessions.undoMilliseconds
        ),
        number(
            "closing-seconds",
            "seconds of the countdown when rooms close",
            0...3_600,
            in: \.sessions.closingSeconds
        ),
        seconds(
            "warning-seconds",
            "how long before rooms close there is a warning",
            0...600,
            in: \.sessions.warningMilliseconds
        ),
        number(
            "end-seconds",
            "seconds of the countdown when a session ends",
            0...3_600,
            in: \.sessions.endSeconds
        ),
        number(
            "longest-end-seconds",
            "the longest such countdown",
            0...86_400,
            in: \.sessions.longestEndSeconds
        ),
        seconds(
            "deserted-seconds",
            "how long a session lasts with fewer than two people",
            1...86_400,
            in: \.sessions.desertedMilliseconds
        ),
        seconds(
            "reading-seconds",
            "how long an ended session can be read",
            0...604_800,
            in: \.sessions.readingMilliseconds
        ),
        number("max-sessions", "sessions in memory", 1...1_000_000, in: \.engine.sessions),
        number("max-seats", "seats of all sessions in memory", 1...10_000_000, in: \.engine.seats),
        bytes(
            "max-chat-bytes",
            "all messages and rooms in memory, words and all; one more is refused",
            1 << 20...1 << 40,
            in: \.engine.heldBytes
        ),
        number(
            "connections-per-seat",
            "connections of one seat; one more, and the oldest is closed",
            1...1_000,
            in: \.engine.connectionsPerSeat
        ),
        number("seats-per-session", "seats of a session", 1...100_000, in: \.sessions.seatsPerSession),
        number(
            "rooms-per-round",
            "rooms of one opening",
            // So many are known to be told in one message, with as many people and words as may be (`WorstCaseTests`).
            1...SessionsLimits().roomsPerRound,
            in: \.sessions.roomsPerRound
        ),
        number(
            "rounds-per-session",
            "openings of rooms in a session",
            1...9_999,
            in: \.sessions.roundsPerSession
        ),
        bytes("chat-bytes", "a chat message", 1...16 << 10, in: \.sessions.chatTextBytes),
        bytes("task-bytes", "a room's task", 1...16 << 10, in: \.texts.taskBytes),
        bytes("announcement-bytes", "an announcement", 1...16 << 10, in: \.texts.announcementBytes),
        bytes("help-bytes", "what is written to a request for help", 1...16 << 10, in: \.texts.helpBytes),
        bytes("place-bytes", "a place", 1...4 << 10, in: \.texts.placeBytes),
        bytes("name-bytes", "a room's name, a session's title", 1...1 << 10, in: \.texts.nameBytes),
        bytes("label-bytes", "a label", 1...1 << 10, in: \.texts.labelBytes),
        number("chat-burst", "chat messages at once from one seat", 1...1_000_000, in: \.sessions.chatBurst),
    ].map { $0.grouped(.rules) }
}
