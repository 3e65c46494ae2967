/// Everything that is logged: the raw value is `event` in a line, the sentence is `message`.
///
/// A closed set: what happens once for each of a million hostile connections is known beforehand (`isRepeatable`)
/// and said at most once a minute, with how many there were.
package enum LogEvent: String, CaseIterable, Sendable {
    // Coming up
    case starting
    case limits
    case startFailed
    case tornTail
    case recovered
    case booksCounted
    case erasingResumed
    case listening
    case listeningForAdmins
    case configurationRead
    case configurationUnusable
    case certificateRead
    case certificateUnusable
    // Going down
    case signal
    case draining
    case stopped
    // Turned away
    case ticketRefused
    case originRefused
    case requestRefused
    case commandsMalformed
    // Ours
    case archived
    case archivingFailed
    case erased
    case erasingFailed
    case queueStalled
    case queueMoves
    case checkpointFailed
    case journalFailed
    case internalFault
    case logLinesLost
    case keysExposed
    case adminExposed

    /// How grave it is.
    package var level: LogLevel {
        switch self {
        case .starting, .limits, .recovered, .booksCounted, .listening, .listeningForAdmins: .info
        case .configurationRead, .certificateRead: .info
        case .configurationUnusable, .certificateUnusable: .warning
        case .signal, .draining, .stopped, .queueMoves, .archived, .erased, .erasingResumed: .info
        case .ticketRefused, .originRefused, .requestRefused, .commandsMalformed: .info
        case .tornTail, .queueStalled, .checkpointFailed, .archivingFailed, .logLinesLost: .warning
        case .erasingFailed, .keysExposed, .adminExposed: .warning
        case .startFailed, .journalFailed, .internalFault: .error
        }
    }

    /// Whether somebody else decides how often it happens.
    package var isRepeatable: Bool {
        switch self {
        case .ticketRefused, .originRefused, .requestRefused, .commandsMalformed: true
        case .internalFault, .logLinesLost: true
        case .starting, .limits, .startFailed, .tornTail, .recovered, .listening, .listeningForAdmins: false
        case .signal, .draining, .stopped, .certificateRead, .certificateUnusable: false
        case .configurationRead, .configurationUnusable: false
        case .queueStalled, .queueMoves, .checkpointFailed, .journalFailed: false
        case .archived, .archivingFailed, .erased, .erasingFailed: false
        case .booksCounted, .erasingResumed, .keysExposed, .adminExposed: false
        }
    }

    /// What people read.
    var sentence: String {
        switch self {
        case .starting: "Starting"
        case .limits: "No more than this is taken, whatever is done to the server"
        case .startFailed: "The server cannot start"
        case .tornTail: "The journal's torn tail was cut off; nobody had heard of it"
        case .recovered: "The journal was read"
        case .booksCounted: "Members, communities and sessions were counted in what an older server has left"
        case .erasingResumed: "What a server before this one has begun to erase is being finished"
        case .listening: "Listening"
        case .listeningForAdmins: "Listening for operators"
        case .configurationRead: "Configuration and keys were read again and hold from now on"
        case .configurationUnusable: "The configuration cannot be used; the one before holds"
        case .certificateRead: "The certificate was read again; newcomers are met with it"
        case .certificateUnusable: "The certificate cannot be used; the one before stays"
        case .signal: "A signal came"
        case .draining: "Going away: nobody is accepted any more, everybody is told when to come back"
        case .stopped: "Stopped"
        case .ticketRefused: "A ticket was refused"
        case .originRefused: "A web page of another origin was refused"
        case .requestRefused: "A request was refused"
        case .commandsMalformed: "A connection was closed for malformed commands"
        case .queueStalled: "A queue stands still"
        case .queueMoves: "The queue moves again"
        case .archived: "Sessions that are over were archived, segments that nobody needs removed"
        case .archivingFailed: "Something could not be archived; it stays in the journal"
        case .erased: "What was to be forgotten has left the disk"
        case .erasingFailed: "Something that is to be forgotten is still on the disk"
        case .checkpointFailed: "A checkpoint could not be written; the journal goes on and grows"
        case .journalFailed:
            "The journal cannot be written; the server ends, since it announces nothing unsaved"
        case .internalFault: "Something went wrong in the server itself"
        case .keysExposed: "Others on this machine can get at a file of keys"
        case .adminExposed: "Other machines can reach the listener for operators, which asks for no ticket"
        case .logLinesLost: "Log lines were lost: standard error did not take them"
        }
    }
}

/// How grave a line is.
package enum LogLevel: String, Sendable {
    case info
    case warning
    case error
}

/// One thing that a line says beside its event.
///
/// Never a ticket, a secret, or what somebody wrote. Text of strangers (a request's path) goes through `text` and
/// is cut and escaped there.
package struct LogField: Sendable {
    package enum Value: Sendable {
        case text(String)
        case number(Int64)
    }

    var name: StaticString
    var value: Value

    /// Text, of which at most 200 bytes are shown.
    package static func text(_ name: StaticString, _ text: String) -> LogField {
        LogField(name: name, value: .text(text))
    }

    /// A whole number.
    package static func number(_ name: StaticString, _ number: some BinaryInteger) -> LogField {
        LogField(name: name, value: .number(Int64(clamping: number)))
    }
}
