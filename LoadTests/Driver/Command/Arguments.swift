import SessionProtocol

/// A command's arguments, taken one by one; what is left over at the end is a mistake.
struct Arguments {
    private var rest: [String]

    init(_ arguments: [String]) {
        rest = arguments
    }

    /// Options first: whoever misspells one is told so before anything that is missing.
    ///
    /// - Throws: `.usage` for the first option that is not among the command's, with the one that may have been meant.
    func refuseUnknown(known: [String], elsewhere: [String] = []) throws(LoadFault) {
        // No value begins with two dashes; see `value`.
        guard let option = rest.first(where: { $0.hasPrefix("--") && !known.contains($0) }) else { return }
        guard !elsewhere.contains(option) else {
            throw .usage("\(option) does not belong to this; --help says where it does")
        }
        let nearest = NearestName.of(
            String(option.dropFirst(2)),
            among: known.map { String($0.dropFirst(2)) }
        )
        let hint = nearest.map { "did you mean --\($0)?" } ?? "--help lists those that there are"
        throw .usage("there is no option \(option); \(hint)")
    }

    /// The options that a command's help lists, a line each.
    static func names(in help: String) -> [String] {
        help.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.map(String.init)
        }.filter { $0.hasPrefix("--") }
    }

    /// Whether this switch is there.
    mutating func has(_ name: String) -> Bool {
        guard let index = rest.firstIndex(of: name) else { return false }
        rest.remove(at: index)
        return true
    }

    /// The value of an option; nil when the option is not there.
    mutating func value(_ name: String) throws(LoadFault) -> String? {
        guard let index = rest.firstIndex(of: name) else { return nil }
        guard index + 1 < rest.count, !rest[index + 1].hasPrefix("--") else {
            throw .usage("\(name) wants a value behind it")
        }
        let value = rest[index + 1]
        rest.removeSubrange(index...index + 1)
        guard !rest.contains(name) else { throw .usage("\(name) is there twice") }
        return value
    }

    mutating func number(_ name: String, in range: ClosedRange<Int>) throws(LoadFault) -> Int? {
        guard let text = try value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), not \(text)"
            )
        }
        return number
    }

    mutating func required(_ name: String, _ why: String) throws(LoadFault) -> String {
        guard let value = try value(name) else { throw .usage("\(name) is missing: \(why)") }
        return value
    }

    /// The one argument that is no option.
    mutating func file(_ what: String) throws(LoadFault) -> String {
        guard let index = rest.firstIndex(where: { !$0.hasPrefix("-") }) else {
            throw .usage("which \(what)?")
        }
        return rest.remove(at: index)
    }

    /// - Throws: `.usage` when anything has not been taken.
    func end() throws(LoadFault) {
        guard let first = rest.first else { return }
        throw .usage(
            first.hasPrefix("-")
                ? "there is no option \(first); --help lists those that there are"
                : "what is \(first) for? One file, please"
        )
    }
}
