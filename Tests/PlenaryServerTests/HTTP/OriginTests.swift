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

    @Test func `a port that goes without saying may be said`() throws {
        #expect(try #require(Origin("https://a.example")) == (try #require(Origin("https://a.example:443"))))
        #expect(try #require(Origin("http://a.example")) != (try #require(Origin("https://a.example"))))
    }
}
