import Glibc
import Journal
import Sessions
import Testing

/// A person is erased, and the process dies, the power goes, or a call fails, at any call; then it is done again.
@Suite struct ErasingCrashTests {
    /// A small folder: a session that is over and archived, one that is over and is not, one that lasts.
    private static func folder() throws -> SimulatedStorage {
        let storage = SimulatedStorage(seed: 5)
        let server = try SmallServer(storage)
        let lasting = try server.open("lasting")
        let first = try server.open("first")
        try ErasingFolder.fill(first, of: server)
        try server.close(first)
        try server.checkpoint()
        try ErasingFolder.fill(lasting, of: server)
        try server.happen(.sessionErased, in: try server.open("erased"))
        let second = try server.open("second")
        try ErasingFolder.fill(second, of: server)
        try server.close(second)
        try server.writer.close(at: server.now)
        storage.restart(losingPower: false)
        return storage
    }

    /// Erases a person, and a session that is over.
    private func work(_ storage: SimulatedStorage) throws {
        let server = try SmallServer(storage)
        let person = try ErasingFolder.person
        if server.table.sessions[1]?.state.seatByPerson[person] != nil {
            try ErasingFolder.forgetInMemory(person, server)
        }
        let sequence = try ErasingFolder.checkpoints(server)
        let request = ErasingRequest(
            persons: [person: try ErasingFolder.pseudonym],
            sessions: [try id("second")]
        )
        let report = try Erasing(storage, limits: SmallServer.limits).pass(request, through: sequence)
        try #require(report.isComplete)
    }

    /// What must be true of the folder whatever happened to it.
    private func check(_ storage: SimulatedStorage, _ comment: Comment) throws {
        let copy = SimulatedStorage(copying: storage)
        let recovery = try JournalRecovery(storage: copy, limits: SmallServer.limits)
        let found = try SessionRecovery(reading: recovery)
        try #require(recovery.report.skipped.isEmpty, comment)
        try #require(found.table.usedIDs.count == 3 && found.table.lastNumber == 4, comment)
        try #require(try Verified(storage).isSound, comment)
    }

    /// After one more run without misfortune all is as if there never had been any.
    private func checkHealed(_ storage: SimulatedStorage, _ comment: Comment) throws {
        storage.restart(losingPower: false)
        try work(storage)
        try #require(storage.traces(of: ErasingFolder.canary) == [], comment)
        try #require(storage.archives == ["archive/first.log"], comment)
        try #require(!storage.names.contains { $0.hasSuffix(".part") }, comment)
        try #require(try Erasing.unfinished(in: storage) == nil, comment)
        // Nothing is erased without being listed for those who start on a copy: the person and two sessions.
        let listed = try ErasureList.read(storage)
        try #require(listed.entries.count == 3, comment)
        try #require(listed.has(.person(try ErasingFolder.person, as: try ErasingFolder.pseudonym)), comment)
        try check(storage, comment)
        // What the second server relied on must not hang on what the first one never made durable.
        storage.restart(losingPower: true)
        try check(storage, comment)
        // Archiving finds nothing to complain of, and brings nothing back.
        storage.restart(losingPower: false)
        let server = try SmallServer(storage)
        try server.close(1)
        let report = try server.checkpoint()
        try #require(report.archived.map(\.text) == ["lasting"] && report.faults.isEmpty, comment)
    }

    @Test func `whenever the process dies or the power goes, the next run finishes`() throws {
        let whole = try Self.folder()
        let quiet = SimulatedStorage(copying: whole)
        try work(quiet)
        let calls = quiet.step
        try #require(calls > 100)
        try checkHealed(quiet, "without misfortune")
        for step in 0..<calls {
            let storage = SimulatedStorage(copying: whole)
            storage.random.state = UInt64(step)
            storage.misfortunes[step] = .die(afterBytes: [0, 1, 700, 100_000][step % 4])
            try? work(storage)
            storage.restart(losingPower: step / 4 % 2 == 0)
            let comment: Comment = "call \(step)"
            try check(storage, comment)
            try checkHealed(storage, comment)
        }
    }

    @Test func `whichever call fails, nothing is lost, and the next run finishes`() throws {
        let whole = try Self.folder()
        let quiet = SimulatedStorage(copying: whole)
        try work(quiet)
        for step in stride(from: 0, to: quiet.step, by: 2) {
            let storage = SimulatedStorage(copying: whole)
            storage.misfortunes[step] = .fail(step % 4 == 0 ? EIO : ENOSPC)
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
            #expect(storage.names == quiet.names)
            #expect(storage.names.allSatisfy { storage.bytes(of: $0) == quiet.bytes(of: $0) })
        }
    }
}
