import Testing

@Suite struct WordRulesTests {
    private func swift(_ text: String) -> SourceFile {
        SourceFile(path: "Tests/ATests/A.swift", text: text)
    }

    @Test(
        arguments: [
            "struct SeatManager {}", "final class JournalHelpers {}", "enum Utils {}",
            "typealias RoomInfo = Int",
            "protocol InfoSource {}", "actor StringUtility {}", "struct Data2 {}",
        ]
    )
    func `a type name that says nothing is found`(line: String) {
        #expect(emptyNames(in: swift(line)).count == 1)
    }

    @Test(arguments: [
        "enum Informational {}", "struct Utilization {}", "let seatManager = 1", "// struct RoomInfo",
    ])
    func `a longer word is another word`(line: String) {
        #expect(emptyNames(in: swift(line)).isEmpty)
    }

    @Test func `public is found, in text it is a word`() {
        #expect(publicDeclarations(in: swift("public struct A {}\npublic import B")).map(\.line) == [1, 2])
        #expect(publicDeclarations(in: swift("// public\nlet a = \"public\"")).isEmpty)
    }

    @Test func `unfinished work is found in comments and in other files`() {
        let word = "TO" + "DO"
        #expect(unfinishedWork(in: swift("a\n// \(word): b")).map(\.line) == [2])
        #expect(unfinishedWork(in: SourceFile(path: "a.py", text: "# \(word)")).count == 1)
        #expect(unfinishedWork(in: swift("// MAS\(word)NT")).isEmpty)
    }

    @Test func `a test that cannot fail is found`() {
        #expect(silencedTests(in: swift("@Test(.disabled(\"later\")) func a() {}")).count == 1)
        #expect(silencedTests(in: swift("@Test(.enabled(if: isRoot)) func a() {}")).count == 1)
        #expect(silencedTests(in: swift("withKnownIssue { }")).count == 1)
        #expect(silencedTests(in: swift("let disabled = true")).isEmpty)
        let python = SourceFile(path: "Tests/EndToEnd/test_a.py", text: "@pytest.mark." + "skip")
        #expect(silencedTests(in: python).count == 1)
    }

    @Test func `the tree's names say something and its work is done`() {
        #expect(SourceTree.files.count > 20)
        let findings = SourceTree.files.flatMap {
            emptyNames(in: $0) + publicDeclarations(in: $0) + unfinishedWork(in: $0) + silencedTests(in: $0)
        }
        #expect(findings.isEmpty, "\(list(findings))")
    }
}
