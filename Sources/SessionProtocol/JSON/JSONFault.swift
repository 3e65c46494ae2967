/// What makes a message malformed before anybody asks what it means, and at which byte.
package enum JSONFault: Error, Equatable, Sendable {
    /// The message does not begin with an object.
    case notObject(at: Int)
    /// Not UTF-8, a byte order mark, or half of a surrogate pair in an escape.
    case encoding(at: Int)
    /// Not JSON (RFC 8259), or more than one value.
    case syntax(at: Int)
    /// Containers within containers, more than `JSONLimits.maxDepth`.
    case depth(at: Int)
    /// An object of more than `JSONLimits.maxMembers` members.
    case members(at: Int)
    /// A key that its object has already, compared without escapes.
    case duplicateKey(at: Int)
    /// More bytes than the reader takes.
    case tooLong(at: Int)

    /// The byte that is wrong, counted from the beginning of the message.
    package var offset: Int {
        switch self {
        case .notObject(let offset): offset
        case .encoding(let offset): offset
        case .syntax(let offset): offset
        case .depth(let offset): offset
        case .members(let offset): offset
        case .duplicateKey(let offset): offset
        case .tooLong(let offset): offset
        }
    }
}

/// The limits on one JSON message (DESIGN 6).
package enum JSONLimits {
    /// A message from a client that has joined.
    package static let maxBytesFromClient = 65_536
    /// A message from a client that has not joined.
    package static let maxBytesBeforeJoin = 4_096
    /// A message from the server.
    package static let maxBytesFromServer = 1_048_576
    /// Containers within each other; the outermost object is the first.
    package static let maxDepth = 16
    /// Members of one object; `JSONObject` remembers in one word which of them were asked for.
    package static let maxMembers = 64
    /// Integers lie within ± this: what a JavaScript number holds exactly, 2^53 − 1.
    package static let maxInteger: Int64 = 9_007_199_254_740_991

    /// Offsets are kept in 32 bits.
    static let maxBytesEver = Int(Int32.max)
    /// A tape that grew beyond this is not kept for the next message: 16 bytes a node.
    static let maxNodesKept = 4_096
}
