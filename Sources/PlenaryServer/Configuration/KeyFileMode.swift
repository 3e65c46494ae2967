internal import Foundation

/// A file of keys that more people can get at than should: who reads a secret makes tickets, who writes a public key
/// into the set does as well.
///
/// Told and not refused: secrets that a container is given often stand there readable for all, and nobody else is in it.
struct KeyFileMode {
    var path: String
    /// As `chmod` has it.
    var mode: Int

    /// The configured files that others on this machine may read or write.
    static func exposed(_ configuration: Configuration) -> [KeyFileMode] {
        [configuration.secretFile, configuration.keysFile].compactMap { path in
            guard let path, let attributes = try? FileManager.default.attributesOfItem(atPath: path),
                attributes[.type] as? FileAttributeType == .typeRegular,
                let mode = attributes[.posixPermissions] as? Int, mode & 0o006 != 0
            else { return nil }
            return KeyFileMode(path: path, mode: mode)
        }
    }

    /// What the log says of it.
    var fields: [LogField] {
        [
            .text("file", path), .text("mode", String(mode & 0o777, radix: 8)),
            .text("cure", "chmod 600 \(path)"),
        ]
    }
}
