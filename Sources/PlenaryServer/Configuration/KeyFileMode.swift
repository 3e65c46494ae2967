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
    static func exposed(
        _ configuration: Configuration,
        modeOf: (String) -> Int? = KeyFileMode.mode
    ) -> [KeyFileMode] {
        [configuration.secretFile, configuration.keysFile].compactMap { path in
            guard let path, let mode = modeOf(path), mode & 0o006 != 0 else { return nil }
            return KeyFileMode(path: path, mode: mode)
        }
    }

    /// Of a file that is one, and no pipe or folder.
    static func mode(of path: String) -> Int? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return attributes[.posixPermissions] as? Int
    }

    var cure: String { "chmod 600 \(path)" }

    /// What the log says of it.
    fileprivate var fields: [LogField] {
        [
            .text("file", path), .text("mode", String(mode & 0o777, radix: 8)),
            .text("cure", cure),
        ]
    }
}

extension Configuration {
    /// Warns of each file of keys that others can get at.
    func tellExposedKeys(to log: Log) {
        for file in KeyFileMode.exposed(self) { log.write(.keysExposed, file.fields) }
    }
}
