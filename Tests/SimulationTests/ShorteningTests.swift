import Sessions
import Testing

/// A run that fails is made short: with a fault that the test itself plants.
@Suite struct ShorteningTests {
    /// Three things must come together in one session: a hand, a label, and rooms that open.
    private static let plant: Plant = {
        var hands: Set<SessionNumber> = []
        var labels: Set<SessionNumber> = []
        return { (entry: SessionEntry) throws(Broken) in
            switch entry.event {
            case .handRaised: hands.insert(entry.session)
            case .labelled: labels.insert(entry.session)
            case .breakoutsOpened(let opened):
                guard hands.contains(entry.session), labels.contains(entry.session) else { return }
                throw Broken("a planted fault in session \(entry.session), round \(opened.round)")
            default: break
            }
        }
    }

    private static func failure(_ recipe: Recipe) -> Failure? {
        do throws(Failure) {
            try World.make(recipe, planted: plant).run()
            return nil
        } catch {
            return error
        }
    }

    /// Of the first seed with which it takes a while until all three have come together.
    private static func longRun() throws -> Failure {
        try #require(
            (26...200 as ClosedRange<UInt64>).lazy.compactMap { failure(Recipe(seed: $0, steps: 150)) }
                .first { $0.step > 40 }
        )
    }

    @Test func `what is left still fails, needs each of its steps, and says how to run it again`() throws {
        let long = try Self.longRun()
        #expect(long.kind == "a planted fault in session #, round #")
        let short = Evenings.explain(long, planted: Self.plant)
        let steps = try #require(short.recipe.only)
        #expect((2...10).contains(steps.count))
        #expect(Self.failure(short.recipe)?.kind == long.kind)
        for step in steps {
            var less = short.recipe
            less.only?.remove(step)
            #expect(Self.failure(less)?.kind != long.kind, "step \(step) is not needed")
        }
        let told = short.description
        let only = steps.sorted().map(String.init).joined(separator: ",")
        #expect(told.contains("SEED=\(short.recipe.seed) STEPS=150 ONLY=\(only) swift test"))
        for done in ["raiseHand", "label", "openBreakouts"] { #expect(told.contains(done)) }
    }

    @Test func `it gives up after so many tries, with the best that it has, and always the same`() throws {
        let long = try Self.longRun()
        let recipes = (0..<2).map { _ in
            var tried = 0
            var shortener = Shortener(tries: 5) { recipe in
                tried += 1
                return Self.failure(recipe)
            }
            let short = shortener.shorten(long)
            #expect(tried == 5)
            #expect((short.recipe.only?.count ?? 150) < long.step)
            return short.recipe
        }
        #expect(recipes[0] == recipes[1])
    }
}
