import Foundation

/// `plenary-load check FILE…`: says of each scenario file what it comes to, or all that is wrong with it.
enum CheckCommand {
    static let usage = """
        plenary-load check SCENARIO.json…

        Reads scenario files and plays nothing. For each it says what it comes to, or every problem on a line of its own.

        Exit codes: 0 all files are good, 64 usage, 65 some are not.
        """

    /// Runs with what stands behind `check` and answers the exit code.
    static func run(_ arguments: [String], say: (String) -> Void) -> Int32 {
        if arguments.contains("--help") {
            say(usage)
            return 0
        }
        if let option = arguments.first(where: { $0.hasPrefix("-") }) {
            say("plenary-load check: there is no option \(option); name the files alone.")
            return 64
        }
        guard !arguments.isEmpty else {
            say("plenary-load check: which files? Those that come along are in LoadTests/Scenarios.")
            return 64
        }
        // Each file is looked at, also behind a bad one.
        let good = arguments.map { check($0, say: say) }
        return good.contains(false) ? 65 : 0
    }

    /// What a scenario comes to, on a line.
    static func summary(of scenario: Scenario) -> String {
        let estimate = ScenarioEstimate(scenario)
        let sessions = Wording.count(scenario.allSessions, "session", "sessions")
        let people = Wording.count(scenario.everybody, "person", "people")
        let repeated = scenario.fill ? ", repeated until the descriptors are used up" : ""
        let length = Wording.duration(seconds: scenario.seconds)
        let messages = Wording.count(Wording.rough(estimate.messages), "message", "messages")
        let deliveries = Wording.count(Wording.rough(estimate.deliveries), "delivery", "deliveries")
        return "\(sessions), \(people)\(repeated), \(length); about \(messages) and \(deliveries)"
    }

    private static func check(_ file: String, say: (String) -> Void) -> Bool {
        guard let bytes = bytes(of: file) else {
            say("\(file): It cannot be read; look at its name and at who may read it.")
            return false
        }
        let reading = ScenarioReader.read(bytes)
        for problem in reading.problems { say("\(file): \(problem)") }
        if let scenario = reading.scenario { say("\(file): ok (\(summary(of: scenario)))") }
        return reading.scenario != nil
    }

    /// The file's bytes, one more than a scenario may have at most; nil when it cannot be read.
    static func bytes(of file: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        let most = ScenarioReader.maxBytes + 1
        var bytes: [UInt8] = []
        do {
            // A pipe gives what it has; nothing is the end.
            while bytes.count < most, let data = try handle.read(upToCount: most - bytes.count), !data.isEmpty
            {
                bytes += data
            }
        } catch {
            return nil
        }
        return bytes
    }
}
