import Foundation

/// Names of types that say nothing (DESIGN 2).
func emptyNames(in file: SourceFile) -> [Finding] {
    let keywords: Set<String> = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype",
    ]
    return file.tokens.indices.compactMap { index in
        guard keywords.contains(file.tokens[index].text), index + 1 < file.tokens.count else { return nil }
        let name = file.tokens[index + 1]
        guard let word = emptyWord(in: name.text) else { return nil }
        return Finding(path: file.path, line: name.line, message: "\(name.text): \(word) says nothing")
    }
}

private func emptyWord(in name: String) -> String? {
    ["Manager", "Helper", "Util", "Utils", "Utility", "Utilities", "Info", "Data2"].first { word in
        guard name.first?.isUppercase == true, let range = name.range(of: word) else { return false }
        let next = name[range.upperBound...].first
        return next == nil || next == "s" || next?.isLowercase == false
    }
}

/// `public` is for packages that others depend on; nobody depends on this one.
func publicDeclarations(in file: SourceFile) -> [Finding] {
    file.tokens.filter { $0.text == "public" }.map {
        Finding(path: file.path, line: $0.line, message: "package, not public")
    }
}

/// Words that stand where something is missing.
///
/// They are spelled in two halves, lest this file finds itself.
func unfinishedWork(in file: SourceFile) -> [Finding] {
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    var findings: [Finding] = []
    for (index, comment) in file.comments.enumerated() {
        for word in words where mentions(comment, word) {
            findings.append(Finding(path: file.path, line: index + 1, message: "\(word): do it, or file it"))
        }
    }
    return findings
}

private func mentions(_ line: String, _ word: String) -> Bool {
    guard let range = line.range(of: word) else { return false }
    let isLetter: (Character?) -> Bool = { $0?.isLetter ?? false }
    return !isLetter(line[..<range.lowerBound].last) && !isLetter(line[range.upperBound...].first)
}

/// Tests that are turned off, or that are allowed to fail.
func silencedTests(in file: SourceFile) -> [Finding] {
    guard file.path.hasPrefix("Tests/") else { return [] }
    var findings: [Finding] = []
    for index in file.tokens.indices {
        let isMember = file.tokens.text(at: index - 1) == "."
        let word = file.tokens[index].text
        let isSwitch = isMember && (word == "disabled" || word == "enabled")
        guard word == "withKnownIssue" || isSwitch else { continue }
        findings.append(
            Finding(
                path: file.path,
                line: file.tokens[index].line,
                message: "\(word): a test has to be able to fail"
            )
        )
    }
    guard file.path.hasSuffix(".py") else { return findings }
    let words = ["pytest." + "skip", "mark." + "skip", "importor" + "skip", "x" + "fail"]
    for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
        findings.append(Finding(path: file.path, line: index + 1, message: "a test has to be able to fail"))
    }
    return findings
}
