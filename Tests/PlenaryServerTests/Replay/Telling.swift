import Foundation
import Journal
import Sessions
import Synchronization
import Testing

@testable import PlenaryServer

/// An evening that a test plays, and a folder with its journal.
struct Telling {
    private(set) var table = SessionTable()
    private(set) var entries: [SessionEntry] = []
    var now: Milliseconds = 1_795_881_600_000  // 2026-11-28 16:00 UTC
    let number: SessionNumber

    let host = SeatID(0)
    let deputy = SeatID(1)
    let guest = SeatID(2)
    let namesake = SeatID(3)
    let first = RoomID.breakout(round: 1, number: 1)
    let second = RoomID.breakout(round: 1, number: 2)

    /// A session that four people have come to; two of them have the same name.
    init(_ id: String = "evening", number: SessionNumber = 1, isRehearsal: Bool = false) throws {
        self.number = number
        if number > 1 { table = SessionTable(states: [], usedIDs: [], lastNumber: number - 1) }
        let created = Created(
            id: try #require(SessionID(id.utf8)),
            epoch: Epoch(bits: number),
            community: Text("Teachers"),
            title: Text("An evening"),
            place: .empty,
            isRehearsal: isRehearsal
        )
        happen(.created(created))
        try join("host", "Host", .host)
        happen(.hostChanged(from: nil, to: host, reason: .arrived))
        try join("deputy", "Deputy", .cohost)
        try join("p1", "Guest", .participant)
        try join("p2", "Guest", .participant)
        happen(.started(by: host))
    }

    var state: SessionState { get throws { try #require(table.sessions[number]).state } }

    mutating func join(_ person: String, _ name: String, _ role: Role) throws {
        let joined = Joined(
            person: try #require(PersonID(person.utf8)),
            name: Text(name),
            school: .empty,
            ticketRole: role,
            room: .main
        )
        happen(.joined(joined))
    }

    /// Two rooms, with the first guest in the first one.
    mutating func open(minutes: Int? = 10, placing placements: [Placement]? = nil) {
        let rooms = (1...2).map { RoomSetup(name: Text("Room \($0)"), task: Text("Talk"), place: .empty) }
        let opened = BreakoutsOpened(
            round: 1,
            mode: .manual,
            rooms: rooms,
            placements: placements ?? [Placement(seat: guest, room: first)],
            closesAt: minutes.map { now + Milliseconds($0) * 60_000 },
            closing: 60_000,
            late: .main,
            hostsRead: false,
            seed: 7,
            by: host
        )
        happen(.breakoutsOpened(opened))
    }

    /// Applies an event, a second after the one before; answers its number.
    @discardableResult
    mutating func happen(_ event: SessionEvent, text: String? = nil, continues: Bool = false) -> Int {
        now += 1_000
        let entry = SessionEntry(
            session: number,
            seq: (table.sessions[number]?.state.seq ?? 0) + 1,
            at: now,
            event: event,
            text: text.map { Text($0) },
            continues: continues
        )
        table.apply(entry)
        entries.append(entry)
        return entry.seq
    }

    /// As if the last event had not happened.
    mutating func forgetLast() {
        entries.removeLast()
        now = entries.last?.at ?? now
        table = SessionTable(states: [], usedIDs: [], lastNumber: number - 1)
        for entry in entries { table.apply(entry) }
    }

    /// Writes sessions into a journal on the disk; the folder is gone after `body`.
    static func withFolder(_ sessions: [Telling], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "plenary-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let storage = DiskStorage(directory: folder.path)
        let limits = JournalLimits(segmentBytes: 64 << 10)
        let recovery = try JournalRecovery(storage: storage, limits: limits)
        while try recovery.next() != nil {}
        let writer = try recovery.makeWriter(mode: .batch, at: 1_795_881_600_000)
        for entry in sessions.flatMap(\.entries) {
            var records: [NewRecord] = []
            EntryEncoding.append(.session(entry), to: &records)
            // The end of a batch belongs to nothing behind it.
            try writer.append(records, term: writer.term, at: entry.at)
        }
        try writer.close(at: sessions.map(\.now).max() ?? 0)
        try body(folder.path)
    }
}

/// What a command said, and how it ended.
struct Answer {
    var code: ExitCode
    /// The lines of its result.
    var lines: [String]
    var complaints: [String]

    /// Runs `plenary` in this process.
    init(_ arguments: [String]) {
        let output = Mutex<[String]>([])
        let complaints = Mutex<[String]>([])
        let outlet = Outlet(
            print: { text in output.withLock { $0 += text.components(separatedBy: "\n") } },
            complain: { text in complaints.withLock { $0.append(text) } }
        )
        code = Program(arguments: arguments, environment: [:], outlet: outlet).run()
        lines = output.withLock { $0 }
        self.complaints = complaints.withLock { $0 }
    }
}
