import Testing
import WebSocket

/// The examples of RFC 3174 section 7.3, and every length around the blocks.
@Suite struct SHA1Tests {
    @Test func `The published examples`() {
        let examples = [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("a", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (
                String(
                    repeating: "0123456701234567012345670123456701234567012345670123456701234567",
                    count: 10
                ),
                "dea356a2cddd90c7a7ecedc5ebb563934f460452"
            ),
        ]
        for (text, digest) in examples { #expect(SHA1.digest(Array(text.utf8)) == hex(digest)) }
    }

    @Test func `The digest of the digests of 0 to 130 bytes is what other implementations say`() {
        let digests = (0...130).map { SHA1.digest([UInt8](repeating: 0x78, count: $0)) }
        #expect(SHA1.digest(Array(digests.joined())) == hex("c8aae94427ef2bc2653160a5197170068f5fc9fd"))
    }
}
