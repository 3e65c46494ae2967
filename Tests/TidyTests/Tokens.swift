/// A word or a single mark of Swift code, and the line it stands on (counted from 1).
struct Token: Equatable {
    let text: String
    let line: Int
    let isWord: Bool
}

/// Cuts code (see `SwiftText`) into words and marks; spaces are dropped.
func tokens(of code: [UInt8]) -> [Token] {
    var tokens: [Token] = []
    var line = 1
    var index = 0
    while index < code.count {
        let start = index
        while index < code.count, isWordByte(code[index]) { index += 1 }
        if index > start {
            tokens.append(
                Token(text: String(decoding: code[start..<index], as: UTF8.self), line: line, isWord: true)
            )
            continue
        }
        if code[index] == UInt8(ascii: "\n") {
            line += 1
        } else if code[index] > UInt8(ascii: " ") {
            let mark = String(decoding: code[index...index], as: UTF8.self)
            tokens.append(Token(text: mark, line: line, isWord: false))
        }
        index += 1
    }
    return tokens
}

private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"): true
    default: false
    }
}

extension Array where Element == Token {
    /// The text of a token, or nothing beyond the ends.
    func text(at index: Int) -> String {
        indices.contains(index) ? self[index].text : ""
    }

    /// The token that closes the bracket at `open`, or nil if none does.
    func closing(of open: Int) -> Int? {
        let pairs = ["(": ")", "[": "]", "{": "}"]
        guard let close = pairs[self[open].text] else { return nil }
        var depth = 0
        for index in open..<count {
            if self[index].text == self[open].text { depth += 1 }
            if self[index].text == close { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}
