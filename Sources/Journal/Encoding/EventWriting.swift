import Sessions

/// An event's payload on disk; `EventReading.swift` is its mirror, case by case.
extension ByteWriter {
    /// Writes the event's fields and answers its kind.
    mutating func event(_ event: SessionEvent) -> RecordKind {
        switch event {
        // By far the most frequent.
        case .chatSent(let sent): return write(sent)
        case .created(let created):
            write(created)
            return .created
        case .started(let by):
            seat(by)
            return .started
        case .ending(let by, let endsAt):
            seat(by)
            time(endsAt)
            return .ending
        case .kept(let by):
            seat(by)
            return .kept
        case .ended(let reason, let endedAt):
            code(reason)
            time(endedAt)
            return .ended
        case .archived: return .archived
        case .locked(let by, let locked):
            seat(by)
            flag(locked)
            return .locked
        case .recovered(let downFrom, let newEpoch):
            time(downFrom)
            optional(newEpoch) { $0.number($1.bits) }
            return .recovered
        case .changed(let title, let place, let by):
            text(title)
            text(place)
            seat(by)
            return .changed
        default: return presence(event)
        }
    }

    private mutating func presence(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .joined(let joined):
            write(joined)
            return .joined
        case .attached(let seat):
            self.seat(seat)
            return .attached
        case .detached(let seat, let cause):
            self.seat(seat)
            code(cause)
            return .detached
        case .away(let seat, let cause):
            self.seat(seat)
            code(cause)
            return .away
        case .returned(let seat):
            self.seat(seat)
            return .returned
        case .gone(let seat):
            self.seat(seat)
            return .gone
        case .left(let seat):
            self.seat(seat)
            return .left
        case .removed(let seat, let by):
            self.seat(seat)
            self.seat(by)
            return .removed
        case .labelled(let seat, let by):
            self.seat(seat)
            self.seat(by)
            return .labelled
        case .muted(let seat, let muted, let by):
            self.seat(seat)
            flag(muted)
            self.seat(by)
            return .muted
        default: return hosting(event)
        }
    }

    private mutating func hosting(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .hostChanged(let from, let to, let reason):
            optional(from) { $0.seat($1) }
            optional(to) { $0.seat($1) }
            code(reason)
            return .hostChanged
        case .roleChanged(let seat, let role, let by):
            self.seat(seat)
            code(role)
            self.seat(by)
            return .roleChanged
        case .successionChanged(let order, let by):
            list(order) { $0.seat($1) }
            seat(by)
            return .successionChanged
        case .handoffOffered(let from, let to):
            seat(from)
            seat(to)
            return .handoffOffered
        case .handoffDeclined(let by):
            seat(by)
            return .handoffDeclined
        case .handoffWithdrawn(let by, let to):
            seat(by)
            seat(to)
            return .handoffWithdrawn
        case .floorTaken(let seat, let until):
            self.seat(seat)
            time(until)
            return .floorTaken
        case .floorYielded(let by):
            optional(by) { $0.seat($1) }
            return .floorYielded
        default: return round(event)
        }
    }

    private mutating func round(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .breakoutsOpened(let opened):
            write(opened)
            return .breakoutsOpened
        case .breakoutsExtended(let closesAt, let by):
            time(closesAt)
            seat(by)
            return .breakoutsExtended
        case .breakoutsWarning: return .breakoutsWarning
        case .breakoutsClosing(let closesAt, let by):
            time(closesAt)
            optional(by) { $0.seat($1) }
            return .breakoutsClosing
        case .breakoutsClosed(let placements, let by):
            list(placements) { $0.placement($1) }
            optional(by) { $0.seat($1) }
            return .breakoutsClosed
        case .breakoutsUndone(let placements, let by):
            list(placements) { $0.placement($1) }
            seat(by)
            return .breakoutsUndone
        case .breakoutsAnnounced(let by):
            seat(by)
            return .breakoutsAnnounced
        default: return rooms(event)
        }
    }

    private mutating func rooms(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .moved(let seat, let from, let to, let reason, let by):
            self.seat(seat)
            room(from)
            room(to)
            code(reason)
            optional(by) { $0.seat($1) }
            return .moved
        case .confirmed(let seat, let room, let seen):
            self.seat(seat)
            self.room(room)
            flag(seen)
            return .confirmed
        case .roomAdded(let room, let setup, let by):
            self.room(room)
            self.setup(setup)
            seat(by)
            return .roomAdded
        case .roomRenamed(let room, let name, let by):
            self.room(room)
            text(name)
            seat(by)
            return .roomRenamed
        case .roomRemoved(let room, let placements, let by):
            self.room(room)
            list(placements) { $0.placement($1) }
            seat(by)
            return .roomRemoved
        case .signalled(let seat, let signal):
            self.seat(seat)
            optional(signal) { $0.code($1) }
            return .signalled
        case .passed(let seat, let pass):
            self.seat(seat)
            flag(pass)
            return .passed
        default: return chat(event)
        }
    }

    private mutating func chat(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .chatEdited(let message, let by):
            number(message)
            seat(by)
            return .chatEdited
        case .chatDeleted(let message, let by):
            number(message)
            seat(by)
            return .chatDeleted
        case .chatReacted(let message, let emoji, let added, let by):
            number(message)
            text(emoji)
            flag(added)
            seat(by)
            return .chatReacted
        case .chatSettings(let locked, let slowSeconds, let by):
            flag(locked)
            number(slowSeconds)
            seat(by)
            return .chatSettings
        default: return help(event)
        }
    }

    private mutating func help(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .helpAsked(let asked):
            seat(asked.from)
            room(asked.room)
            flag(asked.unnamed)
            return .helpAsked
        case .helpClaimed(let help, let of, let by):
            number(help)
            seat(of)
            seat(by)
            return .helpClaimed
        case .helpResolved(let help, let of, let by):
            number(help)
            seat(of)
            seat(by)
            return .helpResolved
        case .helpWithdrawn(let help, let of):
            number(help)
            seat(of)
            return .helpWithdrawn
        case .handRaised(let seat):
            self.seat(seat)
            return .handRaised
        case .handLowered(let seat, let by):
            self.seat(seat)
            self.seat(by)
            return .handLowered
        default: return attendance(event)
        }
    }

    private mutating func attendance(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .attendanceClaimed(let seat, let time):
            self.seat(seat)
            interval(time)
            return .attendanceClaimed
        case .attendanceAccepted(let seat, let by):
            self.seat(seat)
            self.seat(by)
            return .attendanceAccepted
        case .attendanceMarked(let seat, let time, let present, let by):
            self.seat(seat)
            interval(time)
            flag(present)
            self.seat(by)
            return .attendanceMarked
        case .personErased(let seat, let pseudonym, let epoch):
            self.seat(seat)
            person(pseudonym)
            number(epoch.bits)
            return .personErased
        case .sessionErased: return .sessionErased
        default: preconditionFailure("an event without a spelling")
        }
    }

    /// What concerns no single session.
    mutating func event(_ event: BooksEvent) -> RecordKind {
        switch event {
        case .personRenamed(let person, let pseudonym):
            self.person(person)
            self.person(pseudonym)
            return .personRenamed
        case .attendanceForgotten(let before):
            time(before)
            return .attendanceForgotten
        case .wordsForgotten(let before):
            time(before)
            return .wordsForgotten
        }
    }

    private mutating func write(_ created: Created) {
        raw(created.id.text.utf8)
        number(created.epoch.bits)
        text(created.community)
        text(created.title)
        text(created.place)
        flag(created.isRehearsal)
    }

    private mutating func write(_ joined: Joined) {
        person(joined.person)
        text(joined.name)
        text(joined.school)
        code(joined.ticketRole)
        room(joined.room)
    }

    private mutating func write(_ opened: BreakoutsOpened) {
        number(opened.round)
        code(opened.mode)
        list(opened.rooms) { $0.setup($1) }
        list(opened.placements) { $0.placement($1) }
        optional(opened.closesAt) { $0.time($1) }
        time(opened.closing)
        code(opened.late)
        flag(opened.hostsRead)
        number(opened.seed)
        seat(opened.by)
    }

    /// A message's place tells its kind, so that what was written before there were direct messages reads as ever.
    private mutating func write(_ sent: ChatSent) -> RecordKind {
        seat(sent.from)
        let kind: RecordKind
        switch sent.place {
        case .room(let room):
            self.room(room)
            kind = .chatSent
        case .direct(let to):
            seat(to)
            kind = .directSent
        }
        optional(sent.replyTo) { $0.number($1) }
        optional(sent.key) { $0.text($1) }
        return kind
    }

    mutating func interval(_ interval: Interval) {
        time(interval.from)
        time(interval.to)
    }

    mutating func setup(_ setup: RoomSetup) {
        text(setup.name)
        text(setup.task)
        text(setup.place)
    }

    mutating func placement(_ placement: Placement) {
        seat(placement.seat)
        room(placement.room)
    }
}
