import Sessions

/// A session's state in a checkpoint; `StateReading.swift` is its mirror, line by line.
///
/// Written with the words apart: what people wrote, and who they are, is no part of the state hash, so that it can be
/// forgotten and the hash still holds.
///
/// Derived values (who is found by person, sums) are not written. The same state always gives the same bytes: the
/// state hash is taken over them.
extension ByteWriter {
    mutating func state(_ state: SessionState) {
        number(state.number)
        raw(state.id.text.utf8)
        number(state.epoch.bits)
        text(state.community)
        text(state.title)
        text(state.place)
        flag(state.isRehearsal)
        optional(state.setBy) { $0.seat($1) }
        code(state.phase)
        time(state.createdAt)
        optional(state.startedAt) { $0.time($1) }
        optional(state.endsAt) { $0.time($1) }
        optional(state.endedAt) { $0.time($1) }
        optional(state.overAt) { $0.time($1) }
        flag(state.locked)
        number(state.seq)
        time(state.lastAt)
        list(state.seats) { $0.seat($1) }
        optional(state.host) { $0.seat($1) }
        list(state.succession) { $0.seat($1) }
        optional(state.offer) {
            $0.seat($1.from)
            $0.seat($1.to)
        }
        optional(state.floor) {
            $0.seat($1.seat)
            $0.time($1.until)
        }
        list(state.edits.entries) { $0.edit($1) }
        list(state.unattached) { $0.seat($1) }
        number(state.attachedCount)
        number(state.peak)
        flag(state.reachedTwo)
        optional(state.fewSince) { $0.time($1) }
        optional(state.fewWaitsFrom) { $0.time($1) }
        list(state.outages) { $0.interval($1) }
        number(state.rounds)
        optional(state.breakouts) { $0.breakouts($1) }
        list(state.rooms) { $0.room($1) }
        list(state.help) { $0.help($1) }
        flag(state.chatLocked)
        number(state.slowSeconds)
        list(state.messages.messages) { $0.message($1) }
        number(state.backlog.reachesBackTo)
        list(state.backlog.entries) { $0.backlogEntry($1) }
    }

    private mutating func seat(_ seat: Seat) {
        person(seat.person)
        text(seat.name)
        text(seat.school)
        code(seat.ticketRole)
        text(seat.label)
        optional(seat.labelledBy) { $0.seat($1) }
        code(seat.role)
        room(seat.room)
        flag(seat.isMuted)
        flag(seat.isRemoved)
        flag(seat.passes)
        optional(seat.handRaisedSeq) { $0.number($1) }
        optional(seat.signal) { $0.code($1) }
        code(seat.presence)
        optional(seat.attachedSince) { $0.time($1) }
        optional(seat.detachedAt) { $0.time($1) }
        code(seat.awayCause)
        list(seat.intervals) { $0.interval($1) }
        list(seat.stays) { $0.stay($1) }
        list(seat.claims) { $0.claim($1) }
        list(seat.marks) { $0.mark($1) }
        optional(seat.previousRoom) { $0.room($1) }
        time(seat.movedAt)
        number(seat.placedRound)
        optional(seat.confirmedRoom) { $0.room($1) }
        flag(seat.confirmedSeen)
        time(seat.chatClock)
        list(seat.keys.all) {
            $0.text($1.key)
            $0.number($1.message)
        }
    }

    private mutating func stay(_ stay: Stay) {
        room(stay.room)
        time(stay.from)
        optional(stay.to) { $0.time($1) }
    }

    private mutating func claim(_ claim: AttendanceClaim) {
        interval(claim.time)
        optional(claim.acceptedBy) { $0.seat($1) }
    }

    private mutating func mark(_ mark: AttendanceMark) {
        interval(mark.time)
        flag(mark.present)
        seat(mark.by)
        optional(mark.reason) { $0.text($1) }
    }

    private mutating func breakouts(_ breakouts: Breakouts) {
        number(breakouts.round)
        code(breakouts.phase)
        code(breakouts.mode)
        number(breakouts.firstRoom)
        time(breakouts.openedAt)
        optional(breakouts.closesAt) { $0.time($1) }
        time(breakouts.closing)
        flag(breakouts.warned)
        code(breakouts.late)
        flag(breakouts.hostsRead)
        number(breakouts.seed)
    }

    private mutating func room(_ room: Room) {
        number(room.round)
        number(room.number)
        setup(room.setup)
        flag(room.hostsRead)
        flag(room.isRemoved)
        flag(room.isUndone)
        optional(room.by) { $0.seat($1) }
        optional(room.namedBy) { $0.seat($1) }
        list(room.visitors) { $0.seat($1) }
        optional(room.lastVisit) {
            $0.seat($1.by)
            $0.time($1.at)
        }
    }

    private mutating func edit(_ edit: Edit) {
        number(edit.seq)
        code(edit.what)
        optional(edit.by) { $0.seat($1) }
    }

    private mutating func help(_ request: HelpRequest) {
        number(request.id)
        time(request.at)
        seat(request.from)
        room(request.room)
        flag(request.unnamed)
        optional(request.claimedBy) { $0.seat($1) }
        optional(request.text) { $0.text($1) }
    }

    private mutating func message(_ message: Message) {
        number(message.id)
        time(message.at)
        seat(message.from)
        switch message.place {
        case .room(let room):
            flag(false)
            self.room(room)
        case .direct(let to):
            flag(true)
            seat(to)
        }
        optional(message.replyTo) { $0.number($1) }
        optional(message.editedAt) { $0.time($1) }
        flag(message.isDeleted)
        optional(message.text) { $0.text($1) }
        list(message.reactions) { writer, reaction in
            writer.text(reaction.emoji)
            writer.list(reaction.seats) { $0.seat($1) }
        }
    }

    private mutating func backlogEntry(_ entry: BacklogEntry) {
        number(entry.seq)
        time(entry.at)
        var payload = ByteWriter(wordsApart: true)
        let kind = payload.event(entry.event)
        code(kind)
        raw(payload)
        switch entry.heardBy {
        case .everybody: flag(true)
        case .seats(let seats):
            flag(false)
            list(seats) { $0.seat($1) }
        }
        number(entry.textBytes)
        optional(entry.text) { $0.text($1) }
    }
}
