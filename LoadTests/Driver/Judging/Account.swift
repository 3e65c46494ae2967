import Sessions

/// Where everybody is and who leads, as the pushes tell it; folded in the order of their numbers.
struct Account {
    var rooms: [Int: RoomID] = [:]
    /// The room before, for words that come after a room has closed.
    var before: [Int: RoomID] = [:]
    var roles: [Int: String] = [:]
    var host: Int?
    var openRooms: Set<RoomID> = []
    var closesAt: Int64?

    /// Takes the next push, and says what in it cannot follow those before.
    mutating func take(_ told: Told) -> String? {
        switch told.change {
        case .joined(let person, let role, let room):
            rooms[person] = room
            roles[person] = role
        case .moved(let person, let room): move(person, to: room)
        case .opened(_, let rooms, let placed, let closesAt):
            openRooms = Set(rooms)
            self.closesAt = closesAt
            move(placed)
        case .closed(let placed, _):
            openRooms = []
            closesAt = nil
            move(placed)
            let lost = rooms.filter { $0.value != .main }.keys
            if let lost = lost.min() { return "somebody (person \(lost + 1)) is in a room that has closed" }
        case .roomAdded(let room): openRooms.insert(room)
        case .roomRemoved(let room, let placed):
            openRooms.remove(room)
            move(placed)
        case .closesAt(let moment): closesAt = moment
        case .removed(let person): move(person, to: .main)
        case .host(let from, let to): return changeHost(from: from, to: to)
        case .role(let person, let role): roles[person] = role
        case .started, .ended, .chat, .chatChanged, .forHosts, .forAll: break
        }
        return nil
    }

    /// How long, in milliseconds, the rooms are open beyond their time when something else is told; once for each time.
    mutating func overdue(at told: Told) -> Int64? {
        if case .closed = told.change { return nil }
        guard let closesAt, told.at - closesAt > Self.closingAllowed else { return nil }
        self.closesAt = nil
        return told.at - closesAt
    }

    /// A round may close so much before or after its time, in milliseconds.
    static let closingAllowed: Int64 = 1_000

    /// How long after its time a round closed, in milliseconds; nil when it was not closed by the clock.
    func lateness(of told: Told) -> Int64? {
        guard case .closed(_, byItself: true) = told.change, let closesAt else { return nil }
        return told.at - closesAt
    }

    private mutating func changeHost(from: Int?, to: Int?) -> String? {
        defer {
            if let from { roles[from] = "cohost" }
            if let to { roles[to] = "host" }
            host = to
        }
        guard from != host else { return nil }
        return "the host role passes on from \(from.map { "person \($0 + 1)" } ?? "nobody"), "
            + "but \(host.map { "person \($0 + 1)" } ?? "nobody") had it"
    }

    private mutating func move(_ placed: [Int: RoomID]) {
        for (person, room) in placed { move(person, to: room) }
    }

    private mutating func move(_ person: Int, to room: RoomID) {
        before[person] = rooms[person]
        rooms[person] = room
    }

    static func name(_ room: RoomID) -> String {
        switch room {
        case .main: "main"
        case .hosts: "hosts"
        case .breakout(let round, let number): "b\(round)-\(number)"
        }
    }
}

/// Who is to hear a push.
enum Audience {
    case everybody
    case hosts(also: Set<Int>)
    /// The hosts, and of the others whoever asked, which not everybody is told.
    case hostsAtLeast
    /// Those in the room, or if it has closed those who were in it, and these.
    /// Not exact: somebody else may hear it, of whom nothing is told.
    case room(RoomID, isOpen: Bool, also: Set<Int>, isExact: Bool)
    case persons(Set<Int>)

    /// Whether it is for this person; nil when it may be.
    func contains(_ person: Int, _ account: Account) -> Bool? {
        switch self {
        case .everybody: true
        case .hostsAtLeast: account.isHosting(person) ? true : nil
        case .hosts(let also): also.contains(person) || account.isHosting(person)
        case .room(let room, let isOpen, let also, let isExact):
            if also.contains(person) || (isOpen ? account.rooms[person] : account.before[person]) == room {
                true
            } else {
                isExact ? false : nil
            }
        case .persons(let persons): persons.contains(person)
        }
    }
}

extension Account {
    func isHosting(_ person: Int) -> Bool { roles[person] == "host" || roles[person] == "cohost" }

    /// Who hears a push, judged behind its change, as the table in the protocol's description says.
    func audience(of told: Told, _ chats: [Int: Told.Chat]) -> Audience {
        switch told.change {
        case .chat(let chat): audience(of: chat, also: [chat.from])
        case .chatChanged(let message, let by):
            chats[message].map { audience(of: $0, also: [$0.from, by ?? $0.from], isExact: by != nil) }
                ?? .everybody
        case .forHosts(let also): told.name.hasPrefix("help.") ? .hostsAtLeast : .hosts(also: Set(also))
        default: .everybody
        }
    }

    private func audience(of chat: Told.Chat, also: Set<Int>, isExact: Bool = true) -> Audience {
        switch chat.place {
        case .room(.main): .everybody
        case .room(.hosts): .hosts(also: [])
        case .room(let room): .room(room, isOpen: openRooms.contains(room), also: also, isExact: isExact)
        case .direct(let to): .persons([chat.from, to])
        }
    }
}
