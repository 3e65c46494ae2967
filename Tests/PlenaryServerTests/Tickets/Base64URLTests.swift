import Testing
import Tickets

/// RFC 4648 section 5, RFC 7515 section 2.
struct Base64URLTests {
    @Test func `the examples of RFC 4648 come out without padding`() {
        for (bytes, text) in [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ] {
            #expect(Base64URL.encode(Array(bytes.utf8)) == Array(text.utf8))
            #expect(Base64URL.decode(text.utf8) == Array(bytes.utf8))
        }
    }

    @Test func `the two letters that differ from base64 are the ones for URLs`() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == Array("-_8".utf8))
        #expect(Base64URL.decode("-_8".utf8) == [0xFB, 0xFF])
        #expect(Base64URL.decode("+/8".utf8) == nil)
    }

    @Test func `every byte at every place comes back`() {
        for byte in UInt8.min...UInt8.max {
            for count in 1...4 {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            }
        }
    }

    @Test(arguments: ["Zg==", "Zg=", "Z", "Zm9vZ", "Zh", "Zm9", "Zm 8", "Zm8\n", "Zm8.", "Zm\u{E9}"])
    func `what is not the one spelling is refused`(text: String) {
        #expect(Base64URL.decode(text.utf8) == nil)
    }
}
