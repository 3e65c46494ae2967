internal import Foundation
internal import SessionProtocol

/// Names of schools that are counted apart and may be one: for a person to decide.
///
/// Two look alike when they have the same words without accents, punctuation and order, or differ by a letter, from ten
/// letters on by two. Not so `School 1` and `School 2`, or `School A` and `School B`: what numbers and single letters
/// tell apart is meant.
enum LookAlikes {
    /// Groups of names that look alike, each in the order given; a name is in one group at most.
    static func groups(of names: [String]) -> [[String]] {
        let spelled = names.map(Spelled.init)
        // For each name the first of its group.
        var first = Array(names.indices)
        for later in names.indices {
            for earlier in 0..<later where first[earlier] != first[later] {
                guard spelled[earlier].looksLike(spelled[later]) else { continue }
                let (from, to) = (max(first[earlier], first[later]), min(first[earlier], first[later]))
                for index in 0...later where first[index] == from { first[index] = to }
            }
        }
        return names.indices.filter { first[$0] == $0 }
            .map { group in names.indices.filter { first[$0] == group }.map { names[$0] } }
            .filter { $0.count > 1 }
    }

    private struct Spelled {
        /// Without accents, punctuation and case.
        let words: [String]
        let letters: [UInt8]
        let sorted: [String]
        /// Numbers and single letters.
        let marks: [String]

        init(_ name: String) {
            let options: String.CompareOptions = [.diacriticInsensitive, .caseInsensitive, .widthInsensitive]
            let folded = name.folding(options: options, locale: nil).lowercased()
                .replacingOccurrences(of: "ß", with: "ss")
            // An apostrophe joins: "Mary's" is one word, as "Marys" is.
            let joined = folded.filter { !"'’ʼ`´".contains($0) }
            words = joined.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            letters = Array(words.joined().utf8)
            sorted = words.sorted()
            marks = sorted.filter { $0.count == 1 || $0.contains(where: \.isNumber) }
        }

        func looksLike(_ other: Spelled) -> Bool {
            guard !words.isEmpty, !other.words.isEmpty, marks == other.marks else { return false }
            if sorted == other.sorted { return true }
            let length = min(letters.count, other.letters.count)
            let allowed = length >= 10 ? 2 : length >= 5 ? 1 : 0
            guard abs(letters.count - other.letters.count) <= allowed else { return false }
            return NearestName.distance(letters, other.letters) <= allowed
        }
    }
}

extension AttendanceDocument {
    /// Schools of the report that look alike; with rows of schools only.
    var lookAlike: [[String]] {
        guard row == .school else { return [] }
        return LookAlikes.groups(of: schools.map(\.name).filter { !$0.isEmpty })
    }

    /// The same in sentences.
    var lookAlikeSentences: [String] {
        let groups = lookAlike
        guard !groups.isEmpty else { return [] }
        return ["Counted apart, and perhaps one school each:"]
            + groups.map { group in "  " + group.map { Printable.text($0) }.joined(separator: " | ") }
    }
}
