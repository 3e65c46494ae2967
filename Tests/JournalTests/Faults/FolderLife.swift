import Journal
import Sessions
import Testing

/// A folder's whole life in a script: everything that a server ever does to the disk, with sessions in it.
///
/// Made, appended to, rolled over into spare segments, checkpointed, archived, started again, cleared of a person, of a
/// session and of what was old enough, closed. A failure of the journal itself ends the life, as it ends a server (74);
/// what is done behind the journal is left to the next time, as `Upkeep` does it.
final class FolderLife {
    /// What a start has to come to: all that anybody may have heard of.
    private(set) var acknowledged = CheckpointImage(of: SessionTable(), at: 0)
    /// That, and what was being written when the life ended.
    private(set) var tried = CheckpointImage(of: SessionTable(), at: 0)
    private var acknowledgedBefore = CheckpointImage(of: SessionTable(), at: 0)
    /// What ended the life; nil: it went to its end.
    private(set) var fault: JournalFault?
    /// What failed behind the journal.
    private(set) var upkeepFaults: [JournalFault] = []
    /// The sessions that are over, and the hash of the state that each ended in: their histories must be there.
    private(set) var over: [SessionID: UInt64] = [:]
    /// Copies of the folder, behind each part of the script.
    private(set) var stages: [Stage] = []

    /// The folder at a moment when nothing is under way.
    struct Stage: CustomTestStringConvertible {
        var testDescription: String
        var storage: SimulatedStorage
        var image: CheckpointImage
        /// Without what was written last.
        var imageBefore: CheckpointImage
        var over: [SessionID: UInt64]
    }

    private let storage: SimulatedStorage
    private let keepsStages: Bool
    private var server: SmallServer?

    /// Lives until the journal fails; then `storage` is as the process has left it.
    init(in storage: SimulatedStorage, keepsStages: Bool = false) throws {
        self.storage = storage
        self.keepsStages = keepsStages
        do {
            try live()
        } catch let fault as JournalFault {
            self.fault = fault
        }
        tried = server?.image(at: 0) ?? acknowledged
        server = nil
    }

    /// Goes on with what a start has found, to an end: whoever is over is archived, whatever was begun is finished.
    init(after life: FolderLife) throws {
        storage = life.storage
        keepsStages = false
        over = life.over
        try start()
        acknowledged = server?.image(at: 0) ?? acknowledged
        try tidyUp()
        tried = acknowledged
        server = nil
    }

    private func live() throws {
        try start()
        try open("lasting")
        try talk("lasting")
        try open("first")
        try ErasingFolder.fill(number("first"), of: running())
        try talk("first")
        try end("first")
        stage("written")
        try upkeep { try running().checkpoint() }
        stage("archived")
        try ErasingFolder.fill(number("lasting"), of: running())
        try open("second")
        try talk("second")
        try open("practice", isRehearsal: true)
        try running().happen(.sessionErased, in: number("practice"))
        try end("second")
        try upkeep { try running().checkpoint() }
        stage("archived twice")
        try talk("lasting")
        server = nil
        try start()
        stage("started again")
        try ErasingFolder.forgetInMemory(ErasingFolder.person, running())
        try erase(ErasingRequest(persons: [ErasingFolder.person: ErasingFolder.pseudonym]))
        stage("a person erased")
        try talk("lasting")
        over[try id("second")] = nil
        try erase(ErasingRequest(sessions: [try id("second")], wordsBefore: running().now))
        stage("a session erased")
        try running().writer.close(at: running().now)
        stage("closed")
    }

    private func tidyUp() throws {
        let server = try running()
        let unfinished = try Erasing.unfinished(in: storage)
        for number in server.table.risingNumbers {
            guard let state = server.table.sessions[number]?.state else { continue }
            // Whoever had not come yet when the life ended comes now.
            if state.phase == .ended { try end(state.id.text) } else { try server.gather(in: number) }
        }
        if server.table.sessions.isEmpty { try open("lasting") }
        try talk("lasting")
        try upkeep { try server.checkpoint() }
        try server.startSegment()
        if let unfinished { try erase(unfinished) }
        try talk("lasting")
        try upkeep { try server.checkpoint() }
        try #require(upkeepFaults.isEmpty)
    }
}

// MARK: - What is done

extension FolderLife {
    private func running() throws -> SmallServer { try #require(server) }

    private func number(_ name: String) throws -> SessionNumber {
        let session = try running().table.sessions.first { $0.value.state.id.text == name }
        return try #require(session?.key)
    }

    private func start() throws {
        let server = try SmallServer(storage)
        self.server = server
        server.onKept = { [unowned self, unowned server] in
            (acknowledgedBefore, acknowledged) = (acknowledged, server.image(at: 0))
        }
    }

    private func open(_ name: String, isRehearsal: Bool = false) throws {
        _ = try running().open(name, isRehearsal: isRehearsal)
    }

    private func talk(_ name: String) throws {
        let session = try number(name)
        for number in 1...12 {
            try running().say("a word in \(name), \(number)", in: session)
            guard try running().writer.spareIsDue() else { continue }
            try upkeep { try Segments.prepareSpare(in: storage, limits: SmallServer.limits) }
        }
    }

    private func end(_ name: String) throws {
        let (server, session) = (try running(), try number(name))
        if server.table.sessions[session]?.state.phase != .ended {
            try server.happen(.ended(reason: .ended, endedAt: server.now), in: session)
        }
        let state = try #require(server.table.sessions[session]?.state)
        try server.putAway(session)
        if !state.isRehearsal { over[state.id] = ImageEncoding.stateHash(of: state) }
    }

    /// As `Upkeep` does it: a checkpoint, a new segment, a checkpoint in it, the pass, and one more checkpoint.
    private func erase(_ request: ErasingRequest) throws {
        let server = try running()
        let isWritten = try upkeep {
            try server.checkpoint()
            try Segments.prepareSpare(in: storage, limits: SmallServer.limits)
        }
        guard isWritten else { return }
        try server.startSegment()
        try upkeep {
            try server.writeCheckpoint()
            let through = server.lastSequence
            let report = try Erasing(storage, limits: SmallServer.limits).pass(request, through: through)
            try #require(report.isComplete)
            server.forgetSurvey()
            try server.checkpoint()
        }
    }

    /// What fails behind the journal is said and left to the next time; true: nothing has.
    @discardableResult
    private func upkeep(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch let fault as JournalFault {
            // The journal itself: that ends the server.
            try running().writer.syncNow()
            upkeepFaults.append(fault)
            return false
        }
    }

    private func stage(_ name: String) {
        guard keepsStages, let server else { return }
        stages.append(
            Stage(
                testDescription: name,
                storage: SimulatedStorage(copying: storage),
                image: server.image(at: 0),
                imageBefore: acknowledgedBefore,
                over: over
            )
        )
    }
}

extension SmallServer {
    /// Its sessions.
    func image(at now: Milliseconds) -> CheckpointImage { CheckpointImage(of: table, at: now) }
}
