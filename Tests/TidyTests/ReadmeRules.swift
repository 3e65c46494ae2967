import Foundation

/// The paths in the first column of the table under "## The map".
func mappedPaths(in readme: String) -> [String] {
    let lines = readme.components(separatedBy: "\n")
    guard let heading = lines.firstIndex(of: "## The map") else { return [] }
    return lines[(heading + 1)...].prefix { !$0.hasPrefix("## ") }.flatMap { line -> [String] in
        guard line.hasPrefix("|") else { return [] }
        let cell = line.dropFirst().prefix { $0 != "|" }
        return codeSpans(in: String(cell)).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }
}

/// Where the map and the folders differ: what it leaves out, and what it names that is not there.
func mapFindings(readme: String, folders: [String], exists: (String) -> Bool) -> [Finding] {
    let mapped = mappedPaths(in: readme)
    guard !mapped.isEmpty else {
        return [Finding(path: "README.md", line: 1, message: "no table under \"## The map\"")]
    }
    let missing = folders.filter { !mapped.contains($0) }
    let invented = mapped.filter { !exists($0) }
    return missing.map { Finding(path: "README.md", line: 1, message: "the map leaves out \($0)") }
        + invented.map {
            Finding(path: "README.md", line: 1, message: "the map names \($0), which is not there")
        }
}

/// Targets that the README tells people to make, and that the Makefile does not have.
func unknownTargets(readme: String, makefile: String) -> [Finding] {
    let known = makeTargets(in: makefile)
    return namedTargets(in: readme).filter { !known.contains($0.name) }.map {
        Finding(path: "README.md", line: $0.line, message: "the Makefile has no target \($0.name)")
    }
}

/// Links of the README to files and folders that are not there.
func deadLinks(readme: String, exists: (String) -> Bool) -> [Finding] {
    readme.components(separatedBy: "\n").enumerated().flatMap { index, line in
        line.components(separatedBy: "](").dropFirst().compactMap { part -> Finding? in
            let path = String(part.prefix { $0 != ")" && $0 != "#" })
            guard !path.isEmpty, !path.contains("://"), !exists(path) else { return nil }
            let message = "a link to \(path), which is not there"
            return Finding(path: "README.md", line: index + 1, message: message)
        }
    }
}

/// What a Makefile can make: the words before the colon of its rules.
func makeTargets(in makefile: String) -> Set<String> {
    let rules = makefile.components(separatedBy: "\n").compactMap { line -> Substring? in
        guard let first = line.first, first.isLowercase, let colon = line.firstIndex(of: ":") else {
            return nil
        }
        let isAssignment = line[colon...].hasPrefix(":=")
        return isAssignment ? nil : line[..<colon]
    }
    return Set(rules.flatMap { $0.split(separator: " ").map(String.init) })
}

/// Each `make NAME` in the README's code, in a line or in a block.
private func namedTargets(in readme: String) -> [(name: String, line: Int)] {
    var named: [(name: String, line: Int)] = []
    var isInBlock = false
    for (index, line) in readme.components(separatedBy: "\n").enumerated() {
        if line.hasPrefix("```") {
            isInBlock.toggle()
            continue
        }
        let commands = isInBlock || line.hasPrefix("    ") ? [line] : codeSpans(in: line)
        for command in commands {
            let words = command.split(separator: " ")
            for (word, next) in zip(words, words.dropFirst()) where word == "make" {
                named.append((String(next), index + 1))
            }
        }
    }
    return named
}

private func codeSpans(in text: String) -> [String] {
    let parts = text.components(separatedBy: "`")
    return parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { parts[$0] }
}

/// What lies at the top beside what the design lists, ignored files apart.
func strayEntries(_ entries: [String], ignored: String) -> [Finding] {
    let listed: Set<String> = [
        "Package.swift", "Sources", "Tests", "Protocol", "LoadTests", "README.md", "Makefile",
        ".swift-format",
        ".gitignore", ".ci", "LICENSE", ".git",
    ]
    let patterns = ignored.components(separatedBy: "\n").filter { !$0.isEmpty && !$0.hasPrefix("#") }
    let strays = entries.filter { entry in
        !listed.contains(entry) && !patterns.contains { matches(entry, pattern: $0) }
    }
    return strays.map {
        Finding(path: $0, line: 1, message: "the top level holds only what the design lists")
    }
}

/// The part of git's patterns that this repository uses: a name, a star at one end or in the middle.
private func matches(_ entry: String, pattern: String) -> Bool {
    let plain = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
    guard let star = plain.firstIndex(of: "*") else { return entry == plain }
    let head = plain[..<star]
    let tail = plain[plain.index(after: star)...]
    return entry.count >= head.count + tail.count && entry.hasPrefix(head) && entry.hasSuffix(tail)
}
