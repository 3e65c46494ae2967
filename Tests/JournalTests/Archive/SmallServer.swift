import Glibc
import Journal
import Sessions
import Testing

/// A server in small: it keeps what happens, writes checkpoints and archives, and starts again.
final class SmallServer {
    static let limits = JournalLimits(segmentBytes: 8192)

    let storage: SimulatedStorage
    private(set) var table = SessionTable()
    private(set) var writer: JournalWriter
    private(set) var now: Milliseconds = 1_790_000_000_000
    /// Everything that has happened here, in order.
    private(set) var entries: [SessionEntry] = []
    /// So many of them are on the disk.
    private(set) var acknowledged = 0
    /// Called when something is kept, and might be told.
    var onKept: () -> Void = {}
    private var archiving: Archiving
    private var anyArchived = false

    /// Starts on a folder.
    init(_ storage: SimulatedStorage) throws {
        self.storage = storage
        let recovery = try JournalRecovery(storage: storage, limits: Self.limits)
        let found = try SessionRecovery(reading: recovery)
        table = found.table
        now = max(now, found.lastAt ?? 0)
        writer = try recovery.makeWriter(mode: .batch, at: now)
        archiving = Archiving(storage, limits: Self.limits)
    }

    var image: CheckpointImage { CheckpointImage(of: table, at: now) }

    /// Makes a session with two people in it and starts it.
    func open(_ id: String, isRehearsal: Bool = false) throws -> SessionNumber {
        let number = table.lastNumber + 1
        let created = Created(
            id: try #require(SessionID(id.utf8)),
            epoch: Epoch(bits: number &* 0x9E37_79B9_7F4A_7C15),
            community: .empty,
            title: Text(id),
            place: .empty,
            isRehearsal: isRehearsal
        )
        try happen(.created(created), in: number)
        try gather(in: number)
        return number
    }

    /// Host and guest come, and the session starts, as far as that has not happened yet.
    func gather(in number: SessionNumber) throws {
        func state() throws -> SessionState { try #require(table.sessions[number]?.state) }
        if try state().seats.isEmpty { try join("host", .host, number) }
        if try state().host == nil {
            try happen(.hostChanged(from: nil, to: SeatID(0), reason: .arrived), in: number)
        }
        if try state().seats.count < 2 { try join("guest", .participant, number) }
        if try state().phase == .lobby { try happen(.started(by: SeatID(0)), in: number) }
    }

    func join(
        _ person: String,
        _ role: Role,
        _ number: SessionNumber,
        name: String? = nil,
        school: String = ""
    ) throws {
        let joined = Joined(
            person: try #require(PersonID(person.utf8)),
            name: Text(name ?? person),
            school: Text(school),
            ticketRole: role,
            room: .main
        )
        try happen(.joined(joined), in: number)
    }

    /// The guest writes; answers the message's name.
    @discardableResult
    func say(_ text: String, in number: SessionNumber) throws -> MessageID {
        let sent = ChatSent(from: SeatID(1), place: .room(.main), replyTo: nil, key: nil)
        return try happen(.chatSent(sent), text: text, in: number)
    }

    /// Ends a session and archives it, as far as the rules are concerned; a rehearsal is erased.
    func close(_ number: SessionNumber) throws {
        try happen(.ended(reason: .ended, endedAt: now), in: number)
        try putAway(number)
    }

    /// Archives a session that has ended, as far as the rules are concerned; a rehearsal is erased.
    func putAway(_ number: SessionNumber) throws {
        let isRehearsal = table.sessions[number]?.state.isRehearsal ?? false
        try happen(isRehearsal ? .sessionErased : .archived, in: number)
        anyArchived = anyArchived || !isRehearsal
    }

    /// Applies an event, and keeps it.
    @discardableResult
    func happen(_ event: SessionEvent, text: String? = nil, in number: SessionNumber) throws -> Int {
        now += 100
        let seq = (table.sessions[number]?.state.seq ?? 0) + 1
        let entry = SessionEntry(
            session: number,
            seq: seq,
            at: now,
            event: event,
            text: text.map { Text($0) }
        )
        table.apply(entry)
        entries.append(entry)
        var records: [NewRecord] = []
        EntryEncoding.append(.session(entry), to: &records)
        try keep(records)
        acknowledged = entries.count
        return seq
    }

    /// Applies what concerns no single session, and keeps it.
    func happen(_ event: BooksEvent) throws {
        let entry = BooksEntry(at: now, event: event)
        table.apply(entry)
        var records: [NewRecord] = []
        EntryEncoding.append(.books(entry), to: &records)
        try keep(records)
    }

    private func keep(_ records: [NewRecord]) throws {
        try writer.append(records, term: writer.term, at: now)
        try writer.sync(at: now)
        onKept()
    }

    var lastSequence: UInt64 { writer.lastSequence }

    /// Goes on in a new segment.
    func startSegment() throws { try writer.startSegment(at: now) }

    /// Writes a checkpoint, and does what is done behind it; follows up with another one when that is wanted.
    @discardableResult
    func checkpoint(isStopping: () -> Bool = { false }) throws -> ArchivingReport {
        try writeCheckpoint()
        let any = anyArchived
        anyArchived = false
        let report = try archiving.pass(
            after: image,
            sequence: writer.lastSequence,
            anyArchived: any,
            isStopping: isStopping
        )
        if report.wantsNewSegment {
            try writer.startSegment(at: now)
            _ = try checkpoint(isStopping: isStopping)
        }
        return report
    }

    /// Forgets persons while it runs, as a server does, and sessions that are archived.
    @discardableResult
    func erase(_ persons: [PersonID: PersonID], sessions: Set<SessionID> = []) throws -> ErasingReport {
        for (person, pseudonym) in persons {
            try ErasingFolder.forgetInMemory(person, as: pseudonym, self)
        }
        let sequence = try ErasingFolder.checkpoints(self)
        let request = ErasingRequest(persons: persons, sessions: sessions)
        let report = try Erasing(storage, limits: Self.limits).pass(request, through: sequence)
        archiving = Archiving(storage, limits: Self.limits)
        return report
    }

    /// Behind a pass that has changed archives and segments.
    func forgetSurvey() { archiving = Archiving(storage, limits: Self.limits) }

    /// Writes a checkpoint, and nothing else.
    func writeCheckpoint() throws {
        let sections = ImageEncoding.sections(of: image)
        let checkpoint = Checkpoint(
            sequence: writer.lastSequence,
            term: writer.term,
            time: now,
            encoding: ImageEncoding.version,
            stateHash: ImageEncoding.stateHash(of: sections),
            sections: sections
        )
        try Checkpoints.write(checkpoint, journalSyncedThrough: writer.syncedThrough, to: storage)
    }
}

extension SimulatedStorage {
    /// The folder's files in which these words stand.
    func files(with words: String) -> [String] {
        let words = Array(words.utf8)
        return names.filter { bytes(of: $0)?.holds(words) == true }
    }

    /// What all files take.
    var totalBytes: Int { names.reduce(0) { $0 + (bytes(of: $1)?.count ?? 0) } }

    /// How many segments there are.
    var segments: [String] { names.filter { $0.hasPrefix("segments/0") } }

    /// The archives, finished or not.
    var archives: [String] { names.filter { $0.hasPrefix("archive/") } }
}

extension [UInt8] {
    /// Whether these bytes are among them; the C library looks for the first one, for whole folders are searched.
    fileprivate func holds(_ words: [UInt8]) -> Bool {
        withUnsafeBytes { all in
            guard let base = all.baseAddress, let first = words.first else { return false }
            var start = 0
            while start + words.count <= count,
                let found = memchr(base + start, Int32(first), count - start - words.count + 1)
            {
                if memcmp(found, words, words.count) == 0 { return true }
                start = UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }
}

/// What all tests here know of a folder: every archive in it is sound.
func findings(in storage: SimulatedStorage) throws -> [ArchiveFinding] {
    try Archives.list(storage).map { try ArchiveFinding($0, in: storage) }
}

/// A session's name.
func id(_ text: String) throws -> SessionID { try #require(SessionID(text.utf8)) }
