/// The last events with the audience that each had, so that a client that was away can be told what it missed.
///
/// A message's words are not kept here: they are looked up in the message log, so that what is deleted there is gone
/// here. Words that cannot be taken back (announcements, labels, what help was asked for) are.
package struct Backlog: Equatable, Sendable {
    package private(set) var entries: [BacklogEntry] = []
    package private(set) var bytes = 0
    /// The last event that is no longer here: a client that has heard it, or later ones, can be told the rest.
    package private(set) var reachesBackTo = 0

    mutating func append(_ entry: consuming BacklogEntry) {
        bytes += entry.weight
        entries.append(consume entry)
        let overEvents = entries.count > StateBounds.backlogEvents
        let overBytes = bytes > StateBounds.backlogBytes
        guard overEvents || overBytes else { return }
        // Only what is over its bound is brought below it: long messages must not cost all the short ones.
        let eventsLeft =
            overEvents ? StateBounds.backlogEvents - StateBounds.backlogEventsDroppedAtOnce : .max
        let bytesLeft = overBytes ? StateBounds.backlogBytes - StateBounds.backlogBytesDroppedAtOnce : .max
        var dropped = 0
        while dropped < entries.count, entries.count - dropped > eventsLeft || bytes > bytesLeft {
            bytes -= entries[dropped].weight
            reachesBackTo = entries[dropped].seq
            dropped += 1
        }
        entries.removeFirst(dropped)
    }

    /// The events after `seq`; nil when some of them are no longer here.
    package func after(_ seq: Int) -> ArraySlice<BacklogEntry>? {
        guard seq >= reachesBackTo else { return nil }
        guard let first = entries.firstIndex(where: { $0.seq > seq }) else { return [] }
        return entries[first...]
    }

    /// Rebuilds the backlog from a checkpoint.
    package init(entries: [BacklogEntry] = [], reachesBackTo: Int = 0) {
        self.entries = entries
        self.reachesBackTo = reachesBackTo
        bytes = entries.reduce(0) { $0 + $1.weight }
    }
}

/// One event as it was told.
package struct BacklogEntry: Equatable, Sendable {
    package var seq: Int
    package var at: Milliseconds
    package var event: SessionEvent
    package var heardBy: HeardBy
    /// The bytes of the words that went with it; they count though a message's are not kept here.
    package var textBytes: Int
    /// The words of an event that is no message.
    package var text: Text?

    package init(
        seq: Int,
        at: Milliseconds,
        event: SessionEvent,
        heardBy: HeardBy,
        textBytes: Int,
        text: Text? = nil
    ) {
        self.seq = seq
        self.at = at
        self.event = event
        self.heardBy = heardBy
        self.textBytes = textBytes
        self.text = text
    }

    /// About the bytes that the event takes on the wire; a rule of its own, so that every build drops the same ones.
    var weight: Int {
        let own =
            switch event {
            case .breakoutsOpened(let opened):
                opened.rooms.reduce(64 * opened.placements.count) {
                    $0 + 48 + $1.name.utf8.count + $1.task.utf8.count + $1.place.utf8.count
                }
            case .breakoutsClosed(let placements, _), .breakoutsUndone(let placements, _):
                64 * placements.count
            case .roomRemoved(_, let placements, _): 64 * placements.count
            case .roomAdded(_, let setup, _):
                setup.name.utf8.count + setup.task.utf8.count + setup.place.utf8.count
            case .roomRenamed(_, let name, _): name.utf8.count
            case .changed(let title, let place, _): title.utf8.count + place.utf8.count
            case .joined(let joined): joined.name.utf8.count + joined.school.utf8.count + 64
            case .successionChanged(let order, _): 24 * order.count
            default: 0
            }
        return 96 + own + textBytes
    }
}

/// Who heard an event when it happened.
package enum HeardBy: Equatable, Sendable {
    case everybody
    /// These seats, rising.
    case seats([SeatID])

    package func includes(_ seat: SeatID) -> Bool {
        switch self {
        case .everybody: true
        case .seats(let seats): seats.contains(seat)
        }
    }
}
