import Testing
import WebSocket

/// RFC 6455 section 5.5: close, ping, pong.
@Suite struct Section5_5ControlFrameTests {
    @Test func `Pings and pongs of 0, 1 and 125 bytes come out exactly`() {
        for length in [0, 1, 125] {
            let payload = [UInt8](repeating: 0xFF, count: length)
            #expect(outcome(of: masked(.ping, payload)).incoming == [.ping(payload)])
            #expect(outcome(of: masked(.pong, payload)).incoming == [.pong(payload)])
            #expect(outcome(of: FrameWriter.pong(payload), as: .client).incoming == [.pong(payload)])
        }
    }

    @Test func `A control frame over 125 bytes is refused at its second octet`() {
        for opcode: UInt8 in [0x88, 0x89, 0x8A] {
            for length: UInt8 in [126, 127] {
                let bytes: [UInt8] = [opcode, 0x80 | length, 0, 126]
                #expect(outcome(of: bytes).code == .protocolError)
                #expect(bytesUntilViolation(bytes) == 2)
            }
        }
    }

    @Test func `A fragmented control frame is refused at its first octet`() {
        for opcode: UInt8 in [0x08, 0x09, 0x0A] {
            #expect(outcome(of: [opcode, 0x80, 0, 0, 0, 0]).code == .protocolError)
            #expect(bytesUntilViolation([opcode]) == 1)
        }
    }

    @Test func `A ping's payload need not be text`() {
        let payload: [UInt8] = [0xC0, 0xFF, 0xED, 0xA0]
        #expect(outcome(of: masked(.ping, payload)).incoming == [.ping(payload)])
    }

    @Test func `Ten thousand pings come out one by one`() {
        let frame = masked(.ping, "x")
        let flood = Array(repeatElement(frame, count: 10_000).joined())
        let incoming = outcome(of: [flood], as: .server).incoming
        #expect(incoming.count == 10_000)
        #expect(incoming.allSatisfy { $0 == .ping([0x78]) })
    }
}
