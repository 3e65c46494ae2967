internal import Sessions

/// How a story is told.
struct Manner {
    var zone = Zone.utc
    /// With what people wrote.
    var withText = false
    /// The events whose words were taken back: they are told as gone, whether or not the disk still has them.
    var takenBack: Set<Int> = []
}

/// One event as a sentence for people: who, what, where, and why.
///
/// Names are those behind the event. Who asked for help without their name, or felt the same about a message, is not
/// named: the hosts were not told either.
struct Sentence {
    let entry: SessionEntry
    let cast: Cast
    let former: Former
    let manner: Manner

    /// What an event does away with, and its sentence needs.
    struct Former {
        private(set) var room = ""

        /// To be taken before the event is applied.
        init(_ event: SessionEvent, in state: SessionState?) {
            guard case .roomRenamed(let id, _, _) = event, let state else { return }
            room = Cast(state).room(id)
        }
    }

    /// The sentence, without the time and without a full stop.
    var text: String {
        switch entry.event {
        case .created(let created): return creation(created)
        case .started(let by): return "\(name(by)) started the session"
        case .ending(let by, let at): return "\(name(by)) ends the session: it is over at \(time(at))"
        case .kept(let by): return "\(name(by)) stopped the countdown: the session goes on"
        case .ended(let reason, let at): return end(reason, at)
        case .archived: return "the session left the server's memory: nobody can join it any more"
        case .locked(let by, let locked): return "\(name(by)) \(locked ? "locked" : "unlocked") the session"
        case .changed(let title, let place, let by): return change(title, place, by)
        case .recovered(let since, let epoch): return recovery(since, isNewEpoch: epoch != nil)
        case .joined(let joined): return arrival(joined)
        case .attached(let seat): return "\(name(seat)) back in \(room(of: seat))"
        case .detached(let seat, let cause): return "\(name(seat)) lost the connection (\(cause.word))"
        case .away(let seat, let cause): return "\(name(seat)) is shown as away (\(cause.word))"
        case .returned(let seat): return "\(name(seat)) is shown as here again"
        case .gone(let seat): return "\(name(seat)) is shown as gone"
        case .left(let seat): return "\(name(seat)) left"
        case .removed(let seat, let by): return "\(name(by)) removed \(name(seat))"
        case .labelled(let seat, let by): return label(seat, by)
        case .muted(let seat, let muted, let by):
            return "\(name(by)) \(muted ? "muted" : "unmuted") \(name(seat))"
        case .handoffOffered(let from, let to): return "\(name(from)) offered the lead to \(name(to))"
        case .handoffDeclined(let by): return "\(name(by)) declined the lead"
        case .handoffWithdrawn(let by, let to): return "\(name(by)) withdrew the offer to \(name(to))"
        case .hostChanged(let from, let to, let reason): return lead(from, to, reason)
        case .roleChanged(let seat, let role, let by): return "\(name(by)) made \(name(seat)) a \(role.word)"
        case .successionChanged(let order, let by): return succession(order, by)
        case .floorTaken(let seat, let until): return "\(name(seat)) took the floor until \(time(until))"
        case .floorYielded(let by?): return "\(name(by)) ended the time on the floor"
        case .floorYielded(nil): return "the time on the floor ran out"
        case .breakoutsOpened(let opened): return opening(opened)
        case .roomAdded(let room, _, let by): return "\(name(by)) added \(cast.room(room))"
        case .roomRenamed(let room, _, let by):
            return "\(name(by)) renamed \(former.room) to \(cast.room(room))"
        case .roomRemoved(let room, let back, let by):
            return "\(name(by)) removed \(cast.room(room)): \(home(back))"
        case .moved(let seat, let from, let to, let reason, let by): return move(seat, from, to, reason, by)
        case .breakoutsExtended(let at, let by): return "\(name(by)) set the end of the rooms to \(time(at))"
        case .breakoutsAnnounced(let by): return "\(name(by)) said something to all rooms\(words)"
        case .breakoutsWarning: return "everybody was warned that the rooms close"
        case .breakoutsClosing(let at, let by?):
            return "\(name(by)) closes the rooms: they are over at \(time(at))"
        case .breakoutsClosing(let at, nil): return "the rooms' time is nearly up: they close at \(time(at))"
        case .breakoutsClosed(let back, let by?): return "\(name(by)) closed the rooms: \(home(back))"
        case .breakoutsClosed(let back, nil): return "the rooms closed by themselves: \(home(back))"
        case .breakoutsUndone(let back, let by):
            return "\(name(by)) undid the opening of rooms: \(home(back))"
        case .confirmed(let seat, let room, let seen): return confirmation(seat, room, isSeen: seen)
        case .signalled(let seat, let signal): return signalling(seat, signal)
        case .passed(let seat, let pass): return "\(name(seat)) \(pass ? "sits out" : "takes part again")"
        case .helpAsked(let asked): return question(asked)
        case .helpClaimed(let help, _, let by): return "\(name(by)) took up request \(help)"
        case .helpResolved(let help, _, let by): return "\(name(by)) marked request \(help) as resolved"
        case .helpWithdrawn(let help, _): return "request \(help) was withdrawn"
        case .handRaised(let seat): return "\(name(seat)) raised a hand"
        case .handLowered(let seat, let by): return lowering(seat, by)
        case .chatSent(let sent): return message(sent)
        case .chatEdited(let message, let by): return "\(name(by)) changed message \(message)\(words)"
        case .chatDeleted(let message, let by): return "\(name(by)) deleted message \(message)"
        case .chatReacted(let message, let sign, let added, let by): return reaction(message, sign, added, by)
        case .attendanceClaimed(let seat, let time): return "\(name(seat)) says: I was there \(span(time))"
        case .attendanceAccepted(let seat, let by):
            return "\(name(by)) accepted what \(name(seat)) had said of being there"
        case .attendanceMarked(let seat, let time, let present, let by): return mark(seat, time, present, by)
        case .personErased(_, let pseudonym, _):
            return "somebody was forgotten, and is \(pseudonym.text) from now on"
        case .sessionErased: return "the session was erased"
        case .chatSettings(let locked, let seconds, let by): return settings(locked, seconds, by)
        }
    }

    func name(_ seat: SeatID) -> String { cast.name(seat) }

    func time(_ instant: Milliseconds) -> String { manner.zone.time(instant) }

    private func room(of seat: SeatID) -> String { cast.room(cast.state[seat].room) }
}

// MARK: - The session and its people

extension Sentence {
    private func creation(_ created: Created) -> String {
        let community = created.community.isBlank ? "" : " of \(Cast.printable(created.community))"
        let title = created.title.isBlank ? "" : ": \(Cast.quoted(created.title))"
        let kind = created.isRehearsal ? ", a rehearsal," : ""
        return "the session\(community)\(kind) began to exist\(title)"
    }

    private func end(_ reason: EndReason, _ at: Milliseconds) -> String {
        let since = time(at) == time(entry.at) ? "" : ", as of \(time(at))"
        switch reason {
        case .ended: return "the session ended\(since)"
        case .deserted: return "the session ended by itself: fewer than two people were here\(since)"
        case .dayOver: return "the session ended by itself: a day had passed\(since)"
        case .neverStarted: return "the session ended by itself: it was never started\(since)"
        }
    }

    private func change(_ title: Text, _ place: Text, _ by: SeatID) -> String {
        "\(name(by)) set the title to \(Cast.quoted(title)) and the place to \(Cast.quoted(place))"
    }

    private func recovery(_ since: Milliseconds, isNewEpoch: Bool) -> String {
        let lost = isNewEpoch ? "; what it had last told may be lost, everybody takes a new state" : ""
        let seconds = max(0, entry.at - since) / 1_000
        return "the server was back: it had been down since \(time(since)), for \(seconds) s\(lost)"
    }

    private func arrival(_ joined: Joined) -> String {
        guard let seat = cast.state.seatByPerson[joined.person] else { return "somebody joined" }
        let school = joined.school.isBlank ? "" : " from \(Cast.printable(joined.school))"
        return "\(name(seat))\(school) joined as \(joined.ticketRole.word), in \(cast.room(joined.room))"
    }

    private func label(_ seat: SeatID, _ by: SeatID) -> String {
        let whose = seat == by ? "their own name" : name(seat)
        guard entry.text?.isEmpty == false else { return "\(name(by)) took the label from \(whose)" }
        return "\(name(by)) wrote a label beside \(whose)\(words)"
    }

    private func lead(_ from: SeatID?, _ to: SeatID?, _ reason: HostChangeReason) -> String {
        let why = reasonOfLead(from.map(name), reason)
        guard let to else { return "nobody leads any more: \(why)" }
        return "\(name(to)) leads: \(why)"
    }

    private func reasonOfLead(_ from: String?, _ reason: HostChangeReason) -> String {
        let before = from ?? "the host"
        return switch reason {
        case .arrived: "came when nobody led"
        case .left: "\(before) left"
        case .dropped: "\(before) did not come back in time"
        case .accepted: "accepted what \(before) had offered"
        case .given: "\(before) gave the lead"
        case .reclaimed: from.map { "took the lead back from \($0)" } ?? "took the lead back"
        case .removed: "\(before) was removed"
        }
    }

    private func succession(_ order: [SeatID], _ by: SeatID) -> String {
        order.isEmpty
            ? "\(name(by)) emptied the succession"
            : "\(name(by)) set the succession: \(cast.names(order))"
    }
}
