/// One scalar beyond ASCII as it stands in UTF-8 (RFC 3629, 4): the shortest form only, no surrogates, nothing
/// above U+10FFFF.
struct UTF8Sequence {
    let scalar: Unicode.Scalar
    /// 2 to 4.
    let byteCount: Int

    /// Reads the sequence that begins at `position`; nil if none does.
    init?(_ bytes: Span<UInt8>, at position: Int) {
        let first = bytes[position]
        let secondRange: ClosedRange<UInt8>
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (byteCount, secondRange, value) = (2, 0x80...0xBF, UInt32(first & 0x1F))
        case 0xE0: (byteCount, secondRange, value) = (3, 0xA0...0xBF, UInt32(first & 0x0F))
        case 0xED: (byteCount, secondRange, value) = (3, 0x80...0x9F, UInt32(first & 0x0F))
        case 0xE1...0xEF: (byteCount, secondRange, value) = (3, 0x80...0xBF, UInt32(first & 0x0F))
        case 0xF0: (byteCount, secondRange, value) = (4, 0x90...0xBF, UInt32(first & 0x07))
        case 0xF1...0xF3: (byteCount, secondRange, value) = (4, 0x80...0xBF, UInt32(first & 0x07))
        case 0xF4: (byteCount, secondRange, value) = (4, 0x80...0x8F, UInt32(first & 0x07))
        default: return nil
        }
        guard position + byteCount <= bytes.count, secondRange ~= bytes[position + 1] else { return nil }
        for index in position + 1..<position + byteCount {
            guard bytes[index] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(bytes[index] & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return nil }
        self.scalar = scalar
    }
}
