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
        try workshop()
        try lesson()
        try attend()
        try forget()
        try rehearse()
    }

    private let host = SeatID(0)
    private let guest = SeatID(1)
    private let deputy = SeatID(2)
    private let late = SeatID(3)
    private let loud = SeatID(4)
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
        happen(.breakoutsClosed(placements: home, by: nil))
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

    private mutating func workshop() throws {
        let created = Created(
            id: try #require(SessionID("workshop".utf8)),
            epoch: Epoch(bits: 7),
            community: .empty,
            title: Text("Workshop"),
            place: .empty
        )
        happen(.created(created), in: 3)
        try join("host", "Host", .host, in: 3)
        happen(.hostChanged(from: nil, to: host, reason: .arrived), in: 3)
        try join("guest", "Guest", .participant, in: 3)
        try join("deputy", "Deputy", .cohost, in: 3)
        try join("late", "Late", .participant, in: 3)
        try join("loud", "Loud", .participant, in: 3)
        happen(.changed(title: Text("Workshop II"), place: Text("Table 3"), by: host), in: 3)
        happen(.started(by: host), in: 3)
        shareTheLead()
        workInRooms()
        talk()
    }

    private mutating func shareTheLead() {
        happen(.labelled(guest, by: host), text: Text("Mathematics"), in: 3)
        happen(.labelled(host, by: host), text: .empty, in: 3)
        happen(.handoffOffered(from: host, to: deputy), in: 3)
        happen(.handoffDeclined(by: deputy), in: 3)
        happen(.handoffOffered(from: host, to: deputy), in: 3)
        happen(.handoffWithdrawn(by: host, to: deputy), in: 3)
        happen(.floorTaken(deputy, until: now + 60_000), in: 3)
        happen(.floorYielded(by: nil), in: 3)
        happen(.floorYielded(by: deputy), in: 3)
        happen(.floorTaken(deputy, until: now + 60_000), in: 3)
        happen(.muted(loud, muted: true, by: deputy), in: 3)
        happen(.removed(loud, by: host), in: 3)
        happen(.handoffOffered(from: host, to: deputy), in: 3)
    }

    private mutating func workInRooms() {
        open(round: 1, closesAt: nil, placing: [Placement(seat: guest, room: first)], in: 3)
        let second = RoomID.breakout(round: 1, number: 2)
        let third = RoomID.breakout(round: 1, number: 3)
        let added = RoomSetup(name: Text("Corner"), task: .empty, place: Text("Table 9"))
        happen(.roomAdded(third, added, by: host), in: 3)
        happen(.roomRenamed(third, name: Text("Window"), by: deputy), in: 3)
        happen(.moved(deputy, from: .main, to: third, reason: .entered, by: deputy), in: 3)
        happen(.moved(late, from: .main, to: second, reason: .moved, by: host), in: 3)
        happen(.roomRemoved(second, placements: [Placement(seat: late, room: .main)], by: host), in: 3)
        happen(.breakoutsAnnounced(by: host), text: Text("Ten minutes left"), in: 3)
        happen(.signalled(guest, signal: .moreTime), in: 3)
        happen(.signalled(guest, signal: nil), in: 3)
        happen(.signalled(guest, signal: .done), in: 3)
        happen(.passed(late, pass: true), in: 3)
        let home = [Placement(seat: guest, room: .main), Placement(seat: deputy, room: .main)]
        happen(.breakoutsClosed(placements: home, by: deputy), in: 3)
        open(round: 2, closesAt: now + 600_000, placing: [], in: 3)
        let room = RoomID.breakout(round: 2, number: 1)
        happen(.moved(guest, from: .main, to: room, reason: .moved, by: host), in: 3)
        happen(.moved(deputy, from: .main, to: room, reason: .entered, by: deputy), in: 3)
        happen(.signalled(guest, signal: .moreTime), in: 3)
    }

    private mutating func talk() {
        let question = send("A question", by: guest)
        let rash = send("A rash word", by: guest)
        let quiet = send("Between us", by: guest, to: .direct(to: deputy))
        happen(.chatEdited(question, by: guest), text: Text("A better question"), in: 3)
        happen(.chatReacted(question, emoji: .init("same"), added: true, by: late), in: 3)
        happen(.chatReacted(question, emoji: .init("\u{1F44D}"), added: true, by: deputy), in: 3)
        happen(.chatReacted(question, emoji: .init("\u{1F44D}"), added: true, by: late), in: 3)
        happen(.chatReacted(question, emoji: .init("\u{1F44D}"), added: false, by: deputy), in: 3)
        happen(.chatReacted(quiet, emoji: .init("same"), added: true, by: deputy), in: 3)
        happen(.chatDeleted(rash, by: host), in: 3)
        happen(.chatSettings(locked: true, slowSeconds: 30, by: host), in: 3)
        happen(.handRaised(guest), in: 3)
        happen(.handRaised(late), in: 3)
        happen(.handLowered(guest, by: host), in: 3)
        let answered = ask("Where are we?", from: guest, unnamed: true)
        happen(.helpClaimed(answered, of: guest, by: deputy), in: 3)
        happen(.helpResolved(answered, of: guest, by: deputy), in: 3)
        let mistaken = ask("Never mind", from: late, unnamed: false)
        happen(.helpWithdrawn(mistaken, of: late), in: 3)
        _ = ask("The link is broken", from: late, unnamed: false)
        let open = ask(nil, from: guest, unnamed: true)
        happen(.helpClaimed(open, of: guest, by: host), in: 3)
    }

    /// A session that is over and archived, with words that were taken back.
    private mutating func lesson() throws {
        let created = Created(
            id: try #require(SessionID("lesson".utf8)),
            epoch: Epoch(bits: 11),
            community: .empty,
            title: Text("Lesson"),
            place: .empty
        )
        happen(.created(created), in: 4)
        try join("host", "Host", .host, in: 4)
        happen(.hostChanged(from: nil, to: host, reason: .arrived), in: 4)
        happen(.started(by: host), in: 4)
        let rash = send("A word in haste", by: host, in: 4)
        let wrong = send("A wrong word", by: host, in: 4)
        happen(.chatEdited(wrong, by: host), text: Text("The right word"), in: 4)
        happen(.chatDeleted(rash, by: host), in: 4)
        happen(.ended(reason: .ended, endedAt: now), in: 4)
        happen(.archived, in: 4)
    }

    /// A session whose attendance is talked about, and in which somebody is forgotten.
    private mutating func attend() throws {
        let created = Created(
            id: try #require(SessionID("seminar".utf8)),
            epoch: Epoch(bits: 13),
            community: Text("Teachers"),
            title: Text("Seminar"),
            place: .empty
        )
        happen(.created(created), in: 5)
        try join("host", "Host", .host, in: 5)
        happen(.hostChanged(from: nil, to: host, reason: .arrived), in: 5)
        try join("guest", "Guest", .participant, in: 5)
        try join("deputy", "Deputy", .cohost, in: 5)
        try join("late", "Late", .participant, in: 5)
        happen(.started(by: host), in: 5)
        open(round: 1, closesAt: nil, placing: [Placement(seat: guest, room: first)], in: 5)
        happen(.breakoutsClosed(placements: [Placement(seat: guest, room: .main)], by: nil), in: 5)
        let lived = Interval(from: now - 500, to: now)
        happen(.attendanceClaimed(guest, lived), in: 5)
        happen(.attendanceAccepted(guest, by: deputy), in: 5)
        happen(.attendanceClaimed(late, lived), in: 5)
        let mark = SessionEvent.attendanceMarked(late, lived, present: false, by: host)
        happen(mark, text: Text("Not in the video"), in: 5)
        happen(.attendanceMarked(guest, lived, present: true, by: host), in: 5)
        let pseudonym = try #require(PersonID("erased-0123456789ab".utf8))
        happen(.removed(deputy, by: deputy), in: 5)
        happen(.personErased(deputy, as: pseudonym, newEpoch: Epoch(bits: 14)), in: 5)
    }

    /// A session that is erased, and what is forgotten of all.
    private mutating func forget() throws {
        let created = Created(
            id: try #require(SessionID("mistake".utf8)),
            epoch: Epoch(bits: 15),
            community: .empty,
            title: .empty,
            place: .empty
        )
        happen(.created(created), in: 6)
        happen(.sessionErased, in: 6)
        let person = try #require(PersonID("deputy".utf8))
        let pseudonym = try #require(PersonID("erased-0123456789ab".utf8))
        for event in [
            BooksEvent.personRenamed(person, as: pseudonym), .wordsForgotten(before: now - 1_000),
            .attendanceForgotten(before: now - 2_000),
        ] {
            now += 250
            let entry = BooksEntry(at: now, event: event)
            table.apply(entry)
            entries.append(.books(entry))
        }
    }

    /// A rehearsal, which is still going on.
    private mutating func rehearse() throws {
        let created = Created(
            id: try #require(SessionID("practice".utf8)),
            epoch: Epoch(bits: 17),
            community: Text("Teachers"),
            title: Text("Practice"),
            place: .empty,
            isRehearsal: true
        )
        happen(.created(created), in: 7)
        try join("host", "Host", .host, in: 7)
        happen(.hostChanged(from: nil, to: host, reason: .arrived), in: 7)
    }

    private mutating func send(
        _ text: String,
        by seat: SeatID,
        to place: ChatPlace = .room(.main),
        in session: SessionNumber = 3
    ) -> MessageID {
        let sent = ChatSent(from: seat, place: place, replyTo: nil, key: Text("k-\(text.count)"))
        happen(.chatSent(sent), text: Text(text), in: session)
        return seq(in: session)
    }

    private mutating func ask(_ text: String?, from seat: SeatID, unnamed: Bool) -> HelpID {
        let asked = HelpAsked(from: seat, room: .main, unnamed: unnamed)
        happen(.helpAsked(asked), text: text.map { Text($0) }, in: 3)
        return seq(in: 3)
    }

    private func seq(in session: SessionNumber) -> Int { table.sessions[session]?.state.seq ?? 0 }

    private mutating func join(
        _ person: String,
        _ name: String,
        _ role: Role,
        in session: SessionNumber = 1
    ) throws {
        happen(
            .joined(
                Joined(
                    person: try #require(PersonID(person.utf8)),
                    name: Text(name),
                    school: Text("School of \(person)"),
                    ticketRole: role,
                    room: .main
                )
            ),
            in: session
        )
    }

    private mutating func open(
        round: Int,
        closesAt: Milliseconds?,
        placing placements: [Placement],
        in session: SessionNumber = 1
    ) {
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
            ),
            in: session
        )
    }

    private mutating func say(
        _ text: String,
        by seat: SeatID,
        in room: RoomID = .main,
        key: String? = nil,
        replyTo: MessageID? = nil
    ) {
        let sent = ChatSent(from: seat, place: .room(room), replyTo: replyTo, key: key.map { Text($0) })
        happen(.chatSent(sent), text: Text(text))
    }

    private mutating func happen(
        _ event: SessionEvent,
        text: Text? = nil,
        in session: SessionNumber = 1
    ) {
        now += 250
        let entry = SessionEntry(
            session: session,
            seq: seq(in: session) + 1,
            at: now,
            event: event,
            text: text
        )
        table.apply(entry)
        entries.append(.session(entry))
    }
}
