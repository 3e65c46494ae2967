import Sessions

/// Who hears and who may read, kept beside a session by the table of the design alone: from the events as they came,
/// and from nothing that the session says of itself.
struct Ledger {
    struct Line {
        var id: MessageID
        var from: SeatID
        var place: ChatPlace
        /// Nil when deleted.
        var words: Text?
        var signs: Int = 0
    }

    private(set) var lines: [Line] = []
    private(set) var count = 0
    private(set) var removed: Set<SeatID> = []
    /// Every breakout room that ever was, in the order of its opening.
    private(set) var rooms: [RoomID] = []
    private(set) var hosting: Set<SeatID> = []
    private var open: Set<RoomID> = []
    private var room: [SeatID: RoomID] = [:]
    private var lastRoom: [SeatID: RoomID] = [:]
    private var wereIn: [RoomID: Set<SeatID>] = [:]
    private var hostsRead: Set<RoomID> = []
    private var hostsReadNow = false

    var seats: [SeatID] { (0..<count).map(SeatID.init) }

    // MARK: - The table

    /// Who may read what stands in a place; for a direct message `from` is the other of the two.
    func readers(of place: ChatPlace, from: SeatID) -> Set<SeatID> {
        switch place {
        case .room(.main): return Set(seats)
        case .room(.hosts): return hosting
        case .room(let room):
            let were = wereIn[room] ?? []
            return hostsRead.contains(room) ? were.union(hosting) : were
        case .direct(let to): return [from, to]
        }
    }

    /// Who hears an event that has just been entered; nil: nobody.
    func hearers(of event: SessionEvent) -> Set<SeatID>? {
        switch event {
        case .created, .archived, .recovered, .attached, .detached, .confirmed, .signalled: return nil
        case .handoffOffered(let one, let other), .handoffWithdrawn(let one, let other):
            return hosting.union([one, other])
        case .handoffDeclined(let one): return hosting.union([one])
        case .helpAsked(let asked): return hosting.union([asked.from])
        case .helpClaimed(_, let of, _), .helpResolved(_, let of, _), .helpWithdrawn(_, let of):
            return hosting.union([of])
        case .chatSent(let sent): return hearers(in: sent.place, from: sent.from, by: sent.from)
        case .chatEdited(let id, let by), .chatDeleted(let id, let by), .chatReacted(let id, _, _, let by):
            return lines.first { $0.id == id }.map { hearers(in: $0.place, from: $0.from, by: by) }
        default: return Set(seats)
        }
    }

    /// Those in a room now; of a room that is gone those who were in it until they came where they are; and whose words
    /// they are, and who has changed them.
    private func hearers(in place: ChatPlace, from: SeatID, by: SeatID) -> Set<SeatID> {
        guard case .room(let room) = place, room != .main, room != .hosts else {
            return readers(of: place, from: from)
        }
        let there = open.contains(room) ? self.room : lastRoom
        return Set(seats.filter { there[$0] == room }).union([from, by])
    }

    // MARK: - Entering events

    mutating func enter(_ entry: SessionEntry) {
        switch entry.event {
        case .joined(let joined):
            let seat = SeatID(count)
            count += 1
            if joined.ticketRole == .host || joined.ticketRole == .cohost { hosting.insert(seat) }
            move(seat, to: joined.room, isNew: true)
        case .removed(let seat, _):
            removed.insert(seat)
            if room[seat] != .main { move(seat, to: .main) }
        case .hostChanged(let from, let to, _): hosting.formUnion([from, to].compactMap { $0 })
        case .roleChanged(let seat, let role, _):
            if role == .cohost { hosting.insert(seat) } else { hosting.remove(seat) }
        case .breakoutsOpened, .roomAdded, .roomRemoved, .breakoutsClosed, .breakoutsUndone:
            change(entry.event)
        case .moved(let seat, _, let to, _, _): move(seat, to: to)
        case .chatSent(let sent):
            lines.append(Line(id: entry.seq, from: sent.from, place: sent.place, words: entry.text))
        case .chatEdited(let id, _): change(id) { $0.words = entry.text }
        case .chatDeleted(let id, _):
            change(id) {
                $0.words = nil
                $0.signs = 0
            }
        case .chatReacted(let id, _, let added, _): change(id) { $0.signs += added ? 1 : -1 }
        default: break
        }
    }

    private mutating func change(_ event: SessionEvent) {
        switch event {
        case .breakoutsOpened(let opened):
            hostsReadNow = opened.hostsRead
            for number in 1...opened.rooms.count { add(.breakout(round: opened.round, number: number)) }
            for placement in opened.placements { move(placement.seat, to: placement.room) }
        case .roomAdded(let room, _, _): add(room)
        case .roomRemoved(let room, let placements, _):
            open.remove(room)
            for placement in placements { move(placement.seat, to: placement.room) }
        case .breakoutsClosed(let placements, _), .breakoutsUndone(let placements, _):
            open = []
            for placement in placements { move(placement.seat, to: placement.room) }
        default: break
        }
    }

    private mutating func add(_ room: RoomID) {
        rooms.append(room)
        open.insert(room)
        if hostsReadNow { hostsRead.insert(room) }
    }

    private mutating func move(_ seat: SeatID, to: RoomID, isNew: Bool = false) {
        if !isNew { lastRoom[seat] = room[seat] }
        room[seat] = to
        wereIn[to, default: []].insert(seat)
    }

    private mutating func change(_ id: MessageID, _ change: (inout Line) -> Void) {
        guard let index = lines.firstIndex(where: { $0.id == id }) else { return }
        change(&lines[index])
    }
}
