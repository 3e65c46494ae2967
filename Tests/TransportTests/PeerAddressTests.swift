import Testing
import Transport

struct PeerAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("localhost:1", "127.0.0.1:1"), (":80", "0.0.0.0:80"),
        ("[::1]:443", "[::1]:443"), ("[2001:db8::7]:9", "[2001:db8::7]:9"),
        ("[::ffff:10.1.2.3]:5", "10.1.2.3:5"),
    ])
    func `an address is read and written`(text: String, expected: String) {
        #expect(PeerAddress(text: text)?.description == expected)
    }

    @Test(arguments: [
        "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "somewhere:80", "::1:80",
        "[::1]", "[127.0.0.1]:80", "1.2.3:80", "127.0.0.1:80 ",
    ])
    func `anything else is none`(text: String) {
        #expect(PeerAddress(text: text) == nil)
    }

    @Test func `limits go by the whole IPv4 address or the IPv6 half`() throws {
        let one = PeerAddress(ipv4: 0x0a01_0203, port: 1)
        #expect(one.network == PeerAddress(ipv4: 0x0a01_0203, port: 2).network)
        #expect(one.network != PeerAddress(ipv4: 0x0a01_0204, port: 1).network)
        let home = try #require(PeerAddress(text: "[2001:db8:0:7::1]:1"))
        let same = try #require(PeerAddress(text: "[2001:db8:0:7:ffff::2]:1"))
        let next = try #require(PeerAddress(text: "[2001:db8:0:8::1]:1"))
        #expect(home.network == same.network)
        #expect(home.network != next.network)
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("127.9.9.9:1", true), ("128.0.0.1:1", false), ("[::1]:1", true),
        ("[::2]:1", false), ("[::ffff:127.0.0.1]:1", true),
    ])
    func `loopback is known in both families`(text: String, isLoopback: Bool) {
        #expect(PeerAddress(text: text)?.isLoopback == isLoopback)
    }
}
