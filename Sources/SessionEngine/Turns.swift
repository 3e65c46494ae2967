package import Fanout
package import Sessions

/// What waits for the engine when more has come than it works off at once: a line for each session, served in turn.
///
/// One session that asks for all that the engine can do is then only ever ahead of another by one command. Within a line
/// the order is kept, and all of a connection is in one line: that of the session that it has joined or asks to join.
package struct Turns {
    private struct Line {
        var inbounds: [Inbound] = []
        /// The first that has not been taken.
        var head = 0

        var count: Int { inbounds.count - head }

        /// Where they were taken from there is room, as a rule: a long line is not copied.
        mutating func putBack(_ taken: [Inbound]) {
            let start = max(0, head - taken.count)
            inbounds.replaceSubrange(start..<head, with: taken)
            head = start
        }
    }

    /// Those with something in them.
    private var lines: [Lane: Line] = [:]
    /// The same lines in the order of their turns, from `next` on.
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
        lines[lane]?.count ?? 0
    }

    /// Puts it at the end of its line, and answers which that is.
    ///
    /// `lane` tells where a connection belongs that is on a seat.
    @discardableResult
    package mutating func append(_ inbound: Inbound, lane: (ConnectionID) -> Lane?) -> Lane {
        let line: Lane
        switch inbound {
        case .join(let connection, _, let session, _, _):
            line = Lane(session)
            joining[connection] = line
        case .command(let connection, _, _, _): line = joining[connection] ?? lane(connection) ?? .rest
        case .closed(let connection, _):
            line = joining.removeValue(forKey: connection) ?? lane(connection) ?? .rest
        case .errand, .change: line = .rest
        }
        if lines[line] == nil { order.append(line) }
        lines[line, default: Line()].inbounds.append(inbound)
        count += 1
        return line
    }

    /// Puts those that were taken last, and not worked off, back to the front of their lines.
    package mutating func putBack(_ inbounds: ArraySlice<Inbound>, lane: (ConnectionID) -> Lane?) {
        var fronts = Turns()
        for inbound in inbounds { fronts.append(inbound) { joining[$0] ?? lane($0) } }
        joining.merge(fronts.joining) { known, _ in known }
        for lane in fronts.order {
            guard let front = fronts.lines[lane] else { continue }
            if var line = lines.removeValue(forKey: lane) {
                line.putBack(front.inbounds)
                lines[lane] = line
            } else {
                lines[lane] = front
                order.append(lane)
            }
        }
        count += fronts.count
    }

    /// Moves the first of each line in turn to the end of `batch`, and so on until it holds `limit`.
    package mutating func take(atMost limit: Int, into batch: inout [Inbound]) {
        while batch.count < limit, next < order.count {
            let lane = order[next]
            next += 1
            guard var line = lines.removeValue(forKey: lane) else { continue }
            batch.append(line.inbounds[line.head])
            line.head += 1
            count -= 1
            guard line.count > 0 else { continue }
            if line.head >= 64, line.head * 2 >= line.inbounds.count {
                line.inbounds.removeFirst(line.head)
                line.head = 0
            }
            lines[lane] = line
            order.append(lane)
        }
        if next * 2 >= order.count {
            order.removeFirst(next)
            next = 0
        }
        // Whoever has joined is known by the seat from here on.
        if isEmpty { joining.removeAll() }
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
