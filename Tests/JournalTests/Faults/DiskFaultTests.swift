import Foundation
import Glibc
import Journal
import Sessions
import Testing

/// HOSTILE 68 to 72: each misfortune at each call to the disk of a folder's whole life.
///
/// `DISK_FAULTS=all` tries each at every call, with several seeds; else each thirteenth call has one of them.
@Suite struct DiskFaultTests {
    private static let isThorough = ProcessInfo.processInfo.environment["DISK_FAULTS"] == "all"

    /// How many calls a life without misfortune makes.
    private static let calls = Result {
        let storage = SimulatedStorage(seed: 1)
        let life = try FolderLife(in: storage)
        try #require(life.fault == nil && life.upkeepFaults.isEmpty)
        return storage.step
    }

    /// What can be found wrong with a folder, in words.
    private func fault(_ storage: SimulatedStorage, _ life: FolderLife) throws -> String? {
        let copy = SimulatedStorage(copying: storage)
        let recovery = try JournalRecovery(storage: copy, limits: SmallServer.limits)
        let image = CheckpointImage(of: try SessionRecovery(reading: recovery).table, at: 0)
        guard image == life.acknowledged || image == life.tried else {
            return "what was recovered is neither what was acknowledged nor that and what was being written"
        }
        guard recovery.report.skipped.isEmpty else {
            return "a checkpoint is bad: \(recovery.report.skipped)"
        }
        var histories: [SessionID: UInt64] = [:]
        let bad = try SessionHistories.fold(copy) { histories[$0.outline.id] = $0.hash }
        guard bad.isEmpty else { return "archives are bad: \(bad)" }
        let lost = life.over.filter { histories[$0.key] != $0.value }
        guard lost.isEmpty else { return "histories are gone: \(lost.keys.map(\.text))" }
        return try Verified(copy).isSound ? nil : "verify finds something"
    }

    /// Lives with something laid out, dies, is looked at, goes on, and the power goes: nothing is lost by any of it.
    private func endure(
        _ misfortune: SimulatedStorage.Misfortune,
        at call: Int,
        seed: Int,
        losingPower: Bool
    ) throws -> FolderLife {
        let comment: Comment =
            "call \(call): \(String(describing: misfortune)), seed \(seed), losing power: \(losingPower)"
        let storage = SimulatedStorage(seed: UInt64(seed))
        storage.misfortunes[call] = misfortune
        let life = try FolderLife(in: storage)
        storage.restart(losingPower: losingPower)
        try #require(try fault(storage, life) == nil, comment)
        let later = try FolderLife(after: life)
        storage.restart(losingPower: true)
        try #require(try fault(storage, later) == nil, comment)
        try #require(!storage.files(with: "a word in lasting, 12").isEmpty, comment)
        return life
    }

    /// Each call with the misfortunes that it is to have.
    private func each(
        of misfortunes: [SimulatedStorage.Misfortune],
        _ body: (_ misfortune: SimulatedStorage.Misfortune, _ call: Int, _ seed: Int, _ power: Bool) throws ->
            Void
    ) throws {
        let calls = try Self.calls.get()
        for call in stride(from: 0, to: calls, by: Self.isThorough ? 1 : 13) {
            guard Self.isThorough else {
                try body(misfortunes[call % misfortunes.count], call, call, call / misfortunes.count % 2 == 0)
                continue
            }
            for (number, misfortune) in misfortunes.enumerated() {
                for seed in 0..<4 { try body(misfortune, call, call * 64 + number * 4 + seed, seed % 2 == 0) }
            }
        }
    }

    @Test func `whichever call fails, everything acknowledged is there afterwards, and what failed was said`()
        throws
    {
        var faults: Set<String> = []
        var upkeepFaults: Set<String> = []
        try each(of: [.fail(EIO), .fail(ENOSPC), .fail(EROFS)]) { misfortune, call, seed, power in
            let life = try endure(misfortune, at: call, seed: seed, losingPower: power)
            if let fault = life.fault { faults.insert(fault.description) }
            for fault in life.upkeepFaults { upkeepFaults.insert(fault.description) }
        }
        // The journal's own and those behind it.
        #expect(!faults.isEmpty && !upkeepFaults.isEmpty)
        guard Self.isThorough else { return }
        // Each in words, with the file.
        #expect(faults.contains("sync segments/00000000000000000001.log: Input/output error"))
        #expect(upkeepFaults.contains { $0.hasPrefix("sync archive/first.log.part: ") })
        #expect(upkeepFaults.contains { $0.hasPrefix("rename checkpoints/") })
    }

    @Test func `whenever the process dies or the power goes, everything acknowledged is there afterwards`()
        throws
    {
        let deaths = [0, 1, 700, 100_000].map { SimulatedStorage.Misfortune.die(afterBytes: $0) }
        try each(of: deaths) { misfortune, call, seed, power in
            let life = try endure(misfortune, at: call, seed: seed, losingPower: power)
            #expect(life.fault != nil, "call \(call)")
        }
    }

    @Test(arguments: [SimulatedStorage.Misfortune.short, .interrupt])
    func `short and interrupted calls change nothing`(_ misfortune: SimulatedStorage.Misfortune) throws {
        let quiet = SimulatedStorage(seed: 1)
        _ = try FolderLife(in: quiet)
        let storage = SimulatedStorage(seed: 1)
        for call in stride(from: 0, to: 2 * quiet.step, by: 2) { storage.misfortunes[call] = misfortune }
        let life = try FolderLife(in: storage)
        #expect(life.fault == nil && life.upkeepFaults.isEmpty)
        #expect(storage.names == quiet.names)
        #expect(storage.names.allSatisfy { storage.bytes(of: $0) == quiet.bytes(of: $0) })
    }
}
