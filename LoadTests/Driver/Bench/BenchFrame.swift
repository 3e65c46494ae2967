/// A server's frame, found by its header alone (RFC 6455 section 5.2): nothing is copied, nothing is checked that costs.
///
/// The benchmark's client has one core for as many frames as a server sends with another; what a frame says is judged
/// by the virtual participants, elsewhere.
struct BenchFrame {
    let opcode: UInt8
    /// The payload's place in the bytes.
    let start: Int
    /// Where the next frame begins; beyond the bytes if this one is not whole.
    let end: Int

    /// The frame at a place; nil if its header is not whole.
    @inline(__always)
    init?(_ bytes: RawSpan, at offset: Int) {
        let left = bytes.byteCount - offset
        guard left >= 2 else { return nil }
        opcode = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) & 0x0F
        let short = Int(bytes.unsafeLoad(fromByteOffset: offset + 1, as: UInt8.self) & 0x7F)
        switch short {
        case 126:
            guard left >= 4 else { return nil }
            start = offset + 4
            let long = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 2, as: UInt16.self)
            end = start + Int(UInt16(bigEndian: long))
        case 127:
            guard left >= 10 else { return nil }
            start = offset + 10
            let long = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 2, as: UInt64.self)
            end = start + Int(truncatingIfNeeded: UInt64(bigEndian: long))
        default:
            start = offset + 2
            end = start + short
        }
    }
}
