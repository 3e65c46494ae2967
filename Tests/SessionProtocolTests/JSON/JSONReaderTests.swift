import SessionProtocol
import Testing

/// Reads one text with a reader of its own.
func readJSON(_ text: String) throws(JSONFault) -> JSONObject {
    var reader = JSONReader()
    return try reader.read(Array(text.utf8))
}

/// What the reader says against a text, or nil if it takes it.
func fault(of text: String) -> JSONFault? { fault(of: Array(text.utf8)) }

/// What the reader says against these bytes, or nil if it takes them.
func fault(of bytes: [UInt8], maxBytes: Int = JSONLimits.maxBytesFromClient) -> JSONFault? {
    var reader = JSONReader(maxBytes: maxBytes)
    do throws(JSONFault) {
        _ = try reader.read(bytes)
        return nil
    } catch {
        return error
    }
}

struct JSONReaderTests {
    @Test func `a command is read`() throws {
        let command = try readJSON(#"{"id":7,"do":"chat.send","room":"main","text":"hello","key":"c-91"}"#)
        #expect(command.count == 5)
        #expect(command["id"]?.integer == 7)
        #expect(command["do"]?.isText("chat.send") == true)
        #expect(command["room"]?.text == Array("main".utf8))
        #expect(command["text"]?.text == Array("hello".utf8))
        #expect(command["key"]?.textByteCount == 4)
    }

    @Test func `white space may stand around every token and nothing else may`() throws {
        #expect(fault(of: " \t\r\n{ \"a\" :\n[ 1 ,\t{ } , [ ] ]\r} ") == nil)
        for other in ["\u{B}", "\u{C}", "\u{A0}", "\u{0}", "\u{FEFF}", "\u{2028}", "\u{85}"] {
            #expect(fault(of: "{\"a\":\(other)1}") == .syntax(at: 5))
            #expect(fault(of: "{}\(other)") == .syntax(at: 2))
        }
    }

    // HOSTILE 41

    @Test(arguments: ["", " ", "[1]", "\"a\"", "1", "null", "NaN", "x", "\u{0}", "// c\n{}"])
    func `what is not an object is said to be none`(text: String) {
        #expect(fault(of: text) == .notObject(at: text == " " ? 1 : 0))
    }

    @Test(arguments: [
        ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,", 7), ("{\"a", 3),
        ("{\"a\":\"b", 7),
        ("{\"a\":tru", 5), ("{\"a\":[", 6), ("{\"a\":\"\\", 6), ("{\"a\":\"\\u12", 6), ("{\"a\":-", 6),
        ("{\"a\":1.", 7),
        ("{\"a\":1e", 7), ("{\"a\":1e+", 8),
    ])
    func `a text that ends too early is refused`(text: String, offset: Int) {
        #expect(fault(of: text) == .syntax(at: offset))
    }

    @Test(arguments: [
        ("{}{}", 2), ("{} x", 3), ("{},", 2), ("{}}", 2), ("{]", 1), ("{\"a\":[}", 6), ("{\"a\":[1}", 7),
        ("{\"a\":1]", 6),
        ("{,}", 1), ("{\"a\":1,}", 7), ("{\"a\":[1,]}", 8), ("{\"a\":[,1]}", 6), ("{\"a\":1,,\"b\":2}", 7),
        ("{\"a\" 1}", 5),
        ("{\"a\":1 \"b\":2}", 7), ("{\"a\"::1}", 5), ("{a:1}", 1), ("{'a':1}", 1), ("{1:2}", 1),
        ("{\"a\":'b'}", 5),
        ("{\"a\":NaN}", 5), ("{\"a\":Infinity}", 5), ("{\"a\":-Infinity}", 6), ("{\"a\":True}", 5),
        ("{\"a\":nul}", 5),
        ("{\"a\":truefalse}", 9), ("{/**/}", 1), ("{\"a\":1//\n}", 6), ("{#\n}", 1), ("{\"a\":undefined}", 5),
    ])
    func `what the grammar does not know is refused where it stands`(text: String, offset: Int) {
        #expect(fault(of: text) == .syntax(at: offset))
    }

    @Test func `a byte order mark and other encodings are refused`() {
        #expect(fault(of: "\u{FEFF}{}") == .encoding(at: 0))
        #expect(fault(of: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) == .notObject(at: 0))
        #expect(fault(of: [0x7B, 0, 0x7D, 0]) == .syntax(at: 1))
        #expect(fault(of: [0, 0x7B, 0, 0x7D]) == .notObject(at: 0))
    }

    @Test(
        arguments: [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3],
        ] as [[UInt8]]
    )
    func `bytes that are not UTF-8 are refused in keys and in strings`(bytes: [UInt8]) {
        #expect(fault(of: Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == .encoding(at: 2))
        #expect(fault(of: Array("{\"a\":\"x".utf8) + bytes + Array("\"}".utf8)) == .encoding(at: 7))
        #expect(fault(of: Array("{\"a\":\"x".utf8) + bytes) == .encoding(at: 7))
        #expect(fault(of: Array("{\"a\":".utf8) + bytes) == .syntax(at: 5))
    }

    // HOSTILE 42

    @Test func `sixteen containers within each other are read, seventeen are not`() {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
                + "}"
        }
        #expect(fault(of: nested(16)) == nil)
        #expect(fault(of: nested(17)) == .depth(at: 20))
        #expect(fault(of: String(repeating: "{\"a\":", count: 17)) == .depth(at: 80))
        // A message full of brackets ends at the seventeenth.
        #expect(fault(of: "{\"a\":" + String(repeating: "[", count: 60_000)) == .depth(at: 20))
        // Side by side they are not deep.
        #expect(
            fault(of: "{\"a\":[" + Array(repeating: "[[]]", count: 1_000).joined(separator: ",") + "]}")
                == nil
        )
    }

    @Test func `an object has at most 64 members`() {
        func object(_ count: Int) -> String {
            "{" + (0..<count).map { "\"\($0)\":\($0)" }.joined(separator: ",") + "}"
        }
        #expect(fault(of: object(64)) == nil)
        #expect(fault(of: object(65)) == .members(at: object(64).utf8.count))
        // Each object for itself; arrays have no such limit.
        #expect(fault(of: "{\"a\":[\(object(64)),\(object(64))],\"b\":\(object(64))}") == nil)
        #expect(fault(of: "{\"a\":{\"b\":\(object(65))}}") == .members(at: 10 + object(64).utf8.count))
        #expect(
            fault(of: "{\"a\":[" + Array(repeating: "0", count: 20_000).joined(separator: ",") + "]}") == nil
        )
    }

    @Test func `a key may stand only once in its object`() {
        #expect(fault(of: "{\"a\":1,\"a\":2}") == .duplicateKey(at: 7))
        #expect(fault(of: "{\"a\":1,\"b\":[{\"a\":1}],\"a\":1}") == .duplicateKey(at: 21))
        #expect(fault(of: "{\"\":1,\"\":1}") == .duplicateKey(at: 6))
        #expect(fault(of: "{\"x\":{\"a\":1,\"a\":2}}") == .duplicateKey(at: 12))
        #expect(fault(of: "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}") == nil)
    }

    @Test func `keys are compared without their escapes`() {
        #expect(fault(of: "{\"a\":1,\"\\u0061\":2}") == .duplicateKey(at: 7))
        #expect(fault(of: "{\"\\u0061\":1,\"a\":2}") == .duplicateKey(at: 12))
        #expect(fault(of: "{\"\\u0061\":1,\"\\u0061\":2}") == .duplicateKey(at: 12))
        #expect(fault(of: "{\"\\ud83d\\ude00\":1,\"😀\":2}") == .duplicateKey(at: 18))
        #expect(fault(of: "{\"\\/\":1,\"/\":2}") == .duplicateKey(at: 8))
        #expect(fault(of: "{\"\\\\u0061\":1,\"a\":2}") == nil)
        // The same letter in two spellings is two keys: bytes are compared, not characters.
        #expect(fault(of: "{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    }

    @Test func `keys that share a signature are still told apart`() throws {
        // Equally long, and the same at both ends and in the middle.
        let object = try readJSON("{\"closing\":1,\"causing\":2}")
        #expect(object["causing"]?.integer == 2)
        #expect(object["closing"]?.integer == 1)
        #expect(fault(of: "{\"closing\":1,\"causing\":2,\"causing\":3}") == .duplicateKey(at: 25))
    }

    // DESIGN 6

    @Test func `a message over the limit is refused before it is looked at`() {
        func message(_ count: Int) -> [UInt8] {
            Array("{\"a\":\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: count - 8)
                + Array("\"}".utf8)
        }
        #expect(fault(of: message(65_536)) == nil)
        #expect(fault(of: message(65_537)) == .tooLong(at: 65_536))
        #expect(fault(of: message(4_096), maxBytes: JSONLimits.maxBytesBeforeJoin) == nil)
        #expect(fault(of: message(4_097), maxBytes: JSONLimits.maxBytesBeforeJoin) == .tooLong(at: 4_096))
        #expect(fault(of: message(1_048_576), maxBytes: JSONLimits.maxBytesFromServer) == nil)
    }

    // HOSTILE 45

    @Test(arguments: [
        "\\ud800", "\\udfff", "\\ud800\\u0041", "\\udc00\\ud800", "\\ud800\\ud800", "\\ud800x", "\\ud800\\n",
        "\\ud83d\\ude0",
    ])
    func `half a pair of surrogates is no text`(escape: String) {
        #expect(fault(of: "{\"a\":\"\(escape)\"}") == .encoding(at: 6))
        #expect(fault(of: "{\"\(escape)\":1}") == .encoding(at: 2))
    }

    @Test(arguments: [
        "\\x41", "\\a", "\\'", "\\0", "\\U0041", "\\u", "\\u004", "\\u004g", "\\u+041", "\\u 041", "\\\n",
    ])
    func `an escape that JSON does not know is refused`(escape: String) {
        #expect(fault(of: "{\"a\":\"\(escape)\"}") == .syntax(at: 6))
    }

    @Test func `a control character stands in a string only as an escape`() throws {
        for control in 0..<UInt8(0x20) {
            let bytes = Array("{\"a\":\"".utf8) + [control] + Array("\"}".utf8)
            #expect(fault(of: bytes) == .syntax(at: 6))
        }
        #expect(fault(of: "{\"a\":\"\u{7F}\u{80}\"}") == nil)
        let object = try readJSON("{\"a\":\"x\\u0000y\"}")
        #expect(object["a"]?.text == [0x78, 0, 0x79])
    }

    // One reader, many messages.

    @Test func `a reader goes on after a fault and after another message`() throws {
        var reader = JSONReader()
        for _ in 0..<3 {
            #expect(throws: JSONFault.syntax(at: 11)) { try reader.read(Array("{\"a\":[[{\"b\"".utf8)) }
            let object = try reader.read(Array("{\"a\":[1,2,3],\"b\":true}".utf8))
            #expect(object["a"]?.integers == [1, 2, 3])
            #expect(object["b"]?.bool == true)
        }
    }

    @Test func `an object that is kept does not change with the next message`() throws {
        var reader = JSONReader()
        let first = try reader.read(Array("{\"a\":\"first\",\"b\":[1]}".utf8))
        let second = try reader.read(Array("{\"z\":{\"y\":2}}".utf8))
        #expect(first["a"]?.isText("first") == true)
        #expect(first["b"]?.integers == [1])
        let inner = try #require(second["z"]?.object)
        #expect(inner["y"]?.integer == 2)
    }

    @Test func `a fault names its byte`() {
        let faults: [JSONFault] = [
            .notObject(at: 1), .encoding(at: 2), .syntax(at: 3), .depth(at: 4), .members(at: 5),
            .duplicateKey(at: 6),
            .tooLong(at: 7),
        ]
        #expect(faults.map(\.offset) == Array(1...7))
    }
}
