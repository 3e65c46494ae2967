import Fanout
import SessionProtocol
import Sessions
import WebSocket

/// What the engine is and does (`SessionEngine`), as a value that cannot be copied.
struct EngineCore: ~Copyable {
    var table: SessionTable
    private(set) var limits: EngineLimits
    private(set) var sessionsLimits: SessionsLimits
    var projection: Projection

    var lives: [SessionNumber: Live] = [:]
    var links: Links
    private var groupNumbers = GroupNumbers()
    private var deadlines = DeadlineHeap()
    var noticePace = NoticePace()
    /// The sessions of this batch that need a look at its end.
    private var touched: [Live] = []

    var commit: Commit
    /// What this commit says to single connections; a push is bounded by its command, and its bytes are shared.
    private var repliedBytes = 0
    let loops: Int
    private(set) var now: Milliseconds = 0
    var random = SplitMix(seed: 0)
    /// When the journal last heard of the time.
    private var lastEntryAt: Milliseconds = 0
    private(set) var seats: Int
    /// What all messages and rooms in memory take.
    private(set) var heldBytes: Int
    private(set) var counters = EngineCounters()
    var census: Census

    init(
        table: SessionTable,
        loops: Int,
        limits: EngineLimits,
        sessionsLimits: SessionsLimits,
        protocolLimits: ProtocolLimits
    ) {
        self.table = table
        self.loops = loops
        self.limits = limits
        self.sessionsLimits = sessionsLimits
        projection = Projection(limits: protocolLimits)
        links = Links(loops: loops)
        commit = Commit(loops: loops)
        census = Census(table)
        seats = table.sessions.values.reduce(0) { $0 + $1.state.seats.count }
        heldBytes = table.sessions.values.reduce(0) { $0 + $1.state.heldBytes }
        for number in table.risingNumbers {
            if let session = table.sessions[number] { lives[number] = Live(session) }
        }
    }

    func lane(of connection: ConnectionID) -> Lane? {
        links[connection]?.live.lane
    }

    var nextDeadline: Milliseconds? {
        let clock = links.count > 0 ? lastEntryAt + limits.clockMilliseconds : nil
        guard let earliest = deadlines.earliest else { return clock }
        return min(earliest, clock ?? earliest)
    }

    mutating func recover(
        downFrom: Milliseconds,
        at now: Milliseconds,
        mayHaveForgotten: Bool,
        entropy: UInt64
    ) -> Commit {
        begin(at: now, entropy: entropy)
        for number in table.risingNumbers {
            guard let live = lives[number] else { continue }
            if live.state.phase != .ended || mayHaveForgotten {
                let newEpoch = mayHaveForgotten ? Epoch(bits: random.next()) : nil
                publish([.recovered(downFrom: downFrom, newEpoch: newEpoch)], in: live)
            }
            touch(live)
            settle(live)
        }
        return finish(checkpoint: false)
    }

    mutating func process(
        _ batch: [Inbound],
        at now: Milliseconds,
        entropy: UInt64,
        checkpoint: Bool
    ) -> Commit {
        var rest = batch[...]
        var commit = process(&rest, at: now, entropy: entropy, checkpoint: false)
        while !rest.isEmpty {
            commit.append(process(&rest, at: now, entropy: random.next(), checkpoint: false))
        }
        // Of all of it: a checkpoint stands behind the commit's last entry.
        if checkpoint { commit.checkpoint = CheckpointImage(of: table, at: now) }
        return commit
    }

    mutating func process(
        _ batch: inout ArraySlice<Inbound>,
        at now: Milliseconds,
        entropy: UInt64,
        checkpoint: Bool
    ) -> Commit {
        begin(at: now, entropy: entropy)
        while let number = deadlines.popDue(at: now) {
            guard let live = lives[number] else { continue }
            touch(live)
            settle(live)
        }
        while repliedBytes < limits.commitBytes, let inbound = batch.popFirst() { take(inbound) }
        return finish(checkpoint: checkpoint || commit.errands.contains { $0.errand.task.erases })
    }

    private mutating func take(_ inbound: consuming Inbound) {
        // Consumed, so that a command is not copied out of it.
        switch consume inbound {
        case .join(let connection, let id, let session, let admission, let resume):
            join(connection, id: id, session: session, admission, resume: resume)
        case .command(let connection, let id, let command, let ifSeq):
            run(command, id: id, ifSeq: ifSeq, from: connection)
        case .closed(let connection, let cause): close(connection, cause: cause)
        case .errand(let errand): run(errand)
        case .change(let settings): change(settings)
        }
    }

    /// Deadlines follow from limits, so each session is looked at again when the batch ends.
    private mutating func change(_ settings: EngineSettings) {
        limits = settings.engine
        sessionsLimits = settings.sessions
        projection.limits = settings.told
        for number in table.risingNumbers {
            if let live = lives[number] { touch(live) }
        }
    }

    private mutating func begin(at now: Milliseconds, entropy: UInt64) {
        self.now = now
        random = SplitMix(seed: entropy)
        commit = Commit(loops: loops)
        repliedBytes = 0
    }

    private mutating func finish(checkpoint: Bool) -> Commit {
        for live in touched where lives[live.state.number] === live {
            tellNotices(live)
            let next = live.session.nextDeadline(limits: sessionsLimits)
            let notices = live.noticesDue(limits)
            deadlines.set(live.state.number, at: [next, notices].compactMap { $0 }.min())
        }
        for live in touched {
            live.isTouched = false
            // An ended session no longer changes, and everybody reads it anew.
            if live.state.phase != .ended { live.common = nil }
        }
        touched.removeAll(keepingCapacity: true)
        if commit.entries.isEmpty && links.count > 0 && now >= lastEntryAt + limits.clockMilliseconds {
            commit.entries.append(.clock(at: now))
        }
        if !commit.entries.isEmpty { lastEntryAt = now }
        if checkpoint { commit.checkpoint = CheckpointImage(of: table, at: now) }
        counters.sessions = table.sessions.count
        counters.seats = seats
        census.tell(&counters, table.books)
        let done = commit
        commit = Commit(loops: loops)
        return done
    }

    // MARK: - Events

    /// Lets everything fall due that now does, one deadline after the other.
    mutating func settle(_ live: Live) {
        while true {
            let events = live.session.due(at: now, limits: sessionsLimits)
            if events.isEmpty { return }
            publish(events.map { Occurrence($0) }, in: live)
            if lives[live.state.number] == nil { return }
        }
    }

    mutating func publish(_ events: [SessionEvent], in live: Live) {
        publish(events.map { Occurrence($0) }, in: live)
    }

    /// Publishes what a command comes to.
    mutating func publish(_ decision: Decision, in live: Live) {
        guard let single = decision.single else { return publish(decision.occurrences, in: live) }
        if let seat = make(single, continues: false, in: live) { tellOwnPart(seat, in: live) }
        if case .removed(let seat, _) = single.event { sendAway(seat, in: live) }
    }

    /// Numbers the events, makes them true, and tells those who hear of them.
    mutating func publish(_ occurrences: [Occurrence], in live: Live) {
        var anew: [SeatID] = []
        for (index, occurrence) in occurrences.enumerated() {
            let continues = index < occurrences.count - 1
            if let seat = make(occurrence, continues: continues, in: live) { anew.append(seat) }
        }
        for seat in anew { tellOwnPart(seat, in: live) }
        for case .removed(let seat, _) in occurrences.lazy.map(\.event) { sendAway(seat, in: live) }
    }

    /// Makes one event true; who is to hear their own part of the state anew when all of them are.
    private mutating func make(_ occurrence: Occurrence, continues: Bool, in live: Live) -> SeatID? {
        // All at once: each look at a session's state is checked.
        let before = live.session.look { state in
            (
                number: state.number, seq: state.seq, heldBytes: state.heldBytes,
                anew: state.hearsAnew(of: occurrence.event)
            )
        }
        let entry = SessionEntry(
            session: before.number,
            seq: before.seq + 1,
            at: now,
            event: occurrence.event,
            text: occurrence.text,
            continues: continues
        )
        counters.events += 1
        switch occurrence.event {
        case .archived: census.end(live.state, isBooked: true, table.books)
        case .sessionErased: census.end(live.state, isBooked: false, table.books)
        default: break
        }
        let audience = table.apply(entry, to: live.session)
        census.follow(occurrence.event, in: live.session, of: table)
        // A new message comes, and old ones may go.
        heldBytes += live.session.look { $0.heldBytes } - before.heldBytes
        announce(entry, to: audience, in: live)
        commit.entries.append(.session(entry))
        follow(occurrence.event, in: live)
        return before.anew
    }

    /// A host has sent the person away.
    private mutating func sendAway(_ seat: SeatID, in live: Live) {
        for device in live.connections(of: seat) {
            hangUp(device, code: CloseCode(rawValue: 4503), reason: "removed")
        }
    }

    /// Lets groups and books follow an event.
    private mutating func follow(_ event: SessionEvent, in live: Live) {
        switch event {
        case .chatSent: break
        default: touch(live)
        }
        switch event {
        case .joined:
            seats += 1
            live.countChanged = true
        case .attached, .detached, .left, .recovered: live.countChanged = true
        case .removed(let seat, _), .moved(let seat, _, _, _, _), .roleChanged(let seat, _, _):
            live.countChanged = true
            live.owesConfirmed = true
            regroup(seat, in: live)
        case .hostChanged(let from, let to, _):
            if let from { regroup(from, in: live) }
            if let to { regroup(to, in: live) }
        case .breakoutsOpened(let opened): follow(opened.placements, in: live)
        case .breakoutsClosed(let placements, _), .breakoutsUndone(let placements, _),
            .roomRemoved(_, let placements, _):
            follow(placements, in: live)
        case .confirmed: live.owesConfirmed = true
        case .signalled, .roomAdded: live.owesPulse = true
        case .archived: forget(live, code: .normal, reason: "ended")
        case .sessionErased where live.state.isRehearsal: forget(live, code: .normal, reason: "ended")
        case .sessionErased: forget(live, code: CloseCode(rawValue: 4504), reason: "no such session")
        case .personErased(let seat, _, _): forget(seat, in: live)
        default: break
        }
    }

    private mutating func follow(_ placements: [Placement], in live: Live) {
        live.countChanged = true
        live.owesConfirmed = true
        for placement in placements { regroup(placement.seat, in: live) }
    }

    mutating func touch(_ live: Live) {
        guard !live.isTouched else { return }
        live.isTouched = true
        touched.append(live)
    }

    /// The session is archived or erased: its connections are closed, its number and id are used up.
    private mutating func forget(_ live: Live, code: CloseCode, reason: String) {
        for connections in live.connections {
            for connection in connections { hangUp(connection, code: code, reason: reason) }
        }
        lives[live.state.number] = nil
        deadlines.set(live.state.number, at: nil)
        seats -= live.state.seats.count
        heldBytes -= live.state.heldBytes
    }

    /// A person is forgotten: what every client remembers of the session is void, so each comes back for a whole state.
    private mutating func forget(_ person: SeatID, in live: Live) {
        live.common = nil
        for seat in live.connections.indices.map(SeatID.init) {
            for connection in live.connections(of: seat) {
                if seat == person {
                    hangUp(connection, code: CloseCode(rawValue: 4503), reason: "removed")
                } else if let link = links[connection] {
                    hangUp(connection, code: CloseCode(rawValue: 4410), reason: "take a new state")
                    if live.connections(of: link.seat).isEmpty {
                        publish(live.session.detach(link.seat, cause: .server), in: live)
                    }
                }
            }
        }
    }

    // MARK: - Connections and groups

    /// Puts a connection on a seat and into the seat's group.
    mutating func link(_ connection: ConnectionID, to seat: SeatID, in live: Live) {
        live.add(connection, to: seat)
        if live.connections(of: seat).count == 1 { counters.seatsHere += 1 }
        let group = enter(connection, seat: seat, in: live)
        links[connection] = Links.Link(connection: connection, live: live, seat: seat, group: group)
    }

    /// Takes a connection off its seat; says whether the seat has none left.
    @discardableResult
    mutating func unlink(_ link: Links.Link) -> Bool {
        leave(link.group, connection: link.connection, in: link.live)
        links[link.connection] = nil
        let wasLast = link.live.remove(link.connection, from: link.seat)
        if wasLast { counters.seatsHere -= 1 }
        return wasLast
    }

    /// Closes a connection that is on a seat.
    ///
    /// Nothing more is heard of it.
    mutating func hangUp(_ connection: ConnectionID, code: CloseCode, reason: String) {
        guard let link = links[connection] else { return }
        unlink(link)
        deliver(.close(connection, code, reason: Array(reason.utf8)), to: connection)
    }

    /// After a move or a change of role: each of the seat's connections into the group that is theirs now.
    private mutating func regroup(_ seat: SeatID, in live: Live) {
        for connection in live.connections(of: seat) {
            guard var link = links[connection] else { continue }
            let state = live.state[seat]
            let kind = GroupKind(state.role)
            if live.groups.contains(where: { $0.id == link.group && $0.room == state.room && $0.kind == kind }
            ) {
                continue
            }
            leave(link.group, connection: connection, in: live)
            link.group = enter(connection, seat: seat, in: live)
            links[connection] = link
        }
    }

    private mutating func enter(_ connection: ConnectionID, seat: SeatID, in live: Live) -> GroupID {
        let room = live.state[seat].room
        let kind = GroupKind(live.state[seat].role)
        let index: Int
        if let known = live.groups.firstIndex(where: { $0.room == room && $0.kind == kind }) {
            index = known
        } else {
            index = live.groups.count
            let members = Array(repeating: 0, count: loops)
            live.groups.append(Group(id: groupNumbers.take(), room: room, kind: kind, members: members))
        }
        live.groups[index].members[Int(connection.loop)] += 1
        let id = live.groups[index].id
        deliver(.enter(connection, id), to: connection)
        return id
    }

    private mutating func leave(_ group: GroupID, connection: ConnectionID, in live: Live) {
        guard let index = live.groups.firstIndex(where: { $0.id == group }) else { return }
        live.groups[index].members[Int(connection.loop)] -= 1
        guard live.groups[index].isEmpty else { return }
        live.groups.swapAt(index, live.groups.count - 1)
        live.groups.removeLast()
        groupNumbers.giveBack(group)
    }

    mutating func deliver(_ delivery: Delivery, to connection: ConnectionID) {
        if case .reply(_, let frame, _) = delivery { repliedBytes += frame.count }
        commit.deliveries[Int(connection.loop)].append(delivery)
    }

    mutating func count(_ count: (inout EngineCounters) -> Void) {
        count(&counters)
    }
}
