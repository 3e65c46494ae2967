import Foundation
import SessionProtocol
import Testing

/// What the writer wrote, as a string.
private func written(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    write(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
}

struct JSONWriterTests {
    @Test(arguments: [0, 1, 17, 400])
    func `what is longer than there was room for is written all the same`(capacity: Int) {
        let words = String(repeating: "as long as it takes ", count: 40)
        var writer = JSONWriter(capacity: capacity)
        writer.clear(headroom: 4)
        writer.beginArray()
        for number in [0, 9, 10, 99, 100, Int64.max, -1, Int64.min] { writer.integer(number) }
        writer.string(Array(words.utf8))
        writer.string("a constant of ours that is no shorter than it has to be")
        writer.string(plain: words)
        writer.endArray()
        let numbers = "0,9,10,99,100,9223372036854775807,-1,-9223372036854775808"
        let constant = "a constant of ours that is no shorter than it has to be"
        let expected = "[\(numbers),\"\(words)\",\"\(constant)\",\"\(words)\"]"
        #expect(writer.bytes == [0, 0, 0, 0] + Array(expected.utf8))
        writer.clear()
        writer.null()
        #expect(writer.bytes == Array("null".utf8))
    }

    @Test func `a writer that has written much is used again`() {
        var writer = JSONWriter()
        let words = Array(String(repeating: "much ", count: 40_000).utf8)
        writer.string(words)
        #expect(writer.bytes.count == words.count + 2)
        writer.clear(headroom: 1)
        writer.integer(7)
        #expect(writer.bytes == [0, UInt8(ascii: "7")])
    }

    @Test func `members and elements stand in the order in which they were written, without white space`() {
        let text = written { writer in
            writer.beginObject()
            writer.member("re", 7)
            writer.key("ok")
            writer.beginObject()
            writer.member("text", Array("hello".utf8))
            writer.member("role", "host")
            writer.member("locked", false)
            writer.key("rooms")
            writer.beginArray()
            writer.beginObject()
            writer.endObject()
            writer.beginArray()
            writer.endArray()
            writer.null()
            writer.bool(true)
            writer.integer(-1)
            writer.string("x")
            writer.endArray()
            writer.key("host")
            writer.null()
            writer.endObject()
            writer.member("at", Int64(1_790_000_000_123))
            writer.endObject()
        }
        let expected =
            #"{"re":7,"ok":{"text":"hello","role":"host","locked":false,"rooms":[{},[],null,true,-1,"x"],"host":null},"#
            + #""at":1790000000123}"#
        #expect(text == expected)
    }

    @Test func `every integer is written in full`() {
        var integers: [Int64] = [
            0, 9, 10, 99, 100, -1, -10, .max, .min, 9_007_199_254_740_991, -9_007_199_254_740_991,
        ]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            integers += [power, power - 1, -power]
        }
        for integer in integers {
            #expect(written { $0.integer(integer) } == String(integer))
        }
    }

    @Test func `quote, backslash and controls are escaped as JavaScript does it`() {
        let text = written { $0.string((0..<UInt8(0x20)).map { $0 } + Array("\"\\/\u{7F}é\u{2028}😀".utf8)) }
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
            + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"#
            + "\\\"\\\\/\u{7F}é\u{2028}😀\""
        #expect(text == expected)
    }

    @Test func `escapes at the ends and beside each other lose nothing`() {
        #expect(written { $0.string(Array("\"a\"\"b\"".utf8)) } == #""\"a\"\"b\"""#)
        #expect(written { $0.string(Array("".utf8)) } == #""""#)
        #expect(written { $0.string(Array("\n".utf8)) } == #""\n""#)
    }

    // HOSTILE 47

    @Test func `markup is text like any other`() {
        let text = Array("<script>alert('x')</script> javascript:alert(1) &amp;".utf8)
        #expect(written { $0.string(text) } == "\"" + String(decoding: text, as: UTF8.self) + "\"")
    }

    @Test func `what was written before is put in as it is`() {
        let text = written { writer in
            writer.beginObject()
            writer.encodedMembers(Array(#""a":1,"b":2"#.utf8))
            writer.encodedMembers([])
            writer.key("c")
            writer.encoded(Array("[3]".utf8))
            writer.key("d")
            writer.beginArray()
            writer.encoded(Array("4".utf8))
            writer.encoded(Array("5".utf8))
            writer.endArray()
            writer.encodedMembers(Array(#""e":6"#.utf8))
            writer.endObject()
        }
        #expect(text == #"{"a":1,"b":2,"c":[3],"d":[4,5],"e":6}"#)
    }

    @Test func `a writer is used again from the beginning`() {
        var writer = JSONWriter(capacity: 16)
        writer.beginObject()
        writer.member("a", 1)
        writer.clear()
        #expect(writer.bytes.isEmpty)
        writer.beginObject()
        writer.member("b", 2)
        writer.endObject()
        #expect(writer.bytes == Array(#"{"b":2}"#.utf8))
    }

    @Test func `what the writer writes, both readers read back`() throws {
        var random = SplitMix64(seed: 7)
        var writer = JSONWriter()
        var reader = JSONReader()
        for _ in 0..<500 {
            let integer = Int64(bitPattern: random.next()) >> Int64(11 + random.below(50))
            let scalars = (0..<random.below(12)).map { _ in
                Unicode.Scalar(UInt32(random.below(random.below(4) == 0 ? 0x11_0000 : 0x100))) ?? "\u{FFFD}"
            }
            // The oracle drops U+FEFF (JSONDisagreement.markInString).
            let text = scalars.filter { $0 != "\u{FEFF}" }.flatMap { Array($0.utf8) }
            writer.clear()
            writer.beginObject()
            writer.member("integer", integer)
            writer.member("text", text)
            writer.endObject()

            let ours = try reader.read(writer.bytes)
            #expect(ours["integer"]?.integer == integer)
            #expect(ours["text"]?.text == text)
            let theirs = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
            #expect((theirs?["integer"] as? NSNumber)?.int64Value == integer)
            #expect((theirs?["text"] as? String).map { Array($0.utf8) } == text)
        }
    }
}
