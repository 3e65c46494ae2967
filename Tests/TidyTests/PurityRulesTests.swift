import Testing

@Suite struct PurityRulesTests {
    private func file(_ text: String, in target: String = "Sessions") -> SourceFile {
        SourceFile(path: "Sources/\(target)/A.swift", text: text)
    }

    @Test(
        arguments: [
            "let a = Date()", "let a = ContinuousClock().now", "func a() async {}", "Task { }",
            "actor Room {}",
            "let a = Int.random(in: 0..<3)", "let a = b.shuffled()", "let a = b.randomElement()",
            "var a = SystemRandomNumberGenerator()", "let a = \"b\".hashValue", "var a = Hasher()",
            "print(a)",
            "let a = \"at \\(Date())\"",
        ]
    )
    func `what depends on more than the input is found`(line: String) {
        #expect(impurities(in: file(line)).count == 1)
        #expect(impurities(in: file(line, in: "PlenaryServer")).isEmpty)
    }

    @Test(
        arguments: [
            "let a = b.shuffled(using: &generator)", "let a = Int.random(in: 0..<(3), using: &generator)",
            "func hash(into hasher: inout Hasher) {}", "// Date, async", "let a = \"Date()\"",
            "func random() {}",
            "func move(by actor: SeatID)", "let task: Text", "self.print(a)", "generator.shuffle(&a)",
        ]
    )
    func `what comes in as a value is fine, and so are words in text`(line: String) {
        #expect(impurities(in: file(line)).isEmpty)
    }

    @Test func `the pure targets of the tree are pure`() {
        let files = SourceTree.files.filter { pureTargets.contains($0.target ?? "") }
        #expect(Set(files.compactMap(\.target)) == pureTargets)
        let findings = files.flatMap(impurities)
        #expect(findings.isEmpty, "\(list(findings))")
    }
}
