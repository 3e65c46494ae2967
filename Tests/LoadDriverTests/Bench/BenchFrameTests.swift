import Testing
import WebSocket

@testable import plenary_load

struct BenchFrameTests {
    @Test(arguments: [0, 1, 125, 126, 255, 65_535, 65_536, 70_000])
    func `a frame is found by its header, whatever the form of its length`(count: Int) throws {
        let payload = [UInt8](repeating: 7, count: count)
        let bytes = [1, 2, 3] + FrameWriter.text(payload) + [9, 9]
        let found = BenchFrame(bytes.span.bytes, at: 3)
        let frame = try #require(found)
        #expect(frame.opcode == 1)
        #expect(frame.end == bytes.count - 2)
        #expect(frame.end - frame.start == count)
    }

    @Test(arguments: [5, 200, 70_000])
    func `a header that is not whole is no frame, and a payload that is not ends beyond the bytes`(count: Int)
    {
        let whole = FrameWriter.text([UInt8](repeating: 7, count: count))
        let header = whole.count - count
        for length in 0..<header {
            let bytes = Array(whole.prefix(length))
            #expect(BenchFrame(bytes.span.bytes, at: 0) == nil)
        }
        let bytes = Array(whole.prefix(header))
        #expect(BenchFrame(bytes.span.bytes, at: 0)?.end == whole.count)
    }

    @Test func `bytes are compared and read at their places`() {
        let bytes = Array(#"{"re":1,"ok":{"epoch":"00000000000000ff","seq":421,"resumed":true}}"#.utf8)
        #expect(begins(bytes, #"{"re":1,"#))
        #expect(!begins(bytes, #"{"re":2,"#))
        #expect(ends(bytes, "true}}"))
        #expect(!ends(bytes, "false}}"))
        #expect(hexadecimal(bytes, 23) == 255)
        #expect(number(bytes, 47) == 421)
    }

    @Test func `nothing is read beyond the end`() {
        let short = [UInt8(ascii: "a")]
        #expect(!begins(short, "ab"))
        #expect(!ends(short, "ab"))
        #expect(hexadecimal(short, 0) == 0)
        #expect(number(short, 0) == 0)
    }

    // What does not escape cannot be taken apart by an expectation.
    private func begins(_ bytes: [UInt8], _ text: StaticString) -> Bool {
        bytes.span.bytes.begins(with: text)
    }
    private func ends(_ bytes: [UInt8], _ text: StaticString) -> Bool {
        bytes.span.bytes.ends(with: text)
    }
    private func hexadecimal(_ bytes: [UInt8], _ place: Int) -> UInt64 {
        bytes.span.bytes.hexadecimal(at: place)
    }
    private func number(_ bytes: [UInt8], _ place: Int) -> Int { bytes.span.bytes.number(at: place) }
}
