import CLinux

/// Random bits from the kernel, drawn outside the pure parts and handed in as values.
enum Entropy {
    /// 64 fresh random bits.
    static func next() -> UInt64 {
        var bits: UInt64 = 0
        withUnsafeMutableBytes(of: &bits) { buffer in
            // Up to 256 bytes come whole once the kernel's pool is ready; interrupted calls are made again.
            while getrandom(buffer.baseAddress, buffer.count, 0) != buffer.count {}
        }
        return bits
    }
}
