import Foundation
import Testing

@testable import plenary_load

struct ResultFileTests {
    @Test func `what is written is read again, and its keys are in order`() throws {
        let result = RunResult.judged {
            $0.counts.violations = 1
            $0.violations = [.sample("order", evidence: ["{\"on\":\"a/b\"}", "\u{1B}[31m"])]
            $0.timeline[3].p50Ms = nil
        }
        let data = try ResultFile.bytes(result)
        #expect(try ResultFile.result(in: data, name: "it") == result)
        let text = String(decoding: data, as: UTF8.self)
        let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.map { $0.prefix { $0 != ":" } }
        #expect(keys.count == 14)
        #expect(keys == keys.sorted())
        #expect(text.hasSuffix("}\n"))
    }

    @Test(arguments: [
        ("", "it is not a result of plenary-load"), ("[1]", "it is not a result of plenary-load"),
        ("{\"format\":2}", "it is of format 2, and this plenary-load reads format 1"),
        ("{\"format\":1}", "it is damaged: "),
    ])
    func `what is no result of this format is refused in words`(text: String, words: String) {
        let fault = #expect(throws: ResultFault.self) {
            try ResultFile.result(in: Data(text.utf8), name: "it")
        }
        #expect(fault?.sentence.hasPrefix(words) == true)
    }

    @Test func `a value of another type is named by its place`() throws {
        let text = String(decoding: try ResultFile.bytes(.sample), as: UTF8.self)
        let damaged = text.replacingOccurrences(of: "\"seed\" : 7", with: "\"seed\" : \"7\"")
        let fault = #expect(throws: ResultFault.self) {
            try ResultFile.result(in: Data(damaged.utf8), name: "it")
        }
        #expect(fault?.sentence.contains("scenario.seed") == true)
        let short = text.replacingOccurrences(of: "\"seed\" : 7,", with: "")
        let missing = #expect(throws: ResultFault.self) {
            try ResultFile.result(in: Data(short.utf8), name: "it")
        }
        #expect(missing?.sentence == "it is damaged: scenario.seed is not there")
    }

    @Test func `a folder is made, and both files are in it`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "results-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try ResultFile.keep(.judged(), in: folder.appendingPathComponent("deep").path)
        #expect(paths.map { ($0 as NSString).lastPathComponent } == ["result.json", "report.html"])
        #expect(try ResultFile.read(paths[0]) == .judged())
        #expect(FileManager.default.contents(atPath: paths[1]) == Data(Report.page(.judged()).utf8))
        #expect(throws: ResultFault(sentence: "\(folder.path)/none cannot be read")) {
            try ResultFile.read(folder.path + "/none")
        }
        #expect(throws: ResultFault.self) { try ResultFile.keep(.judged(), in: paths[0] + "/below a file") }
    }

    @Test func `a figure that is no number is not written as one`() {
        var result = RunResult.sample
        result.seconds = .nan
        #expect(throws: ResultFault.self) { try ResultFile.bytes(result) }
    }
}
