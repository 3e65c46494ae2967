internal import SessionProtocol

/// The file of `--config`: one JSON object whose keys are the names of options.
enum ConfigurationFile {
    static let maxBytes = 64 << 10

    /// The values by name, each as it would be written behind its flag.
    ///
    /// - Throws: `.configuration` with every problem of the file.
    static func read(_ path: String) throws(ConfigurationFault) -> [String: [String]] {
        guard let bytes = BoundedFile.bytes(path, limit: maxBytes) else {
            throw fault("The configuration file \(path) cannot be read, or is longer than \(maxBytes) bytes.")
        }
        return try values(of: bytes, path: path)
    }

    /// The same of the bytes of a file.
    static func values(of bytes: [UInt8], path: String) throws(ConfigurationFault) -> [String: [String]] {
        var reader = JSONReader(maxBytes: maxBytes)
        do {
            return try values(try reader.read(bytes), path: path)
        } catch let error as JSONFault {
            throw fault("\(path), \(position(error.offset, in: bytes)): \(sentence(error))")
        } catch let error as ConfigurationFault {
            throw error
        } catch {
            throw fault("The configuration file \(path) cannot be read.")
        }
    }

    private static func values(
        _ object: JSONObject,
        path: String
    ) throws(ConfigurationFault) -> [String: [String]] {
        var values: [String: [String]] = [:]
        var sentences: [String] = []
        for member in object.members {
            let name = String(decoding: member.name.prefix(64), as: UTF8.self)
            let place = "\(path), key \"\(Printable.text(name))\""
            guard let option = Option.named(name) else {
                sentences.append("\(place): there is no such option.\(ConfigurationReader.hint(for: name))")
                continue
            }
            if let elements = member.value.elements, option.isRepeatable {
                let texts = elements.map { text(of: $0) }
                values[name] = texts.compactMap { $0 }
                if texts.contains(nil) {
                    sentences.append("\(place): the list holds something that is no text.")
                }
            } else if let text = text(of: member.value) {
                values[name] = [text]
            } else {
                sentences.append("\(place): the value is neither text nor number nor true or false.")
            }
        }
        guard sentences.isEmpty else { throw ConfigurationFault(sentences, exit: .configuration) }
        return values
    }

    private static func text(of value: JSONValue) -> String? {
        if let bytes = value.text { return String(decoding: bytes, as: UTF8.self) }
        if let number = value.number { return String(decoding: number, as: UTF8.self) }
        return value.bool.map { $0 ? "true" : "false" }
    }

    /// Line and column, as editors count.
    static func position(_ offset: Int, in bytes: [UInt8]) -> String {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return "line \(line), column \(column)"
    }

    private static func sentence(_ fault: JSONFault) -> String {
        switch fault {
        case .notObject: "The file must hold one JSON object, such as {\"listen\": \"127.0.0.1:8080\"}."
        case .encoding: "This is not UTF-8 text without a byte order mark."
        case .syntax: "This is not JSON (no comments, no comma behind the last member)."
        case .depth: "Values within values: too deep."
        case .members: "More than \(JSONLimits.maxMembers) keys."
        case .duplicateKey: "This key was there before; each may stand once."
        case .tooLong: "The file is longer than \(maxBytes) bytes."
        }
    }

    private static func fault(_ sentence: String) -> ConfigurationFault {
        ConfigurationFault(sentence, exit: .configuration)
    }
}
