import Testing
import WebSocket

/// RFC 6455 section 5.2: the base framing.
@Suite struct Section5_2FramingTests {
    @Test func `Each reserved bit is refused at the first octet`() {
        for opcode in Opcode.allCases {
            for reserved in stride(from: UInt8(0x10), through: 0x70, by: 0x10) {
                let first = 0x80 | reserved | opcode.rawValue
                let outcome = outcome(of: [first, 0x80, 0, 0, 0, 0])
                #expect(outcome.code == .protocolError)
                #expect(bytesUntilViolation([first]) == 1)
            }
        }
    }

    @Test func `Each reserved opcode is refused at the first octet`() {
        for opcode: UInt8 in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
            for fin: UInt8 in [0, 0x80] {
                #expect(outcome(of: [fin | opcode, 0x80, 0, 0, 0, 0]).code == .protocolError)
                #expect(bytesUntilViolation([fin | opcode]) == 1)
            }
        }
    }

    @Test func `Of all first octets exactly seven can begin a frame on a new connection`() {
        let allowed = (0...255).filter { bytesUntilViolation([UInt8($0)]) == nil }
        #expect(allowed == [0x01, 0x02, 0x81, 0x82, 0x88, 0x89, 0x8A])
    }

    @Test func `A length that would fit a shorter form is refused, whatever the role`() {
        for (role, mask) in [(Role.server, UInt8(0x80)), (.client, 0)] {
            for length: UInt16 in [0, 1, 124, 125] {
                let bytes = [0x82, mask | 126, UInt8(length >> 8), UInt8(length & 0xFF)]
                #expect(bytesUntilViolation(bytes, as: role) == 4)
                #expect(outcome(of: bytes, as: role).code == .protocolError)
            }
            for length: UInt64 in [0, 125, 126, 65_535] {
                #expect(outcome(of: [0x82, mask | 127] + bigEndian(length), as: role).code == .protocolError)
            }
        }
    }

    @Test func `Each length form takes what it is for, and the payload is whole`() {
        for length in [0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536] {
            let payload = [UInt8](repeating: 0x61, count: length)
            let frame = FrameWriter.binary(payload, mask: exampleMask)
            let form: UInt8 = length < 126 ? UInt8(length) : length < 65_536 ? 126 : 127
            #expect(frame[1] == 0x80 | form)
            #expect(outcome(of: [frame], as: .server).incoming == [.binary(payload)])
        }
    }

    @Test func `A length with its top bit set is refused at that octet`() {
        for length: UInt64 in [1 << 63, 1 << 63 + 1, .max - 1, .max] {
            let bytes = [0x82, 0xFF] + bigEndian(length)
            #expect(outcome(of: bytes).code == .protocolError)
            #expect(bytesUntilViolation(bytes) == 3)
        }
    }

    @Test func `Huge lengths are refused as too big as soon as they are read, and nothing traps`() {
        let powers: [UInt64] = [1 << 31, 1 << 32, 1 << 62]
        let lengths: [UInt64] = powers.flatMap { [$0 - 1, $0, $0 + 1] } + [1 << 63 - 1]
        for length in lengths {
            let bytes = [0x82, 0xFF] + bigEndian(length)
            #expect(outcome(of: bytes).code == .messageTooBig)
            #expect(bytesUntilViolation(bytes) == 10)
        }
    }

    @Test func `A promise is not allocated, even when the limit allows it`() {
        let limits = MessageLimits(maxMessageBytes: .max, maxFragments: .max)
        for length: UInt64 in [1 << 31, 1 << 32, 1 << 63 - 1] {
            let bytes = [0x82, 0xFF] + bigEndian(length) + [1, 2, 3, 4, 5, 6, 7]
            let outcome = outcome(of: bytes, limits: limits)
            #expect(outcome.violation == nil)
            #expect(outcome.incoming.isEmpty)
            #expect(outcome.isInMessage)
        }
    }

    private func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }
}
