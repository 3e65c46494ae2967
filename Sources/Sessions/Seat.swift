/// A person in a session.
///
/// Room and role belong to the seat, never to a connection; it lasts as long as the session.
package struct Seat: Equatable, Sendable {
    /// A pseudonym once the person is forgotten.
    package var person: PersonID
    package var name: Text
    package var school: Text { didSet { schoolKey = SchoolKey(school) } }
    /// Derived from `school`, for asking who is from one.
    package private(set) var schoolKey: SchoolKey
    package let ticketRole: Role
    package var role: Role
    package var room: RoomID
    /// What stands beside the name; words, so no part of the state hash.
    package var label: Text = .empty
    /// Whose words the label is.
    package var labelledBy: SeatID?
    package var isMuted = false
    /// A host has sent the person away: the seat stays for what it said, and nobody takes it again.
    package var isRemoved = false
    /// Sits out: is not placed by rule.
    package var passes = false
    /// The event with which the hand went up; hands are taken in this order.
    package var handRaisedSeq: Int?
    /// What the person last said of the work in the room; forgotten on leaving it.
    package var signal: RoomSignal?

    package var presence: Presence = .here
    /// Since when the seat has had a connection; nil when it has none.
    package var attachedSince: Milliseconds?
    /// Since when it has had none, as leases and `gone` count it.
    package var detachedAt: Milliseconds?
    package var awayCause: AwayCause = .closed
    /// The times with a connection that are over; the current one begins at `attachedSince`.
    package var intervals: [Interval] = []
    /// When the person was in breakout rooms, as placed there; whether they were connected is another question.
    package var stays: [Stay] = []
    /// When they say to have been here unseen.
    package var claims: [AttendanceClaim] = []
    /// What hosts know of their being here.
    package var marks: [AttendanceMark] = []

    /// Where the seat was before its last move, and when it moved: a message for that room is accepted a little longer.
    package var previousRoom: RoomID?
    package var movedAt: Milliseconds = 0
    /// The last round that this seat has been dealt with in; a lower one than the current marks a late comer.
    package var placedRound = 0
    /// The room that the client last said it shows, and whether its page was visible.
    package var confirmedRoom: RoomID?
    package var confirmedSeen = false

    /// When the seat's chat allowance will be whole again (the theoretical arrival time of the cell rate algorithm).
    package var chatClock: Milliseconds = 0
    /// The keys of the seat's last messages.
    package var keys = MessageKeys()

    package init(_ joined: Joined, at: Milliseconds) {
        person = joined.person
        name = joined.name
        school = joined.school
        schoolKey = SchoolKey(joined.school)
        ticketRole = joined.ticketRole
        role = joined.seatRole
        room = joined.room
        attachedSince = at
    }

    package var isAttached: Bool { attachedSince != nil }

    /// The owner's ticket said `host`.
    package var isOwner: Bool { ticketRole == .host }

    package var isHosting: Bool { role.isHosting }
}

/// What the others are told of somebody's being here.
package enum Presence: UInt8, CaseIterable, Sendable {
    case here = 1
    case away = 2
    case gone = 3
    /// Left on purpose.
    case left = 4
}

/// A seat's time in a breakout room.
package struct Stay: Equatable, Sendable {
    package var room: RoomID
    package var from: Milliseconds
    /// Nil while it lasts.
    package var to: Milliseconds?

    package init(room: RoomID, from: Milliseconds, to: Milliseconds? = nil) {
        self.room = room
        self.from = from
        self.to = to
    }
}

/// When somebody says to have been here unseen.
package struct AttendanceClaim: Equatable, Sendable {
    package var time: Interval
    /// The host who believes it; nil: nobody yet.
    package var acceptedBy: SeatID?

    package init(time: Interval, acceptedBy: SeatID? = nil) {
        self.time = time
        self.acceptedBy = acceptedBy
    }
}

/// What a host knows of somebody's being here.
package struct AttendanceMark: Equatable, Sendable {
    package var time: Interval
    /// False: they were not, whatever their connections say.
    package var present: Bool
    package var by: SeatID
    /// Nil when the words are forgotten.
    package var reason: Text?

    package init(time: Interval, present: Bool, by: SeatID, reason: Text?) {
        self.time = time
        self.present = present
        self.by = by
        self.reason = reason
    }
}
