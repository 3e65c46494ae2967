/// Scenarios of the load test.
enum ScenarioFuzz {
    static func run(_ input: [UInt8]) {
        let reading = ScenarioReader.read(input)
        Fuzz.check(
            (reading.scenario == nil) != reading.problems.isEmpty,
            "a file is a scenario, or its problems are told"
        )
        for problem in reading.problems {
            Fuzz.check(!problem.description.isEmpty, "a problem is a sentence")
        }
    }
}
