/// What was said at a pace, and when it was acknowledged.
struct BenchAcknowledgements {
    /// Of each message that was acknowledged: when it was due, in nanoseconds of the machine's clock that never jumps;
    /// how late this client said it, and how long after it was due the reply came, both in microseconds.
    private(set) var taken: [[Int]] = []
    /// What nobody has answered yet, by talker and id.
    private var asked: [UInt64: (due: UInt64, said: UInt64)] = [:]

    /// Messages that were said and never acknowledged.
    var missing: Int { asked.count }

    /// A member has said something under this id that was due at this time.
    mutating func ask(_ member: Int, _ id: Int, dueAt due: UInt64) {
        asked[Self.key(member, id)] = (due, BenchCrowd.now())
    }

    /// A reply has come; those to other commands are passed over.
    mutating func take(_ member: Int, _ id: Int, at now: UInt64) {
        guard let (due, said) = asked.removeValue(forKey: Self.key(member, id)) else { return }
        taken.append([Int(due), Int((said - due) / 1_000), Int((now - due) / 1_000)])
    }

    private static func key(_ member: Int, _ id: Int) -> UInt64 { UInt64(member) << 40 | UInt64(id) }
}
