import Testing
import WebSocket

@Suite struct FrameWriterTests {
    @Test func `The length always has its shortest form`() {
        let headers: [(Int, [UInt8])] = [
            (0, [0x82, 0]), (125, [0x82, 125]), (126, [0x82, 126, 0, 126]),
            (65_535, [0x82, 126, 0xFF, 0xFF]),
            (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
            (1 << 32, [0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]),
        ]
        for (length, expected) in headers {
            var header: [UInt8] = []
            FrameWriter.appendHeader(.binary, payloadBytes: length, to: &header)
            #expect(header == expected)
        }
    }

    @Test func `Frames are appended behind what is there`() {
        var output: [UInt8] = [1, 2, 3]
        FrameWriter.append(.text, Array("a".utf8), to: &output)
        FrameWriter.append(.text, Array("b".utf8), fin: false, mask: 0x0102_0304, to: &output)
        #expect(output == hex("010203 8101 61 0181 01020304 63"))
    }

    @Test(arguments: [0, 1, 124, 125, 126, 127, 4_000, 0xFFFF, 0x1_0000, 70_000])
    func `A text made in place is the text that is copied`(count: Int) {
        let payload = (0..<count).map { UInt8($0 % 128) }
        let room = [UInt8](repeating: 0, count: FrameWriter.headroom)
        #expect(FrameWriter.text(inPlace: room + payload) == FrameWriter.text(payload))
    }

    @Test func `A span is written like an array`() {
        let payload = Array("some bytes of a larger buffer".utf8)
        var output: [UInt8] = []
        FrameWriter.append(.binary, payload.span.extracting(5..<10), to: &output)
        #expect(output == FrameWriter.binary(Array("bytes".utf8)))
    }

    @Test func `A control frame is never over 125 bytes and never fragmented`() {
        let frame = FrameWriter.ping([UInt8](repeating: 1, count: 126))
        #expect(frame.count == 127)
        #expect(frame[1] == 125)
        var output: [UInt8] = []
        FrameWriter.append(.pong, [UInt8](), fin: false, to: &output)
        #expect(output == [0x8A, 0])
    }

    @Test func `A close frame holds code and reason`() {
        #expect(FrameWriter.close(.normal) == [0x88, 2, 0x03, 0xE8])
        #expect(FrameWriter.close(.goingAway, reason: Array("250".utf8)) == hex("8805 03e9 323530"))
        #expect(FrameWriter.close(nil) == [0x88, 0])
        #expect(FrameWriter.close(nil, reason: [0x61]) == [0x88, 0])
    }

    @Test func `A code that must not be on the wire is left out`() {
        for code in [CloseCode.noCode, .abnormal, CloseCode(rawValue: 1015), CloseCode(rawValue: 0)] {
            #expect(FrameWriter.close(code, reason: [0x61]) == [0x88, 0])
        }
    }

    @Test func `A long reason is cut between characters`() {
        let cases = [("a", 123), ("é", 122), ("語", 123), ("👩", 120)]
        for (character, kept) in cases {
            let reason = Array(String(repeating: character, count: 123).utf8)
            let frame = FrameWriter.close(.normal, reason: reason)
            #expect(frame.count == 4 + kept)
            let read = outcome(of: frame, as: .client)
            #expect(read.incoming == [.close(.normal, reason: Array(reason[..<kept]))])
        }
    }
}
