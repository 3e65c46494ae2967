import Sessions

/// What is to happen when: the acts of everybody, the earliest first; of one moment, in the order they were noted.
struct Agenda {
    private struct Entry {
        let due: Int64
        let order: UInt64
        let act: Act

        func isBefore(_ other: Entry) -> Bool { (due, order) < (other.due, other.order) }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var noted: UInt64 = 0

    /// Microseconds since the run began; nil when nothing is to happen any more.
    var nextDue: Int64? { entries.first?.due }

    mutating func note(_ act: Act, at due: Int64) {
        entries.append(Entry(due: due, order: noted, act: act))
        noted += 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The next act that is due by now.
    mutating func take(dueBy now: Int64) -> (act: Act, due: Int64)? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].isBefore(entries[least]) {
                least = child
            }
            guard least != parent else { break }
            entries.swapAt(parent, least)
            parent = least
        }
        return (first.act, first.due)
    }
}

/// One thing that somebody does, or that befalls them.
enum Act {
    /// A device connects; for the first time, or again.
    case connect(Line, life: Int)
    /// A device's attempt to come in has taken too long.
    case giveUp(Line, life: Int)
    /// Somebody writes.
    case talk(Person)
    /// Somebody says what was put off.
    case sayAgain(Person)
    /// Somebody puts a sign on a message.
    case react(Person, message: Int)
    /// Somebody says that they have found their room.
    case confirm(Line, life: Int, room: RoomID)
    /// Somebody goes into a room of their choice.
    case choose(Person, round: Int)
    /// All devices of somebody lose their connections, for so many microseconds.
    case drop(Person, for: Int64, then: Next)
    /// A link goes dead, or a phone to sleep, for so long.
    case pause(Person, for: Int64)
    case resume(Person, pause: Int)
    /// What is on its way over a long line arrives.
    case arrive(Line, life: Int, bytes: [UInt8])
    case leave(Line, life: Int, bytes: [UInt8])
    /// A slow reader reads a little.
    case sip(Line, life: Int)
    /// A device that has heard nothing for too long calls its connection lost.
    case listen(Line, life: Int)
    /// A host opens the round of this number.
    case open(Gathering, round: Int)
    case dropHost(Gathering, for: Int64)
    case restart
    case storm(Int)
    /// Once a second.
    case measure
    case settle
    case finish
    /// Whether everybody has heard of the end, and every session has reported.
    case awaitEnd(until: Int64)
    /// A step of somebody who practises with a host.
    case practise(Person)
    /// The host who practises is cut off.
    case drill

    /// What follows by itself.
    enum Next {
        case nothing
        /// The next lost connection, at random.
        case another
    }
}
