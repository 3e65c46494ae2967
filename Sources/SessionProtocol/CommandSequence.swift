/// What a connection remembers of the messages that came on it: the last `id`, whether a join was among them,
/// and how many were malformed.
///
///     (nothing) ── session.join ──▶ joined ── any other command ──▶ joined
package struct CommandSequence: Equatable, Sendable {
    private var lastID: Int64 = 0
    /// A join was decoded on this connection; whether it was granted is another question.
    package private(set) var hasJoin = false
    package private(set) var malformedCount = 0

    package init() {}

    /// Whether so many messages were malformed that the connection is to be closed with 4500.
    package func isExhausted(_ limits: ProtocolLimits) -> Bool { malformedCount >= limits.malformedMessages }

    /// Takes the next id, which must be above all before it.
    mutating func take(_ id: Int64) throws(MessageFault) {
        guard id > lastID else {
            throw .malformed(id: id, reason: "The id is not above that of the message before.")
        }
        lastID = id
    }

    /// Whether a join, or anything else, may come now.
    func checkTurn(of id: Int64, isJoin: Bool) throws(MessageFault) {
        guard isJoin != hasJoin else {
            throw .outOfTurn(
                id: id,
                reason: isJoin
                    ? "This connection has joined already."
                    : "The first command on a connection is session.join."
            )
        }
    }

    mutating func noteJoin() { hasJoin = true }

    mutating func noteMalformed() { malformedCount += 1 }
}
