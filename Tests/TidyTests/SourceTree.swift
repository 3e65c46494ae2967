import Foundation

/// Something that is not as it should be, and where.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// A text file of the repository, by its path from the top.
struct SourceFile {
    let path: String
    let lines: [String]
    /// What a Swift file says outside strings and comments; empty for other files.
    let tokens: [Token]
    /// The comments of a Swift file line by line, blank where there is none; every line of other files.
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.components(separatedBy: "\n")
        if path.hasSuffix(".swift") {
            let parts = SwiftText(text)
            tokens = TidyTests.tokens(of: parts.code)
            comments = String(decoding: parts.comments, as: UTF8.self).components(separatedBy: "\n")
        } else {
            tokens = []
            comments = lines
        }
    }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The target that the file belongs to, by its folder: `Sources/WebSocket/…` is of `WebSocket`.
    var target: String? {
        let parts = path.components(separatedBy: "/")
        guard parts.count > 2 else { return nil }
        return parts[0] == "LoadTests" ? "plenary-load" : parts[1]
    }
}

/// The repository as it lies on disk around this file.
struct SourceTree {
    let root: URL

    /// The tree that this very test was built from.
    static let current = SourceTree(
        root: URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    )

    /// The texts of that tree that people write, read once for all tests; reports are made by the driver.
    static let files: [SourceFile] = {
        let endings = ["swift", "c", "h", "py", "js", "css", "html"]
        return ["Sources", "Tests", "LoadTests"].flatMap { current.paths(below: $0) }
            .filter { path in endings.contains { path.hasSuffix("." + $0) } }
            .filter { !$0.hasPrefix("LoadTests/Results/") }
            .map { SourceFile(path: $0, text: current.text($0)) }
    }()

    /// The text of a file, or nothing if it is not there.
    func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// Whether a file or folder is there.
    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// What lies directly in a folder, sorted.
    func entries(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        return (names ?? []).sorted()
    }

    /// The folders directly in a folder, hidden ones and what Python leaves behind apart.
    func folders(in folder: String) -> [String] {
        entries(in: folder).filter { name in
            !name.hasPrefix(".") && name != "__pycache__" && isFolder(folder + "/" + name)
        }
    }

    /// Every file below a folder, hidden ones and what Python leaves behind apart.
    func paths(below folder: String) -> [String] {
        entries(in: folder).filter { !$0.hasPrefix(".") && $0 != "__pycache__" }.flatMap { name in
            let path = folder + "/" + name
            return isFolder(path) ? paths(below: path) : [path]
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: root.appending(path: path).path,
            isDirectory: &isDirectory
        )
        return exists && isDirectory.boolValue
    }
}

/// Findings one to a line, as the comment of an expectation that there are none.
func list(_ findings: [Finding]) -> String {
    findings.map(\.description).joined(separator: "\n")
}
