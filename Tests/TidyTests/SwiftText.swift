/// A Swift source with its code and its comments apart, each at its own place.
///
/// What belongs to the other, and what stands between the quotes of a string, is blank. Line numbers are those of
/// the source.
///
/// The scanner knows line comments, nested block comments, strings of all forms with interpolation (which is
/// code), regular expression literals and names in backquotes (which become underscores, since they may hold any
/// word). It is not a parser: it only has to be right about where code ends and text begins.
struct SwiftText {
    let code: [UInt8]
    let comments: [UInt8]

    init(_ source: String) {
        var scanner = Scanner(Array(source.utf8))
        scanner.readCode(insideInterpolation: false)
        code = scanner.code
        comments = scanner.comments
    }
}

private struct Scanner {
    private let source: [UInt8]
    private var index = 0
    /// The last byte of code that was no space: it tells whether a slash may begin a regular expression.
    private var lastSolid = UInt8(ascii: "\n")
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]

    init(_ source: [UInt8]) {
        self.source = source
        code = source.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
        comments = code
    }

    /// Reads code up to the end of the source, or up to the parenthesis that ends an interpolation.
    mutating func readCode(insideInterpolation: Bool) {
        var depth = 0
        while index < source.count {
            let byte = source[index]
            let startsText =
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#")
            if startsText && readText() { continue }
            if byte == UInt8(ascii: "`") {
                readQuotedName()
                continue
            }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            keep()
            if insideInterpolation && depth == 0 { return }
        }
    }

    /// Reads a comment, a string or a regular expression if one begins here.
    private mutating func readText() -> Bool {
        if starts(with: "//") {
            readLineComment()
        } else if starts(with: "/*") {
            readBlockComment()
        } else if let hashes = hashesBefore(UInt8(ascii: "\"")) {
            readString(hashes: hashes)
        } else if let hashes = hashesBefore(UInt8(ascii: "/")), hashes > 0 || bareRegexBegins() {
            readRegex(hashes: hashes)
        } else {
            return false
        }
        return true
    }

    private mutating func keep() {
        code[index] = source[index]
        if !isSpace(source[index]) { lastSolid = source[index] }
        index += 1
    }

    private mutating func readLineComment() {
        while index < source.count, source[index] != UInt8(ascii: "\n") {
            comments[index] = source[index]
            index += 1
        }
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                keepComment(bytes: 2)
            } else if starts(with: "*/") {
                depth -= 1
                keepComment(bytes: 2)
            } else {
                keepComment(bytes: 1)
            }
        } while depth > 0 && index < source.count
    }

    private mutating func keepComment(bytes: Int) {
        for _ in 0..<bytes {
            comments[index] = source[index]
            index += 1
        }
    }

    private mutating func readString(hashes: Int) {
        keep(hashes)
        let isMultiline = starts(with: "\"\"\"")
        let quotes = isMultiline ? 3 : 1
        keep(quotes)
        while index < source.count {
            if source[index] == UInt8(ascii: "\\"), hashesAfter(index + 1) >= hashes {
                index += 1 + hashes
                guard index < source.count else { return }
                if source[index] == UInt8(ascii: "(") {
                    readCode(insideInterpolation: true)
                } else {
                    index += 1
                }
            } else if starts(with: String(repeating: "\"", count: quotes)),
                hashesAfter(index + quotes) >= hashes
            {
                keep(quotes + hashes)
                return
            } else if source[index] == UInt8(ascii: "\n") && !isMultiline {
                return
            } else {
                index += 1
            }
        }
    }

    private mutating func readRegex(hashes: Int) {
        keep(hashes + 1)
        while index < source.count {
            if source[index] == UInt8(ascii: "\\") {
                index += 2
            } else if source[index] == UInt8(ascii: "/"), hashesAfter(index + 1) >= hashes {
                keep(hashes + 1)
                return
            } else if source[index] == UInt8(ascii: "\n") && hashes == 0 {
                return
            } else {
                index += 1
            }
        }
    }

    private mutating func readQuotedName() {
        repeat {
            code[index] = UInt8(ascii: "_")
            index += 1
        } while index < source.count && source[index] != UInt8(ascii: "`")
            && source[index] != UInt8(ascii: "\n")
        guard index < source.count, source[index] == UInt8(ascii: "`") else { return }
        code[index] = UInt8(ascii: "_")
        lastSolid = UInt8(ascii: "_")
        index += 1
    }

    private mutating func keep(_ count: Int) {
        for _ in 0..<count where index < source.count { keep() }
    }

    /// The number of `#` from here up to `byte`, or nil if something else stands here.
    private func hashesBefore(_ byte: UInt8) -> Int? {
        let hashes = hashesAfter(index)
        return index + hashes < source.count && source[index + hashes] == byte ? hashes : nil
    }

    private func hashesAfter(_ start: Int) -> Int {
        source[min(start, source.count)...].prefix { $0 == UInt8(ascii: "#") }.count
    }

    /// A slash begins a regular expression where no operand can end, if no space follows and the line has
    /// another slash.
    private func bareRegexBegins() -> Bool {
        guard "(,=:[{!&|?\n".utf8.contains(lastSolid), index + 1 < source.count else { return false }
        let rest = source[(index + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        guard let first = rest.first, !isSpace(first) else { return false }
        return rest.contains(UInt8(ascii: "/"))
    }

    private func starts(with text: String) -> Bool {
        source[index...].starts(with: text.utf8)
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
    }
}
