import Foundation
import Sessions
import Testing

/// Virtual participants on a simulated server and disk, from a seed.
///
/// `SEED=n swift test --filter SimulationTests` runs that seed for `STEPS` steps (2,000 unless given), or only those
/// that `ONLY` names; `make simulate MINUTES=n` runs seed after seed. A run that fails is made short and says how to
/// run it again.
@Suite struct SimulationTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `people come, talk, split into rooms, drop and come back while the server dies`(
        _ seed: UInt64
    ) {
        var evenings = Evenings()
        evenings.run(Recipe(seed: seed, steps: 300))
        expectNoFailure(of: evenings)
        #expect(evenings.tally.commands > 150)
        #expect(evenings.tally.heard > 500)
    }

    @Test func `the same seed gives the same evening, word for word`() throws {
        let worlds = try [World(Recipe(seed: 77, steps: 120)), World(Recipe(seed: 77, steps: 120))]
        for world in worlds { try world.run() }
        #expect(worlds[0].digest == worlds[1].digest)
        #expect(worlds[0].tally == worlds[1].tally)
        #expect(worlds[0].stateHash == worlds[1].stateHash)
    }

    @Test func `runs from SEED, and without it a short one`() async throws {
        let wish = try Wish(ProcessInfo.processInfo.environment)
        let clock = ContinuousClock()
        let begin = clock.now
        let evenings = await wish.runs(until: begin + wish.time)
        let took = clock.now - begin
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        print(
            """
            \(evenings.tally)
            seeds from \(wish.recipe.seed), \(evenings.runs) runs in \(wish.lanes) lanes, \(Int(seconds)) s: \
            \(Int(Double(evenings.tally.commands) / seconds)) commands a second
            """
        )
        expectNoFailure(of: evenings)
        #expect(evenings.runs > 0 || evenings.failure != nil)
        // What nobody is ever granted is not simulated.
        guard evenings.tally.commands > 100_000 else { return }
        for kind in CommandKind.allCases {
            let outcome = evenings.tally.outcomes[kind]
            #expect(outcome?.accepted ?? 0 > 0, "\(kind.rawValue) was never done")
            #expect(outcome?.refused.isEmpty == false, "\(kind.rawValue) was never refused")
        }
    }

    private func expectNoFailure(of evenings: Evenings) {
        if let failure = evenings.failure { Issue.record("\(failure)") }
    }
}

/// What the environment asks for.
private struct Wish {
    var recipe: Recipe
    /// How long runs are begun; none: one run.
    var time = Duration.zero
    /// So many runs at the same time.
    var lanes = 1

    init(_ environment: [String: String]) throws {
        let seed = try #require(UInt64(environment["SEED"] ?? "5"), "SEED is a number")
        let usual = environment["SEED"] == nil ? "200" : "2000"
        let steps = try #require(Int(environment["STEPS"] ?? usual), "STEPS is a number")
        recipe = Recipe(seed: seed, steps: steps)
        if let only = environment["ONLY"] {
            recipe.only = Set(only.split(separator: ",").compactMap { Int($0) })
        }
        guard let minutes = environment["MINUTES"] else { return }
        time = .seconds(60 * (try #require(Double(minutes), "MINUTES is a number")))
        lanes = ProcessInfo.processInfo.activeProcessorCount
    }

    /// Seed after seed, until the time is over or one has failed.
    func runs(until end: ContinuousClock.Instant) async -> Evenings {
        await withTaskGroup(of: Evenings.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var evenings = Evenings()
                    var recipe = recipe
                    recipe.seed &+= UInt64(lane)
                    repeat {
                        evenings.run(recipe)
                        recipe.seed &+= UInt64(lanes)
                    } while ContinuousClock.now < end && evenings.failure == nil
                    return evenings
                }
            }
            var all = Evenings()
            for await evenings in group { all += evenings }
            return all
        }
    }
}
