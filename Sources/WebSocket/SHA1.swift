/// SHA-1 (RFC 3174), for `Sec-WebSocket-Accept` alone: it proves no identity and protects no secret.
package enum SHA1 {
    /// The 20 bytes of the digest.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var state: [5 of UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        // Section 4: a one bit, zeros, and the length in bits as the last eight bytes of a block.
        var padded = message
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for place in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(place)))
        }
        for start in stride(from: 0, to: padded.count, by: 64) {
            mix(padded.span.extracting(start..<start + 64), into: &state)
        }
        var digest: [UInt8] = []
        digest.reserveCapacity(20)
        for index in state.indices {
            for place in stride(from: 24, through: 0, by: -8) as StrideThrough<Int> {
                digest.append(UInt8(truncatingIfNeeded: state[index] >> UInt32(place)))
            }
        }
        return digest
    }

    /// One block of 64 bytes (section 6.1).
    private static func mix(_ block: Span<UInt8>, into state: inout [5 of UInt32]) {
        var words = [80 of UInt32](repeating: 0)
        for index in 0..<16 {
            let at = index * 4
            let high = UInt32(block[at]) << 24 | UInt32(block[at + 1]) << 16
            words[index] = high | UInt32(block[at + 2]) << 8 | UInt32(block[at + 3])
        }
        for index in 16..<80 {
            let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
            words[index] = rotate(word, 1)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for index in 0..<80 {
            let (function, constant): (UInt32, UInt32) =
                switch index {
                case 0..<20: (b & c | ~b & d, 0x5A82_7999)
                case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case 40..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotate(a, 5) &+ function &+ e &+ constant &+ words[index]
            (a, b, c, d, e) = (next, a, rotate(b, 30), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    private static func rotate(_ word: UInt32, _ places: UInt32) -> UInt32 {
        word << places | word >> (32 - places)
    }
}
