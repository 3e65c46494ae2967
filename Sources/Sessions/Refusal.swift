/// A command turned down: answered with its code, the state untouched, the connection stays.
package struct Refusal: Error, Equatable, Sendable {
    package var code: RefusalCode
    /// The field at fault, for codes about one.
    package var field: String?
    /// How long to wait before asking again.
    package var retryAfter: Milliseconds?

    package init(_ code: RefusalCode, field: String? = nil, retryAfter: Milliseconds? = nil) {
        self.code = code
        self.field = field
        self.retryAfter = retryAfter
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
    case observersOnlyWatch

    // When
    case notLive
    case alreadyLive
    case ended
    case notEnding
    case locked
    case tooLate

    // What it is about
    case noSuchPerson
    case noSuchRoom
    case noSuchMessage
    case notInRoom
    case notReadable
    case alreadyHost
    case alreadyCohost
    case notCohost
    case personNotHere
    case breakoutsOpen
    case noBreakouts
    case noDeadline
    case roomsClosed

    // Limits
    case sessionFull
    case tooManyRounds
    case tooManyRooms
    case serverFull

    // Coming in
    case ticketExpired
}
