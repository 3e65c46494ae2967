package import Sessions

extension RefusalCode {
    /// What is said to the person whose command was turned down.
    package var sentence: JSONLiteral {
        switch self {
        case .unknownCommand: "This server does not know this command."
        case .unknownField: "This command has a field that this server does not know."
        case .badValue: "A field of this command is missing, or has a value that it cannot have."
        case .tooLong: "A text in this command is too long."
        case .slowDown: "That was too much at once. Please wait a moment."
        case .notHost: "Only the host may do this."
        case .hostsOnly: "Only the host and the co-hosts may do this."
        case .notEligible: "Only somebody who may lead this session may do this."
        case .notOwner: "Only the session's owner may take it back."
        case .observersOnlyWatch: "Observers watch and do not take part."
        case .notLive: "This is possible once the session has started."
        case .alreadyLive: "The session has started already."
        case .ended: "The session has ended."
        case .notEnding: "The session is not about to end."
        case .locked: "The session is locked for newcomers."
        case .tooLate: "It is too late to undo this."
        case .noSuchPerson: "Nobody of that id is in this session."
        case .noSuchRoom: "There is no such room."
        case .noSuchMessage: "There is no such message in this room, or it is too old."
        case .notInRoom: "You are not in that room."
        case .notReadable: "You may not read that room."
        case .alreadyHost: "This person leads the session already."
        case .alreadyCohost: "This person is a co-host already."
        case .notCohost: "This person is not a co-host."
        case .personNotHere: "This person is not connected right now."
        case .breakoutsOpen: "Breakout rooms are open already."
        case .noBreakouts: "No breakout rooms are open."
        case .noDeadline: "The breakout rooms have no closing time."
        case .roomsClosed: "The breakout rooms are closing."
        case .sessionFull: "The session is full."
        case .tooManyRounds: "This session has had as many rounds of breakout rooms as it may have."
        case .tooManyRooms: "These are more breakout rooms than may be open at once."
        case .serverFull: "The server is full. Please try again later."
        case .ticketExpired: "This link has expired. Please ask for a new one."
        }
    }
}
