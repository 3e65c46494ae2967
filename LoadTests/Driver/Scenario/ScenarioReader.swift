import SessionProtocol

/// Reads a scenario file, and finds all that is wrong with it at once: nobody should have to check ten times for ten
/// mistakes.
///
/// First each value is looked at for itself, as `ScenarioField` tells; then the rules between them, as `ScenarioRules`
/// has them, except where one of their values was wrong in itself.
enum ScenarioReader {
    /// The longest file that is read.
    static let maxBytes = 64 << 10

    /// The scenario of a file, or its problems.
    static func read(_ bytes: [UInt8]) -> ScenarioReading {
        var reader = JSONReader(maxBytes: maxBytes)
        do {
            var findings = ScenarioFindings()
            var scenario = Scenario.blank
            ScenarioField.read(try reader.read(bytes), Scenario.fields, at: "", into: &scenario, &findings)
            findings.problems += ScenarioRules.problems(of: scenario, doubtful: findings.doubtful)
            guard findings.problems.isEmpty else {
                return ScenarioReading(scenario: nil, problems: findings.problems)
            }
            return ScenarioReading(scenario: scenario, problems: [])
        } catch {
            return ScenarioReading(scenario: nil, problems: [problem(of: error, in: bytes)])
        }
    }
}

/// What came of reading a scenario file: the scenario, or why there is none.
struct ScenarioReading: Equatable, Sendable {
    /// Nil when there are problems.
    var scenario: Scenario?
    var problems: [ScenarioProblem]
}

/// What is wrong in a scenario file, and what would be right.
struct ScenarioProblem: Equatable, Sendable {
    /// A path such as `rounds[1].size`; line and column when the file is no JSON.
    var place: String
    /// What is wrong there, and the cure.
    var sentence: String
}

extension ScenarioProblem: CustomStringConvertible {
    var description: String { "\(place): \(sentence)" }
}

// MARK: - What is no JSON

extension ScenarioReader {
    private static func problem(of fault: JSONFault, in bytes: [UInt8]) -> ScenarioProblem {
        ScenarioProblem(place: position(fault.offset, in: bytes), sentence: sentence(of: fault))
    }

    /// Line and column, as editors count.
    private static func position(_ offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == 0x0A } + 1
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        // An editor counts characters: what continues one is no column of its own.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return "line \(line), column \(column)"
    }

    private static func sentence(of fault: JSONFault) -> String {
        switch fault {
        case .notObject: "The file must hold one JSON object: { \"name\": …, \"seconds\": …, \"people\": … }."
        case .encoding: "This is not UTF-8 text without a byte order mark; save the file as such."
        case .syntax: "This is not JSON. Look for a comma too many or too few; comments are not allowed."
        case .depth: "Values within values: too deep for a scenario. Look for a bracket too many."
        case .members: "More than \(JSONLimits.maxMembers) keys; no part of a scenario has so many."
        case .duplicateKey: "This key was there before; each may stand once. Take one of the two out."
        case .tooLong: "The file is longer than \(maxBytes) bytes, and no scenario is."
        }
    }
}
