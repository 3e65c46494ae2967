import Foundation
import Testing

/// Virtual participants on a simulated server and disk, from a seed.
///
/// `SEED=n swift test --filter SimulationTests` runs that seed for `STEPS` steps (20,000 unless given) and tells how
/// fast. A run that fails says its seed and what came before.
@Suite struct SimulationTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `people come, talk, split into rooms, drop and come back while the server dies`(
        _ seed: UInt64
    ) throws {
        let world = try World(seed: seed)
        try world.run(steps: 300)
        #expect(world.tally.commands > 150)
        #expect(world.tally.heard > 500)
    }

    @Test func `the same seed gives the same evening, word for word`() throws {
        let worlds = try [World(seed: 77), World(seed: 77)]
        for world in worlds { try world.run(steps: 120) }
        #expect(worlds[0].digest == worlds[1].digest)
        #expect(worlds[0].tally == worlds[1].tally)
        #expect(worlds[0].stateHash == worlds[1].stateHash)
    }

    @Test func `one long run, from SEED, and without it a short one`() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = try #require(UInt64(environment["SEED"] ?? "5"), "SEED is a number")
        let steps = try #require(
            Int(environment["STEPS"] ?? (environment["SEED"] == nil ? "200" : "20000")),
            "STEPS is a number"
        )
        let world = try World(seed: seed)
        let clock = ContinuousClock()
        let took = try clock.measure { try world.run(steps: steps) }
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
        print(
            """
            SEED=\(seed): \(world.tally)
            \(Int(Double(world.tally.commands) / seconds)) commands a second, \
            \(Int(Double(world.tally.heard) / seconds)) messages heard a second, \
            state \(String(world.stateHash, radix: 16)), heard \(String(world.digest.value, radix: 16))
            """
        )
        #expect(world.tally.commands > steps / 2)
    }
}
