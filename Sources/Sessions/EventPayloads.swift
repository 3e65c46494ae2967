// What the larger events hold.

/// A session's beginning.
package struct Created: Equatable, Sendable {
    package var id: SessionID
    package var epoch: Epoch
    package var community: Text
    package var title: Text
    package var place: Text
    /// It counts in no report, and is erased instead of archived.
    package var isRehearsal: Bool

    package init(
        id: SessionID,
        epoch: Epoch,
        community: Text,
        title: Text,
        place: Text,
        isRehearsal: Bool = false
    ) {
        self.id = id
        self.epoch = epoch
        self.community = community
        self.title = title
        self.place = place
        self.isRehearsal = isRehearsal
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
    package var place: ChatPlace
    package var replyTo: MessageID?
    /// The sender's own key for this message, so that sending twice has one effect; ASCII, at most 64 bytes.
    package var key: Text?

    package init(from: SeatID, place: ChatPlace, replyTo: MessageID?, key: Text?) {
        self.from = from
        self.place = place
        self.replyTo = replyTo
        self.key = key
    }
}

/// Where a message stands: in a room, or between its sender and one other person.
package enum ChatPlace: Hashable, Sendable {
    case room(RoomID)
    case direct(to: SeatID)
}

/// A message is named by the `seq` of the event that sent it.
package typealias MessageID = Int

/// A request for help, without its words.
package struct HelpAsked: Equatable, Sendable {
    package var from: SeatID
    /// Where the person was when asking.
    package var room: RoomID
    /// The person's name is not to stand on the hosts' screens.
    package var unnamed: Bool

    package init(from: SeatID, room: RoomID, unnamed: Bool) {
        self.from = from
        self.room = room
        self.unnamed = unnamed
    }
}

/// A request for help is named by the `seq` of the event that asked.
package typealias HelpID = Int
