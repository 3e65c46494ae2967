import Foundation

/// The folder `Protocol/`, seen from this file.
enum ProtocolFolder {
    private static let url = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Protocol")

    /// A document's text.
    static func text(of name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    /// Whether there is a file or folder of this name.
    static func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: name).path)
    }

    /// The golden messages by their files' names without `.json`: one line each, without its end.
    static func messages() throws -> [String: [UInt8]] {
        var messages: [String: [UInt8]] = [:]
        for file in try FileManager.default.contentsOfDirectory(
            at: url.appending(path: "messages"),
            includingPropertiesForKeys: nil
        ) where file.pathExtension == "json" {
            let bytes = [UInt8](try Data(contentsOf: file))
            let name = file.deletingPathExtension().lastPathComponent
            messages[name] = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes
        }
        return messages
    }

    /// Whether documents are to be written instead of compared: `PROTOCOL=write swift test --filter Golden`.
    static var isToBeWritten: Bool { ProcessInfo.processInfo.environment["PROTOCOL"] == "write" }

    static func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name))
    }

    static func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: url.appending(path: name))
    }
}
