/// What happened in a session: durable, numbered, applied by `Session.apply` and by nothing else.
///
/// Seats stand for persons (the order of joining is the order of seats), so that an event is small. What a person
/// wrote in a chat is not in the event but beside it (`Occurrence.text`), so that it can be forgotten.
package enum SessionEvent: Equatable, Sendable {
    // Life
    case created(Created)
    case started(by: SeatID)
    case ending(by: SeatID, endsAt: Milliseconds)
    case kept(by: SeatID)
    /// `endedAt` may lie before the event's own time: a deserted session is dated back.
    case ended(reason: EndReason, endedAt: Milliseconds)
    /// The time for reading is over: the session leaves memory and its id is used up.
    case archived
    case locked(by: SeatID, locked: Bool)
    /// The server was down from `downFrom` until the event's time.
    ///
    /// `newEpoch` when it may have forgotten events that somebody heard: then the numbering begins anew for
    /// its clients.
    case recovered(downFrom: Milliseconds, newEpoch: Epoch?)

    // Presence
    case joined(Joined)
    /// A seat's first connection; nobody hears.
    case attached(SeatID)
    /// A seat's last connection went; nobody hears.
    case detached(SeatID, cause: AwayCause)
    case away(SeatID, cause: AwayCause)
    case returned(SeatID)
    case gone(SeatID)
    case left(SeatID)

    // Hosting
    case hostChanged(from: SeatID?, to: SeatID?, reason: HostChangeReason)
    case roleChanged(SeatID, role: Role, by: SeatID)
    case successionChanged([SeatID], by: SeatID)

    // Breakouts
    case breakoutsOpened(BreakoutsOpened)
    case moved(SeatID, from: RoomID, to: RoomID, reason: MoveReason, by: SeatID?)
    case breakoutsExtended(closesAt: Milliseconds, by: SeatID)
    case breakoutsWarning
    case breakoutsClosing(closesAt: Milliseconds, by: SeatID?)
    case breakoutsClosed(placements: [Placement])
    case breakoutsUndone(placements: [Placement], by: SeatID)
    /// A seat's client shows the room; nobody hears (hosts get a notice).
    case confirmed(SeatID, room: RoomID, seen: Bool)

    // Chat
    case chatSent(ChatSent)
}

/// An event that was decided, and the words that go with it.
package struct Occurrence: Equatable, Sendable {
    package var event: SessionEvent
    /// What a person wrote, kept in a record of its own; nil when the event carries no words or they are forgotten.
    package var text: Text?

    package init(_ event: SessionEvent, text: Text? = nil) {
        self.event = event
        self.text = text
    }
}

/// A session's beginning.
package struct Created: Equatable, Sendable {
    package var id: SessionID
    package var epoch: Epoch
    package var community: Text
    package var title: Text
    package var place: Text

    package init(id: SessionID, epoch: Epoch, community: Text, title: Text, place: Text) {
        self.id = id
        self.epoch = epoch
        self.community = community
        self.title = title
        self.place = place
    }
}

/// A new seat, with its first connection, already in its room.
package struct Joined: Equatable, Sendable {
    package var person: PersonID
    package var name: Text
    package var school: Text
    /// The role that the ticket named.
    ///
    /// The seat's own role follows from it (`Seat.init`).
    package var ticketRole: Role
    package var room: RoomID

    package init(person: PersonID, name: Text, school: Text, ticketRole: Role, room: RoomID) {
        self.person = person
        self.name = name
        self.school = school
        self.ticketRole = ticketRole
        self.room = room
    }

    /// The role that the seat begins with.
    ///
    /// Whoever may lead comes in as a co-host; that nobody leads yet is cured by an event of its own.
    package var seatRole: Role { ticketRole == .host ? .cohost : ticketRole }
}

package enum Role: UInt8, CaseIterable, Sendable {
    case host = 1
    case cohost = 2
    case participant = 3
    case observer = 4
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

/// Where one seat belongs.
package struct Placement: Equatable, Sendable {
    package var seat: SeatID
    package var room: RoomID

    package init(seat: SeatID, room: RoomID) {
        self.seat = seat
        self.room = room
    }
}

/// One opening of breakout rooms, and who goes where.
package struct BreakoutsOpened: Equatable, Sendable {
    package var round: Int
    package var mode: BreakoutMode
    /// In the order of their numbers, from 1.
    package var rooms: [RoomSetup]
    package var placements: [Placement]
    package var closesAt: Milliseconds?
    /// The length of the phase `closing` before `closesAt`.
    package var closing: Milliseconds
    package var late: LatePolicy
    package var hostsRead: Bool
    package var seed: UInt64
    package var by: SeatID

    package init(
        round: Int,
        mode: BreakoutMode,
        rooms: [RoomSetup],
        placements: [Placement],
        closesAt: Milliseconds?,
        closing: Milliseconds,
        late: LatePolicy,
        hostsRead: Bool,
        seed: UInt64,
        by: SeatID
    ) {
        self.round = round
        self.mode = mode
        self.rooms = rooms
        self.placements = placements
        self.closesAt = closesAt
        self.closing = closing
        self.late = late
        self.hostsRead = hostsRead
        self.seed = seed
        self.by = by
    }
}

/// What a room is called and what it is for.
package struct RoomSetup: Equatable, Sendable {
    package var name: Text
    package var task: Text
    /// A link or a short text such as "Zoom: Room 3".
    package var place: Text

    package init(name: Text, task: Text, place: Text) {
        self.name = name
        self.task = task
        self.place = place
    }
}

/// A message, without its words.
package struct ChatSent: Equatable, Sendable {
    package var from: SeatID
    package var room: RoomID
    package var replyTo: MessageID?
    /// The sender's own key for this message, so that sending twice has one effect; ASCII, at most 64 bytes.
    package var key: Text?

    package init(from: SeatID, room: RoomID, replyTo: MessageID?, key: Text?) {
        self.from = from
        self.room = room
        self.replyTo = replyTo
        self.key = key
    }
}

/// A message is named by the `seq` of the event that sent it.
package typealias MessageID = Int
