import Testing

@Suite struct SizeRulesTests {
    private func function(lines: Int, line: String) -> SourceFile {
        let body = Array(repeating: line, count: lines).joined(separator: "\n")
        return SourceFile(path: "a.swift", text: "func a() {\n\(body)\n}\n")
    }

    @Test func `a file may have 400 lines and not one more`() {
        let full = String(repeating: "a\n", count: 400)
        #expect(longFile(SourceFile(path: "a.swift", text: full)).isEmpty)
        #expect(
            longFile(SourceFile(path: "a.py", text: full + "b\n")).map(\.message) == [
                "401 lines, at most 400"
            ]
        )
    }

    @Test func `a function may have 60 lines and not one more`() {
        #expect(longFunctions(in: function(lines: 58, line: "    b()")).isEmpty)
        let tooLong = longFunctions(in: function(lines: 59, line: "    b()"))
        #expect(tooLong.map(\.message) == ["a has 61 lines, at most 60"])
    }

    @Test func `a switch with a line a case may be as long as its table`() {
        #expect(longFunctions(in: function(lines: 300, line: "    case .b: c()")).isEmpty)
        #expect(!longFunctions(in: function(lines: 300, line: "    case .b:")).isEmpty)
    }

    @Test func `files and functions of the tree are short enough`() {
        #expect(SourceTree.files.count > 20)
        let findings = SourceTree.files.flatMap { longFile($0) + longFunctions(in: $0) }
        #expect(findings.isEmpty, "\(list(findings))")
    }
}
