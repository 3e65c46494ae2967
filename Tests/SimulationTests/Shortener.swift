/// Makes a run that fails shorter, so that somebody can read it: leaves out steps for as long as it still fails alike.
///
/// Delta debugging (Zeller and Hildebrandt 2002): halves, then quarters and so on are left out. A step draws from a
/// generator of its own, so those that stay do the same. It is bounded in tries and in steps taken, not in time, so
/// that the same failure is always made short in the same way.
struct Shortener {
    var tries = 400
    var steps = 60_000
    /// Runs the recipe and answers how it fails; nil: it does not.
    let run: (Recipe) -> Failure?

    /// The shortest run that was found to fail as this one does.
    mutating func shorten(_ failure: Failure) -> Failure {
        var best = failure
        var numbers = Self.numbers(of: failure)
        var parts = 2
        while numbers.count > 1, tries > 0, steps > 0 {
            let size = (numbers.count + parts - 1) / parts
            var start = 0
            var isShorter = false
            // The latest part that is not needed leads on from where it was: what is left is looked at only once.
            while start < numbers.count, tries > 0, steps > 0 {
                let rest = Array(numbers[..<start] + numbers[min(start + size, numbers.count)...])
                if let found = fails(rest, like: failure) {
                    best = found
                    numbers = Self.numbers(of: found)
                    isShorter = true
                } else {
                    start += size
                }
            }
            if isShorter {
                parts = max(2, min(parts, numbers.count))
            } else if size == 1 {
                break
            } else {
                parts = min(parts * 2, numbers.count)
            }
        }
        return best
    }

    /// The steps that were taken until it failed.
    private static func numbers(of failure: Failure) -> [Int] {
        let all = failure.recipe.only?.sorted() ?? Array(1...failure.recipe.steps)
        return all.filter { $0 <= failure.step }
    }

    private mutating func fails(_ numbers: [Int], like failure: Failure) -> Failure? {
        tries -= 1
        steps -= numbers.count + 1
        var recipe = failure.recipe
        recipe.only = Set(numbers)
        guard let found = run(recipe), found.kind == failure.kind else { return nil }
        return found
    }
}
