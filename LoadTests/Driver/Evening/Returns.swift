/// Who is awaited after a storm or a restart.
struct Returns {
    private struct Awaited {
        /// When each loses their connection.
        var lostAt: [Int: Int64]
        /// The last of these moments.
        var from: Int64
    }

    private var awaited: [Awaited] = []
    /// The longest time from the last lost connection until all were back, in microseconds; nil when nobody was lost.
    private(set) var longest: Int64?

    /// These people lose their connections at these moments; microseconds since the run began.
    mutating func expect(_ lostAt: [Int: Int64]) {
        if let last = lostAt.values.max() { awaited.append(Awaited(lostAt: lostAt, from: last)) }
    }

    /// Somebody is in the session again.
    mutating func isBack(_ person: Int, at now: Int64) {
        for index in awaited.indices {
            guard let lost = awaited[index].lostAt[person], now >= lost else { continue }
            awaited[index].lostAt[person] = nil
            guard awaited[index].lostAt.isEmpty else { continue }
            longest = max(longest ?? 0, now - awaited[index].from)
        }
        awaited.removeAll(where: \.lostAt.isEmpty)
    }

    /// Somebody had lost the connection already, in another way, when it was to be lost.
    mutating func spare(_ person: Int) {
        for index in awaited.indices { awaited[index].lostAt[person] = nil }
        awaited.removeAll(where: \.lostAt.isEmpty)
    }

    /// People who are awaited still.
    var missing: Int { awaited.reduce(0) { $0 + $1.lostAt.count } }
}
