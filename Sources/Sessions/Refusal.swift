/// A command turned down: answered with its code, the state untouched, the connection stays.
package struct Refusal: Error, Equatable, Sendable {
    package var code: RefusalCode
    /// The field at fault, for codes about one.
    package var field: String?
    /// How long to wait before asking again.
    package var retryAfter: Milliseconds?
    /// What others have changed since the state that the command rests on; of `stale` alone.
    package var changed: [Edit] = []

    package init(_ code: RefusalCode, field: String? = nil, retryAfter: Milliseconds? = nil) {
        self.code = code
        self.field = field
        self.retryAfter = retryAfter
    }

    /// The command rests on a state that others have changed since.
    package init(staleBecauseOf changed: [Edit]) {
        code = .stale
        self.changed = changed
    }
}

/// Why a command was turned down.
///
/// The raw value is the code on the wire; `Protocol/codes.md` gives cause and cure.
package enum RefusalCode: String, CaseIterable, Sendable {
    // The command itself
    case unknownCommand
    case unknownField
    case badValue
    case tooLong
    case slowDown

    // Who asks
    case notHost
    case hostsOnly
    case notEligible
    case notOwner
    case notYours
    case observersOnlyWatch
    case muted
    case chatLocked
    case removed

    // When
    case notLive
    case alreadyLive
    case ended
    case notEnding
    case locked
    case tooLate
    case stale

    // What it is about
    case noSuchPerson
    case noSuchRoom
    case noSuchMessage
    case noSuchHelp
    case notInRoom
    case notReadable
    case alreadyHost
    case alreadyCohost
    case notCohost
    case noOffer
    case noFloor
    case personNotHere
    case breakoutsOpen
    case noBreakouts
    case noDeadline
    case roomsClosed
    case lastRoom
    case alreadyAsked
    case alreadyClaimed
    case noClaim

    // Limits
    case sessionFull
    case tooManyRounds
    case tooManyRooms
    case tooManyReactions
    case tooManyRequests
    case tooManyClaims
    case tooManyMarks
    case serverFull

    // Coming in
    case ticketExpired
    /// A ticket for rehearsals, and a session that is none; or the other way round.
    case rehearsalMismatch
}
