package import Tickets

extension Secret {
    /// Reads a secret file: its bytes less one line feed at the end.
    ///
    /// - Throws: `.configuration`, in a sentence with the cure.
    package static func read(fromFile path: String) throws(ConfigurationFault) -> Secret {
        let cure = "Make one with: openssl rand -base64 48 > \(path) && chmod 600 \(path)"
        // One more for the line feed.
        guard let file = BoundedFile.bytes(path, limit: maxBytes + 1) else {
            let sentence = "The secret file \(path) cannot be read, or holds more than \(maxBytes) bytes."
            throw ConfigurationFault("\(sentence) \(cure)", exit: .configuration)
        }
        let bytes = Secret.key(inFile: file)
        guard let secret = Secret(bytes) else {
            let sentence =
                "The secret file \(path) holds \(bytes.count) bytes; a secret has \(minBytes) to \(maxBytes)."
            throw ConfigurationFault("\(sentence) \(cure)", exit: .configuration)
        }
        return secret
    }
}
