import Foundation
import Journal
import Sessions
import Testing

/// HOSTILE 71 and 72: a file of the folder is gone, cut short, or has a flipped bit, at two stages of a folder's life.
///
/// A start comes to the sessions that were there, or is refused and names the place; what only histories would miss,
/// `plenary verify` tells. Every bit with `DISK_FAULTS=all`; else some of each byte.
@Suite struct FolderDamageTests {
    private static let isThorough = ProcessInfo.processInfo.environment["DISK_FAULTS"] == "all"

    /// Where there is no checkpoint yet, and where something was: then the checkpoint alone knows what that came to.
    private static let stages = Result {
        try FolderLife(in: SimulatedStorage(seed: 1), keepsStages: true).stages
            .filter { ["written", "a session erased"].contains($0.testDescription) }
    }

    /// What a damaged folder comes to.
    private enum Outcome: Equatable {
        /// A start does not notice, and nothing is missing.
        case harmless
        /// A start passes over a checkpoint, and nothing is missing.
        case passedOver
        /// A start goes well; what histories miss is told by whoever looks at the folder.
        case told
        /// A start is refused with this explanation.
        case refused(String)
        /// A start takes the last batch for torn, cuts it off, and says so: where a zero ends a sector by itself nobody can
        /// tell (`TailJudgement`).
        case cutOff
        /// Something is missing, and nobody says so.
        case silent
    }

    private func outcome(of storage: SimulatedStorage, _ stage: FolderLife.Stage) throws -> Outcome {
        do {
            let recovery = try JournalRecovery(storage: storage, limits: SmallServer.limits)
            let image = CheckpointImage(of: try SessionRecovery(reading: recovery).table, at: 0)
            guard image == stage.image else {
                return image == stage.imageBefore && recovery.report.end?.torn != nil ? .cutOff : .silent
            }
            guard recovery.report.skipped.isEmpty else { return .passedOver }
        } catch {
            return .refused(error.description)
        }
        return historiesAreThere(storage, stage) ? .harmless : isTold(storage) ? .told : .silent
    }

    private func historiesAreThere(_ storage: SimulatedStorage, _ stage: FolderLife.Stage) -> Bool {
        var histories: [SessionID: UInt64] = [:]
        do {
            guard try SessionHistories.fold(storage, visit: { histories[$0.outline.id] = $0.hash }).isEmpty
            else { return false }
        } catch {
            return false
        }
        return stage.over.allSatisfy { histories[$0.key] == $0.value }
    }

    /// Whether `plenary verify` finds something, or says that it had to begin with a checkpoint.
    private func isTold(_ storage: SimulatedStorage) -> Bool {
        do {
            let found = try Verified(storage)
            if case .checkpoint = found.replay.beginning { return true }
            return !found.isSound
        } catch {
            return true
        }
    }

    /// The stages, and in each the files.
    private func eachFile(
        _ body: (SimulatedStorage, FolderLife.Stage, _ name: String, _ bytes: [UInt8]) throws -> Void
    ) throws {
        for stage in try Self.stages.get() {
            let storage = SimulatedStorage(copying: stage.storage)
            try #require(try outcome(of: storage, stage) == .harmless, "\(stage.testDescription)")
            for name in storage.names {
                let bytes = try #require(storage.bytes(of: name))
                try body(storage, stage, name, bytes)
                storage.replace(name, by: bytes)
            }
        }
    }

    /// Nothing is missing, or somebody says so; whoever refuses names a place: the file itself, unless it is gone.
    private func isFine(_ outcome: Outcome, _ name: String, isGone: Bool = false) -> Bool {
        switch outcome {
        case .harmless, .told: true
        case .cutOff: name.hasPrefix("segments/") && !isGone
        case .passedOver: name.hasPrefix("checkpoints/")
        case .refused(let why): why.contains(isGone ? "record" : name)
        case .silent: false
        }
    }

    @Test func `a file that is gone is not missed, or named`() throws {
        try eachFile { storage, stage, name, _ in
            storage.lose(name)
            let outcome = try outcome(of: storage, stage)
            #expect(isFine(outcome, name, isGone: true), "\(stage.testDescription): \(name): \(outcome)")
        }
    }

    @Test func `a file that is cut short is not missed, or named`() throws {
        try eachFile { storage, stage, name, bytes in
            let step = Self.isThorough ? 1 : 4_099
            for length in Array(stride(from: 0, to: bytes.count, by: step)) + [63, 64, 65, bytes.count - 1]
            where length < bytes.count {
                storage.replace(name, by: Array(bytes.prefix(length)))
                let outcome = try outcome(of: storage, stage)
                #expect(
                    isFine(outcome, name),
                    "\(stage.testDescription): \(length) bytes of \(name): \(outcome)"
                )
            }
        }
    }

    @Test func `each flipped bit does no harm, or is named`() throws {
        var outcomes: [String: Int] = [:]
        try eachFile { storage, stage, name, bytes in
            let end = 8 * ((bytes.lastIndex { $0 != 0 } ?? 0) + 1)
            let rest = stride(from: end, to: 8 * bytes.count, by: 97)
            let bits = Self.isThorough ? Array(0..<end) + rest : Array(stride(from: 0, to: end, by: 4_999))
            for bit in bits {
                storage.replace(name, by: bytes)
                storage.flip(bit: bit, of: name)
                let outcome = try outcome(of: storage, stage)
                outcomes[outcome == .harmless ? "harmless" : "noticed", default: 0] += 1
                #expect(isFine(outcome, name), "\(stage.testDescription): bit \(bit) of \(name): \(outcome)")
            }
        }
        // Harmless are the room that a header's block leaves, the end of a record, and what no start reads any more.
        #expect(outcomes["noticed", default: 0] > 20 && outcomes["harmless", default: 0] > 20)
    }
}
