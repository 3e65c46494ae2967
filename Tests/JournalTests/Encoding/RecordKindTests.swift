import Foundation
import Testing

@testable import Journal

struct RecordKindTests {
    private let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Protocol/journal.md")

    @Test func `the document lists each kind of record once, with its number and its name`() throws {
        let document = try String(contentsOf: url, encoding: .utf8)
        let rows = document.matches(of: /(?m)^\| (\d+) \| `(\w+)` \|/).map { "\($0.output.1) \($0.output.2)" }
        #expect(rows == RecordKind.allCases.map { "\($0.rawValue) \($0)" })
    }

    @Test func `the journal's own kind is none of them`() {
        #expect(RecordKind(rawValue: Mark.kind) == nil)
    }
}
