/// What would make a pure target depend on more than the bytes and the time that it is given.
///
/// That is a clock, chance, a task, or words to the terminal: the same journal has to give the same state.
func impurities(in file: SourceFile) -> [Finding] {
    guard file.path.hasPrefix("Sources/"), pureTargets.contains(file.target ?? "") else { return [] }
    return file.tokens.indices.compactMap { index in
        guard let reason = impurity(at: index, in: file.tokens) else { return nil }
        let token = file.tokens[index]
        return Finding(
            path: file.path,
            line: token.line,
            message: "\(token.text): \(reason) in a pure target"
        )
    }
}

private func impurity(at index: Int, in tokens: [Token]) -> String? {
    let word = tokens[index].text
    let isCall = tokens.text(at: index + 1) == "("
    let isMember = tokens.text(at: index - 1) == "."
    switch word {
    case "Date", "ContinuousClock", "SuspendingClock": return "a clock"
    case "async", "await": return "concurrency"
    case "Task" where [".", "(", "{"].contains(tokens.text(at: index + 1)): return "concurrency"
    case "actor" where tokens.text(at: index + 1).first?.isUppercase == true: return "concurrency"
    case "SystemRandomNumberGenerator", "UUID": return "randomness"
    case "hashValue": return "a hash that differs from run to run"
    case "Hasher" where isCall: return "a hash that differs from run to run"
    case "random" where isMember && isCall:
        return usesGivenGenerator(callAt: index + 1, in: tokens) ? nil : "randomness"
    case "randomElement" where isMember && isCall, "shuffle" where isMember && isCall,
        "shuffled" where isMember && isCall:
        return tokens.text(at: index + 2) == ")" ? "randomness" : nil
    case "print" where isCall && !isMember, "debugPrint" where isCall && !isMember: return "output"
    case "readLine" where isCall && !isMember: return "input"
    default: return nil
    }
}

/// `random(in: 0..<6, using: &generator)` draws from a seed that came in as a value.
private func usesGivenGenerator(callAt open: Int, in tokens: [Token]) -> Bool {
    guard let close = tokens.closing(of: open) else { return false }
    return (open..<close).contains { tokens[$0].text == "using" && tokens.text(at: $0 + 1) == ":" }
}
