import Foundation

/// `result.json`: what a run came to, as a file that `report` and `--compare` read again.
enum ResultFile {
    static let name = "result.json"
    static let format = 1

    /// The file's bytes: keys sorted, a line each, so that two results can be compared by any tool.
    static func bytes(_ result: RunResult) throws(ResultFault) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        do {
            return try encoder.encode(result) + Data("\n".utf8)
        } catch {
            throw ResultFault(sentence: "the result cannot be written as JSON: \(error)")
        }
    }

    /// The result in a file's bytes; `name` stands for the file in what is said when there is none.
    static func result(in data: Data, name: String) throws(ResultFault) -> RunResult {
        struct Format: Decodable { var format: Int }
        let decoder = JSONDecoder()
        guard let found = try? decoder.decode(Format.self, from: data) else {
            throw ResultFault(
                sentence: "\(name) is not a result of plenary-load: it is no JSON object with a format"
            )
        }
        guard found.format == format else {
            throw ResultFault(
                sentence:
                    "\(name) is of format \(found.format), and this plenary-load reads format \(format): "
                    + "use the version that wrote it, or run the scenario again"
            )
        }
        do {
            return try decoder.decode(RunResult.self, from: data)
        } catch {
            throw ResultFault(sentence: "\(name) is damaged: \(place(of: error))")
        }
    }

    /// Reads a file.
    static func read(_ path: String) throws(ResultFault) -> RunResult {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ResultFault(sentence: "\(path) cannot be read")
        }
        return try result(in: data, name: path)
    }

    /// Writes `result.json` and `report.html` into a folder, which is made if it is not there; answers both paths.
    static func keep(
        _ result: RunResult,
        comparedWith old: RunResult? = nil,
        in folder: String
    ) throws(ResultFault) -> [String] {
        let files = [
            (name, try bytes(result)), (Report.name, Data(Report.page(result, comparedWith: old).utf8)),
        ]
        try makeFolder(folder)
        var paths: [String] = []
        for (name, data) in files {
            let path = URL(fileURLWithPath: folder).appendingPathComponent(name).relativePath
            try write(data, to: path)
            paths.append(path)
        }
        return paths
    }

    /// Makes the folder if it is not there.
    ///
    /// - Throws: when it cannot be made, or nothing can be written into it.
    static func makeFolder(_ folder: String) throws(ResultFault) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ResultFault(sentence: "\(folder) cannot be made: \(error.localizedDescription)")
        }
        // Permissions alone do not tell what root may write, nor whether the disk takes anything.
        let attempt = URL(fileURLWithPath: folder).appendingPathComponent(".\(UUID().uuidString)")
            .relativePath
        try write(Data(), to: attempt)
        try? FileManager.default.removeItem(atPath: attempt)
    }

    /// Writes a file as a whole: who reads it meanwhile sees the old one.
    static func write(_ data: Data, to path: String) throws(ResultFault) {
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ResultFault(sentence: "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private static func place(of error: any Error) -> String {
        let (context, missing): (DecodingError.Context, String?) =
            switch error as? DecodingError {
            case .keyNotFound(let key, let context): (context, key.stringValue)
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context, nil)
            default: (.init(codingPath: [], debugDescription: "\(error)"), nil)
            }
        let path = (context.codingPath.map(\.stringValue) + (missing.map { [$0] } ?? [])).joined(
            separator: "."
        )
        if missing != nil { return "\(path) is not there" }
        return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    }
}

/// Why a result could not be read or written.
struct ResultFault: Error, Equatable {
    /// For people, without a full stop.
    let sentence: String
}
