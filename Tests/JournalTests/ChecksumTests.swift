import Testing

@testable import Journal

@Suite struct ChecksumTests {
    @Test(
        "CRC-32C of the examples in RFC 3720 appendix B.4 and of the usual check string",
        arguments: [
            (Array("123456789".utf8), 0xE306_9283),
            ([UInt8](repeating: 0x00, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0...31), 0x46DD_794E),
            (Array((0...31).reversed()), 0x113F_DB5C),
            ([], 0),
        ] as [([UInt8], UInt32)]
    )
    func knownVectors(_ bytes: [UInt8], _ expected: UInt32) {
        #expect(Checksum.crc32c(bytes.span.bytes) == expected)
    }

    @Test func `the tables give what the processor's instruction gives, at every length and place`() {
        let bytes = (0..<200).map { UInt8($0 * 31 % 256) }
        for start in 0..<9 {
            for end in start...200 {
                let part = bytes.span.bytes.extracting(start..<end)
                #expect(Checksum.tabled(part, continuing: 7) == Checksum.crc32c(part, continuing: 7))
            }
        }
    }

    @Test func `a checksum continued at any place is the checksum of the whole`() {
        let bytes = (0..<100).map { UInt8($0 * 7 % 251) }
        let whole = Checksum.crc32c(bytes.span.bytes)
        for split in 0...bytes.count {
            let head = Checksum.crc32c(bytes.span.bytes.extracting(0..<split))
            #expect(Checksum.crc32c(bytes.span.bytes.extracting(split..<100), continuing: head) == whole)
        }
    }

    @Test func `every length agrees with the definition, bit by bit`() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(($0 * 37 + count) % 256) }
            var crc = ~UInt32(0)
            for byte in bytes {
                crc ^= UInt32(byte)
                for _ in 0..<8 {
                    crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78
                }
            }
            #expect(Checksum.crc32c(bytes.span.bytes) == ~crc)
        }
    }
}
