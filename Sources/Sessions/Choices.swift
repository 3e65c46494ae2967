// The choices that events, commands and state share; raw values stand on disk and are never used again.

package enum Role: UInt8, CaseIterable, Sendable {
    case host = 1
    case cohost = 2
    case participant = 3
    case observer = 4

    /// Leads, or may help to.
    package var isHosting: Bool { self == .host || self == .cohost }
}

package enum EndReason: UInt8, CaseIterable, Sendable {
    /// A host ended it.
    case ended = 1
    /// Fewer than two people for a quarter of an hour.
    case deserted = 2
    /// A day has passed since it began.
    case dayOver = 3
    /// A lobby in which nobody was for a week.
    case neverStarted = 4
}

package enum AwayCause: UInt8, CaseIterable, Sendable {
    case closed = 1
    case silent = 2
    case slow = 3
    case server = 4
}

package enum HostChangeReason: UInt8, CaseIterable, Sendable {
    case arrived = 1
    case left = 2
    case dropped = 3
    case accepted = 4
    case given = 5
    case reclaimed = 6
    case removed = 7
}

package enum MoveReason: UInt8, CaseIterable, Sendable {
    case moved = 1
    case entered = 2
    case late = 3
}

package enum BreakoutMode: UInt8, CaseIterable, Sendable {
    case manual = 1
    case even = 2
    case choose = 3
    case mix = 4
}

package enum LatePolicy: UInt8, CaseIterable, Sendable {
    case place = 1
    case main = 2
}

/// What somebody says of the work in their breakout room.
package enum RoomSignal: UInt8, CaseIterable, Sendable {
    case done = 1
    case moreTime = 2
}
