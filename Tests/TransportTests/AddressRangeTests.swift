import Testing
import Transport

struct AddressRangeTests {
    private func address(_ text: String) throws -> PeerAddress {
        try #require(PeerAddress(host: text))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"), ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
        ("192.0.2.8/30", "192.0.2.11", "192.0.2.12"), ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
        ("::/0", "2001:db8::1", "203.0.113.9"), ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
        ("2001:db8::1", "2001:db8::1", "2001:db8::2"), ("::1/128", "::1", "127.0.0.1"),
        ("2001:db8:0:8::/62", "2001:db8:0:b::1", "2001:db8:0:c::1"),
        ("2001:db8::8/125", "2001:db8::f", "2001:db8::10"),
        ("127.0.0.0/8", "127.9.9.9", "128.0.0.0"), ("::ffff:10.1.0.0/16", "10.1.2.3", "10.2.0.0"),
    ])
    func `a network holds its addresses and no others`(text: String, inside: String, outside: String) throws {
        let range = try #require(AddressRange(text: text))
        #expect(range.contains(try address(inside)))
        #expect(!range.contains(try address(outside)))
        #expect(AddressRange(text: range.description) == range)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.1/8",
        "2001:db8::1/32",
        "2001:db8::/129", "10.0.0/8", "localhost", "10.0.0.0/8/8", "[::1]", "10.0.0.0:80", "10.0.0.0/8 ",
        "::1%lo",
    ])
    func `anything else is none`(text: String) {
        #expect(AddressRange(text: text) == nil)
    }

    @Test(arguments: [
        ("203.0.113.77", "203.0.113.0/24"), ("127.0.0.1", "127.0.0.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::1", "::/48"), ("::ffff:203.0.113.77", "203.0.113.0/24"),
    ])
    func `what may stand in a log tells no person from another`(text: String, shown: String) throws {
        #expect(try address(text).shortened == shown)
    }
}
