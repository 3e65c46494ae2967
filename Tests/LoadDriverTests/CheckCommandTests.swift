import Foundation
import Testing

@testable import plenary_load

/// What the command says, and its exit code.
private func check(_ arguments: [String]) -> (lines: [String], exit: Int32) {
    var lines: [String] = []
    let exit = CheckCommand.run(arguments) { lines.append($0) }
    return (lines, exit)
}

/// A file of this test alone, gone at its end.
private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString).json")
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    try body(path.path)
}

struct CheckCommandTests {
    private let good = """
        {"name":"a","seconds":360,"communities":40,"people":{"each":30},"chat":{"perMinute":2},
         "arrival":{"shape":"atOnce"},"thresholds":{"violations":0}}
        """

    @Test func `a good file is told with what it comes to`() throws {
        try withFile(good) { file in
            let said = check([file])
            #expect(said.exit == 0)
            // 1,200 people, 2 messages a minute, 6 min, each heard by 30; and 30 who come, each told to 15 on average.
            let comesTo = "40 sessions, 1,200 people, 6 min; about 14,000 messages and 450,000 deliveries"
            #expect(said.lines == ["\(file): ok (\(comesTo))"])
        }
    }

    @Test func `each problem is a line, and a bad file does not hide the next one`() throws {
        try withFile(#"{"name":"a","seconds":1,"people":{"each":1},"thresholds":{"violations":0}}"#) { bad in
            try withFile(good) { file in
                let said = check([bad, "/nowhere/at-all.json", file])
                #expect(said.exit == 65)
                #expect(said.lines.count == 4)
                #expect(said.lines[0].hasPrefix("\(bad): seconds: 1 will not do; "))
                #expect(said.lines[1].hasPrefix("\(bad): people.each: 1 will not do; "))
                #expect(said.lines[2].hasPrefix("/nowhere/at-all.json: It cannot be read"))
                #expect(said.lines[3].hasPrefix("\(file): ok ("))
            }
        }
    }

    @Test func `a file that is too long is refused`() throws {
        try withFile(String(repeating: " ", count: ScenarioReader.maxBytes) + good) { file in
            let said = check([file])
            #expect(said.exit == 65)
            #expect(said.lines.count == 1 && said.lines[0].contains("longer than 65536 bytes"))
        }
    }

    @Test func `a folder is no file`() {
        #expect(check([FileManager.default.temporaryDirectory.path]).exit == 65)
    }

    @Test func `wrong arguments are usage, and help is none`() {
        #expect(check([]).exit == 64)
        #expect(check(["--seconds", "5"]).exit == 64)
        #expect(check(["--help"]).exit == 0)
        #expect(check(["--help"]).lines == [CheckCommand.usage])
    }
}

struct WordingTests {
    @Test func `numbers are read as people write them`() {
        #expect(
            [0, 999, 1_000, 1_234_567, -1_234].map(\.grouped) == ["0", "999", "1,000", "1,234,567", "-1,234"]
        )
        #expect([0.0, 1, 0.25, 1_200].map(\.short) == ["0", "1", "0.25", "1,200"])
        #expect(Wording.count(1, "session", "sessions") == "1 session")
        #expect(
            [0, 45, 60, 150, 5_400, 3_601].map(Wording.duration) == [
                "0 s", "45 s", "1 min", "2 min 30 s", "1 h 30 min", "1 h 1 s",
            ]
        )
        #expect([0, 7, 99, 994, 995, 12_470].map(Wording.rough) == [0, 7, 99, 990, 1_000, 12_000])
    }
}
