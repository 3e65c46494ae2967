import Testing
import WebSocket

@Suite struct Base64Tests {
    @Test func `The examples of RFC 4648 section 10, both ways`() {
        let examples = [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
        for (text, encoded) in examples {
            #expect(Base64.encode(Array(text.utf8)) == encoded)
            #expect(Base64.decode(encoded) == Array(text.utf8))
        }
    }

    @Test func `Every byte at every place comes back`() {
        for length in 1...4 {
            for byte in UInt8.min...UInt8.max {
                let bytes = [UInt8](repeating: byte, count: length)
                #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            }
        }
    }

    @Test func `What encode would not write is not decoded`() {
        let refused = [
            "Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Zh==", "Zm9=", "Zm 8=", " Zm8=", "Zm8=\n", "Z=g=",
            "Zg==Zg==", "Zm-_", "Zm8é", "Zm9vA===",
        ]
        for text in refused { #expect(Base64.decode(text) == nil, "\(text)") }
    }
}
