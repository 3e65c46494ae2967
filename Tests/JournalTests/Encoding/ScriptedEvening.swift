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

    private let host = SeatID(0)
    private let guest = SeatID(1)
    private let deputy = SeatID(2)
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
        try join("host", "Host \u{1F44B}", .host)
        happen(.hostChanged(from: nil, to: host, reason: .arrived))
        try join("guest", "Guest", .participant)
        try join("deputy", "Deputy", .cohost)
        try join("eye", "Eye", .observer)
        happen(.locked(by: host, locked: true))
        happen(.locked(by: deputy, locked: false))
    }

    private mutating func lead() {
        happen(.successionChanged([guest, deputy], by: host))
        happen(.roleChanged(guest, role: .cohost, by: host))
        happen(.roleChanged(guest, role: .participant, by: host))
        happen(.started(by: deputy))
        happen(.hostChanged(from: host, to: deputy, reason: .given))
        happen(.hostChanged(from: deputy, to: host, reason: .reclaimed))
        say("Good evening", by: host, key: "k-1")
        say("Shall we begin?", by: deputy, in: .hosts)
        for number in 1...24 {
            say(
                "\(number). " + String(repeating: "A long story. ", count: 8),
                by: number % 2 == 0 ? host : deputy
            )
        }
    }

    private mutating func meetInRooms() {
        open(round: 1, closesAt: now + 600_000, placing: [Placement(seat: guest, room: first)])
        happen(.moved(deputy, from: .main, to: first, reason: .entered, by: deputy))
        happen(.confirmed(guest, room: first, seen: true))
        say("Here we are", by: guest, in: first, key: "k-2")
        let question = entries.count
        say("So we are", by: deputy, in: first, replyTo: question)
        happen(.breakoutsExtended(closesAt: now + 600_000, by: host))
        happen(.breakoutsWarning)
        happen(.breakoutsClosing(closesAt: now + 10_000, by: nil))
        let home = [Placement(seat: guest, room: .main), Placement(seat: deputy, room: .main)]
        happen(.breakoutsClosed(placements: home))
        say("a last word", by: guest, in: first)
        open(round: 2, closesAt: nil, placing: [])
        happen(.breakoutsUndone(placements: [], by: deputy))
    }

    private mutating func comeAndGo() {
        happen(.detached(guest, cause: .silent))
        happen(.away(guest, cause: .silent))
        happen(.gone(guest))
        happen(.attached(guest))
        happen(.returned(guest))
        happen(.left(deputy))
        entries.append(.clock(at: now))
        now += 45_000
        happen(.recovered(downFrom: now - 45_000, newEpoch: Epoch(bits: .max)))
        happen(.attached(host))
    }

    private mutating func end() {
        happen(.ending(by: host, endsAt: now + 30_000))
        happen(.kept(by: host))
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
                    by: host
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
