import Fanout
import SessionProtocol
import Sessions
import WebSocket

/// Joining, commands, and connections that end.
extension EngineCore {
    mutating func join(
        _ connection: ConnectionID,
        id: Int64,
        session: SessionID,
        _ admission: Admission,
        resume: Resume?
    ) {
        do throws(Refusal) {
            let live = try self.session(session, for: admission)
            let seat = live.state.seatByPerson[admission.person]
            if seat == nil && seats >= limits.seats { throw Refusal(.serverFull) }
            let events = try live.session.admit(
                admission,
                alreadyAttached: seat.map { !live.connections(of: $0).isEmpty } ?? false,
                at: now,
                limits: sessionsLimits
            )
            publish(events, in: live)
            guard let seat = live.state.seatByPerson[admission.person] else { throw Refusal(.ended) }
            // A newcomer who may lead does so before hearing the state, so that the state needs no correction.
            settle(live)
            welcome(connection, id: id, to: seat, in: live, resume: resume)
        } catch {
            count { $0.refuse(error.code) }
            deliver(
                .reply(connection, frame: projection.refusal(error, re: id), exempt: true),
                to: connection
            )
            let (code, reason) = Self.closing(after: error.code)
            deliver(.close(connection, code, reason: Array(reason.utf8)), to: connection)
        }
    }

    /// The session with this id, made when there is none.
    private mutating func session(_ id: SessionID, for admission: Admission) throws(Refusal) -> Live {
        if let number = table.numbers[id], let live = lives[number] { return live }
        guard !table.usedIDs.contains(id) else { throw Refusal(.ended) }
        guard !admission.isExpired else { throw Refusal(.ticketExpired) }
        guard table.sessions.count < limits.sessions, seats < limits.seats else {
            throw Refusal(.serverFull)
        }
        let created = Created(
            id: id,
            epoch: Epoch(bits: random.next()),
            community: admission.community,
            title: admission.title,
            place: admission.place,
            isRehearsal: admission.isRehearsal
        )
        let number = table.lastNumber + 1
        let entry = SessionEntry(session: number, seq: 1, at: now, event: .created(created), text: nil)
        commit.entries.append(.session(entry))
        table.apply(entry)
        guard let session = table.sessions[number] else { throw Refusal(.ended) }
        let live = Live(session)
        lives[number] = live
        census.begin(live.state)
        touch(live)
        return live
    }

    /// Puts the connection on its seat and tells it where it is, or what it missed.
    private mutating func welcome(
        _ connection: ConnectionID,
        id: Int64,
        to seat: SeatID,
        in live: Live,
        resume: Resume?
    ) {
        if live.connections(of: seat).count >= limits.connectionsPerSeat,
            let oldest = live.connections(of: seat).first
        {
            hangUp(oldest, code: CloseCode(rawValue: 4509), reason: "too many devices on this seat")
            count { $0.madeRoom += 1 }
        }
        link(connection, to: seat, in: live)
        let missed = resume.flatMap { live.missed(since: $0) }
        count {
            $0.joins += 1
            $0.resumes += missed == nil ? 0 : 1
        }
        deliver(
            .reply(
                connection,
                frame: projection.joined(live, seat: seat, re: id, at: now, resumed: missed != nil),
                exempt: true
            ),
            to: connection
        )
        for entry in missed ?? [] where entry.heardBy.includes(seat) {
            guard let frame = projection.push(entry, in: live.state) else { continue }
            deliver(.reply(connection, frame: frame, exempt: true), to: connection)
        }
        if missed != nil, live.state.readsAnew(seat) {
            let frame = projection.ownPart(of: seat, in: live.state)
            deliver(.reply(connection, frame: frame, exempt: true), to: connection)
        }
        touch(live)
        if live.state.phase != .ended, live.state[seat].isHosting { live.owesHostsAll() }
    }

    /// How a connection ends whose join was refused.
    private static func closing(after code: RefusalCode) -> (CloseCode, String) {
        switch code {
        case .ticketExpired: (CloseCode(rawValue: 4401), "ticket expired")
        case .rehearsalMismatch: (CloseCode(rawValue: 4501), "bad ticket")
        case .ended: (CloseCode(rawValue: 4504), "no such session")
        case .removed: (CloseCode(rawValue: 4503), "removed")
        case .locked: (.tryAgainLater, "the session is locked")
        default: (.tryAgainLater, "full")
        }
    }

    mutating func run(_ command: SessionCommand, id: Int64, ifSeq: Int?, from connection: ConnectionID) {
        // A command that crossed the connection's close on its way: nobody is there to be answered.
        guard let link = links[connection] else { return }
        let live = link.live
        count { $0.take(command.kind) }
        do throws(Refusal) {
            let decision = try live.session.decide(
                command,
                by: link.seat,
                at: now,
                entropy: random.next() & 0x1F_FFFF_FFFF_FFFF,
                limits: sessionsLimits,
                ifSeq: ifSeq
            )
            if heldBytes >= limits.heldBytes, decision.adds { throw Refusal(.serverFull) }
            let last = decision.count == 0 ? nil : live.state.seq + decision.count
            let reply = projection.reply(decision.answer, re: id, seq: last, in: live.session, at: now)
            deliver(.reply(connection, frame: reply, exempt: false), to: connection)
            if case .typing(let place) = decision.answer { note(link.seat, writingIn: place, live) }
            publish(decision, in: live)
            if live.isTouched { settle(live) }
            if case .leave = command {
                for device in live.connections(of: link.seat) {
                    hangUp(device, code: .normal, reason: "left")
                }
            }
        } catch {
            if error.code == .slowDown, isTooHasty(connection) {
                count { $0.tooHasty += 1 }
                hangUp(connection, code: CloseCode(rawValue: 4429), reason: "too many commands")
                guard live.connections(of: link.seat).isEmpty else { return }
                publish(live.session.detach(link.seat, cause: .closed), in: live)
                touch(live)
                return
            }
            count { $0.refuse(error.code) }
            let frame = projection.refusal(error, re: id, in: live.state)
            deliver(.reply(connection, frame: frame, exempt: false), to: connection)
        }
    }

    /// Counts that a connection is to slow down; says whether it was told too often.
    private mutating func isTooHasty(_ connection: ConnectionID) -> Bool {
        guard var link = links[connection] else { return false }
        defer { links[connection] = link }
        return link.haste.isTooMuch(at: now, limits.haste)
    }

    mutating func close(_ connection: ConnectionID, cause: AwayCause) {
        guard let link = links[connection] else { return }
        guard unlink(link) else { return }
        publish(link.live.session.detach(link.seat, cause: cause), in: link.live)
        touch(link.live)
    }
}
