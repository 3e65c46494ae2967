import PlenaryServer
import Testing
import WebSocket

/// HOSTILE 22.
struct OriginTests {
    private func head(_ origins: [String], host: String = "live.example.org") -> RequestHead {
        let fields = [HTTPField("Host", host)] + origins.map { HTTPField("Origin", $0) }
        return RequestHead(method: "GET", target: "/", path: "/", fields: fields)
    }

    @Test(arguments: [
        ("https://live.example.org", "live.example.org"), ("http://live.example.org", "live.example.org"),
        ("http://live.example.org", "live.example.org:80"),
        ("https://live.example.org", "live.example.org:443"),
        ("https://live.example.org:8443", "live.example.org:8443"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"), ("https://LIVE.example.org", "live.Example.org"),
    ])
    func `a page of the same host may connect`(origin: String, host: String) {
        #expect(OriginRule().allows(head([origin], host: host)))
    }

    @Test(arguments: [
        "null", "", "https://live.example.org.evil.example", "https://evil-live.example.org",
        "https://live.example.org:8443", "http://live.example.org:8080", "https://live.example.org.",
        "https://user@live.example.org", "https://user:x@live.example.org", "https://live.example.org/",
        "https://live.example.org?x", "https://live.example.org#x", "https://.live.example.org",
        "https://live.example.org:", "https://live.example.org:0443x", "https://live.example.org:443:443",
        "https://live.example.org:0", "https://live.example.org:65979", "live.example.org",
        "ftp://live.example.org",
        "HTTPS://live.example.org", "https:live.example.org", "https://", "https://l\u{EF}ve.example.org",
        "https://live.example.org https://live.example.org", "file://", "chrome-extension://abc",
    ])
    func `no other page may connect`(origin: String) {
        #expect(!OriginRule().allows(head([origin])))
        let list = OriginRule(allowed: [Origin("https://live.example.org")].compactMap(\.self))
        #expect(!list.allows(head([origin])))
    }

    @Test func `two origins are none, also when both are good`() {
        let good = "https://live.example.org"
        #expect(!OriginRule().allows(head([good, good])))
        #expect(!OriginRule(allowed: [Origin(good)].compactMap(\.self)).allows(head([good, good])))
    }

    @Test func `who sends no origin is no browser and may connect`() {
        #expect(OriginRule().allows(head([])))
    }

    @Test func `a list takes the place of the same host`() throws {
        let rule = OriginRule(allowed: [try #require(Origin("https://school.example:8443"))])
        #expect(rule.allows(head(["https://school.example:8443"])))
        #expect(!rule.allows(head(["http://school.example:8443"])))
        #expect(!rule.allows(head(["https://school.example"])))
        #expect(!rule.allows(head(["https://live.example.org"])))
    }

    private func refusal(
        _ origins: [String],
        allowed: [String] = [],
        host: String = "live.example.org"
    ) -> OriginRefusal? {
        OriginRule(allowed: allowed.compactMap { Origin($0) }).refusal(of: head(origins, host: host))
    }

    @Test func `a refusal says what came, what was expected, and what cures it`() {
        let told = refusal(["https://page.example.org"])
        #expect(told?.came == "https://page.example.org")
        #expect(told?.expected == "the host of the request, live.example.org")
        #expect(told?.cure == "if this page is yours: --origin https://page.example.org")
        let listed = refusal(
            ["http://page.example.org:8080"],
            allowed: ["https://b.example", "https://a.example:444"]
        )
        #expect(listed?.expected == "https://a.example:444, https://b.example")
        #expect(listed?.cure == "if this page is yours: --origin http://page.example.org:8080")
        #expect(refusal(["https://live.example.org"]) == nil && refusal([]) == nil)
    }

    @Test func `the line that cures is one that the option takes`() throws {
        for text in [
            "https://A.example", "http://a.example:443", "https://[::1]:8443", "https://a.example:443",
        ] {
            let cure = try #require(refusal([text])?.cure)
            let value = try #require(cure.split(separator: " ").last.map(String.init))
            #expect(Origin(value) == Origin(text), "\(cure)")
        }
    }

    @Test(arguments: [
        ["null"], [""], ["https://user@live.example.org"], ["https://live.example.org."],
        ["https://live.example.org", "https://live.example.org"], ["file://"],
    ])
    func `what is no origin is cured by nothing`(origins: [String]) {
        #expect(refusal(origins)?.cure.hasPrefix("none: ") == true)
    }

    @Test func `what strangers send is bounded and printable`() throws {
        let long = "https://\u{202E}\u{1B}[2J" + String(repeating: "x", count: 7_000)
        let told = try #require(refusal([long, long], host: "h\u{7}" + String(repeating: "y", count: 1_000)))
        let text = told.came + told.expected + told.cure
        #expect(text.utf8.count < 700)
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
        let many = (0..<50).map { "https://\($0).example" }
        #expect(refusal(["https://x.example"], allowed: many)?.expected.hasSuffix("and 47 more") == true)
    }

    @Test func `a port that goes without saying may be said`() throws {
        #expect(try #require(Origin("https://a.example")) == (try #require(Origin("https://a.example:443"))))
        #expect(try #require(Origin("http://a.example")) != (try #require(Origin("https://a.example"))))
    }
}
