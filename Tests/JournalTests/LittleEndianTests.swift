import Testing

@testable import Journal

@Suite struct LittleEndianTests {
    @Test func `numbers are written least significant byte first, and read back from any place`() {
        var bytes: [UInt8] = [9]
        bytes.append(littleEndian: UInt32(0x0102_0304))
        bytes.append(littleEndian: Int64(-2))
        #expect(bytes == [9, 4, 3, 2, 1, 0xFE, 255, 255, 255, 255, 255, 255, 255])
        #expect(bytes.span.bytes.number(at: 1, as: UInt32.self) == 0x0102_0304)
        #expect(bytes.span.bytes.number(at: 5, as: Int64.self) == -2)
        bytes.store(littleEndian: UInt16(0xABCD), at: 3)
        #expect(bytes[2...5] == [3, 0xCD, 0xAB, 0xFE])
    }

    @Test(arguments: [0, 1, 7, 8, 4_095, 4_096, 4_097, 12_288, 20_000])
    func `the last byte that is not zero is found wherever it is`(_ count: Int) {
        var bytes = [UInt8](repeating: 0, count: count)
        #expect(bytes.span.bytes.isZero && bytes.span.bytes.lastNonzero == nil)
        for place in stride(from: 0, to: count, by: max(1, count / 37)) {
            bytes[place] = 1
            #expect(bytes.span.bytes.lastNonzero == place && !bytes.span.bytes.isZero)
        }
    }
}
