/// What somebody asks of a session, decoded and bounded but not yet judged.
package indirect enum SessionCommand: Equatable, Sendable {
    // Life
    case start
    case end(seconds: Int?)
    case keep
    case leave
    case lock(Bool)
    case set(title: Text?, place: Text?)
    case timeSync

    // Hosting
    case offerHandoff(to: PersonID)
    case acceptHandoff
    case declineHandoff
    case withdrawHandoff
    case giveHost(to: PersonID)
    case reclaimHost
    case addCohost(PersonID)
    case removeCohost(PersonID)
    case setSuccession([PersonID])
    case takeFloor(seconds: Int)
    case yieldFloor

    // Breakouts
    case previewBreakouts(OpenBreakouts)
    case openBreakouts(OpenBreakouts)
    case move(PersonID, to: RoomID)
    case addRoom(RoomPlan)
    case renameRoom(RoomID, name: Text)
    case removeRoom(RoomID)
    case extendBreakouts(seconds: Int)
    case announce(Text)
    case closeBreakouts(seconds: Int?)
    case undoBreakouts
    case enterRoom(RoomID)
    case confirmRoom(RoomID, seen: Bool)
    case signalRoom(RoomSignal?)
    case pass(Bool)

    // Help, hands, people
    case askHelp(Text, unnamed: Bool)
    case claimHelp(HelpID)
    case resolveHelp(HelpID)
    case withdrawHelp(HelpID)
    case raiseHand
    /// Nil: one's own.
    case lowerHand(PersonID?)
    /// Nil: oneself.
    case label(PersonID?, Text)
    case mute(PersonID, Bool)
    case remove(PersonID)

    // Chat
    case sendChat(SendChat)
    case editChat(MessageID, Text)
    case deleteChat(MessageID)
    case reactChat(MessageID, emoji: Text, on: Bool)
    case chatHistory(ChatTarget, before: MessageID?, limit: Int?)
    case chatSettings(locked: Bool?, slowSeconds: Int?)
    /// Nil: in the room that one is in.
    case typing(ChatTarget?)

    // Attendance
    /// Nil: of everybody.
    case reportAttendance(PersonID?)
    case ownAttendance
    case claimAttendance(Interval)
    case acceptAttendance(PersonID)
    case markAttendance(PersonID, Interval, present: Bool, reason: Text)

    /// The command's row in the permission table.
    package var kind: CommandKind {
        switch self {
        case .start: .start
        case .end: .end
        case .keep: .keep
        case .leave: .leave
        case .lock: .lock
        case .set: .set
        case .timeSync: .timeSync
        case .offerHandoff: .offerHandoff
        case .acceptHandoff: .acceptHandoff
        case .declineHandoff: .declineHandoff
        case .withdrawHandoff: .withdrawHandoff
        case .giveHost: .giveHost
        case .reclaimHost: .reclaimHost
        case .addCohost: .addCohost
        case .removeCohost: .removeCohost
        case .setSuccession: .setSuccession
        case .takeFloor: .takeFloor
        case .yieldFloor: .yieldFloor
        case .previewBreakouts: .previewBreakouts
        case .openBreakouts: .openBreakouts
        case .move: .move
        case .addRoom: .addRoom
        case .renameRoom: .renameRoom
        case .removeRoom: .removeRoom
        case .extendBreakouts: .extendBreakouts
        case .announce: .announce
        case .closeBreakouts: .closeBreakouts
        case .undoBreakouts: .undoBreakouts
        case .enterRoom: .enterRoom
        case .confirmRoom: .confirmRoom
        case .signalRoom: .signalRoom
        case .pass: .pass
        case .askHelp: .askHelp
        case .claimHelp: .claimHelp
        case .resolveHelp: .resolveHelp
        case .withdrawHelp: .withdrawHelp
        case .raiseHand: .raiseHand
        case .lowerHand: .lowerHand
        case .label: .label
        case .mute: .mute
        case .remove: .remove
        case .sendChat: .sendChat
        case .editChat: .editChat
        case .deleteChat: .deleteChat
        case .reactChat: .reactChat
        case .chatHistory: .chatHistory
        case .chatSettings: .chatSettings
        case .typing: .typing
        case .reportAttendance: .reportAttendance
        case .ownAttendance: .ownAttendance
        case .claimAttendance: .claimAttendance
        case .acceptAttendance: .acceptAttendance
        case .markAttendance: .markAttendance
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
    /// People who are spread over the rooms first, one a room as far as they go.
    package var facilitators: [PersonID]
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
        facilitators: [PersonID] = [],
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
        self.facilitators = facilitators
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
    package var target: ChatTarget
    package var text: Text
    package var replyTo: MessageID?
    package var key: Text?

    package init(to target: ChatTarget, text: Text, replyTo: MessageID? = nil, key: Text? = nil) {
        self.target = target
        self.text = text
        self.replyTo = replyTo
        self.key = key
    }
}

/// Where somebody writes or reads: a room, or their conversation with one person.
package enum ChatTarget: Hashable, Sendable {
    case room(RoomID)
    case person(PersonID)
}
