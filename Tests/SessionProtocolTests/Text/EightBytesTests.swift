import SessionProtocol
import Testing

/// The codec and the rules look at eight bytes at a time where they can; nothing may hide in them.
struct EightBytesTests {
    /// Every byte at every place of a text of three words and a bit.
    private let places = 0..<27

    private func text(_ byte: UInt8, at place: Int) -> [UInt8] {
        var text = Array(repeating: UInt8(ascii: "x"), count: places.count)
        text[place] = byte
        return text
    }

    @Test func `the reader sees every byte that ends a string or may not stand in it`() {
        var wrong: [(byte: UInt8, place: Int)] = []
        for place in places {
            for byte in UInt8.min...UInt8.max {
                let message = Array("{\"a\":\"".utf8) + text(byte, at: place) + Array("\"}".utf8)
                let expected: JSONFault? =
                    switch byte {
                    case 0..<0x20: .syntax(at: 6 + place)
                    case UInt8(ascii: "\""): .syntax(at: 7 + place)
                    // The escape is the quote that should have ended the string, or an unknown one.
                    case UInt8(ascii: "\\"): .syntax(at: place == 26 ? message.count : 6 + place)
                    case 0x80...: .encoding(at: 6 + place)
                    default: nil
                    }
                if fault(of: message) != expected { wrong.append((byte, place)) }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `the writer escapes what needs it at every place, and nothing else`() throws {
        var writer = JSONWriter()
        var wrong: [(byte: UInt8, place: Int)] = []
        for place in places {
            for byte in UInt8.min..<0x80 {
                writer.clear()
                writer.beginObject()
                writer.member("a", text(byte, at: place))
                writer.endObject()
                let object = try readJSON(String(decoding: writer.bytes, as: UTF8.self))
                if object["a"]?.text != text(byte, at: place) { wrong.append((byte, place)) }
                let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                if (writer.bytes.count == places.count + 8) != isPlain { wrong.append((byte, place)) }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `the rules see every control and every byte beyond ASCII`() {
        var wrong: [(byte: UInt8, place: Int)] = []
        for place in places {
            for byte in UInt8.min...UInt8.max {
                let expected: TextProblem? =
                    switch byte {
                    case 0..<0x20, 0x7F: .control
                    case 0x80...: .encoding
                    default: nil
                    }
                if TextRules.name.problem(in: text(byte, at: place)) != expected {
                    wrong.append((byte, place))
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `spaces are blank at any length`() {
        for count in places {
            let spaces = Array(repeating: UInt8(ascii: " "), count: count)
            #expect(TextRules.name.problem(in: spaces) == .blank)
            #expect(TextRules.name.problem(in: spaces + [UInt8(ascii: ".")]) == nil)
            #expect(TextRules.name.problem(in: [UInt8(ascii: "!")] + spaces) == nil)
        }
    }
}
