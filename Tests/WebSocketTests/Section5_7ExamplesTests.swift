import Testing
import WebSocket

/// RFC 6455 section 5.7: the examples, octet for octet.
@Suite struct Section5_7ExamplesTests {
    private let hello = Array("Hello".utf8)

    @Test func `A single-frame unmasked text message`() {
        let bytes = hex("81 05 48 65 6c 6c 6f")
        #expect(outcome(of: bytes, as: .client).incoming == [.text("Hello")])
        #expect(FrameWriter.text(hello) == bytes)
    }

    @Test func `A single-frame masked text message`() {
        let bytes = hex("81 85 37 fa 21 3d 7f 9f 4d 51 58")
        #expect(outcome(of: bytes).incoming == [.text("Hello")])
        #expect(FrameWriter.text(hello, mask: 0x37FA_213D) == bytes)
    }

    @Test func `A fragmented unmasked text message`() {
        let bytes = hex("01 03 48 65 6c") + hex("80 02 6c 6f")
        #expect(outcome(of: bytes, as: .client).incoming == [.text("Hello")])
        var written: [UInt8] = []
        FrameWriter.append(.text, Array("Hel".utf8), fin: false, to: &written)
        FrameWriter.append(.continuation, Array("lo".utf8), to: &written)
        #expect(written == bytes)
    }

    @Test func `An unmasked ping and its masked pong`() {
        let ping = hex("89 05 48 65 6c 6c 6f")
        #expect(outcome(of: ping, as: .client).incoming == [.ping(hello)])
        #expect(FrameWriter.ping(hello) == ping)
        let pong = hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")
        #expect(outcome(of: pong).incoming == [.pong(hello)])
        #expect(FrameWriter.pong(hello, mask: 0x37FA_213D) == pong)
    }

    @Test func `256 bytes of binary in one unmasked frame`() {
        let payload = (0..<256).map { UInt8($0) }
        let bytes = hex("82 7E 0100") + payload
        #expect(outcome(of: bytes, as: .client).incoming == [.binary(payload)])
        #expect(FrameWriter.binary(payload) == bytes)
    }

    @Test func `64 KiB of binary in one unmasked frame`() {
        let payload = [UInt8](repeating: 7, count: 65_536)
        let bytes = hex("82 7F 0000000000010000") + payload
        #expect(outcome(of: [bytes], as: .client).incoming == [.binary(payload)])
        #expect(FrameWriter.binary(payload) == bytes)
    }
}
