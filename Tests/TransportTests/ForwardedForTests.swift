import Testing
import Transport
import WebSocket

struct ForwardedForTests {
    private func client(_ fields: [String], from peer: String = "10.0.0.1") throws -> String {
        let trusted = ["10.0.0.0/8", "127.0.0.1", "2001:db8:f::/48"].compactMap { AddressRange(text: $0) }
        let head = RequestHead(
            method: "GET",
            target: "/",
            path: "/",
            fields: fields.map { HTTPField("X-Forwarded-For", $0) }
        )
        var address = try #require(PeerAddress(host: peer))
        address.listener = 1
        let found = ForwardedFor.client(of: head, from: address, trusting: trusted)
        #expect(found.listener == 1, "who comes through the second listener stays there")
        #expect(found.port == 0)
        return String(found.description.dropLast(2))
    }

    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"), ("10.0.0.7", "10.0.0.7"),
        ("10.0.0.8,10.0.0.9", "10.0.0.8"), ("203.0.113.7:4711", "203.0.113.7"),
        (" \t203.0.113.7\t ", "203.0.113.7"),
        ("127.0.0.1, 203.0.113.7 , 10.1.1.1 ,10.2.2.2", "203.0.113.7"),
    ])
    func `the client is the last one that is no trusted proxy`(list: String, expected: String) throws {
        #expect(try client([list]) == expected)
    }

    @Test(arguments: [
        ("2001:db8::7", "[2001:db8::7]"), ("[2001:db8::7]", "[2001:db8::7]"),
        ("[2001:db8::7]:443", "[2001:db8::7]"),
        ("::ffff:203.0.113.7", "203.0.113.7"), ("2001:db8::7, 2001:db8:f::1", "[2001:db8::7]"),
    ])
    func `IPv6 is read in each of its forms`(list: String, expected: String) throws {
        #expect(try client([list]) == expected)
    }

    @Test(arguments: [
        ("unknown", "10.0.0.1"), ("", "10.0.0.1"), ("203.0.113.7,", "10.0.0.1"),
        ("203.0.113.7, unknown, 10.0.0.9", "10.0.0.9"),
        ("203.0.113.7, , 10.0.0.9", "10.0.0.9"), ("203.0.113.7;10.0.0.9", "10.0.0.1"),
        ("203.0.113.777", "10.0.0.1"),
        ("localhost:80", "10.0.0.1"), (":80", "10.0.0.1"), ("[203.0.113.7]", "10.0.0.1"),
        ("1.2.3.4.5", "10.0.0.1"),
        ("203.0.113.7:99999", "10.0.0.1"), ("fe80::1%eth0", "10.0.0.1"), ("\"203.0.113.7\"", "10.0.0.1"),
    ])
    func `what is no address ends the search`(list: String, expected: String) throws {
        #expect(try client([list]) == expected)
    }

    @Test func `several fields are one list`() throws {
        #expect(try client(["198.51.100.1", "203.0.113.7", "10.0.0.9"]) == "203.0.113.7")
        #expect(try client(["203.0.113.7", "nonsense"]) == "10.0.0.1")
        #expect(try client([]) == "10.0.0.1")
    }

    @Test func `nobody is believed who is no trusted proxy`() throws {
        #expect(try client(["198.51.100.1"], from: "203.0.113.7") == "203.0.113.7")
        #expect(try client(["198.51.100.1"], from: "127.0.0.2") == "127.0.0.2")
        #expect(try client(["198.51.100.1"], from: "127.0.0.1") == "198.51.100.1")
    }

    @Test func `a list of eight thousand commas is read once`() throws {
        #expect(try client([String(repeating: ",", count: 8_000)]) == "10.0.0.1")
        let long = Array(repeating: "10.0.0.9", count: 900).joined(separator: ",")
        #expect(try client(["203.0.113.7,\(long)"]) == "203.0.113.7")
    }
}
