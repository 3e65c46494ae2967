import Foundation

/// What is wrong with the golden messages: a name that is none, a file that is no JSON, one that no test reads.
///
/// A test reads a message that it names, and every message if it walks the folder.
func messageFindings(_ messages: [(path: String, text: String)], tests: [SourceFile]) -> [Finding] {
    let readers = tests.filter { $0.path.hasPrefix("Tests/") && $0.target != "TidyTests" && $0.isSwift }
    let isWalked = readers.contains(where: walksTheMessages)
    return messages.flatMap { path, text in
        var faults: [String] = []
        let name = path.components(separatedBy: "/").last ?? path
        if !isMessageName(name) {
            faults.append("a name is made of letters, digits, dots and dashes, and ends in .json")
        }
        if (try? JSONSerialization.jsonObject(with: Data(text.utf8))) == nil { faults.append("not JSON") }
        if !isWalked && !readers.contains(where: { names(name, in: $0) }) {
            faults.append("no test reads it")
        }
        return faults.map { Finding(path: path, line: 1, message: $0) }
    }
}

private func isMessageName(_ name: String) -> Bool {
    let stem = name.dropLast(".json".count)
    let isWord = stem.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    return name.hasSuffix(".json") && stem.first?.isLetter == true && isWord
}

private func walksTheMessages(_ file: SourceFile) -> Bool {
    let walks = file.tokens.contains { $0.text == "contentsOfDirectory" || $0.text == "enumerator" }
    let isAboutThem = file.lines.contains { $0.contains("Protocol") && $0.contains("\"") }
    return walks && isAboutThem && file.lines.contains { $0.contains("messages\"") }
}

private func names(_ name: String, in file: SourceFile) -> Bool {
    let stem = name.dropLast(".json".count)
    return file.lines.contains { $0.contains("\"\(name)\"") || $0.contains("\"\(stem)\"") }
}
