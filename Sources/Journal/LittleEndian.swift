import Glibc

/// Numbers on disk: least significant byte first, whatever the machine.
extension [UInt8] {
    /// Appends a number's bytes, least significant first.
    mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    /// Overwrites the bytes at `offset` by a number's bytes, least significant first.
    mutating func store<Number: FixedWidthInteger>(littleEndian number: Number, at offset: Int) {
        withUnsafeMutableBytes {
            $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
        }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Overwrites the bytes at `offset` by a number's bytes, least significant first.
    func store<Number: FixedWidthInteger & BitwiseCopyable>(littleEndian number: Number, at offset: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }
}

extension RawSpan {
    /// The number whose least significant byte is at `offset`.
    ///
    /// Traps beyond the end.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Whether all bytes are zero.
    var isZero: Bool {
        withUnsafeBytes { $0.lastNonzero == nil }
    }

    /// The place of the last byte that is not zero.
    var lastNonzero: Int? {
        withUnsafeBytes { $0.lastNonzero }
    }
}

extension UnsafeRawBufferPointer {
    /// The place of the last byte that is not zero.
    ///
    /// It looks at up to 64 MiB of zeroes at every start, so the C library does it, a block at a time: a block is
    /// zero when its first byte is, and each byte equals the one before.
    fileprivate var lastNonzero: Int? {
        guard let base = baseAddress else { return nil }
        let block = 4_096
        var end = count
        while end >= block {
            let start = base + (end - block)
            guard self[end - block] == 0, memcmp(start, start + 1, block - 1) == 0 else { break }
            end -= block
        }
        while end > 0, self[end - 1] == 0 {
            end -= 1
        }
        return end == 0 ? nil : end - 1
    }
}
