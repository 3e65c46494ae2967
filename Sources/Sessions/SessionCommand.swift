/// What somebody asks of a session, decoded and bounded but not yet judged.
package enum SessionCommand: Equatable, Sendable {
    case start
    case end(seconds: Int?)
    case keep
    case leave
    case lock(Bool)
    case timeSync
    case giveHost(to: PersonID)
    case reclaimHost
    case addCohost(PersonID)
    case removeCohost(PersonID)
    case setSuccession([PersonID])
    case openBreakouts(OpenBreakouts)
    case move(PersonID, to: RoomID)
    case extendBreakouts(seconds: Int)
    case closeBreakouts(seconds: Int?)
    case undoBreakouts
    case enterRoom(RoomID)
    case confirmRoom(RoomID, seen: Bool)
    case sendChat(SendChat)
    case chatHistory(room: RoomID, before: MessageID?, limit: Int?)

    /// The command's row in the permission table.
    package var kind: CommandKind {
        switch self {
        case .start: .start
        case .end: .end
        case .keep: .keep
        case .leave: .leave
        case .lock: .lock
        case .timeSync: .timeSync
        case .giveHost: .giveHost
        case .reclaimHost: .reclaimHost
        case .addCohost: .addCohost
        case .removeCohost: .removeCohost
        case .setSuccession: .setSuccession
        case .openBreakouts: .openBreakouts
        case .move: .move
        case .extendBreakouts: .extendBreakouts
        case .closeBreakouts: .closeBreakouts
        case .undoBreakouts: .undoBreakouts
        case .enterRoom: .enterRoom
        case .confirmRoom: .confirmRoom
        case .sendChat: .sendChat
        case .chatHistory: .chatHistory
        }
    }
}

/// What a host asks for when opening rooms; exactly one of `rooms`, `count` and `size` is given.
package struct OpenBreakouts: Equatable, Sendable {
    package var rooms: [RoomPlan]?
    package var count: Int?
    package var size: Int?
    package var mode: BreakoutMode?
    package var seconds: Int?
    package var closing: Int?
    package var late: LatePolicy?
    /// The task of every room that has none of its own.
    package var task: Text
    package var hostsRead: Bool
    package var seed: UInt64?

    package init(
        rooms: [RoomPlan]? = nil,
        count: Int? = nil,
        size: Int? = nil,
        mode: BreakoutMode? = nil,
        seconds: Int? = nil,
        closing: Int? = nil,
        late: LatePolicy? = nil,
        task: Text = .empty,
        hostsRead: Bool = false,
        seed: UInt64? = nil
    ) {
        self.rooms = rooms
        self.count = count
        self.size = size
        self.mode = mode
        self.seconds = seconds
        self.closing = closing
        self.late = late
        self.task = task
        self.hostsRead = hostsRead
        self.seed = seed
    }
}

/// One room as a host plans it.
package struct RoomPlan: Equatable, Sendable {
    package var name: Text?
    package var people: [PersonID]
    package var task: Text?
    package var place: Text

    package init(name: Text? = nil, people: [PersonID] = [], task: Text? = nil, place: Text = .empty) {
        self.name = name
        self.people = people
        self.task = task
        self.place = place
    }
}

/// A message to be sent.
package struct SendChat: Equatable, Sendable {
    package var room: RoomID
    package var text: Text
    package var replyTo: MessageID?
    package var key: Text?

    package init(room: RoomID, text: Text, replyTo: MessageID? = nil, key: Text? = nil) {
        self.room = room
        self.text = text
        self.replyTo = replyTo
        self.key = key
    }
}

/// Who somebody is, as their ticket says, and what it says of the session.
package struct Admission: Equatable, Sendable {
    package var person: PersonID
    package var name: Text
    package var school: Text
    package var role: Role
    package var community: Text
    package var title: Text
    package var place: Text
    /// The ticket is past its `exp`: it takes no new seat, but its holder's seat still answers to it.
    package var isExpired: Bool

    package init(
        person: PersonID,
        name: Text,
        school: Text,
        role: Role,
        community: Text = .empty,
        title: Text = .empty,
        place: Text = .empty,
        isExpired: Bool = false
    ) {
        self.person = person
        self.name = name
        self.school = school
        self.role = role
        self.community = community
        self.title = title
        self.place = place
        self.isExpired = isExpired
    }
}
