/// All that a session is: a value, changed by `apply` alone, the same for the same events.
package struct SessionState: Equatable, Sendable {
    package var number: SessionNumber
    package var id: SessionID
    package var epoch: Epoch
    package var community: Text
    package var title: Text
    package var place: Text
    /// Whose words title and place are; nil: a ticket's.
    package var setBy: SeatID?
    /// Whoever comes rehearses: it counts in no report, and is erased instead of archived.
    package var isRehearsal: Bool

    package var phase: Phase = .lobby
    package var createdAt: Milliseconds
    package var startedAt: Milliseconds?
    /// When the countdown that a host started runs out.
    package var endsAt: Milliseconds?
    package var endedAt: Milliseconds?
    /// When it was said to be over: later than `endedAt` when that is dated back.
    package var overAt: Milliseconds?
    package var locked = false

    /// The number of the last event.
    package var seq = 0
    /// The time of the last event.
    package var lastAt: Milliseconds

    /// In the order of joining; `SeatID` is the index.
    package var seats: [Seat] = []
    /// Finds a seat by its person.
    ///
    /// Derived from `seats`.
    package var seatByPerson: [PersonID: SeatID] = [:]
    package var host: SeatID?
    package var succession: [SeatID] = []
    /// The host has asked somebody to take over.
    package var offer: HandoffOffer?
    package var floor: Floor?
    /// What hosts have changed of late.
    package var edits = Edits()
    /// Seats whose connections went and who are not yet `gone` or back: the only ones with a timer of presence.
    package var unattached: [SeatID] = []

    /// Seats with a connection, observers not counted.
    package var attachedCount = 0
    /// The most that `attachedCount` has been.
    package var peak = 0
    /// Two people have been here at once, so that being fewer means something.
    package var reachedTwo = false
    /// Since when fewer than two are here; kept only in a live session that two have reached.
    package var fewSince: Milliseconds?
    /// From when on it is waited for others: later than `fewSince` after an outage, since nobody could come in it.
    package var fewWaitsFrom: Milliseconds?
    /// When the server was down while the session lived.
    package var outages: [Interval] = []

    /// The last round number given out.
    package var rounds = 0
    package var breakouts: Breakouts?
    /// The rooms of all rounds, those of the current round last.
    package var rooms: [Room] = []

    /// The requests for help that are open or claimed, in the order of asking.
    package var help: [HelpRequest] = []

    package var chatLocked = false
    /// So long a participant waits between two messages; 0: not at all.
    package var slowSeconds = 0
    package var messages = MessageLog()
    package var backlog = Backlog()

    package init(_ created: Created, number: SessionNumber, at: Milliseconds) {
        self.number = number
        id = created.id
        epoch = created.epoch
        community = created.community
        title = created.title
        place = created.place
        isRehearsal = created.isRehearsal
        createdAt = at
        lastAt = at
    }
}

package enum Phase: UInt8, CaseIterable, Sendable {
    case lobby = 1
    case live = 2
    case ended = 3
}

/// The host role, held out to somebody.
package struct HandoffOffer: Equatable, Sendable {
    package var from: SeatID
    package var to: SeatID

    package init(from: SeatID, to: SeatID) {
        self.from = from
        self.to = to
    }
}

/// Somebody steps in for a while; a sign that gives no rights.
package struct Floor: Equatable, Sendable {
    package var seat: SeatID
    package var until: Milliseconds

    package init(seat: SeatID, until: Milliseconds) {
        self.seat = seat
        self.until = until
    }
}

/// Somebody wants a host to come.
package struct HelpRequest: Equatable, Sendable {
    package var id: HelpID
    package var at: Milliseconds
    package var from: SeatID
    package var room: RoomID
    package var unnamed: Bool
    package var claimedBy: SeatID?
    /// Nil when the words are forgotten.
    package var text: Text?

    package init(
        id: HelpID,
        at: Milliseconds,
        from: SeatID,
        room: RoomID,
        unnamed: Bool,
        claimedBy: SeatID? = nil,
        text: Text?
    ) {
        self.id = id
        self.at = at
        self.from = from
        self.room = room
        self.unnamed = unnamed
        self.claimedBy = claimedBy
        self.text = text
    }
}

/// A length of time; `to` is excluded.
package struct Interval: Equatable, Sendable {
    package var from: Milliseconds
    package var to: Milliseconds

    package init(from: Milliseconds, to: Milliseconds) {
        self.from = from
        self.to = to
    }
}

extension [Interval] {
    /// When there are more than `limit`, makes one of the two that lie closest together; of several such pairs the
    /// earliest.
    mutating func closeSmallestGap(ifMoreThan limit: Int) {
        guard count > limit, count > 1 else { return }
        var later = 1
        for index in indices.dropFirst(2)
        where self[index].from - self[index - 1].to < self[later].from - self[later - 1].to {
            later = index
        }
        self[later - 1].to = self[later].to
        remove(at: later)
    }
}

extension SessionState {
    package subscript(seat: SeatID) -> Seat {
        // In place: a getter and a setter would copy the seat's arrays on each change.
        _read { yield seats[seat.index] }
        _modify { yield &seats[seat.index] }
    }

    /// What people have made that stays for the whole session, messages and rooms, in bytes of memory at most.
    ///
    /// What a seat keeps of its own is not in it.
    package var heldBytes: Int { messages.heldBytes + rooms.count * Room.mostBytes }

    /// May lead: a host or co-host, or somebody whom the host put in the succession.
    package func isEligible(_ seat: SeatID) -> Bool {
        self[seat].role == .host || self[seat].role == .cohost || succession.contains(seat)
    }

    /// The current round's room with this id, unless it was removed.
    package func openRoom(_ id: RoomID) -> Room? {
        guard let breakouts, case .breakout(let round, let number) = id, round == breakouts.round else {
            return nil
        }
        // Asked of what comes from a disk, too: any number, and no sum that could overflow.
        guard number >= 1, number <= rooms.count else { return nil }
        let index = breakouts.firstRoom + number - 1
        guard rooms.indices.contains(index), !rooms[index].isRemoved else { return nil }
        return rooms[index]
    }

    /// The room of any round with this id.
    package func roomIndex(_ id: RoomID) -> Int? {
        rooms.lastIndex { $0.id == id }
    }

    /// The current round's rooms that are open, in the order of their numbers.
    package var openRooms: [Room] {
        guard let breakouts else { return [] }
        return rooms[breakouts.firstRoom...].filter { !$0.isRemoved }
    }

    /// The id of the next room that is added to the current round.
    package var nextRoom: RoomID? {
        breakouts.map { .breakout(round: $0.round, number: rooms.count - $0.firstRoom + 1) }
    }

    /// `main`, or a room of the current round.
    package func exists(_ room: RoomID) -> Bool {
        room == .main || openRoom(room) != nil
    }
}
