import CLinux

/// CRC-32C (Castagnoli; the polynomial of iSCSI, RFC 3720 appendix B.4), eight bytes a step.
///
/// By the processor's instruction where it has one, else by tables, which give the same.
///
/// It finds every damage of up to 32 bits in a row and all flips of a few bits in a record of 1 MiB. It is no
/// signature: who can write to the disk can forge it.
package enum Checksum {
    /// The checksum of `bytes`; with `continuing`, that of the bytes before and these together.
    package static func crc32c(_ bytes: RawSpan, continuing before: UInt32 = 0) -> UInt32 {
        guard isInstruction else { return tabled(bytes, continuing: before) }
        return bytes.withUnsafeBytes { ~plenary_crc32c(~before, $0.baseAddress, $0.count) }
    }

    private static let isInstruction = plenary_has_crc32c()

    /// The same without the instruction.
    static func tabled(_ bytes: RawSpan, continuing before: UInt32 = 0) -> UInt32 {
        let table = Self.table
        return bytes.withUnsafeBytes { source in
            var crc = ~before
            var offset = 0
            while offset + 8 <= source.count {
                let loaded = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                let word = UInt64(littleEndian: loaded) ^ UInt64(crc)
                crc =
                    table[0x700 + Int(truncatingIfNeeded: word & 0xFF)]
                    ^ table[0x600 + Int(truncatingIfNeeded: word >> 8 & 0xFF)]
                    ^ table[0x500 + Int(truncatingIfNeeded: word >> 16 & 0xFF)]
                    ^ table[0x400 + Int(truncatingIfNeeded: word >> 24 & 0xFF)]
                    ^ table[0x300 + Int(truncatingIfNeeded: word >> 32 & 0xFF)]
                    ^ table[0x200 + Int(truncatingIfNeeded: word >> 40 & 0xFF)]
                    ^ table[0x100 + Int(truncatingIfNeeded: word >> 48 & 0xFF)]
                    ^ table[Int(truncatingIfNeeded: word >> 56)]
                offset += 8
            }
            while offset < source.count {
                crc = table[Int((crc ^ UInt32(source[offset])) & 0xFF)] ^ crc >> 8
                offset += 1
            }
            return ~crc
        }
    }

    /// Eight tables of 256 entries, one after the other; made once, never freed, only read.
    private nonisolated(unsafe) static let table: UnsafePointer<UInt32> = {
        let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 {
                crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78
            }
            table[byte] = crc
        }
        for slice in 1..<8 {
            for byte in 0..<256 {
                let before = table[(slice - 1) * 256 + byte]
                table[slice * 256 + byte] = table[Int(before & 0xFF)] ^ before >> 8
            }
        }
        return UnsafePointer(table)
    }()
}
