import Glibc
import Journal
import Sessions
import Testing

/// A folder is copied while it changes between any two calls, and while the disk of the copy fails at any call.
@Suite struct BackupTests {
    /// A person who wrote in every field, in sessions that are over and in one that lives; others wrote too.
    private static func server() throws -> SmallServer {
        let server = try ErasingFolder.live()
        try server.say("and on", in: 1)
        return server
    }

    private func copy(_ source: SimulatedStorage, to target: SimulatedStorage) throws -> BackupReport {
        try Backup(from: source, to: target, limits: SmallServer.limits).run()
    }

    /// Another ten minutes: sessions come and go, segments are filled, archived and removed, checkpoints follow.
    private static func busyTime(_ server: SmallServer) throws {
        let number = try server.open("busy-\(server.lastSequence)")
        for count in 0..<30 { try server.say("words \(count)", in: number) }
        try server.close(number)
        try server.checkpoint()
        try server.startSegment()
        try server.say("still there", in: 1)
        try server.checkpoint()
        try server.checkpoint()
    }

    @Test func `a copy is what the folder was, but for the tail, and starts`() throws {
        let server = try Self.server()
        let check = BackupCheck(server)
        let target = SimulatedStorage(seed: 2)
        let report = try copy(server.storage, to: target)
        #expect(report.lastSequence == server.lastSequence && report.looks == 1 && report.archivesGone == 0)
        #expect(report.files == target.names.count && report.bytes == target.totalBytes)
        #expect(target.names == server.storage.names)
        #expect(target.names.allSatisfy { target.bytes(of: $0) == server.storage.bytes(of: $0) })
        target.restart(losingPower: true)
        try check.check(target, "a quiet folder")
    }

    @Test func `an empty journal, and one that a crash has torn`() throws {
        let empty = SimulatedStorage(seed: 3)
        _ = try JournalRecovery(storage: empty, limits: small)
        empty.restart(losingPower: false)
        #expect(try copy(empty, to: SimulatedStorage(seed: 4)).files == 0)

        let server = try Self.server()
        let last = try #require(server.storage.segments.last)
        var bytes = try #require(server.storage.bytes(of: last))
        let end = try #require(bytes.lastIndex { $0 != 0 })
        for place in end + 1..<end + 20 { bytes[place] = 7 }
        server.storage.replace(last, by: bytes)
        let check = BackupCheck(server)
        let target = SimulatedStorage(seed: 5)
        #expect(try copy(server.storage, to: target).unfinishedBytes == 19)
        #expect(target.bytes(of: last)?[(end + 1)...].allSatisfy { $0 == 0 } == true)
        try check.check(target, "a torn tail")
    }

    @Test(arguments: ["busy", "erasing", "both"])
    func `whatever happens between any two calls, the copy is whole`(kind: String) throws {
        var calls = 1
        var step = 0
        var looks = 0
        while step < calls {
            let server = try Self.server()
            let person = try ErasingFolder.person
            let check = BackupCheck(server)
            let first = server.storage.step
            var happened: Result<Void, any Error>?
            server.storage.beforeCall = { [storage = server.storage] in
                guard happened == nil, storage.step - first == step else { return }
                happened = .success(())
                happened = Result {
                    if kind != "erasing" { try Self.busyTime(server) }
                    let pseudonym = try ErasingFolder.pseudonym
                    let last = try id("second")
                    if kind != "busy" { try server.erase([person: pseudonym], sessions: [last]) }
                    if kind == "both" { try Self.busyTime(server) }
                }
            }
            let target = SimulatedStorage(seed: UInt64(step))
            let report = try copy(server.storage, to: target)
            server.storage.beforeCall = nil
            try happened?.get()
            // It has happened, so there may be a later call to try.
            calls = happened == nil ? server.storage.step - first : step + 4
            looks = max(looks, report.looks)
            target.restart(losingPower: true)
            try check.check(target, words: [person: ErasingFolder.canary], "\(kind) at call \(step)")
            // The two apart are part of both together.
            step += kind == "both" ? 1 : 3
        }
        #expect(calls > 30)
        #expect(looks > 1)
    }

    @Test
    func `an erasing that was begun before goes on between any two calls, and nobody is left in the copy`()
        throws
    {
        var calls = Int.max
        var step = 0
        while step < calls {
            let server = try Self.server()
            let storage = server.storage
            let person = try ErasingFolder.person
            try ErasingFolder.forgetInMemory(person, server)
            let through = try ErasingFolder.checkpoints(server)
            let erasing = Erasing(storage, limits: SmallServer.limits)
            let request = ErasingRequest(persons: [person: try ErasingFolder.pseudonym])
            // The erasure is listed, and nothing is written anew yet.
            let begun = try erasing.pass(request, through: through) { storage.bytes(of: "erasures") != nil }
            try #require(begun.isStopped && !storage.traces(of: ErasingFolder.canary).isEmpty)
            let check = BackupCheck(server)
            let first = storage.step
            var report: Result<ErasingReport, any Error>?
            storage.beforeCall = {
                guard report == nil, storage.step - first == step else { return }
                report = .success(begun)
                report = Result { try erasing.pass(request, through: through) }
            }
            let target = SimulatedStorage(seed: UInt64(step))
            _ = try copy(storage, to: target)
            storage.beforeCall = nil
            if let report { try #require(try report.get().isComplete) } else { calls = storage.step - first }
            try check.check(target, words: [person: ErasingFolder.canary], "finished at call \(step)")
            step += 1
        }
        #expect(calls > 30)
    }

    @Test func `whenever the process dies or the power goes, half a copy is not taken for a whole one`()
        throws
    {
        let server = try Self.server()
        let quiet = SimulatedStorage(seed: 1)
        _ = try copy(server.storage, to: quiet)
        let check = BackupCheck(server)
        var whole = 0
        for step in 0..<quiet.step {
            let target = SimulatedStorage(seed: UInt64(step))
            target.misfortunes[step] = .die(afterBytes: [0, 1, 700, 100_000][step % 4])
            #expect(throws: BackupFault.self) { _ = try copy(server.storage, to: target) }
            target.restart(losingPower: step / 4 % 2 == 0)
            if target.names.contains(Backup.marker) {
                #expect(throws: JournalFault.unfinishedCopy) { _ = try target.recoveredHash() }
            } else if !target.names.isEmpty {
                try check.check(target, "call \(step)")
                whole += 1
            }
        }
        // Only the very end may be cut off.
        #expect((1...2).contains(whole))
    }

    @Test(arguments: [ENOSPC, EIO])
    func `whichever call fails, nothing is left`(code: Int32) throws {
        let server = try Self.server()
        let quiet = SimulatedStorage(seed: 1)
        _ = try copy(server.storage, to: quiet)
        for step in 0..<quiet.step {
            let target = SimulatedStorage(seed: UInt64(step))
            target.misfortunes[step] = .fail(code)
            #expect(throws: BackupFault.self) { _ = try copy(server.storage, to: target) }
            #expect(target.names == [], "call \(step)")
            #expect(try target.makeDirectory(""), "call \(step)")
        }
        for misfortune in [SimulatedStorage.Misfortune.short, .interrupt] {
            let target = SimulatedStorage(seed: 1)
            for step in stride(from: 0, to: 2 * quiet.step, by: 2) { target.misfortunes[step] = misfortune }
            _ = try copy(server.storage, to: target)
            #expect(target.names.allSatisfy { target.bytes(of: $0) == quiet.bytes(of: $0) })
        }
    }

    @Test func `each damage in what is copied is named, and no copy is called good`() throws {
        let server = try Self.server()
        try server.writer.close(at: server.now)
        for name in server.storage.names {
            let bits = try #require(server.storage.bytes(of: name)).count * 8
            for bit in stride(from: 3, to: bits, by: bits / 7) {
                let source = SimulatedStorage(copying: server.storage)
                source.flip(bit: bit, of: name)
                let target = SimulatedStorage(seed: 1)
                do {
                    // Zeroes behind the records: nobody reads them, or they pass for a torn tail and are left out.
                    _ = try copy(source, to: target)
                    #expect(try Verified(target).isSound)
                    let isInRecords = try !Verified(source).isSound
                    #expect(!isInRecords, "bit \(bit) of \(name)")
                } catch let fault as BackupFault {
                    #expect("\(fault)".contains(name), "bit \(bit) of \(name): \(fault)")
                    #expect(target.names == [])
                }
            }
        }
    }

    @Test func `a folder that holds something is left as it is`() throws {
        let server = try Self.server()
        let target = SimulatedStorage(seed: 1)
        target.replace("letter", by: [1])
        #expect(throws: BackupFault.notEmpty(isUnfinished: false)) {
            _ = try copy(server.storage, to: target)
        }
        target.replace(Backup.marker, by: [])
        #expect(throws: BackupFault.notEmpty(isUnfinished: true)) { _ = try copy(server.storage, to: target) }
        #expect(target.names == ["letter", Backup.marker])
    }

    @Test func `what the disk of the copy changes is noticed`() throws {
        let server = try Self.server()
        let target = SimulatedStorage(seed: 1)
        var flipped = false
        target.beforeCall = { [weak target] in
            guard let target, !flipped, target.names.contains(where: { $0.hasPrefix("archive/") }) else {
                return
            }
            flipped = true
            // Behind the records, where no check of the journal's own looks.
            guard let last = target.segments.last, let bytes = target.bytes(of: last) else { return }
            target.flip(bit: bytes.count * 8 - 1, of: last)
        }
        let last = try #require(server.storage.segments.last)
        #expect(throws: BackupFault.changed(file: last)) { _ = try copy(server.storage, to: target) }
        #expect(flipped)
    }
}
