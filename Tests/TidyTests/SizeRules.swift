/// The most lines that a file may have.
let linesPerFile = 400
/// The most lines that a function may have, beside those that are a whole case of a switch.
let linesPerFunction = 60

/// A file that is too long to be read in one go.
func longFile(_ file: SourceFile) -> [Finding] {
    let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
    guard count > linesPerFile else { return [] }
    return [Finding(path: file.path, line: count, message: "\(count) lines, at most \(linesPerFile)")]
}

/// Functions that are too long to be kept in mind.
func longFunctions(in file: SourceFile) -> [Finding] {
    functions(in: file.tokens).filter { $0.length > linesPerFunction }.map { function in
        Finding(
            path: file.path,
            line: function.lines.lowerBound,
            message: "\(function.name) has \(function.length) lines, at most \(linesPerFunction)"
        )
    }
}
