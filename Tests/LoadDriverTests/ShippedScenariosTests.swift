import Foundation
import Testing

@testable import plenary_load

/// The folder `LoadTests`, seen from this file.
private enum LoadTestsFolder {
    static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "LoadTests")

    static func text(of path: String) throws -> String {
        try String(contentsOf: url.appending(path: path), encoding: .utf8)
    }

    /// Each scenario's file name without its ending, sorted, with what the file holds.
    static func scenarios() throws -> [(name: String, reading: ScenarioReading)] {
        let folder = url.appending(path: "Scenarios")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
            .map { name in
                let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
                return (String(name.dropLast(".json".count)), ScenarioReader.read(bytes))
            }
    }

    /// Whether the documents are to be written instead of compared.
    static var isToBeWritten: Bool { ProcessInfo.processInfo.environment["README"] == "write" }
}

struct ShippedScenariosTests {
    @Test func `each is good, is called as its file, and says what it is for`() throws {
        for (name, reading) in try LoadTestsFolder.scenarios() {
            #expect(reading.problems == [], "\(name)")
            let scenario = try #require(reading.scenario)
            #expect(scenario.name == name)
            #expect(scenario.about.count > 40, "\(name)")
            #expect(
                scenario.thresholds.contains(Scenario.Threshold(measure: .violations, limit: 0)),
                "\(name)"
            )
            #expect(scenario.thresholds.count > 1, "\(name)")
        }
    }

    @Test func `those that the tool promises are there, in their sizes`() throws {
        let all = try LoadTestsFolder.scenarios().compactMap { name, reading in
            reading.scenario.map { (name, $0) }
        }
        let named = Dictionary(uniqueKeysWithValues: all)
        let names = [
            "bell", "big-room", "capacity", "far-away", "first-evening", "idle", "slow-readers", "smoke",
            "soak",
            "wifi-drop",
        ]
        #expect(names.allSatisfy { named[$0] != nil })
        #expect(named["smoke"]?.seconds == 10)
        #expect(named["first-evening"]?.communities == 40)
        #expect(named["first-evening"]?.everybody == 1_200)
        #expect(named["bell"]?.arrival == Scenario.Arrival(shape: .bell, seconds: 60))
        #expect(named["big-room"]?.people.each == 1_000)
        #expect(named["big-room"]?.allSessions == 1)
        #expect(named["big-room"]?.rounds.map(\.rooms) == [50])
        #expect(named["wifi-drop"]?.everybody == 5_000)
        #expect(named["wifi-drop"]?.drops.storms.map(\.share) == [1])
        #expect(named["far-away"]?.far.delayMs == 500)
        // Beyond the gap that is forgiven in attendance, and beyond the silence that the server bears.
        #expect((named["far-away"]?.far.sleeps.seconds.to ?? 0) > 120)
        #expect(named["soak"]?.seconds == 3_600)
        #expect(named["capacity"]?.people.each == 30)
        #expect(named["idle"]?.fill == true)
    }

    @Test func `none asks more of one machine than server and driver hold together on two cores`() throws {
        for (name, reading) in try LoadTestsFolder.scenarios() {
            let estimate = ScenarioEstimate(try #require(reading.scenario))
            #expect(estimate.deliveriesPerSecond <= 50_000, "\(name)")
        }
    }
}

struct ScenarioDocumentsTests {
    private let schemaPath = "Scenarios/scenario.schema.json"

    @Test func `the schema is what the reader knows; README=write puts it there`() throws {
        guard !LoadTestsFolder.isToBeWritten else {
            return try Data(ScenarioSchema.text.utf8).write(
                to: LoadTestsFolder.url.appending(path: schemaPath)
            )
        }
        #expect(try LoadTestsFolder.text(of: schemaPath) == ScenarioSchema.text)
    }

    @Test
    func `the manual's tables are what the reader knows and what is shipped; README=write puts them there`()
        throws
    {
        let shipped = try LoadTestsFolder.scenarios().map { name, reading in
            let scenario = try #require(reading.scenario)
            return "| `\(name)` | \(scenario.about) | \(CheckCommand.summary(of: scenario)) |\n"
        }
        let head = "| scenario | what it is for | what it comes to |\n| --- | --- | --- |\n"
        var manual = try LoadTestsFolder.text(of: "README.md")
        let before = manual
        for (mark, table) in [("keys", ScenarioSchema.table), ("scenarios", head + shipped.joined())] {
            let begin = try #require(manual.range(of: "<!-- \(mark) -->\n\n"))
            let end = try #require(manual.range(of: "\n<!-- end of \(mark) -->"))
            manual.replaceSubrange(begin.upperBound..<end.lowerBound, with: table)
        }
        guard !LoadTestsFolder.isToBeWritten else {
            return try Data(manual.utf8).write(to: LoadTestsFolder.url.appending(path: "README.md"))
        }
        #expect(manual == before)
    }

    @Test func `the schema's defaults are the scenario's, read back by the reader`() throws {
        // Every default of the schema, spelled out in a file, gives what the file without them gives.
        let schema = try JSONSerialization.jsonObject(with: Data(ScenarioSchema.text.utf8))
        var spelled = try #require(Self.defaults(in: schema) as? [String: Any])
        spelled.merge(["name": "a", "seconds": 60, "thresholds": ["violations": 0]]) { $1 }
        spelled["people"] = (spelled["people"] as? [String: Any])?.merging(["each": 9]) { $1 }
        let long = ScenarioReader.read([UInt8](try JSONSerialization.data(withJSONObject: spelled)))
        let short = ScenarioReader.read(
            Array(#"{"name":"a","seconds":60,"people":{"each":9},"thresholds":{"violations":0}}"#.utf8)
        )
        #expect(short.problems == [])
        #expect(long == short)
        #expect((spelled["far"] as? [String: Any])?["delayMs"] as? Int == 500)
        #expect(spelled.count > 12)
    }

    private static func defaults(in schema: Any) -> Any? {
        guard let schema = schema as? [String: Any] else { return nil }
        if let fallback = schema["default"] { return fallback }
        guard let properties = schema["properties"] as? [String: Any] else { return nil }
        let found = properties.compactMapValues { defaults(in: $0) }
        return found.isEmpty ? nil : found
    }
}
