import Sessions
import Testing

@testable import Journal

/// Records under right checksums that no server can have written: recovery names them instead of believing them.
@Suite struct FollowingTests {
    private static let (host, guest, deputy, eye, gone) = (
        SeatID(0), SeatID(1), SeatID(2), SeatID(3), SeatID(4)
    )
    private var table = SessionTable()
    private var at: Milliseconds = 1_000

    /// A live session: host, guest, co-host, observer, and somebody who was removed; the guest asks for help.
    init() throws {
        let id = try #require(SessionID("evening".utf8))
        try apply(
            .created(
                Created(id: id, epoch: Epoch(bits: 7), community: Text("c"), title: Text("t"), place: .empty)
            )
        )
        let roles: [(String, Role)] = [
            ("host", .host), ("guest", .participant), ("deputy", .cohost), ("eye", .observer),
            ("gone", .participant),
        ]
        for (name, role) in roles {
            let person = try #require(PersonID(name.utf8))
            try apply(
                .joined(
                    Joined(person: person, name: Text(name), school: .empty, ticketRole: role, room: .main)
                )
            )
        }
        try apply(.hostChanged(from: nil, to: Self.host, reason: .arrived))
        try apply(.started(by: Self.host))
        try apply(.removed(Self.gone, by: Self.host))
        try apply(.helpAsked(HelpAsked(from: Self.guest, room: .main, unnamed: false)))
    }

    @Test(
        arguments: [
            ("somebody comes who is here", .attached(guest)),
            ("somebody comes who was removed", .attached(gone)),
            ("the host is removed", .removed(host, by: deputy)),
            ("somebody offers what is the host's", .handoffOffered(from: deputy, to: guest)),
            ("the host offers it to himself", .handoffOffered(from: host, to: host)),
            ("another one leads while the host does", .hostChanged(from: nil, to: deputy, reason: .given)),
            ("an observer leads", .hostChanged(from: host, to: eye, reason: .given)),
            ("somebody leads who was removed", .hostChanged(from: host, to: gone, reason: .given)),
            ("a second host", .roleChanged(deputy, role: .host, by: host)),
            ("the host's role is taken away", .roleChanged(host, role: .participant, by: host)),
            ("an observer has a say", .roleChanged(eye, role: .participant, by: host)),
            ("somebody becomes an observer", .roleChanged(guest, role: .observer, by: host)),
            ("the same successor twice", .successionChanged([deputy, guest, deputy], by: host)),
            ("a participant steps in", .floorTaken(guest, until: 9_000)),
            ("help is asked for twice", .helpAsked(HelpAsked(from: guest, room: .main, unnamed: false))),
        ] as [(String, SessionEvent)]
    )
    func `what cannot be is named`(_ what: String, _ event: SessionEvent) throws {
        var fault: String?
        do throws(SpellingFault) { try table.check(next(event)) } catch { fault = error.description }
        #expect(fault == "it holds what cannot be: an event that cannot follow what was before it")
    }

    @Test func `what can be is taken, one after the other`() throws {
        var copy = self
        for event: SessionEvent in [
            .floorTaken(Self.deputy, until: 9_000), .floorYielded(by: Self.deputy),
            .roleChanged(Self.deputy, role: .participant, by: Self.host),
            .roleChanged(Self.guest, role: .cohost, by: Self.host),
            .handoffOffered(from: Self.host, to: Self.guest),
            .hostChanged(from: Self.host, to: Self.guest, reason: .accepted),
            .successionChanged([Self.deputy, Self.host], by: Self.guest),
            .detached(Self.host, cause: .silent),
            .attached(Self.host), .hostChanged(from: Self.guest, to: nil, reason: .left),
        ] {
            try copy.apply(event)
        }
        #expect(copy.table.session(try #require(SessionID("evening".utf8)))?.state.violations() == [])
    }

    @Test func `nobody comes back before they went, and nobody steps in without a role`() throws {
        var copy = self
        try copy.apply(.detached(Self.guest, cause: .closed))
        copy.at -= 500
        #expect(throws: SpellingFault.self) { try copy.apply(.attached(Self.guest)) }
        copy.at += 500
        try copy.apply(.floorTaken(Self.deputy, until: 9_000))
        #expect(throws: SpellingFault.self) {
            try copy.apply(.roleChanged(Self.deputy, role: .participant, by: Self.host))
        }
    }

    @Test func `nobody is left in a room that is no more`() throws {
        var copy = self
        let rooms = ["one", "two"].map { RoomSetup(name: Text($0), task: .empty, place: .empty) }
        let (first, second) = (RoomID.breakout(round: 1, number: 1), RoomID.breakout(round: 1, number: 2))
        var opened = BreakoutsOpened(
            round: 1,
            mode: .even,
            rooms: rooms,
            placements: [Placement(seat: Self.gone, room: first)],
            closesAt: nil,
            closing: 0,
            late: .place,
            hostsRead: false,
            seed: 1,
            by: Self.host
        )
        #expect(throws: SpellingFault.self) { try copy.apply(.breakoutsOpened(opened)) }
        opened.placements = [
            Placement(seat: Self.guest, room: first), Placement(seat: Self.eye, room: second),
        ]
        try copy.apply(.breakoutsOpened(opened))
        let back = [Placement(seat: Self.guest, room: .main), Placement(seat: Self.eye, room: .main)]
        for event: SessionEvent in [
            .roomRemoved(first, placements: [], by: Self.host), .breakoutsClosed(placements: [], by: nil),
            .breakoutsUndone(placements: [back[0]], by: Self.host), .ended(reason: .ended, endedAt: 1),
            .moved(Self.gone, from: .main, to: first, reason: .moved, by: Self.host),
        ] {
            #expect(throws: SpellingFault.self) { try copy.table.check(copy.next(event)) }
        }
        try copy.apply(.roomRemoved(first, placements: [back[0]], by: Self.host))
        try copy.apply(.breakoutsClosed(placements: [back[1]], by: nil))
        try copy.apply(.ended(reason: .ended, endedAt: 1))
    }

    private func next(_ event: SessionEvent) -> SessionEntry {
        let seq = table.sessions[1]?.state.seq ?? 0
        return SessionEntry(session: 1, seq: seq + 1, at: at, event: event, text: nil)
    }

    private mutating func apply(_ event: SessionEvent) throws {
        at += 100
        let entry = next(event)
        try table.check(entry)
        table.apply(entry)
    }
}
