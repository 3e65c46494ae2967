import Journal
import Sessions
import Testing

/// A folder in which one person has filled every field that can be filled, in sessions that are over and in one that is
/// not.
///
/// Each of their words has the canary in it. Others wrote too.
enum ErasingFolder {
    static let canary = "CANARY"
    static let kept = "others-words"

    static var person: PersonID { get throws { try #require(PersonID("\(canary).person@school".utf8)) } }
    static var pseudonym: PersonID { get throws { try #require(PersonID("erased-0123456789ab".utf8)) } }

    private static let host = SeatID(0)
    private static let guest = SeatID(1)
    private static let victim = SeatID(2)

    /// Two sessions that are over and archived, one that is over and not archived, one that lasts.
    static func make() throws -> SimulatedStorage {
        let server = try live()
        try server.writer.close(at: server.now)
        server.storage.restart(losingPower: false)
        return server.storage
    }

    /// The same, with the server that made it.
    static func live() throws -> SmallServer {
        let server = try SmallServer(SimulatedStorage(seed: 4))
        let lasting = try server.open("lasting")
        for name in ["first", "second"] {
            let session = try server.open(name)
            try fill(session, of: server)
            try server.close(session)
        }
        let bystanders = try server.open("bystanders")
        try server.say("\(kept) among themselves", in: bystanders)
        try server.close(bystanders)
        try fill(lasting, of: server)
        try server.checkpoint()
        let third = try server.open("third")
        try fill(third, of: server)
        try server.close(third)
        try server.say("\(kept), at last", in: lasting)
        return server
    }

    /// The person joins, and writes wherever one can write; the others do as well.
    static func fill(_ session: SessionNumber, of server: SmallServer) throws {
        try server.join(try person.text, .cohost, session, name: "\(canary) name", school: "\(canary) school")
        for seat in [guest, victim] {
            let words = seat == victim ? canary : kept
            try talk(seat, words, in: session, of: server)
            try ask(seat, words, in: session, of: server)
            try host(seat, words, in: session, of: server)
        }
        try server.happen(.labelled(victim, by: host), text: "\(canary) label by the host", in: session)
        let time = Interval(from: server.now - 300, to: server.now - 200)
        let marked = SessionEvent.attendanceMarked(victim, time, present: true, by: host)
        try server.happen(marked, text: "\(canary) reason of the host", in: session)
    }

    private static func talk(
        _ seat: SeatID,
        _ words: String,
        in session: SessionNumber,
        of server: SmallServer
    ) throws {
        let key = Text("\(words)-key")
        let sent = ChatSent(from: seat, place: .room(.main), replyTo: nil, key: key)
        let message = try server.happen(.chatSent(sent), text: "\(words) message", in: session)
        try server.happen(.chatEdited(message, by: seat), text: "\(words) edited", in: session)
        let direct = ChatSent(from: seat, place: .direct(to: host), replyTo: message, key: key)
        let rash = try server.happen(.chatSent(direct), text: "\(words) directly", in: session)
        let other = ChatSent(from: seat, place: .room(.hosts), replyTo: nil, key: nil)
        try server.happen(.chatSent(other), text: "\(words) to the hosts", in: session)
        try server.happen(.chatDeleted(rash, by: seat), in: session)
    }

    private static func ask(
        _ seat: SeatID,
        _ words: String,
        in session: SessionNumber,
        of server: SmallServer
    ) throws {
        try server.happen(.labelled(seat, by: seat), text: "\(words) label", in: session)
        let asked = HelpAsked(from: seat, room: .main, unnamed: false)
        let help = try server.happen(.helpAsked(asked), text: "\(words) help", in: session)
        try server.happen(.helpClaimed(help, of: seat, by: host), in: session)
        let open = HelpAsked(from: seat, room: .main, unnamed: true)
        try server.happen(.helpResolved(help, of: seat, by: host), in: session)
        try server.happen(.helpAsked(open), text: "\(words) once more", in: session)
    }

    private static func host(
        _ seat: SeatID,
        _ words: String,
        in session: SessionNumber,
        of server: SmallServer
    ) throws {
        let changed = SessionEvent.changed(
            title: Text("\(words) title"),
            place: Text("\(words) place"),
            by: seat
        )
        try server.happen(changed, in: session)
        let round = (server.table.sessions[session]?.state.rounds ?? 0) + 1
        let setups = ["Room 1", "\(words) room"].map {
            RoomSetup(name: Text($0), task: Text("\(words) task"), place: Text("\(words) table"))
        }
        let opened = BreakoutsOpened(
            round: round,
            mode: .manual,
            rooms: setups,
            placements: [],
            closesAt: nil,
            closing: 0,
            late: .main,
            hostsRead: false,
            seed: 1,
            by: seat
        )
        try server.happen(.breakoutsOpened(opened), in: session)
        let room = RoomID.breakout(round: round, number: 2)
        try server.happen(.roomRenamed(room, name: Text("\(words) renamed"), by: seat), in: session)
        let added = RoomID.breakout(round: round, number: 3)
        try server.happen(.roomAdded(added, setups[1], by: seat), in: session)
        try server.happen(.breakoutsAnnounced(by: seat), text: "\(words) to all rooms", in: session)
        let time = Interval(from: server.now - 300, to: server.now - 200)
        try server.happen(.attendanceClaimed(seat, time), in: session)
        let marked = SessionEvent.attendanceMarked(guest, time, present: false, by: seat)
        try server.happen(marked, text: "\(words) reason", in: session)
        try server.happen(.breakoutsClosed(placements: [], by: seat), in: session)
    }

    /// Forgets the person as a server does: in memory, behind that a checkpoint, a new segment, another checkpoint, and
    /// the pass.
    @discardableResult
    static func erase(
        _ person: PersonID,
        as name: PersonID? = nil,
        in storage: SimulatedStorage
    ) throws -> ErasingReport {
        let server = try SmallServer(storage)
        let unfinished = try Erasing.unfinished(in: storage)
        try forgetInMemory(person, as: name, server)
        let sequence = try checkpoints(server)
        var request = unfinished ?? ErasingRequest()
        request.persons[person] = try name ?? pseudonym
        return try Erasing(storage, limits: SmallServer.limits).pass(request, through: sequence)
    }

    /// What the engine does.
    static func forgetInMemory(_ person: PersonID, as name: PersonID? = nil, _ server: SmallServer) throws {
        let pseudonym = try name ?? pseudonym
        try server.happen(.personRenamed(person, as: pseudonym))
        for number in server.table.risingNumbers {
            let session = server.table.sessions[number]
            let events = session?.erase(person, as: pseudonym, newEpoch: Epoch(bits: 5 + number)) ?? []
            for event in events { try server.happen(event, in: number) }
        }
    }

    /// A checkpoint and what is done behind it, a new segment, another checkpoint; answers the first one's number.
    static func checkpoints(_ server: SmallServer) throws -> UInt64 {
        try server.checkpoint()
        let sequence = try #require(try Checkpoints.list(server.storage).first)
        try server.startSegment()
        try server.writeCheckpoint()
        return sequence
    }
}

/// What `plenary verify` finds.
struct Verified {
    var journal: JournalVerification
    var replay: ReplayCheck

    init(_ storage: SimulatedStorage) throws {
        let first = try Segments.first(in: storage)
        let checkpoints = try Checkpoints.list(storage).map { try Checkpoints.read($0, from: storage) }
        var replay = ReplayCheck(checkpoints, after: try ArchivedBeginning(storage, before: first))
        journal = try JournalVerification(storage, limits: SmallServer.limits) {
            record throws(JournalFault) in
            try replay.take(record)
        }
        replay.finish(at: journal.lastSequence)
        self.replay = replay
    }

    var isSound: Bool {
        journal.isSound && replay.disagreed.isEmpty && journal.archives.allSatisfy(\.isReplayed)
    }
}

extension SimulatedStorage {
    /// The files in which these words stand, in their bytes or in their names.
    func traces(of words: String) -> [String] {
        files(with: words) + names.filter { $0.contains(words) }
    }

    /// The hash of the state that a start comes to.
    func recoveredHash() throws -> UInt64 {
        let copy = SimulatedStorage(copying: self)
        let recovery = try JournalRecovery(storage: copy, limits: SmallServer.limits)
        let found = try SessionRecovery(reading: recovery)
        return ImageEncoding.stateHash(
            of: ImageEncoding.sections(of: CheckpointImage(of: found.table, at: 0))
        )
    }

    /// The hashes that the archives tell, by the names of their files.
    func archiveHashes() throws -> [String: UInt64] {
        var hashes: [String: UInt64] = [:]
        for id in try Archives.list(self) {
            hashes[id.text] = try Archives.header(of: id, in: self).stateHash
        }
        return hashes
    }
}
