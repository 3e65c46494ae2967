import Testing

@Suite struct MessageRulesTests {
    private func test(_ text: String, in target: String = "SessionProtocolTests") -> [SourceFile] {
        [SourceFile(path: "Tests/\(target)/A.swift", text: text)]
    }

    private func faults(_ name: String, _ text: String, tests: [SourceFile]) -> [String] {
        messageFindings([("Protocol/messages/\(name)", text)], tests: tests).map(\.message)
    }

    @Test func `a message that a test names, or finds, is read`() {
        #expect(faults("chat.sent.json", "{}", tests: test("let a = golden(\"chat.sent\")")).isEmpty)
        let walk = "let folder = \"Protocol/messages\"\nlet all = files.contentsOfDirectory(atPath: folder)"
        #expect(faults("chat.sent.json", "{}", tests: test(walk)).isEmpty)
    }

    @Test func `a message that no test reads is found`() {
        #expect(faults("chat.sent.json", "{}", tests: test("let a = 1")) == ["no test reads it"])
        let own = test("let a = \"chat.sent\"", in: "TidyTests")
        #expect(faults("chat.sent.json", "{}", tests: own) == ["no test reads it"])
        let comment = test("let folder = \"Protocol/messages\"  // contentsOfDirectory")
        #expect(faults("chat.sent.json", "{}", tests: comment) == ["no test reads it"])
    }

    @Test(arguments: ["Chat sent.json", "chat.txt", ".json", "1.json", "grüße.json"])
    func `a name that is none is found`(name: String) {
        #expect(faults(name, "{}", tests: test("let a = golden(\"\(name)\")")).count == 1)
    }

    @Test(arguments: ["", "{", "{} {}", "{\"a\":}"])
    func `what is no JSON is found`(text: String) {
        #expect(faults("a.json", text, tests: test("let a = \"a\"")) == ["not JSON"])
    }

    @Test func `the golden messages of the tree are well formed and read by a test`() {
        let tree = SourceTree.current
        let messages = tree.paths(below: "Protocol/messages").map { ($0, tree.text($0)) }
        #expect(!messages.isEmpty)
        let findings = messageFindings(messages, tests: SourceTree.files)
        #expect(findings.isEmpty, "\(list(findings))")
    }
}
