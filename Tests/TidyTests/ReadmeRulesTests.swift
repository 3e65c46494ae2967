import Testing

@Suite struct ReadmeRulesTests {
    private let readme = """
        # A
        ## The map
        | where | what |
        | --- | --- |
        | `Sources/WebSocket` | `not this` |
        | `Tests/` | tests |
        ## After
        | `Sources/Beyond` | not in the map |
        """

    @Test func `the map is the first column of the table under its heading`() {
        #expect(mappedPaths(in: readme) == ["Sources/WebSocket", "Tests"])
        #expect(mappedPaths(in: "| `Sources/WebSocket` |").isEmpty)
    }

    @Test func `a folder that the map leaves out is found, and a path that is not there`() {
        let findings = mapFindings(readme: readme, folders: ["Sources/WebSocket", "Sources/Sessions"]) {
            $0 != "Tests"
        }
        #expect(
            findings.map(\.message) == [
                "the map leaves out Sources/Sessions", "the map names Tests, which is not there",
            ]
        )
        #expect(mapFindings(readme: "# A", folders: []) { _ in true }.count == 1)
    }

    @Test func `a target that the Makefile does not have is found`() {
        let makefile = "NAME := 1\n.PHONY: run\nrun: deps ## Starts\n\techo a: b\ndeps lint:\n\ttrue"
        #expect(makeTargets(in: makefile) == ["run", "deps", "lint"])
        let text = "We make do. `make run` and `CI=1 make tset`\n```\nmake lint\nmake nothing\n```"
        #expect(unknownTargets(readme: text, makefile: makefile).map(\.line) == [1, 4])
    }

    @Test func `a link to a file that is not there is found`() {
        let text = "[a](Sources/A.swift)\n[b](Sources/B.swift#line) [c](https://example.org/c) [d](#d)"
        #expect(deadLinks(readme: text) { $0 == "Sources/A.swift" }.map(\.line) == [2])
    }

    @Test func `what the design does not list at the top is found, unless it is ignored`() {
        let ignored = "# made\n.build/\n.build-*/\n*.profraw\n"
        let entries = [
            "Sources", ".ci", ".git", ".build", ".build-tools", "default.profraw", "notes.txt", "build",
        ]
        #expect(strayEntries(entries, ignored: ignored).map(\.path) == ["notes.txt", "build"])
    }

    @Test func `the tree is as the README says`() {
        let tree = SourceTree.current
        let tops = ["Sources", "Tests", "LoadTests", "Protocol"].filter(tree.exists)
        let folders = tops.flatMap { top in [top] + tree.folders(in: top).map { top + "/" + $0 } }
        #expect(folders.contains("Sources/WebSocket"))
        let readme = tree.text("README.md")
        let findings =
            mapFindings(readme: readme, folders: folders, exists: tree.exists)
            + deadLinks(readme: readme, exists: tree.exists)
            + unknownTargets(readme: readme, makefile: tree.text("Makefile"))
            + strayEntries(tree.entries(in: "."), ignored: tree.text(".gitignore"))
        #expect(findings.isEmpty, "\(list(findings))")
        #expect(
            makeTargets(in: tree.text("Makefile")).isSuperset(of: [
                "deps", "deps-test", "run", "test", "lint",
            ])
        )
    }
}
