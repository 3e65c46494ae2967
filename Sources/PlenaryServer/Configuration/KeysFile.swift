internal import SessionProtocol
package import Tickets

extension Keyring {
    /// Reads the keys of `--secret-file` and `--keys-file`.
    ///
    /// - Throws: `.configuration`, a sentence for each problem, with the key's name and nothing else of it.
    package static func read(_ configuration: Configuration) throws(ConfigurationFault) -> Keyring {
        let secret: Secret? =
            if let path = configuration.secretFile { try Secret.read(fromFile: path) } else { nil }
        let named = if let path = configuration.keysFile { try KeysFile.read(path) } else { [TicketKey]() }
        return Keyring(unnamed: secret, named: named)
    }
}

/// The file of `--keys-file`.
package enum KeysFile {
    /// Its keys.
    ///
    /// - Throws: `.configuration`, a sentence for each problem.
    package static func read(_ path: String) throws(ConfigurationFault) -> [TicketKey] {
        guard let bytes = BoundedFile.bytes(path, limit: KeySet.maxBytes) else {
            throw ConfigurationFault(
                "The keys file \(path) cannot be read, or holds more than \(KeySet.maxBytes) bytes: "
                    + "give one that this user can read.",
                exit: .configuration
            )
        }
        do {
            return try KeySet.keys(in: bytes)
        } catch {
            switch error {
            case .json(let fault):
                let place = ConfigurationFile.position(fault.offset, in: bytes)
                throw ConfigurationFault(
                    "\(path), \(place): this is no JSON object with each key once. A keys file is a JWK Set: "
                        + "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"2026-autumn\",\"alg\":\"HS256\",\"k\":\"…\"}]}",
                    exit: .configuration
                )
            case .problems(let sentences):
                throw ConfigurationFault(sentences.map { "\(path): \($0)" }, exit: .configuration)
            }
        }
    }
}
