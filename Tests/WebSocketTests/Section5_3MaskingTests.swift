import Testing
import WebSocket

/// RFC 6455 sections 5.1 and 5.3: who masks, and how.
@Suite struct Section5_3MaskingTests {
    @Test func `A server refuses an unmasked frame of any kind`() {
        for opcode in Opcode.allCases where opcode != .continuation {
            let bytes: [UInt8] = [0x80 | opcode.rawValue, 0]
            #expect(outcome(of: bytes, as: .server).code == .protocolError)
            #expect(bytesUntilViolation(bytes) == 2)
        }
    }

    @Test func `A client refuses a masked frame of any kind`() {
        for opcode in Opcode.allCases where opcode != .continuation {
            let bytes: [UInt8] = [0x80 | opcode.rawValue, 0x80, 0, 0, 0, 0]
            #expect(outcome(of: bytes, as: .client).code == .protocolError)
            #expect(bytesUntilViolation(bytes, as: .client) == 2)
        }
    }

    @Test func `Octet i is masked with octet i mod 4 of the key, for every length around the words`() {
        var random = SeededRandom(53)
        for length in 0...70 {
            let payload = random.bytes(length)
            let mask = UInt32(truncatingIfNeeded: random.next())
            let frame = FrameWriter.binary(payload, mask: mask)
            let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * $0)) }
            let expected = payload.enumerated().map { $1 ^ key[$0 % 4] }
            #expect(Array(frame[2..<6]) == key)
            #expect(Array(frame[6...]) == expected)
        }
    }

    @Test func `Unmasking goes on at the right octet of the key wherever the payload was cut`() {
        let payload = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
        let frame = FrameWriter.binary(payload, mask: 0x0102_0408)
        for first in 0...frame.count {
            for second in stride(from: first, through: frame.count, by: 5) {
                let cut = [Array(frame[..<first]), Array(frame[first..<second]), Array(frame[second...])]
                #expect(outcome(of: cut, as: .server).incoming == [.binary(payload)])
            }
        }
    }

    @Test func `A key of zeros leaves the payload as it is`() {
        let frame = FrameWriter.text(Array("plain".utf8), mask: 0)
        #expect(frame == hex("81 85 00000000 706c61696e"))
        #expect(outcome(of: frame).incoming == [.text("plain")])
    }
}
