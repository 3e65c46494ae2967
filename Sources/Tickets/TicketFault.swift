/// Why a ticket is no ticket.
///
/// On the wire all of them are 4501 alike; the raw value is for the log and for metrics.
package enum TicketFault: String, Error, CaseIterable, Sendable {
    /// More than 4 KiB.
    case tooLong
    /// Not three parts, or not base64url without padding.
    case shape
    /// Signed with another key, or changed since.
    case signature
    /// The header is not a JSON object, its `alg` is not the key's, or it names what must be understood and is not.
    case header
    /// The header names a key that is not among ours, or none where all have names.
    case key
    /// The claims are not a JSON object, have one twice, or lack one.
    case claims
    /// A claim is of the wrong type or holds text that may not stand there.
    case claimValue
    /// It is for other sessions.
    case session
    /// `nbf` lies ahead.
    case notYetValid
    /// An admin's ticket takes no seat, and other tickets open no admin's pages.
    case role
    /// Only for admin tickets: a person's expired ticket is judged by the session.
    case expired
}
