import Foundation
import Journal
import Sessions
import Testing

/// A server and a copying, call by call in turns that a seed decides: every order of their calls may come up.
@Suite struct BackupInterleavingTests {
    /// Lets two threads go one after the other, never both, and changes over where chance says so.
    private final class Turns: @unchecked Sendable {
        private let changed = NSCondition()
        private var turn = 0
        private var ended = [false, false]
        private var random: SplitMix64
        /// One in so many calls of each gives the turn away: much may happen between two calls of the other.
        private let rarities: [UInt64]
        /// Whether the other one may begin; asked before each call of the first until it may.
        var isDue: () -> Bool = { true }
        private var hasBegun = false

        init(seed: UInt64) {
            random = SplitMix64(state: seed)
            rarities = [[40, 1], [2, 2], [12, 1], [2, 40]][Int(seed % 4)]
        }

        /// Waits for the first turn.
        func begin(_ number: Int) { waiting(for: number) {} }

        /// May let the other one go on.
        func pass(_ number: Int) {
            waiting(for: number) {
                hasBegun = hasBegun || isDue()
                guard hasBegun else { return }
                if !ended[1 - number], random.next() % rarities[number] == 0 { turn = 1 - number }
            }
        }

        /// Leaves all turns to the other one.
        func end(_ number: Int) {
            changed.lock()
            ended[number] = true
            turn = ended[1 - number] ? 0 : 1 - number
            changed.broadcast()
            changed.unlock()
        }

        private func waiting(for number: Int, _ change: () -> Void) {
            changed.lock()
            change()
            changed.broadcast()
            while turn != number { changed.wait() }
            changed.unlock()
        }
    }

    /// What the threads share; only one of them runs at a time.
    private final class Stage: @unchecked Sendable {
        let server: SmallServer
        let target: SimulatedStorage
        let turns: Turns
        var words: [PersonID: String] = [:]
        var erased: Set<PersonID> = []
        var check: BackupCheck?
        var outcome: Result<BackupReport, any Error>?
        var failure: (any Error)?

        init(seed: UInt64) throws {
            server = try ErasingFolder.live()
            target = SimulatedStorage(seed: seed)
            turns = Turns(seed: seed)
            turns.isDue = Self.beginning(seed: seed, server.storage)
            words = [try ErasingFolder.person: ErasingFolder.canary]
        }

        /// At any call, or just when an erasure was listed and the pass over the folder goes on.
        private static func beginning(seed: UInt64, _ storage: SimulatedStorage) -> () -> Bool {
            var random = SplitMix64(state: seed &* 13)
            var calls = Int(random.next() % 2_000)
            var erasures = seed % 8 < 4 ? Int(random.next() % 3) : Int.max
            var listed = 0
            return {
                if erasures == .max { calls -= 1 }
                let bytes = storage.bytes(of: ErasureList.file)?.count ?? 0
                if bytes > listed {
                    listed = bytes
                    if erasures < .max { erasures -= 1 }
                }
                return calls < 0 || erasures < 0
            }
        }
    }

    private static let server = 0
    private static let copying = 1

    /// A seed decides what the server does, and when.
    private static func live(_ stage: Stage, seed: UInt64) throws {
        var random = SplitMix64(state: seed &* 77)
        var pseudonyms = 0
        for round in 0..<6 {
            let number = try stage.server.open("round-\(round)")
            let canary = "GULL\(round)x"
            let person = try #require(PersonID("\(canary).person".utf8))
            stage.words[person] = canary
            try stage.server.join(person.text, .participant, number, name: "\(canary) name")
            let sent = ChatSent(from: SeatID(2), place: .room(.main), replyTo: nil, key: nil)
            try stage.server.happen(.chatSent(sent), text: "\(canary) words", in: number)
            for count in 0..<random.next() % 24 { try stage.server.say("words \(count)", in: number) }
            if random.next() % 4 > 0 { try stage.server.close(number) }
            if random.next() % 3 > 0 { try stage.server.checkpoint() }
            if random.next() % 2 > 0 { try stage.server.startSegment() }
            guard random.next() % 2 > 0 else { continue }
            let victims = stage.words.keys.filter { !stage.erased.contains($0) }.sorted { $0.text < $1.text }
            let victim = victims[Int(random.next() % UInt64(victims.count))]
            pseudonyms += 1
            let pseudonym = try #require(PersonID("erased-\(round)\(pseudonyms)".utf8))
            let sessions: Set<SessionID> = random.next() % 3 == 0 ? [try id("bystanders")] : []
            let report = try stage.server.erase([victim: pseudonym], sessions: sessions)
            if report.isComplete { stage.erased.insert(victim) }
        }
    }

    private static func run(seed: UInt64) throws -> Stage {
        let stage = try Stage(seed: seed)
        let copier = Thread {
            stage.turns.begin(copying)
            stage.check = BackupCheck(stage.server, erased: stage.erased)
            stage.outcome = Result {
                try Backup(from: stage.server.storage, to: stage.target, limits: SmallServer.limits).run()
            }
            stage.turns.end(copying)
        }
        stage.server.storage.beforeCall = {
            stage.turns.pass(Thread.current === copier ? copying : Self.server)
        }
        copier.start()
        stage.turns.begin(Self.server)
        do { try live(stage, seed: seed) } catch { stage.failure = error }
        stage.turns.end(Self.server)
        // The copier gives the turn back with its end.
        stage.turns.begin(Self.server)
        stage.server.storage.beforeCall = nil
        return stage
    }

    @Test func `in whatever order their calls come, the copy is whole`() throws {
        let runs = ProcessInfo.processInfo.environment["RUNS"].flatMap { UInt64($0) } ?? 24
        var erasures = 0
        for seed in 1...runs {
            let stage = try Self.run(seed: seed)
            if let failure = stage.failure { throw failure }
            _ = try #require(try stage.outcome?.get(), "seed \(seed)")
            let listed = try ErasureList.read(stage.server.storage).entries.count
            erasures += listed - (try ErasureList.read(stage.target).entries.count)
            stage.target.restart(losingPower: true)
            try stage.check?.check(stage.target, words: stage.words, "seed \(seed)")
        }
        #expect(erasures > 0)
    }
}
