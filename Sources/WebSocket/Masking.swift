/// Masking of payloads (RFC 6455 section 5.3): octet i is XORed with octet i mod 4 of the key.
///
/// The only unsafe code of this target: one pass copies, unmasks and collects the high bits, eight bytes at a
/// time. Masking and unmasking are the same operation; a key of 0 leaves the bytes as they are.
enum Masking {
    /// Appends the bytes, XORed with the key, and says whether one of the results has its high bit set.
    ///
    /// False means that the bytes are ASCII. The key has its first octet in the top byte; `offset` says which octet
    /// of the payload the first byte is.
    static func append(
        _ bytes: Span<UInt8>,
        key: UInt32,
        offset: Int = 0,
        to output: inout [UInt8]
    ) -> Bool {
        let count = bytes.count
        guard count > 0 else { return false }
        // The key octet for the first byte goes lowest, since words are read and written little-endian.
        let turned = key << UInt32(8 * (offset & 3)) | key >> UInt32((32 - 8 * (offset & 3)) & 31)
        let word = UInt64(turned.byteSwapped) | UInt64(turned.byteSwapped) << 32
        var high: UInt64 = 0
        output.append(addingCapacity: count) { (target: inout OutputSpan<UInt8>) in
            unsafe target.withUnsafeMutableBufferPointer { free, initialized in
                unsafe bytes.withUnsafeBytes { source in
                    let to = UnsafeMutableRawBufferPointer(free)
                    var index = 0
                    while index + 8 <= count {
                        let masked = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                        let plain = UInt64(littleEndian: masked) ^ word
                        unsafe to.storeBytes(of: plain.littleEndian, toByteOffset: index, as: UInt64.self)
                        high |= plain
                        index += 8
                    }
                    while index < count {
                        let octet = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7)))
                        let plain = unsafe source[index] ^ octet
                        unsafe to[index] = plain
                        high |= UInt64(plain)
                        index += 1
                    }
                }
                initialized = count
            }
        }
        return high & 0x8080_8080_8080_8080 != 0
    }
}
