import Foundation
import Testing

@testable import plenary_load

/// What is looked at before an evening is played.
struct RunCommandTests {
    /// A folder of this test alone, with a secret and a scenario of that seed in it; gone at its end.
    private func inFolder(seed: String, _ body: (String, [String]) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (secret, scenario) = (folder.appending(path: "secret"), folder.appending(path: "a.json"))
        try Data("a secret of the tests, thirty-two bytes".utf8).write(to: secret)
        try Data(
            "{\"name\":\"a\",\"seed\":\(seed),\"seconds\":60,\"people\":{\"each\":2},\"thresholds\":{\"violations\":0}}"
                .utf8
        ).write(to: scenario)
        // Nobody listens there.
        try body(
            folder.path,
            [scenario.path, "--url", "http://127.0.0.1:1", "--secret-file", secret.path]
        )
    }

    private func command(_ words: [String]) throws(LoadFault) -> RunCommand {
        var arguments = Arguments(words)
        return try RunCommand(&arguments)
    }

    @Test func `a folder that cannot be made is found before anybody comes`() throws {
        try inFolder(seed: "1") { folder, words in
            // A file, a folder in a file, and one that takes no files, not even root's.
            for path in ["\(folder)/secret", "\(folder)/secret/out", "/proc/self/fdinfo"] {
                let fault = #expect(throws: LoadFault.self) {
                    try command(words + ["--out", path]).run { _ in }
                }
                #expect(fault?.exitCode == 73 && fault?.sentence.contains(path) == true, "\(path)")
            }
            let fault = #expect(throws: LoadFault.self) {
                try command(words + ["--out", "\(folder)/a/b"]).run { _ in }
            }
            #expect(fault?.exitCode == 69)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/a/b"))
        }
    }

    @Test func `a seed may be as large on the command line as in a scenario, and no larger`() throws {
        let most = "9007199254740991"
        try inFolder(seed: most) { _, words in _ = try command(words + ["--seed", most]) }
        for tooLarge in ["9007199254740992", "-1"] {
            try inFolder(seed: "1") { _, words in
                let fault = #expect(throws: LoadFault.self) { try command(words + ["--seed", tooLarge]) }
                #expect(
                    fault?.exitCode == 64 && fault?.sentence.contains("to \(most), not \(tooLarge)") == true
                )
            }
            try inFolder(seed: tooLarge) { _, words in
                let fault = #expect(throws: LoadFault.self) { try command(words) }
                #expect(fault?.exitCode == 65)
            }
        }
    }
}
