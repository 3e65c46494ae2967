import Sessions

/// Runs, one seed after the other, and what they came to.
struct Evenings {
    private(set) var tally = Tally()
    private(set) var runs = 0
    /// The first run that failed, made short.
    private(set) var failure: Failure?

    /// Runs a recipe; when it fails, the shortest of its runs that still does is looked for.
    mutating func run(_ recipe: Recipe) {
        do throws(Failure) {
            tally += try Self.take(recipe)
            runs += 1
        } catch {
            failure = Self.explain(error)
        }
    }

    /// Adds what others have run.
    static func += (left: inout Evenings, right: Evenings) {
        left.tally += right.tally
        left.runs += right.runs
        left.failure = left.failure ?? right.failure
    }

    private static func take(_ recipe: Recipe) throws(Failure) -> Tally {
        let world = try World.make(recipe)
        try world.run()
        return world.tally
    }

    /// The same failure in as few steps as can be found, with all that was done in them.
    static func explain(
        _ failure: Failure,
        planted: Plant? = nil
    ) -> Failure {
        var shortener = Shortener { recipe in
            do throws(Failure) {
                try World.make(recipe, planted: planted).run()
                return nil
            } catch {
                return error
            }
        }
        let short = shortener.shorten(failure)
        do throws(Failure) {
            try World.make(short.recipe, traces: true, planted: planted).run()
            return short
        } catch {
            return error
        }
    }
}

extension World {
    static func make(
        _ recipe: Recipe,
        traces: Bool = false,
        planted: Plant? = nil
    ) throws(Failure) -> World {
        do throws(Broken) {
            return try World(recipe, traces: traces, planted: planted)
        } catch {
            throw Failure(recipe: recipe, step: 0, what: error.what, trace: [])
        }
    }
}
