/// One function of a source: also an initializer, a subscript, or a property that is computed.
struct Function: Equatable {
    let name: String
    let lines: ClosedRange<Int>
    /// Lines that are a whole case of a switch; a table of them may be as long as it needs to be.
    let wholeCases: Int

    /// The lines that somebody has to keep in mind.
    var length: Int { lines.count - wholeCases }
}

/// Finds the functions that have a body, in the order in which they begin; one inside another counts for both.
func functions(in tokens: [Token]) -> [Function] {
    let cases = linesThatAreWholeCases(tokens)
    return tokens.indices.compactMap { start in
        guard let open = bodyOfFunction(startingAt: start, in: tokens) else { return nil }
        guard let close = tokens.closing(of: open) else { return nil }
        let lines = tokens[start].line...tokens[close].line
        let keyword = tokens[start].text
        let name = keyword == "func" || keyword == "var" ? tokens.text(at: start + 1) : keyword
        return Function(name: name, lines: lines, wholeCases: cases.count { lines.contains($0) })
    }
}

/// The brace that opens the body of what is declared at `start`, if something with a body is.
private func bodyOfFunction(startingAt start: Int, in tokens: [Token]) -> Int? {
    let keyword = tokens[start].text
    guard ["func", "init", "deinit", "subscript", "var"].contains(keyword) else { return nil }
    guard tokens.text(at: start - 1) != "." else { return nil }
    var depth = 0
    for index in (start + 1)..<max(start + 1, tokens.count) {
        let token = tokens[index]
        if keyword == "var" && (token.line > tokens[start].line || token.text == "=") { return nil }
        switch token.text {
        case "(", "[": depth += 1
        case ")", "]": depth -= 1
        case "{" where depth == 0: return index
        case "}" where depth == 0: return nil
        case _ where depth == 0 && token.isWord && startsAnotherDeclaration.contains(token.text): return nil
        default: break
        }
        if depth < 0 { return nil }
    }
    return nil
}

/// A requirement of a protocol has no body: what follows it is one of these, or the end of the protocol.
private let startsAnotherDeclaration: Set<String> = [
    "func", "init", "deinit", "subscript", "var", "let", "case", "typealias", "associatedtype", "static",
    "mutating", "nonmutating", "struct", "class", "enum", "protocol", "extension", "package", "private",
]

private func linesThatAreWholeCases(_ tokens: [Token]) -> [Int] {
    var lines: [Int] = []
    var previous = 0
    for (index, token) in tokens.enumerated() where token.line > previous {
        previous = token.line
        guard token.text == "case" || token.text == "default" else { continue }
        let line = tokens[index...].prefix { $0.line == token.line }
        if let colon = line.firstIndex(where: { $0.text == ":" }), colon < line.endIndex - 1 {
            lines.append(token.line)
        }
    }
    return lines
}
