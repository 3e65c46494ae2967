package import Fanout
package import Sessions

/// What waits for the engine when more has come than it works off at once: a line for each session, served in turn.
///
/// One session that asks for all that the engine can do is then only ever ahead of another by one command. Within a line
/// the order is kept, and all of a connection is in one line: that of the session that it has joined or asks to join.
package struct Turns {
    /// One session's, in their order.
    private struct Line {
        /// Nil where one was taken from.
        private var inbounds: ContiguousArray<Inbound?> = []
        /// The first that has not been taken.
        private var head = 0
        /// A line that was longer gives its memory back at once.
        private static let kept = 32

        var count: Int { inbounds.count - head }

        mutating func append(_ inbound: Inbound) {
            inbounds.append(inbound)
        }

        mutating func takeFirst() -> Inbound? {
            let first = inbounds[head].take()
            head += 1
            if head == inbounds.count {
                inbounds.removeAll(keepingCapacity: inbounds.capacity <= Self.kept)
                head = 0
            } else if head >= 64, head * 2 >= inbounds.count {
                inbounds.removeFirst(head)
                head = 0
            }
            return first
        }

        /// Makes room for so many before the first; where others were taken from there is some.
        mutating func openFront(for count: Int) {
            guard head < count else { return }
            inbounds.insert(contentsOf: repeatElement(nil, count: count - head), at: 0)
            head = count
        }

        /// Into the room before the first.
        mutating func prepend(_ inbound: Inbound) {
            head -= 1
            inbounds[head] = inbound
        }
    }

    /// By the number of their lane.
    private var lines = ContiguousArray(repeating: Line(), count: Lane.count + 1)
    /// Those with something in them in the order of their turns, from `next` on.
    private var order: [Lane] = []
    private var next = 0
    /// Where the others of a connection belong whose join waits here.
    private var joining: [ConnectionID: Lane] = [:]
    /// How many wait in all lines.
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// How many wait in one line.
    package func count(in lane: Lane) -> Int {
        lines[lane.number].count
    }

    /// Puts it at the end of its line, and answers which that is.
    ///
    /// `lane` tells where a connection belongs that is on a seat.
    @discardableResult
    package mutating func append(_ inbound: Inbound, lane: (ConnectionID) -> Lane?) -> Lane {
        let line = line(of: inbound, lane)
        if lines[line.number].count == 0 { order.append(line) }
        lines[line.number].append(inbound)
        count += 1
        return line
    }

    /// Puts those that were taken last, and not worked off, back to the front of their lines.
    package mutating func putBack(_ inbounds: ArraySlice<Inbound>, lane: (ConnectionID) -> Lane?) {
        let belonging = inbounds.map { line(of: $0, lane) }
        var sizes: [Lane: Int] = [:]
        for line in belonging { sizes[line, default: 0] += 1 }
        for line in belonging {
            // Each line once, at its first.
            guard let size = sizes.removeValue(forKey: line) else { continue }
            if lines[line.number].count == 0 { order.append(line) }
            lines[line.number].openFront(for: size)
        }
        for (inbound, line) in zip(inbounds, belonging).reversed() { lines[line.number].prepend(inbound) }
        count += inbounds.count
    }

    /// Moves the first of each line in turn to the end of `batch`, and so on until it holds `limit`.
    package mutating func take(atMost limit: Int, into batch: inout [Inbound]) {
        while batch.count < limit, next < order.count {
            let line = order[next]
            next += 1
            guard let first = lines[line.number].takeFirst() else { continue }
            batch.append(first)
            count -= 1
            if lines[line.number].count > 0 { order.append(line) }
        }
        if next * 2 >= order.count {
            order.removeFirst(next)
            next = 0
        }
        if isEmpty { rest() }
    }

    /// Nobody waits any more.
    private mutating func rest() {
        // Whoever has joined is known by the seat from here on.
        joining.removeAll()
        // Of a thousand lines each would keep some kilobytes, which an idle server has for its connections.
        for line in lines.indices { lines[line] = Line() }
    }

    /// Where it belongs; a join, and the end of a connection, change where what comes behind it does.
    private mutating func line(of inbound: Inbound, _ lane: (ConnectionID) -> Lane?) -> Lane {
        switch inbound {
        case .join(let connection, _, let session, _, _):
            let line = Lane(session)
            joining[connection] = line
            return line
        case .command(let connection, _, _, _):
            // As a rule nobody is joining, and a dictionary costs something even to find nothing.
            return (joining.isEmpty ? nil : joining[connection]) ?? lane(connection) ?? .rest
        case .closed(let connection, _):
            return joining.removeValue(forKey: connection) ?? lane(connection) ?? .rest
        case .errand, .change: return .rest
        }
    }
}

/// Which line a session's inbounds wait in; now and then two sessions share one.
package struct Lane: Hashable, Sendable {
    /// So many are for sessions.
    package static let count = 1_024
    /// That of everything that belongs to no session.
    package static let rest = Lane(number: count)

    /// From 0 to `count`.
    package let number: Int

    private init(number: Int) {
        self.number = number
    }

    /// By the session's id (FNV-1a over its bytes).
    package init(_ session: SessionID) {
        let hash = session.text.utf8.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        number = Int((hash ^ hash >> 16) % UInt32(Self.count))
    }
}
