/// Eight bytes looked at as one word: most text is plain, and plain text should cost next to nothing.
///
/// The tests are the well-known ones on words: `(x − 0x01…) & ~x & 0x80…` has a bit if and only if a byte of x is 0,
/// and `(x − n·0x01…) & ~x & 0x80…` if and only if one is below n.
struct EightBytes {
    private let word: UInt64
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The bytes from `position` on, of which there must be eight.
    ///
    /// Inlined, it is half as many instructions: what the caller has compared is not asked again.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at position: Int) {
        // The compiler makes one load of this, and asks for the bounds once.
        let eight = bytes.extracting(position..<position + 8)
        precondition(eight.count == 8)
        let low =
            UInt64(eight[0]) | UInt64(eight[1]) << 8 | UInt64(eight[2]) << 16 | UInt64(eight[3]) << 24
        let high =
            UInt64(eight[4]) << 32 | UInt64(eight[5]) << 40 | UInt64(eight[6]) << 48 | UInt64(eight[7]) << 56
        word = low | high
    }

    /// How many of them, from the first on, a JSON string holds just so, and a text as well: ASCII, no control, no
    /// quote, no backslash.
    ///
    /// What is beyond ASCII is found by its own top bit, so that the other tests need only be right for ASCII. Each may
    /// show a byte behind the first one that it means, because of the carry, and never one before it.
    var plainInJSON: Int { (notPlainInJSON & EightBytes.tops).trailingZeroBitCount / 8 }

    /// Whether the 32 bytes from `position` on, of which there must be so many, are plain in that sense.
    ///
    /// Inlined like the above: a text of 150 bytes is gone through with 250 instructions instead of 600.
    @inline(__always)
    static func arePlainInJSON(fourFrom position: Int, of bytes: Span<UInt8>) -> Bool {
        let block = bytes.extracting(position..<position + 32)
        precondition(block.count == 32)
        let first = EightBytes(block, at: 0).notPlainInJSON | EightBytes(block, at: 8).notPlainInJSON
        let last = EightBytes(block, at: 16).notPlainInJSON | EightBytes(block, at: 24).notPlainInJSON
        return (first | last) & EightBytes.tops == 0
    }

    private var notPlainInJSON: UInt64 {
        let ones = EightBytes.ones
        let quotes = (word ^ ones &* UInt64(ASCII.quote)) &- ones
        let backslashes = (word ^ ones &* UInt64(ASCII.backslash)) &- ones
        let controls = word &- ones &* UInt64(ASCII.space)
        let deletes = word &+ ones
        return word | quotes | backslashes | controls | deletes
    }

    /// Whether a JSON string is written with them just so: as above, and beyond ASCII.
    var needNoEscape: Bool {
        (below(ASCII.space) | equal(to: ASCII.quote) | equal(to: ASCII.backslash)) & EightBytes.tops == 0
    }

    /// Whether they are ASCII and no controls.
    var arePrintable: Bool {
        (word | below(ASCII.space) | equal(to: ASCII.delete)) & EightBytes.tops == 0
    }

    /// Whether they are eight spaces.
    var areSpaces: Bool { word == EightBytes.ones &* UInt64(ASCII.space) }

    private func below(_ bound: UInt8) -> UInt64 { (word &- EightBytes.ones &* UInt64(bound)) & ~word }

    private func equal(to byte: UInt8) -> UInt64 {
        let difference = word ^ (EightBytes.ones &* UInt64(byte))
        return (difference &- EightBytes.ones) & ~difference
    }
}
