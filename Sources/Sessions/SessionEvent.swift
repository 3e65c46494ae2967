/// What happened in a session: durable, numbered, applied by `Session.apply` and by nothing else.
///
/// Seats stand for persons (the order of joining is the order of seats), so that an event is small. What a person
/// wrote in a chat is not in the event but beside it (`Occurrence.text`), so that it can be forgotten.
package indirect enum SessionEvent: Equatable, Sendable {
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
    /// The session's title and place are these now.
    case changed(title: Text, place: Text, by: SeatID)
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
    /// A host has sent the person away for good: out of every room, and never in again.
    case removed(SeatID, by: SeatID)
    /// What stands beside a person's name; the words are in `Occurrence.text`.
    case labelled(SeatID, by: SeatID)
    case muted(SeatID, muted: Bool, by: SeatID)

    // Hosting
    case handoffOffered(from: SeatID, to: SeatID)
    case handoffDeclined(by: SeatID)
    case handoffWithdrawn(by: SeatID, to: SeatID)
    case hostChanged(from: SeatID?, to: SeatID?, reason: HostChangeReason)
    case roleChanged(SeatID, role: Role, by: SeatID)
    case successionChanged([SeatID], by: SeatID)
    /// A co-host steps in; a sign that gives no rights.
    case floorTaken(SeatID, until: Milliseconds)
    /// `by` is nil when the time ran out.
    case floorYielded(by: SeatID?)

    // Breakouts
    case breakoutsOpened(BreakoutsOpened)
    case roomAdded(RoomID, RoomSetup, by: SeatID)
    case roomRenamed(RoomID, name: Text, by: SeatID)
    case roomRemoved(RoomID, placements: [Placement], by: SeatID)
    case moved(SeatID, from: RoomID, to: RoomID, reason: MoveReason, by: SeatID?)
    case breakoutsExtended(closesAt: Milliseconds, by: SeatID)
    /// Words for all rooms; they are in `Occurrence.text`.
    case breakoutsAnnounced(by: SeatID)
    case breakoutsWarning
    case breakoutsClosing(closesAt: Milliseconds, by: SeatID?)
    /// `by` is nil when the time was up or the session ended.
    case breakoutsClosed(placements: [Placement], by: SeatID?)
    case breakoutsUndone(placements: [Placement], by: SeatID)
    /// A seat's client shows the room; nobody hears (hosts get a notice).
    case confirmed(SeatID, room: RoomID, seen: Bool)
    /// What a seat says of its room's work; nobody hears (hosts get a notice).
    case signalled(SeatID, signal: RoomSignal?)
    /// Somebody sits out, or takes part again.
    case passed(SeatID, pass: Bool)

    // Help and hands
    /// The words are in `Occurrence.text`; the request is named by this event's `seq`.
    case helpAsked(HelpAsked)
    case helpClaimed(HelpID, of: SeatID, by: SeatID)
    case helpResolved(HelpID, of: SeatID, by: SeatID)
    case helpWithdrawn(HelpID, of: SeatID)
    case handRaised(SeatID)
    case handLowered(SeatID, by: SeatID)

    // Chat
    case chatSent(ChatSent)
    /// The new words are in `Occurrence.text`.
    case chatEdited(MessageID, by: SeatID)
    case chatDeleted(MessageID, by: SeatID)
    case chatReacted(MessageID, emoji: Text, added: Bool, by: SeatID)
    case chatSettings(locked: Bool, slowSeconds: Int, by: SeatID)

    // Attendance
    /// Somebody was in the video without being seen here, and says so.
    case attendanceClaimed(SeatID, Interval)
    /// All that the seat claims and nobody has accepted yet.
    case attendanceAccepted(SeatID, by: SeatID)
    /// A host knows better; the reason is in `Occurrence.text`.
    case attendanceMarked(SeatID, Interval, present: Bool, by: SeatID)

    // Forgetting
    /// Who sat there is forgotten: a pseudonym takes the place of the id, name, school and words are gone.
    ///
    /// What clients remember of the session is void with it (`newEpoch`).
    case personErased(SeatID, as: PersonID, newEpoch: Epoch)
    /// The session is gone with all that it held; like `archived`, but nothing stays.
    case sessionErased
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
