/// The limits and times that `decide` and `due` go by; an operator may set them.
///
/// Defaults are those of the design.
package struct SessionsLimits: Equatable, Sendable {
    package var seatsPerSession = 2_000
    /// All people of a session as they are told at once, in `state`: it must fit into a message with everything else.
    ///
    /// Two thousand people may have 150 bytes each for id, name, school and label; nine hundred as much as they like.
    package var peopleBytes = 640 << 10
    package var roomsPerRound = 200
    package var roundsPerSession = 50
    /// The longest time a round may be given.
    package var roundSeconds = 24 * 3_600
    /// The names, tasks and places of all rooms of a round.
    package var roundTextBytes = 128 << 10

    /// A mix of more people, or of so many for more rooms, is turned down: its tables take megabytes as it is.
    package var mixPeople = 2_000
    package var mixRooms = 200
    /// How long a mix is searched for, in pair evaluations: a few milliseconds.
    package var mixEvaluations = 400_000
    /// With few people less: so many for each two of them, counted both ways.
    package var mixEvaluationsPerPair = 100

    package var chatTextBytes = 4_000
    /// So many messages at once; in the long run one each `StateBounds.chatIntervalMilliseconds`.
    package var chatBurst = 10
    package var chatGraceMilliseconds: Milliseconds = 10_000
    package var historyMessages = 100
    /// The words of one answer to `chat.history`.
    package var historyTextBytes = 64 << 10
    package var slowestSeconds = 3_600
    package var reactionsPerSession = 50_000
    /// Different signs on one message.
    package var reactionsPerMessage = 20

    package var claimsPerSeat = 10
    package var marksPerSeat = 20
    package var marksPerSession = 2_000

    /// Away is announced so long after the last connection went; after a restart everybody needs longer.
    package var awayMilliseconds: Milliseconds = 5_000
    package var awayAfterRestartMilliseconds: Milliseconds = 30_000
    package var goneMilliseconds: Milliseconds = 90_000
    /// So much longer, at most, is waited for who is to be called away or gone: for those who dropped soon after, so that
    /// all are told of together, and for the session to be quiet, since where many come back that one is likely the next.
    ///
    /// A network that fails cuts a room within a second, and each person told of alone costs everybody in it a send, in
    /// the very second in which all come back.
    package var togetherMilliseconds: Milliseconds = 250
    /// Who is back for less than this when they leave is taken for away.
    package var quickLeaveMilliseconds: Milliseconds = 10_000
    package var leaseMilliseconds: Milliseconds = 30_000

    package var floorSeconds = 3_600

    /// Requests for help that are open or claimed; with more, hosts would see none of them in time.
    package var helpRequests = 200

    package var undoMilliseconds: Milliseconds = 15_000
    package var closingSeconds = 60
    package var warningMilliseconds: Milliseconds = 10_000

    package var endSeconds = 30
    package var longestEndSeconds = 3_600
    package var desertedMilliseconds: Milliseconds = 15 * 60_000
    package var dayMilliseconds: Milliseconds = 24 * 3_600_000
    package var readingMilliseconds: Milliseconds = 60 * 60_000
    package var emptyLobbyMilliseconds: Milliseconds = 7 * 24 * 3_600_000

    package init() {}
}

/// What the state keeps.
///
/// Fixed for a journal's version and never configured: `apply` goes by them, and the same journal must give
/// the same state under any configuration.
package enum StateBounds {
    package static let messages = 10_000
    package static let messageTextBytes = 16 << 20
    /// Old messages leave so many at a time, so that dropping costs little.
    static let messagesDroppedAtOnce = 500
    package static let keysPerSeat = 64
    /// Somebody who comes and goes more often than this is taken to have been here during the shortest absences.
    package static let intervalsPerSeat = 1_000
    /// Who walks between rooms more often than this has their shortest stays forgotten.
    package static let staysPerSeat = 500
    /// One message each so many milliseconds in the long run: what `chat.sent` adds to a seat's `chatClock`.
    package static let chatIntervalMilliseconds: Milliseconds = 200
    package static let editsPerKind = 32
    package static let backlogEvents = 1_000
    package static let backlogBytes = 128 << 10
    static let backlogEventsDroppedAtOnce = 100
    static let backlogBytesDroppedAtOnce = 16 << 10
}
