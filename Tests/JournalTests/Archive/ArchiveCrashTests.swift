import Glibc
import Journal
import Sessions
import Testing

/// A pass that dies or fails at any of its calls to the disk.
@Suite struct ArchiveCrashTests {
    /// Three sessions, two of them over, in several segments; one checkpoint, the next one is due.
    private static func folder() throws -> SimulatedStorage {
        let storage = SimulatedStorage(seed: 3)
        let server = try SmallServer(storage)
        for name in ["first", "second"] {
            let session = try server.open(name)
            let rash = try server.say("a rash word in \(name)", in: session)
            for number in 1...24 { try server.say("\(name) \(number)", in: session) }
            try server.happen(.chatDeleted(rash, by: SeatID(1)), in: session)
            try server.close(session)
        }
        let lasting = try server.open("lasting")
        for number in 1...12 { try server.say("lasting \(number)", in: lasting) }
        try server.writeCheckpoint()
        try server.say("one more", in: lasting)
        try server.writer.close(at: server.now)
        storage.restart(losingPower: false)
        return storage
    }

    /// Starts, writes a checkpoint, archives, and starts to write another one behind new words.
    private func work(_ storage: SimulatedStorage) throws {
        let server = try SmallServer(storage)
        try server.checkpoint()
        try server.say("still here", in: 3)
        try server.checkpoint()
    }

    /// What must be true of the folder whatever happened to it, and of what is done next.
    private func check(_ storage: SimulatedStorage, _ comment: Comment) throws {
        let recovery = try JournalRecovery(storage: storage, limits: SmallServer.limits)
        let found = try SessionRecovery(reading: recovery)
        try #require(recovery.report.skipped.isEmpty, comment)
        try #require(found.table.usedIDs == [try id("first"), try id("second")], comment)
        try #require(found.table.lastNumber == 3 && found.table.sessions[3] != nil, comment)
        try checkWithoutNewest(storage, comment)
        for finding in try findings(in: storage) {
            try #require(finding.fault == nil && finding.isReplayed, comment)
        }
        // Whoever has no archive has all records.
        try #require(
            try Archives.list(storage).count == 2 || storage.segments.first == firstSegment,
            comment
        )
    }

    /// The older checkpoint serves as well as the newest.
    private func checkWithoutNewest(_ storage: SimulatedStorage, _ comment: Comment) throws {
        let copy = SimulatedStorage(copying: storage)
        let checkpoints = copy.names.filter { $0.hasSuffix(".ckpt") }
        guard checkpoints.count > 1, let newest = checkpoints.last else { return }
        copy.flip(bit: 500, of: newest)
        let recovery = try JournalRecovery(storage: copy, limits: SmallServer.limits)
        let found = try SessionRecovery(reading: recovery)
        try #require(found.table.usedIDs.count == 2 && found.table.lastNumber == 3, comment)
    }

    /// After one more run without misfortune all is as if there never had been any.
    private func checkHealed(_ storage: SimulatedStorage, _ comment: Comment) throws {
        storage.restart(losingPower: false)
        try work(storage)
        try #require(storage.archives == ["archive/first.log", "archive/second.log"], comment)
        try #require(!storage.segments.contains(firstSegment), comment)
        try #require(storage.files(with: "a rash word in first").isEmpty, comment)
        try #require(!storage.files(with: "lasting 1").isEmpty, comment)
        try check(storage, comment)
        try #require(try JournalVerification(storage, limits: SmallServer.limits).isSound, comment)
        // What the second server relied on must not hang on what the first one never made durable.
        storage.restart(losingPower: true)
        try check(storage, comment)
    }

    @Test func `whenever the process dies or the power goes, an archive is whole or not there`() throws {
        let whole = try Self.folder()
        let quiet = SimulatedStorage(copying: whole)
        try work(quiet)
        let calls = quiet.step
        try #require(calls > 80)
        try checkHealed(quiet, "without misfortune")
        for step in 0..<calls {
            for variant in [step % 4, (step + 2) % 4] {
                let storage = SimulatedStorage(copying: whole)
                storage.random.state = UInt64(step * 4 + variant)
                storage.misfortunes[step] = .die(afterBytes: [0, 1, 700, 100_000][variant])
                try? work(storage)
                storage.restart(losingPower: variant != 3)
                let comment: Comment = "call \(step), variant \(variant)"
                try check(storage, comment)
                try checkHealed(storage, comment)
            }
        }
    }

    @Test func `whichever call fails, nothing is lost, and the next pass does it all`() throws {
        let whole = try Self.folder()
        let quiet = SimulatedStorage(copying: whole)
        try work(quiet)
        for step in 0..<quiet.step {
            let storage = SimulatedStorage(copying: whole)
            storage.misfortunes[step] = .fail(step % 2 == 0 ? EIO : ENOSPC)
            try? work(storage)
            storage.restart(losingPower: true)
            try check(storage, "call \(step)")
            try checkHealed(storage, "call \(step)")
        }
    }

    @Test func `short and interrupted calls change nothing`() throws {
        let whole = try Self.folder()
        let quiet = SimulatedStorage(copying: whole)
        try work(quiet)
        for misfortune in [SimulatedStorage.Misfortune.short, .interrupt] {
            let storage = SimulatedStorage(copying: whole)
            for step in stride(from: 0, to: 2 * quiet.step, by: 2) { storage.misfortunes[step] = misfortune }
            try work(storage)
            #expect(
                storage.archives.map { storage.bytes(of: $0) } == quiet.archives.map { quiet.bytes(of: $0) }
            )
        }
    }
}
