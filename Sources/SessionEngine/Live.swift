import Fanout
import SessionProtocol
import Sessions

/// A session with the connections that attach to its seats and the groups that these form.
///
/// Nothing here is durable.
final class Live {
    let session: Session
    /// The line in which what is for it waits.
    let lane: Lane
    /// For each seat its connections, oldest first.
    var connections: [[ConnectionID]] = []
    /// The session's groups that have members.
    var groups: [Group] = []

    /// What the last notices said, and when the next may be sent.
    var told = ToldNotices()
    var noticesFrom: Milliseconds = 0
    /// `noticesFrom` is this session's turn among all that have something to tell.
    var hasNoticeTurn = false
    var countChanged = true
    var owesConfirmed = false
    var owesPulse = false
    /// Those who said of late that they are writing, each once.
    var writing: [Writing] = []
    /// Who is the only one in a room, and since when.
    var alone: [Lonely] = []
    /// When the pulse will change by itself, as far as was known at the last telling.
    var pulseChangesAt: Milliseconds?
    /// Wants a look at the end of the batch.
    var isTouched = false
    /// The part of `state` that everybody gets alike, as of `seq`; until the session is ended for those who
    /// come in one batch.
    var common: (seq: Int, json: [UInt8])?

    init(_ session: Session) {
        self.session = session
        lane = Lane(session.state.id)
    }

    // In place: a getter would hand out a copy of the whole state for each field that somebody looks at.
    var state: SessionState { _read { yield session.state } }

    func connections(of seat: SeatID) -> [ConnectionID] {
        seat.index < connections.count ? connections[seat.index] : []
    }

    func add(_ connection: ConnectionID, to seat: SeatID) {
        while connections.count <= seat.index { connections.append([]) }
        connections[seat.index].append(connection)
    }

    /// Whether the seat has none left.
    func remove(_ connection: ConnectionID, from seat: SeatID) -> Bool {
        connections[seat.index].removeAll { $0 == connection }
        return connections[seat.index].isEmpty
    }
}

/// What the last notices of each kind said; nil: to be told again.
struct ToldNotices {
    var count: AttendanceCount?
    var pulse: [PulseRow]?
}

/// Connections that hear the same: of one session, in one room, of one kind.
struct Group {
    let id: GroupID
    let room: RoomID
    let kind: GroupKind
    /// Its members on each loop.
    var members: [Int]

    var isEmpty: Bool { members.allSatisfy { $0 == 0 } }
}

/// Who hears alike within a room.
enum GroupKind: Equatable {
    case hosts
    case participants
    case observers

    init(_ role: Role) {
        switch role {
        case .host, .cohost: self = .hosts
        case .participant: self = .participants
        case .observer: self = .observers
        }
    }
}

/// How many are here, told as they come and go.
struct AttendanceCount: Equatable {
    var here: Int
    var unique: Int
    var peak: Int
    /// People here in each open room and in `main`; told to hosts.
    var rooms: [RoomCount]

    /// Whether those who are not told of rooms would hear the same again.
    func looksLike(_ other: AttendanceCount?) -> Bool {
        guard let other else { return false }
        return (here, unique, peak) == (other.here, other.unique, other.peak)
    }

    struct RoomCount: Equatable {
        var room: RoomID
        var here: Int
    }
}
