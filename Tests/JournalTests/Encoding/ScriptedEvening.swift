import Journal
import Sessions
import Testing

/// An evening in which everything happens that can be written down, as the journal would be given it.
///
/// The journal in `Tests/Journals` was written from it, so it may only grow at its end.
struct ScriptedEvening {
    private(set) var table = SessionTable()
    private(set) var entries: [Entry] = []
    private(set) var now: Milliseconds = 1_790_000_000_000

    /// The whole evening.
    init() throws {
        try gather()
        lead()
        meetInRooms()
        comeAndGo()
        end()
        try secondSession()
    }

    private let ada = SeatID(0)
    private let bo = SeatID(1)
    private let cy = SeatID(2)
    private let first = RoomID.breakout(round: 1, number: 1)

    private mutating func gather() throws {
        let created = Created(
            id: try #require(SessionID("evening".utf8)),
            epoch: Epoch(bits: 0x0123_4567_89AB_CDEF),
            community: Text("Teachers"),
            title: Text("An evening, \u{201C}quoted\u{201D}"),
            place: Text("https://video.example/evening")
        )
        happen(.created(created))
        try join("ada", "Ada \u{1F44B}", .host)
        happen(.hostChanged(from: nil, to: ada, reason: .arrived))
        try join("bo", "Bo", .participant)
        try join("cy", "Cy", .cohost)
        try join("eye", "Eye", .observer)
        happen(.locked(by: ada, locked: true))
        happen(.locked(by: cy, locked: false))
    }

    private mutating func lead() {
        happen(.successionChanged([bo, cy], by: ada))
        happen(.roleChanged(bo, role: .cohost, by: ada))
        happen(.roleChanged(bo, role: .participant, by: ada))
        happen(.started(by: cy))
        happen(.hostChanged(from: ada, to: cy, reason: .given))
        happen(.hostChanged(from: cy, to: ada, reason: .reclaimed))
        say("Good evening", by: ada, key: "k-1")
        say("Shall we begin?", by: cy, in: .hosts)
        for number in 1...24 {
            say("\(number). " + String(repeating: "A long story. ", count: 8), by: number % 2 == 0 ? ada : cy)
        }
    }

    private mutating func meetInRooms() {
        open(round: 1, closesAt: now + 600_000, placing: [Placement(seat: bo, room: first)])
        happen(.moved(cy, from: .main, to: first, reason: .entered, by: cy))
        happen(.confirmed(bo, room: first, seen: true))
        say("Here we are", by: bo, in: first, key: "k-2")
        let question = entries.count
        say("So we are", by: cy, in: first, replyTo: question)
        happen(.breakoutsExtended(closesAt: now + 600_000, by: ada))
        happen(.breakoutsWarning)
        happen(.breakoutsClosing(closesAt: now + 10_000, by: nil))
        let home = [Placement(seat: bo, room: .main), Placement(seat: cy, room: .main)]
        happen(.breakoutsClosed(placements: home))
        say("a last word", by: bo, in: first)
        open(round: 2, closesAt: nil, placing: [])
        happen(.breakoutsUndone(placements: [], by: cy))
    }

    private mutating func comeAndGo() {
        happen(.detached(bo, cause: .silent))
        happen(.away(bo, cause: .silent))
        happen(.gone(bo))
        happen(.attached(bo))
        happen(.returned(bo))
        happen(.left(cy))
        entries.append(.clock(at: now))
        now += 45_000
        happen(.recovered(downFrom: now - 45_000, newEpoch: Epoch(bits: .max)))
        happen(.attached(ada))
    }

    private mutating func end() {
        happen(.ending(by: ada, endsAt: now + 30_000))
        happen(.kept(by: ada))
        happen(.ended(reason: .deserted, endedAt: now - 1_000))
    }

    private mutating func secondSession() throws {
        let created = Created(
            id: try #require(SessionID("rehearsal".utf8)),
            epoch: Epoch(bits: 0),
            community: .empty,
            title: .empty,
            place: .empty
        )
        happen(.created(created), in: 2)
        happen(.ended(reason: .neverStarted, endedAt: now), in: 2)
        happen(.archived, in: 2)
    }

    private mutating func join(_ person: String, _ name: String, _ role: Role) throws {
        happen(
            .joined(
                Joined(
                    person: try #require(PersonID(person.utf8)),
                    name: Text(name),
                    school: Text("School of \(person)"),
                    ticketRole: role,
                    room: .main
                )
            )
        )
    }

    private mutating func open(round: Int, closesAt: Milliseconds?, placing placements: [Placement]) {
        let rooms = (1...2).map {
            RoomSetup(name: Text("Room \($0)"), task: Text("Talk"), place: Text("Table \($0)"))
        }
        happen(
            .breakoutsOpened(
                BreakoutsOpened(
                    round: round,
                    mode: round == 1 ? .manual : .choose,
                    rooms: rooms,
                    placements: placements,
                    closesAt: closesAt,
                    closing: 60_000,
                    late: round == 1 ? .place : .main,
                    hostsRead: round == 2,
                    seed: (1 << 53) - 1,
                    by: ada
                )
            )
        )
    }

    private mutating func say(
        _ text: String,
        by seat: SeatID,
        in room: RoomID = .main,
        key: String? = nil,
        replyTo: MessageID? = nil
    ) {
        let sent = ChatSent(from: seat, room: room, replyTo: replyTo, key: key.map { Text($0) })
        happen(.chatSent(sent), text: Text(text))
    }

    private mutating func happen(
        _ event: SessionEvent,
        text: Text? = nil,
        in session: SessionNumber = 1
    ) {
        now += 250
        let seq = (table.sessions[session]?.state.seq ?? 0) + 1
        let entry = SessionEntry(session: session, seq: seq, at: now, event: event, text: text)
        table.apply(entry)
        entries.append(.session(entry))
    }
}
