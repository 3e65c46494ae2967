import Sessions

/// An event's payload on disk; `EventReading.swift` is its mirror, case by case.
extension ByteWriter {
    /// Writes the event's fields and answers its kind.
    mutating func event(_ event: SessionEvent) -> RecordKind {
        switch event {
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
        default: return presenceOrHosting(event)
        }
    }

    private mutating func presenceOrHosting(_ event: SessionEvent) -> RecordKind {
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
        default: return breakoutsOrChat(event)
        }
    }

    private mutating func breakoutsOrChat(_ event: SessionEvent) -> RecordKind {
        switch event {
        case .breakoutsOpened(let opened):
            write(opened)
            return .breakoutsOpened
        case .moved(let seat, let from, let to, let reason, let by):
            self.seat(seat)
            room(from)
            room(to)
            code(reason)
            optional(by) { $0.seat($1) }
            return .moved
        case .breakoutsExtended(let closesAt, let by):
            time(closesAt)
            seat(by)
            return .breakoutsExtended
        case .breakoutsWarning: return .breakoutsWarning
        case .breakoutsClosing(let closesAt, let by):
            time(closesAt)
            optional(by) { $0.seat($1) }
            return .breakoutsClosing
        case .breakoutsClosed(let placements):
            list(placements) { $0.placement($1) }
            return .breakoutsClosed
        case .breakoutsUndone(let placements, let by):
            list(placements) { $0.placement($1) }
            seat(by)
            return .breakoutsUndone
        case .confirmed(let seat, let room, let seen):
            self.seat(seat)
            self.room(room)
            flag(seen)
            return .confirmed
        case .chatSent(let sent):
            seat(sent.from)
            room(sent.room)
            optional(sent.replyTo) { $0.number($1) }
            optional(sent.key) { $0.text($1) }
            return .chatSent
        default: preconditionFailure("an event without a spelling")
        }
    }

    private mutating func write(_ created: Created) {
        raw(created.id.text.utf8)
        number(created.epoch.bits)
        text(created.community)
        text(created.title)
        text(created.place)
    }

    private mutating func write(_ joined: Joined) {
        raw(joined.person.text.utf8)
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
